import type { TextKey } from '@/language/texts';

/** A key, or two one after the other, and what it does. */
export interface KeyWords {
  keys: readonly string[];
  words: TextKey;
}

export const rowKeys = {
  next: { keys: ['j'], words: 'keys.next' },
  previous: { keys: ['k'], words: 'keys.previous' },
  select: { keys: ['x'], words: 'keys.select' },
  clear: { keys: ['Escape'], words: 'keys.clear' },
} satisfies Record<string, KeyWords>;

/** Of the row that has the focus, or of the object whose page is open. */
export const eitherKeys = {
  logs: { keys: ['l'], words: 'keys.logs' },
  restart: { keys: ['r'], words: 'keys.restart' },
} satisfies Record<string, KeyWords>;

export const objectKeys = {
  edit: { keys: ['e'], words: 'keys.edit' },
  previous: { keys: ['['], words: 'neighbours.previous' },
  next: { keys: [']'], words: 'neighbours.next' },
} satisfies Record<string, KeyWords>;
