import { type RefObject, useRef } from 'react';
import { useKeys } from '@/ui/hooks/use-keys';
import { rowKeys } from './keys';

/** What of a table moves its rows into view. */
interface Scrolling {
  scrollTo: (to: { key: string }) => void;
}

interface RowKeys {
  ids: readonly string[];
  container: RefObject<HTMLElement | null>;
  table: RefObject<Scrolling | null>;
  /** Selects a row, or no longer. */
  toggle?: (id: string) => void;
  /** Gives up the selection, if there is one. */
  clear?: () => void;
  /** What else is done with the row that has the focus. */
  others?: readonly { keys: readonly string[]; run: (id: string) => void }[];
}

/**
 * j and k move the focus from row to row; Enter then opens the link that has it, and x selects the row. A row is drawn
 * only while it is in view, so the last one is remembered.
 */
export function useRowKeys({ ids, container, table, toggle, clear, others = [] }: RowKeys) {
  const last = useRef<string | null>(null);

  const focused = () => {
    const row = document.activeElement?.closest('[data-row-key]');
    return row && container.current?.contains(row) ? row.getAttribute('data-row-key') : null;
  };
  const current = () => focused() ?? last.current;
  const go = (step: 1 | -1) => {
    const at = ids.indexOf(current() ?? '');
    const id = ids[at < 0 ? 0 : Math.max(0, Math.min(ids.length - 1, at + step))];
    if (id === undefined) return;
    last.current = id;
    table.current?.scrollTo({ key: id });
    focusRow(container.current, id);
  };
  const having = (id: string | null, run: (id: string) => void) => id !== null && ids.includes(id) && run(id);
  useKeys([
    { ...rowKeys.next, run: () => go(1) },
    { ...rowKeys.previous, run: () => go(-1) },
    ...(toggle ? [{ ...rowKeys.select, run: () => having(current(), toggle) }] : []),
    ...(clear ? [{ ...rowKeys.clear, run: clear }] : []),
  ]);
  // The page of an object has the same keys: those of a row in it come first.
  useKeys(
    others.map(({ keys, run }) => ({ keys, run: () => having(focused(), run) })),
    true,
    true,
  );
}

/** A row that was out of view is drawn a frame or two later. */
function focusRow(container: HTMLElement | null, id: string, frames = 5) {
  const row = container?.querySelector(`[data-row-key="${CSS.escape(id)}"]`);
  const target = row?.querySelector<HTMLElement>('a') ?? row?.querySelector<HTMLElement>('button');
  if (target) target.focus();
  else if (frames > 0) requestAnimationFrame(() => focusRow(container, id, frames - 1));
}
