/** One column of an export: its heading and the value of each row. */
export interface CsvColumn<Row> {
  heading: string;
  value: (row: Row) => string | number | null | undefined;
}

/** By these, and by a line break, a spreadsheet takes a text for a formula. */
const RUNS = /^[=+\-@＝＋－＠\t\r\n]/;

/** A value as a field of RFC 4180. A text that a spreadsheet would run gets an apostrophe before it. */
export function csvField(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  const isRun = typeof value === 'string' && RUNS.test(text.trimStart());
  const safe = isRun || RUNS.test(text) ? `'${text}` : text;
  return /^['\s]|[",;\r\n]|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A time to the second, in UTC: the server gives some with a fraction and some without. */
export function csvTime(time: string | null | undefined): string | undefined {
  return time ? new Date(time).toISOString().replace(/\.\d+/, '') : undefined;
}

export function csvLine(values: readonly (string | number | null | undefined)[]): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

export function csvLines<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  return rows.map((row) => csvLine(columns.map(({ value }) => value(row)))).join('');
}

/** Spreadsheets take a file without this mark for one of another encoding. */
const UTF8 = '\uFEFF';

/** Gives the reader a file. */
export function saveCsv(name: string, headings: readonly string[], pages: readonly BlobPart[]) {
  const url = URL.createObjectURL(
    new Blob([UTF8, csvLine(headings), ...pages], { type: 'text/csv;charset=utf-8' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
