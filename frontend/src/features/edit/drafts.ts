import { mayHoldSecret } from './documents';

/** What an author started from. */
export interface Base {
  version: string;
  text: string;
  /** When it was read, in milliseconds. */
  readAt: number;
}

/** A text that was not applied yet. */
export interface Draft {
  /** The id of the object that is edited; the cluster for new documents. */
  of: string;
  text: string;
  base: Base | null;
  /** When it was kept, in milliseconds. */
  at: number;
  /** The operation that applies it. It is a draft until that succeeded. */
  operation?: string | null;
}

/** It begins as everything does that is removed when the person signs out. */
const KEY = 'binnacle.drafts';
/** Older ones give way. */
const MOST = 10;
/** Characters of one, and of all: a browser keeps about five million for all of a server's pages. */
const LONGEST = 500_000;
const ALL = 2_000_000;

const sizeOf = ({ text, base }: Draft) => text.length + (base?.text.length ?? 0);

/** The newest first. What is kept may be from another version, or written by hand. */
function read(): Draft[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(found) ? found.filter(isDraft) : [];
  } catch {
    return [];
  }
}

function isDraft(given: unknown): given is Draft {
  const { of, text, at, base } = (given ?? {}) as Record<string, unknown>;
  const isBase = base === null || (typeof base === 'object' && typeof (base as Base).text === 'string');
  return typeof of === 'string' && typeof text === 'string' && typeof at === 'number' && isBase;
}

function write(drafts: readonly Draft[]): boolean {
  try {
    if (drafts.length > 0) localStorage.setItem(KEY, JSON.stringify(drafts));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}

export const draftOf = (of: string): Draft | undefined => read().find((draft) => draft.of === of);

/** Forgets a draft: it was applied, or its author gave it up. */
export function dropDraft(of: string): void {
  const drafts = read();
  const left = drafts.filter((draft) => draft.of !== of);
  if (left.length < drafts.length) write(left);
}

/** Keeps a draft in the place of the last one of the same. False where it cannot be kept: then the page is all there is. */
export function keepDraft(draft: Draft): boolean {
  if (
    mayHoldSecret(draft.text) ||
    (draft.base && mayHoldSecret(draft.base.text)) ||
    sizeOf(draft) > LONGEST
  ) {
    dropDraft(draft.of);
    return false;
  }
  let size = 0;
  const kept = [draft, ...read().filter(({ of }) => of !== draft.of)].slice(0, MOST).filter((one) => {
    size += sizeOf(one);
    return size <= ALL;
  });
  return write(kept) || write([draft]);
}
