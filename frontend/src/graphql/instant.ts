/** A time of the server as text that sorts: UTC with nine digits of a second, which a Date does not hold. */
export function sortableTime(time: string): string {
  const digits = /\.(\d{1,9})/.exec(time)?.[1] ?? '';
  const seconds = new Date(Math.floor(Date.parse(time) / 1_000) * 1_000);
  return `${seconds.toISOString().slice(0, 19)}.${digits.padEnd(9, '0')}Z`;
}
