import type { ChangeKind } from '@/graphql/generated/graphql';
import type { Positioned } from '@/graphql/live';

export interface WindowArgs<Filter = object> {
  filter: Filter;
  first: number;
  after?: string | null;
}

/** The part of a list that is on the screen. */
export interface Window<Row> extends Positioned {
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  /** Absent where it was not requested. */
  totalCount?: number;
  /** Live changes each row had since it was read. */
  changes: Record<string, number>;
  /** The changes do not tell which rows or how many there are: the window has to be read again. */
  uncertain: boolean;
}

/** A window of a list without a subscription; an empty one where the object that it belongs to does not exist. */
export function stillWindow<Row>(
  connection: Pick<Window<Row>, 'nodes' | 'pageInfo' | 'totalCount'> | undefined,
) {
  const found = connection ?? { nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 };
  return { ...found, position: '0', changes: {}, uncertain: false };
}

/** What became of one row. A row that no longer matches the filter is null. */
export interface RowChange<Row> {
  kind: ChangeKind;
  id: string;
  row: Row | null;
}

/** How the server makes a list. */
export interface WindowRules<Row, Args> {
  id: (row: Row) => string;
  /** The values it sorts by; no two rows share all of them. */
  sortKey: (row: Row, args: Args) => readonly string[];
  isDescending?: (args: Args) => boolean;
  /** Whether a row that matches the filter matches it for all its life. */
  isFixed: (args: Args) => boolean;
}

/** Puts one change into the window, where the server would show the row, without reading the list again. */
export function patch<Row, Args extends WindowArgs>(
  window: Window<Row>,
  { kind, id, row }: RowChange<Row>,
  args: Args,
  rules: WindowRules<Row, Args>,
) {
  const isPartial = isPartOf(window, args);
  const at = window.nodes.findIndex((shown) => rules.id(shown) === id);
  const isShown = at >= 0;

  // A cluster was removed, and all its rows with it: the id is that of the cluster.
  const isOfCluster = (shown: Row) => rules.id(shown).split('~')[1] === id;
  if (!row && window.nodes.some(isOfCluster)) {
    window.nodes = window.nodes.filter((shown) => !isOfCluster(shown));
    window.uncertain = true;
    return;
  }

  if (row) {
    if (!isShown && kind === 'ADDED') count(window, 1);
    else if (!isShown && isPartial && !rules.isFixed(args)) recount(window);
    if (place(window, row, at, args, rules)) window.changes[id] = (window.changes[id] ?? 0) + 1;
  } else {
    // The server reports a row outside the filter as removed once, whether it was in the list before or not.
    if (isShown || (isPartial && rules.isFixed(args))) count(window, -1);
    else if (isPartial) recount(window);
    if (isShown) window.nodes.splice(at, 1);
    delete window.changes[id];
  }
  if (!isPartial && window.totalCount !== undefined) window.totalCount = window.nodes.length;
  // A list that grows all day is cut to the size of a window by reading it again.
  if (window.nodes.length > 2 * args.first) window.uncertain = true;
}

/** Changes that the list may have contained already were put in: a row outside the window may be counted twice. */
export function repeated(window: Window<unknown>, args: WindowArgs) {
  if (isPartOf(window, args)) recount(window);
}

const isPartOf = (window: Window<unknown>, args: WindowArgs) =>
  Boolean(args.after) || window.pageInfo.hasNextPage;

function count(window: Window<unknown>, difference: number) {
  if (window.totalCount !== undefined) window.totalCount += difference;
}

function recount(window: Window<unknown>) {
  if (window.totalCount !== undefined) window.uncertain = true;
}

/** Whether the row is shown after it took its place. */
function place<Row, Args extends WindowArgs>(
  window: Window<Row>,
  row: Row,
  at: number,
  args: Args,
  rules: WindowRules<Row, Args>,
): boolean {
  const key = rules.sortKey(row, args);
  const shown = window.nodes[at];
  if (shown && compare(key, rules.sortKey(shown, args)) === 0) {
    window.nodes[at] = row;
    return true;
  }
  if (shown) window.nodes.splice(at, 1);
  const sign = rules.isDescending?.(args) ? -1 : 1;
  const next = window.nodes.findIndex((other) => sign * compare(key, rules.sortKey(other, args)) < 0);
  const isOutside = (next === 0 && args.after) || (next < 0 && window.pageInfo.hasNextPage);
  if (isOutside) {
    // It may belong to the window before or after this one.
    if (shown) window.uncertain = true;
    return false;
  }
  window.nodes.splice(next < 0 ? window.nodes.length : next, 0, row);
  return true;
}

function compare(one: readonly string[], other: readonly string[]): number {
  for (const [index, value] of one.entries()) {
    const against = other[index] ?? '';
    if (value !== against) return value < against ? -1 : 1;
  }
  return 0;
}
