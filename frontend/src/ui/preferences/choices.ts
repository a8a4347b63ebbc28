/** What a person can choose for all pages. The first of each holds until something is chosen. */
export const choices = {
  language: ['system', 'en', 'zh-CN'],
  theme: ['system', 'light', 'dark'],
  density: ['normal', 'compact'],
  times: ['relative', 'absolute'],
  zone: ['local', 'utc'],
  keys: ['on', 'off'],
} as const;

export type Choice = keyof typeof choices;
export type Preferences = { [Name in Choice]: (typeof choices)[Name][number] };

/** Preferences from elsewhere. They may be from another version, or written by hand: what is not known is left out. */
export function readPreferences(given: unknown): Preferences {
  const values = given !== null && typeof given === 'object' ? (given as Record<string, unknown>) : {};
  const entries = Object.entries(choices).map(([name, known]) => [
    name,
    (known as readonly unknown[]).includes(values[name]) ? values[name] : known[0],
  ]);
  return Object.fromEntries(entries) as Preferences;
}
