export type Resource = 'cpu' | 'memory';

/** An amount as Kubernetes writes it, with two or three figures: 0, 187m, 1.9, 128Mi, 1.5Gi. */
export function amount(what: Resource, value: number, language: string): string {
  const format = (number: number) =>
    new Intl.NumberFormat(language, { maximumSignificantDigits: number < 100 ? 2 : 3 }).format(number);
  // 0m would read as minutes beside an age.
  if (what === 'cpu' && value < 0.5) return '0';
  if (what === 'cpu') return value < 999.5 ? `${Math.round(value)}m` : format(value / 1_000);
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
  let [rest, unit] = [value, 0];
  while (rest >= 1_000 && unit < units.length - 1) {
    rest /= 1_024;
    unit += 1;
  }
  return `${format(rest)}${units[unit]}`;
}

export interface Basis {
  /** What is requested; null where nothing is. */
  request: number | null;
  limit?: number | null;
}

/** From here on usage is said to be near the limit. */
const NEAR = 0.9;

/** Whether usage is near the limit or, without a limit, above what was requested. */
export function isHigh(used: number, { request, limit }: Basis): boolean {
  if (limit) return used >= NEAR * limit;
  return Boolean(request) && used > (request ?? 0);
}
