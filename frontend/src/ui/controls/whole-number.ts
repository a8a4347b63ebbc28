export interface NumberRule {
  least: number;
  most: number;
  optional?: boolean;
}

/** The number that was typed, or null when it is none that may be sent: nothing is rounded, cut or guessed. */
export function wholeNumber(text: string, { least, most }: NumberRule): number | null {
  if (!/^\d+$/.test(text.trim())) return null;
  const number = Number(text);
  return number >= least && number <= most ? number : null;
}

export function breaks(text: string, rule: NumberRule): boolean {
  return wholeNumber(text, rule) === null && !(rule.optional && !text.trim());
}
