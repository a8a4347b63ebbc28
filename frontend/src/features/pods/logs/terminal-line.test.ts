import { expect, it } from 'vitest';
import { contrast, legible, PANEL, type Rgb, TEXT } from './legible';
import { MOST_STYLED, plainText, type Span, terminalLine } from './terminal-line';

const ESC = '\u001b';
const plain = (line: string) => plainText(terminalLine(line));
const text = (line: string) => terminalLine(line).map(({ text }) => text);
const styled = (line: string, part: string): Span['style'] =>
  terminalLine(line).find(({ text }) => text === part)?.style;

it('a line without control characters is one part without a style', () => {
  expect(terminalLine('GET /healthz 200 ✓ <b>')).toEqual([{ text: 'GET /healthz 200 ✓ <b>' }]);
});

it('colours and weights are shown, and end where they are reset', () => {
  const line = `a ${ESC}[1;32mok${ESC}[0m b ${ESC}[3;4;38;5;196mred${ESC}[39m c${ESC}[m d`;
  expect(text(line)).toEqual(['a ', 'ok', ' b ', 'red', ' c', ' d']);
  expect(styled(line, 'ok')).toEqual({ color: 'rgb(0 187 0)', fontWeight: 600 });
  expect(styled(line, 'red')).toMatchObject({ fontStyle: 'italic', textDecoration: 'underline' });
  expect(styled(line, ' d')).toBeUndefined();
  expect(styled(`${ESC}[38;2;250;200;100mx`, 'x')?.color).toBe('rgb(250 200 100)');
  expect(styled(`${ESC}[7mx`, 'x')).toEqual({ color: 'rgb(0 0 0)', backgroundColor: 'rgb(255 255 255)' });
});

it.each([
  ['title', `${ESC}]0;owned\u0007`],
  ['clipboard', `${ESC}]52;c;aGk=${ESC}\\`],
  ['hyperlink', `${ESC}]8;;https://example.test${ESC}\\`],
  ['clear screen', `${ESC}[2J${ESC}[H`],
  ['cursor movement', `${ESC}[3A${ESC}[10D${ESC}[5;5H`],
  ['alternate screen', `${ESC}[?1049h`],
  ['device report', `${ESC}[6n${ESC}[c`],
  ['control string', `${ESC}P1$q"p${ESC}\\`],
  ['8-bit sequence', '\u009b2J\u009d0;owned\u0007'],
  ['reset', `${ESC}c`],
  ['bell and null', '\u0007\u0000\u000e'],
])('without effect: %s', (_, sequence) => {
  expect(plain(`before ${sequence}after`)).toBe('before after');
});

it('a sequence without an end hides nothing of the line', () => {
  expect(plain(`a${ESC}]0;b`)).toContain('b');
  expect(plain(`a${ESC}[31`)).toContain('a');
});

it.each([
  ['10%\r55%\r100% done', '100% done'],
  ['Downloading 9\rDone', 'Doneloading 9'],
  [`Downloading 9\r${ESC}[KDone`, 'Done'],
  [`Downloading 9${ESC}[2K\rDone`, 'Done'],
  ['ends with one\r', 'ends with one'],
  ['abc\b\bX', 'aXc'],
  ['é€🙂\rx', 'x€🙂'],
  [`abc${ESC}[2Kd`, '   d'],
  [`abc${ESC}[2K${ESC}[K`, ''],
])('a carriage return overwrites the line: %j', (line, shown) => {
  expect(plain(line)).toBe(shown);
});

it('what is written over takes the new colour', () => {
  const line = `${ESC}[31mred\r${ESC}[32mg`;
  expect(text(line)).toEqual(['g', 'ed']);
  expect(styled(line, 'g')?.color).toBe('rgb(0 187 0)');
});

it('after many changes of the colour the rest of a line is plain, and no letter of it is lost', () => {
  const line = `${ESC}[31ma${ESC}[32mb`.repeat(3_000);
  const spans = terminalLine(line);
  expect(plainText(spans)).toBe('ab'.repeat(3_000));
  expect(spans).toHaveLength(MOST_STYLED + 1);
  expect(spans.slice(0, MOST_STYLED).every(({ style }) => style)).toBe(true);
  expect(spans.at(-1)?.style).toBeUndefined();
});

it('what is written over here and there has as few parts', () => {
  const line = `${'a'.repeat(20_000)}${ESC}[31m${'b\b\b\b'.repeat(5_000)}`;
  expect(terminalLine(line)).toHaveLength(MOST_STYLED + 1);
});

it('hidden text is shown', () => {
  expect(plain(`${ESC}[8msecret${ESC}[0m`)).toBe('secret');
});

it('every colour can be read on its ground', () => {
  const grounds: Rgb[] = [PANEL, TEXT, [187, 0, 0], [128, 128, 128]];
  for (const ground of grounds) {
    for (let channel = 0; channel < 256; channel += 51)
      for (const colour of [
        [channel, 0, 0],
        [0, channel, 0],
        [0, 0, channel],
        [channel, channel, channel],
      ] as Rgb[])
        expect(contrast(legible(colour, ground), ground)).toBeGreaterThanOrEqual(4.5);
  }
  expect(styled(`${ESC}[30mx`, 'x')?.color).not.toBe('rgb(0 0 0)');
});
