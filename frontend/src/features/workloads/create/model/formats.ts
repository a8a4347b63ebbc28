/** RFC 1123, as the API server applies it. */
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

export const isLabel = (text: string) => text.length <= 63 && LABEL.test(text);
export const isSubdomain = (text: string) =>
  text.length <= 253 && text.split('.').every((part) => LABEL.test(part));

/** A name that could be meant by one that is none; nothing where none of its letters may stay. */
export function nearestName(text: string, longest: number): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/[-.]*\.[-.]*/g, '.')
    .slice(0, longest)
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** The value of a label, or the name part of its key. */
const PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const isPart = (text: string) => text.length <= 63 && PART.test(text);

export const isLabelValue = (text: string) => text === '' || isPart(text);

export function isLabelKey(text: string): boolean {
  const [name, prefix, ...more] = text.split('/').reverse();
  return more.length === 0 && isPart(name ?? '') && (prefix === undefined || isSubdomain(prefix));
}

/** A key of a ConfigMap or Secret. */
export const isConfigKey = (text: string) => text.length <= 253 && /^[-._A-Za-z0-9]+$/.test(text);

/** The API server takes any printable name without `=`. */
export const isVariableName = (text: string) => /^[ -<>-~]+$/.test(text);

/** IANA service name: at most 15 letters, one of them a letter, single dashes. */
export const isPortName = (text: string) =>
  text.length <= 15 && LABEL.test(text) && /[a-z]/.test(text) && !text.includes('--');

const IMAGE =
  /^([A-Za-z0-9.-]+(:\d+)?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:\w[\w.-]{0,127})?(@[a-z0-9]+:[0-9a-f]{32,})?$/;
export const isImage = (text: string) => IMAGE.test(text);

const SCALE: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity such as `500m`, `1.5Gi` or `1e3`, as a number; null where it is none. */
export function quantity(text: string): number | null {
  const [, digits, exponent, suffix = ''] =
    /^\+?(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(text) ?? [];
  return digits === undefined ? null : Number(`${digits}${exponent ?? ''}`) * (SCALE[suffix] ?? 1);
}

const NAMED =
  /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$|^@every (\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const CRON: { least: number; most: number; names?: string[] }[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: MONTHS },
  { least: 0, most: 6, names: DAYS },
];

/** Which of the five fields of a schedule is wrong, counted from 0; -1 where there are not five; null where none is. */
export function wrongCronField(text: string): number | null {
  if (text.startsWith('@')) return NAMED.test(text) ? null : -1;
  const fields = text.trim().split(/\s+/);
  if (fields.length !== CRON.length) return -1;
  const wrong = CRON.findIndex(
    (field, index) => !(fields[index] ?? '').split(',').every((part) => isCron(part, field)),
  );
  return wrong === -1 ? null : wrong;
}

function isCron(part: string, { least, most, names = [] }: (typeof CRON)[number]): boolean {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === '*' || range === '?') return true;
  const ends = range.split('-').map((end) => {
    const named = names.indexOf(end.toLowerCase());
    return named >= 0 ? named + least : /^\d+$/.test(end) ? Number(end) : Number.NaN;
  });
  const [first = Number.NaN, last = first] = ends;
  return ends.length <= 2 && first >= least && last <= most && first <= last;
}

export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return !/^[+-]/.test(text);
  } catch {
    return false;
  }
}
