import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function relative(at: number, now: number, language: string): string {
  const seconds = Math.min(0, Math.round((at - now) / 1_000));
  const [unit, size] = UNITS.find(([, size]) => -seconds >= size) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

/** A time as its age, ticking; the exact time is in the title. */
export function Age({ at }: { at: string | number }) {
  const { i18n } = useTranslation();
  const moment = typeof at === 'number' ? at : Date.parse(at);
  const now = useNow(Date.now() - moment < 120_000 ? 1_000 : 30_000);
  const exact = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' }).format(
    moment,
  );
  return (
    <time dateTime={new Date(moment).toISOString()} title={exact}>
      {relative(moment, now, i18n.language)}
    </time>
  );
}
