import { expect, it } from 'vitest';
import { csvField, csvLine, csvLines } from './csv';

it.each([
  ['=1+1', `"'=1+1"`],
  ['+1', `"'+1"`],
  ['-cmd', `"'-cmd"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t=1"`],
  ['\r=1', `"'\r=1"`],
  [' =1', `"' =1"`],
  ['＝1', `"'＝1"`],
  ['＠SUM(A1)', `"'＠SUM(A1)"`],
  ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
])('no spreadsheet runs %j', (text, field) => expect(csvField(text)).toBe(field));

it.each([
  ['web', 'web'],
  ['a,b', '"a,b"'],
  ['a;=1', '"a;=1"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  [' edge', '" edge"'],
  ['a=b', 'a=b'],
  [7, '7'],
  [0, '0'],
  [null, ''],
  [undefined, ''],
])('%j is the field %s', (value, field) => expect(csvField(value)).toBe(field));

it('a row is a line with a field for each column', () => {
  expect(csvLine(['a', 1])).toBe('a,1\r\n');
  const columns = [
    { heading: 'Name', value: ({ name }: { name: string }) => name },
    { heading: 'Length', value: ({ name }: { name: string }) => name.length },
  ];
  expect(csvLines(columns, [{ name: 'web' }, { name: '-x' }])).toBe(`web,3\r\n"'-x",2\r\n`);
});
