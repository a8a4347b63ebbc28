/** Words for a day, beside a date or a time: each means the midnight with which it begins here. */
const DAYS_AGO: Record<string, number> = { today: 0, yesterday: 1, '7d': 7, '30d': 30 };

export const dayWords = Object.keys(DAYS_AGO);

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/;

/** The instant that a day or a time means, where it begins or where it ends. Null for what is neither. */
export function instantOf(text: string, edge: 'begin' | 'end', now = new Date()): string | null {
  const daysAgo = Object.hasOwn(DAYS_AGO, text) ? DAYS_AGO[text] : undefined;
  if (daysAgo !== undefined) return dayOf(now, (edge === 'end' ? 1 : 0) - daysAgo).toISOString();
  const isDay = DATE.test(text);
  if (!isDay && !TIME.test(text)) return null;
  // Without a time a date would be read as UTC.
  const at = new Date(isDay ? `${text}T00:00` : text.replace(' ', 'T'));
  if (Number.isNaN(at.getTime())) return null;
  return (isDay && edge === 'end' ? dayOf(at, 1) : at).toISOString();
}

/** Midnight, some days later. */
function dayOf(time: Date, days: number): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate() + days);
}
