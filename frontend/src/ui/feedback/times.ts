import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Preferences } from '../preferences/choices';
import { usePreference } from '../preferences/preferences-slice';

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** A time in words, in milliseconds. Every time on the screen is written by one of these. */
export interface Times {
  /** Its age or the time itself, as the person chose. */
  when: (at: number, now: number) => string;
  /** The same in the least room: 81d, 51m, 14:32, Nov 30. */
  brief: (at: number, now: number) => string;
  /** How soon it comes or the time itself, as the person chose. */
  due: (at: number, now: number) => string;
  /** The date, the time and the zone. */
  exact: (at: number) => string;
  /** The time of the day: 14:32:07. */
  clock: (at: number) => string;
  /** The day in full: Monday, November 30, 2026. */
  day: (at: number) => string;
  /** The time of the day with its milliseconds. */
  preciseClock: (at: number) => string;
}

export function timesOf(language: string, { times, zone }: Pick<Preferences, 'times' | 'zone'>): Times {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat(language, {
      ...options,
      hourCycle: 'h23',
      timeZone: zone === 'utc' ? 'UTC' : undefined,
    });
    return (at: number) => made.format(at);
  };
  // With a short name of the month, a Chinese date would not fit into a narrow column.
  const month = language === 'zh-CN' ? 'numeric' : 'short';
  const seconds = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  const clock = format(seconds);
  const minutes = format({ hour: '2-digit', minute: '2-digit' });
  const monthAndDay = format({ month, day: 'numeric' });
  const dayAndTime = format({ month, day: 'numeric', ...seconds });
  const dateAndTime = format({ dateStyle: 'medium', timeStyle: 'medium' });
  const year = format({ year: 'numeric' });
  const date = format({ dateStyle: 'short' });

  const absolute = (at: number, now: number) => {
    if (date(at) === date(now)) return clock(at);
    return (year(at) === year(now) ? dayAndTime : dateAndTime)(at);
  };
  const briefAbsolute = (at: number, now: number) => {
    if (date(at) === date(now)) return minutes(at);
    return (year(at) === year(now) ? monthAndDay : year)(at);
  };
  return {
    when: times === 'absolute' ? absolute : (at, now) => relative(now - at, -1, language),
    brief: times === 'absolute' ? briefAbsolute : (at, now) => shortAge(at, now, language),
    due: times === 'absolute' ? absolute : (at, now) => relative(at - now, 1, language),
    exact: format({ dateStyle: 'medium', timeStyle: 'long' }),
    clock,
    day: format({ dateStyle: 'full' }),
    preciseClock: format({ ...seconds, fractionalSecondDigits: 3 }),
  };
}

/** How times are written for this person. */
export function useTimes(): Times {
  const { i18n } = useTranslation();
  const times = usePreference('times');
  const zone = usePreference('zone');
  return useMemo(() => timesOf(i18n.language, { times, zone }), [i18n.language, times, zone]);
}

/** Chinese has a space between a figure and its unit, as between any two scripts; Intl writes none. */
const spaced = (text: string) => text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ');

/** A time in the past (-1) or to come (1). Not rounded up, as a short age is not: both may stand on one page. */
function relative(ms: number, direction: -1 | 1, language: string): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? (['second', 1] as const);
  // "Yesterday" would be a day of the calendar, which 24 hours are not.
  const numeric = unit === 'day' ? 'always' : 'auto';
  const count = direction * Math.floor(seconds / size);
  return spaced(new Intl.RelativeTimeFormat(language, { numeric }).format(count, unit));
}

/** How long something took: below a minute to a tenth of a second, else in its two largest units, such as 5m 12s. */
export function duration(ms: number, language: string): string {
  const format = (value: number, unit: Intl.RelativeTimeFormatUnit) =>
    spaced(
      new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: 'narrow',
        maximumFractionDigits: 1,
      }).format(value),
    );
  let rest = Math.max(0, ms) / 1_000;
  if (rest < 59.95) return format(rest, 'second');
  rest = Math.round(rest);
  const largest = UNITS.findIndex(([, size]) => rest >= size);
  const parts = UNITS.slice(largest, largest + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 && format(count, unit);
  });
  return parts.filter(Boolean).join(' ');
}

/** How long ago it is, in the least room. */
export function shortAge(at: number, now: number, language: string): string {
  const seconds = Math.max(0, Math.floor((now - at) / 1_000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? (['second', 1] as const);
  const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow' });
  return spaced(format.format(Math.floor(seconds / size)));
}
