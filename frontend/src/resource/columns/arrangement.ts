/** How a person wants the columns of a list. Columns have the key of their title. */
export interface Arrangement {
  order: readonly string[];
  hidden: readonly string[];
  /** Columns that a list leaves out by itself. */
  shown: readonly string[];
  /** They stay in view when the rest is scrolled aside, and stand first. */
  pinned: readonly string[];
}

export const AS_GIVEN: Arrangement = { order: [], hidden: [], shown: [], pinned: [] };

interface Titled {
  title: string;
}

/** All columns in the wanted order, the pinned ones first. One that the person never saw stands behind its neighbour. */
export function ordered<Column extends Titled>(
  columns: readonly Column[],
  { order, pinned }: Arrangement,
): Column[] {
  const known = order.flatMap((title) => columns.find((column) => column.title === title) ?? []);
  const all = [...known];
  columns.forEach((column, index) => {
    if (all.includes(column)) return;
    const before = columns[index - 1];
    all.splice(before ? all.indexOf(before) + 1 : 0, 0, column);
  });
  const isPinned = ({ title }: Column) => pinned.includes(title);
  return [...all.filter(isPinned), ...all.filter((column) => !isPinned(column))];
}

/** Whether a column is shown. The first one names the row: it always is. */
export function isShown(columns: readonly Titled[], { hidden }: Arrangement, title: string): boolean {
  return columns[0]?.title === title || !hidden.includes(title);
}

/** The columns that are shown. */
export function arrange<Column extends Titled>(
  columns: readonly Column[],
  arrangement: Arrangement,
): Column[] {
  return ordered(columns, arrangement).filter(({ title }) => isShown(columns, arrangement, title));
}

/** With a column one place further. Pinned columns change places with each other, and so do the others. */
export function moved(
  columns: readonly Titled[],
  arrangement: Arrangement,
  title: string,
  step: 1 | -1,
): Arrangement {
  const order = ordered(columns, arrangement).map((column) => column.title);
  const at = order.indexOf(title);
  const other = order[at + step];
  const { pinned } = arrangement;
  if (other === undefined || pinned.includes(title) !== pinned.includes(other)) return arrangement;
  order[at] = other;
  order[at + step] = title;
  return { ...arrangement, order };
}

const toggled = (titles: readonly string[], title: string) =>
  titles.includes(title) ? titles.filter((one) => one !== title) : [...titles, title];

const without = (titles: readonly string[], title: string) => titles.filter((one) => one !== title);

/** With the columns hidden that a list leaves out by itself, unless the person wants them. */
export function withLeftOut(arrangement: Arrangement, leftOut: readonly string[]): Arrangement {
  const { hidden, shown } = arrangement;
  return { ...arrangement, hidden: [...hidden, ...leftOut.filter((title) => !shown.includes(title))] };
}

export function shownOrHidden(
  arrangement: Arrangement,
  title: string,
  leftOut: readonly string[] = [],
): Arrangement {
  const { hidden, shown } = arrangement;
  const isLeftOut = leftOut.includes(title);
  if (withLeftOut(arrangement, leftOut).hidden.includes(title))
    return {
      ...arrangement,
      hidden: without(hidden, title),
      shown: isLeftOut ? [...shown, title] : shown,
    };
  return {
    ...arrangement,
    hidden: isLeftOut ? hidden : [...hidden, title],
    shown: without(shown, title),
  };
}

export function pinnedOrNot(arrangement: Arrangement, title: string): Arrangement {
  return { ...arrangement, pinned: toggled(arrangement.pinned, title) };
}

/** What was kept may be from another version, or written by hand. */
export function readArrangement(given: unknown): Arrangement {
  if (given === null || typeof given !== 'object') return AS_GIVEN;
  const { order, hidden, shown, pinned } = given as Partial<Record<keyof Arrangement, unknown>>;
  return { order: titles(order), hidden: titles(hidden), shown: titles(shown), pinned: titles(pinned) };
}

const titles = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
