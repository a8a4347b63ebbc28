import type { Preferences } from '@/ui/preferences/choices';

type Zone = Preferences['zone'];

/** Words for a day, beside a date or a time: each means the midnight with which it begins in the person's zone. */
const DAYS_AGO: Record<string, number> = { today: 0, yesterday: 1, '7d': 7, '30d': 30 };

export const dayWords = Object.keys(DAYS_AGO);

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/;

/** Whether it is a day or a time. */
export const isMoment = (text: string) => instantOf(text, 'begin', 'utc') !== null;

/** The instant that a day or a time means, where it begins or where it ends. Null for what is neither. */
export function instantOf(text: string, edge: 'begin' | 'end', zone: Zone, now = new Date()): string | null {
  const daysAgo = Object.hasOwn(DAYS_AGO, text) ? DAYS_AGO[text] : undefined;
  if (daysAgo !== undefined) return dayOf(now, (edge === 'end' ? 1 : 0) - daysAgo, zone).toISOString();
  const isDay = DATE.test(text);
  if (!isDay && !TIME.test(text)) return null;
  // Without a time a date would be read as UTC.
  const time = isDay ? `${text}T00:00` : text.replace(' ', 'T');
  const at = new Date(zone === 'utc' ? `${time}Z` : time);
  if (Number.isNaN(at.getTime())) return null;
  return (isDay && edge === 'end' ? dayOf(at, 1, zone) : at).toISOString();
}

/** Midnight, some days later. */
function dayOf(time: Date, days: number, zone: Zone): Date {
  return zone === 'utc'
    ? new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate() + days))
    : new Date(time.getFullYear(), time.getMonth(), time.getDate() + days);
}
