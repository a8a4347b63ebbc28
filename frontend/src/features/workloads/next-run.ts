import { Cron } from 'croner';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';

export type CronSchedule = NonNullable<WorkloadDetailFragment['schedule']>;

const NICKNAME = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/;
/** An entry of the list that a field is. */
const ENTRY = /^(\*|(\d{1,2}|[a-z]{3})(-(\d{1,2}|[a-z]{3}))?)(\/\d{1,2})?$/i;
/** The highest value of each field. */
const HIGHEST = [59, 23, 31, 12, 6];
/** No zone changes its clocks by more. */
const CHANGE_MS = 2 * 3_600_000;

/**
 * When a CronJob runs next after a time, in milliseconds. Null where that is not certain: the expression or the zone is not
 * known here, or the clocks change about then, which Kubernetes handles in another way than the library.
 */
export function nextRun(
  { expression, timeZone }: Pick<CronSchedule, 'expression' | 'timeZone'>,
  after: number,
): number | null {
  const pattern = patternOf(expression);
  if (!pattern) return null;
  const timezone = timeZone ?? 'UTC';
  try {
    const next = new Cron(pattern, { timezone }).nextRun(new Date(after))?.getTime();
    if (next === undefined) return null;
    return [after, next].some((at) => changesClocks(timezone, at)) ? null : next;
  } catch {
    return null;
  }
}

/** The expression in a form that the library reads as Kubernetes does; null where it has none. */
function patternOf(expression: string): string | null {
  if (NICKNAME.test(expression)) return expression;
  const fields = expression
    .trim()
    .split(/\s+/)
    .map((field) => field.replaceAll('?', '*'));
  const areKnown = fields.every((field) => field.split(',').every((entry) => ENTRY.test(entry)));
  if (fields.length !== HIGHEST.length || !areKnown) return null;
  const [, , day = '', , weekday = ''] = fields;
  // One of two given days is enough. Which part of a field makes it count as given is not the same everywhere.
  if (day !== '*' && weekday !== '*' && `${day}${weekday}`.includes('*')) return null;
  // The library wants an end of the range: 5-59/15 for 5/15.
  return fields.map((field, nth) => field.replace(/(^|,)(\w+)\//g, `$1$2-${HIGHEST[nth]}/`)).join(' ');
}

function changesClocks(timeZone: string, at: number): boolean {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const offset = (moment: number) =>
    format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value;
  return offset(at - CHANGE_MS) !== offset(at + CHANGE_MS);
}
