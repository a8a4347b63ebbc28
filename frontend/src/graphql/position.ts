/** Positions are decimal digits of a 64-bit integer: too large for a number, so they are compared as text. */
export function isAfter(position: string, other: string): boolean {
  return position.length === other.length ? position > other : position.length > other.length;
}

export function laterOf(position: string, other: string): string {
  return isAfter(position, other) ? position : other;
}

/** The same order as text of one length. */
export function sortablePosition(position: string): string {
  return position.padStart(20, '0');
}
