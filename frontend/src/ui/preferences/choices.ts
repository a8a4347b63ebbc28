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

/** A choice from elsewhere. It may be from another version, or written by hand: then the first one holds. */
export function readChoice<Name extends Choice>(name: Name, given: unknown): Preferences[Name] {
  const known: readonly unknown[] = choices[name];
  return (known.includes(given) ? given : known[0]) as Preferences[Name];
}
