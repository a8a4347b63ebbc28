import { type GetRef, Table, type TableColumnsType, type TableProps } from 'antd';
import { type ComponentType, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMedia } from '@/ui/hooks/use-media';
import { useSize } from '@/ui/hooks/use-size';
import { arrange } from './columns/arrangement';
import { type TitledColumn, useColumnTitle } from './columns/column-title';
import type { RowsProps } from './resource-list';
import { rememberScroll } from './scroll-memory';
import { useHover } from './use-hover';
import { useRowKeys } from './use-row-keys';

export interface Column<Row> extends TitledColumn {
  /** The field of the server's order; without one the list cannot be sorted by it. */
  sort?: string;
  /** Whether it stands at the right, as figures do. */
  isFigure?: boolean;
  /** In pixels. */
  width: number;
  /** How wide it gets where there is room to spare. */
  widest?: number;
  /** How far it shrinks where there is too little room even for the columns that are never left out. */
  least?: number;
  /** Its width in a narrow window, where a column without one is left out. */
  narrow?: number;
  /** Left out where the others need its room; the lowest number first. */
  spare?: number;
  cell: (row: Row, isNarrow: boolean, width: number) => ReactNode;
}

export interface RowKey<Row> {
  keys: readonly string[];
  run: (row: Row) => void;
}

interface ResourceTableProps<Row> extends RowsProps<Row> {
  name: string;
  columns: readonly Column<Row>[];
  /** Shown at the end of a row that is pointed at or has the focus. */
  rowActions?: (row: Row) => ReactNode;
  /** What a key does with the row that has the focus. */
  rowKeys?: readonly RowKey<Row>[];
  /** What a row has beside its line, shown when it is unfolded. */
  Unfolded?: ComponentType<{ row: Row }>;
  /** What a row is called; with it, rows can be selected. */
  nameOf?: (row: Row) => string;
  /** What tests find a row by. */
  data: (row: Row) => Record<`data-${string}`, unknown>;
}

const NARROW = 720;
/** The width of the boxes that select a row, and of the buttons that unfold it. */
const TOOL = 40;
const MIN_HEIGHT = 260;
/** What stands below the first row of a table, in pixels: its head, the edge of the page, and the way to other pages. */
const HEAD_AND_EDGE = 60;
const PAGES = 56;
/** A phone has its navigation at the bottom. */
const PHONE = '(max-width: 767px)';
const PHONE_FOOT = 112;

/** The rows of a list as a table of columns, drawn as far as they are in view. */
export function ResourceTable<Row extends { id: string }>({
  name,
  columns,
  rowActions,
  rowKeys,
  Unfolded,
  nameOf,
  data,
  window,
  label,
  arrangement,
  order,
  onSort,
  of,
  scrollTop,
  gone,
  selected,
  onSelect,
  onLeave,
  onHover,
  onColumns,
  isPaged,
}: ResourceTableProps<Row>) {
  const { t } = useTranslation();
  const titleOf = useColumnTitle();
  const [ref, { width: tableWidth, top, viewportHeight }] = useSize<HTMLDivElement>();
  const table = useRef<GetRef<typeof Table>>(null);
  const isDrawn = tableWidth > 0;
  const isNarrow = tableWidth < NARROW;
  const isPhone = useMedia(PHONE);
  const select = nameOf && !isNarrow ? onSelect : undefined;
  useRowKeys({
    ids: window.nodes.map(({ id }) => id),
    container: ref,
    table,
    toggle:
      select &&
      ((id) => select(selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id])),
    clear: select && selected.length > 0 ? () => select([]) : undefined,
    others: rowKeys?.map(({ keys, run }) => ({
      keys,
      run: (id) => {
        onLeave();
        for (const row of window.nodes) if (row.id === id) run(row);
      },
    })),
  });
  // The rows that are shown first are those that were shown last.
  const opened = useRef({ of, scrollTop });
  useEffect(() => {
    if (isDrawn && opened.current.scrollTop > 0) table.current?.scrollTo({ top: opened.current.scrollTop });
  }, [isDrawn]);
  const hover = useHover(onHover);
  const tools = (Unfolded ? TOOL : 0) + (select ? TOOL : 0);
  const fitting = columnsFor(arrange(columns, arrangement), isNarrow, tableWidth - tools);
  const drawn = {
    given: columns.map(({ title }) => title),
    fitting: fitting.map(({ title }) => title),
  };
  const drawnText = JSON.stringify(drawn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same columns are told once
  useEffect(() => {
    if (isDrawn) onColumns(drawn);
  }, [isDrawn, drawnText]);
  const total = tools + widthOf(fitting);
  // What is left over is shared out among the columns.
  const spread = Math.max(1, (tableWidth - tools) / (total - tools));
  const shown: TableColumnsType<Row> = fitting.map(
    ({ title, timeTitle, ageTitle, sort, width, isFigure, cell }, index) => ({
      key: sort ?? title,
      title: titleOf({ title, timeTitle, ageTitle }),
      width,
      align: isFigure && !isNarrow ? ('end' as const) : undefined,
      fixed: !isNarrow && arrangement.pinned.includes(title) ? ('start' as const) : undefined,
      render: (_, row) => (
        <>
          {cell(row, isNarrow, width * spread)}
          {rowActions && index === fitting.length - 1 && (
            <span className="row-actions">{rowActions(row)}</span>
          )}
        </>
      ),
      ...(sort && { sorter: true, sortOrder: sortOrder(order, sort) }),
    }),
  );
  const foot = (isPhone ? PHONE_FOOT : HEAD_AND_EDGE) + (isPaged ? PAGES : 0);

  const onChange: TableProps<Row>['onChange'] = (_page, _filters, sorter) => {
    const chosen = Array.isArray(sorter) ? sorter[0] : sorter;
    const direction = chosen?.order === 'descend' ? 'DESC' : 'ASC';
    onSort(chosen?.order ? { field: String(chosen.columnKey), direction } : null);
  };

  return (
    <div className="panel flush">
      <div ref={ref} data-testid={`${name}-table`} {...hover}>
        {isDrawn && (
          <Table<Row>
            ref={table}
            virtual
            size="small"
            rowKey="id"
            pagination={false}
            columns={shown}
            dataSource={window.nodes}
            onChange={onChange}
            showSorterTooltip={false}
            rowSelection={
              select && {
                columnWidth: TOOL,
                selectedRowKeys: [...selected],
                onChange: (keys) => select(keys.map(String)),
                getCheckboxProps: (row) => ({ 'aria-label': t('list.select', { name: nameOf?.(row) }) }),
              }
            }
            expandable={
              Unfolded && {
                columnWidth: TOOL,
                columnTitle: <span className="for-readers">{t('list.unfold')}</span>,
                expandedRowRender: (row) => <Unfolded row={row} />,
              }
            }
            aria-label={label}
            scroll={{
              x: Math.max(total, tableWidth),
              y: Math.max(MIN_HEIGHT, viewportHeight - top - foot),
            }}
            onScroll={(event) => rememberScroll(of, event.currentTarget.scrollTop)}
            rowClassName={({ id }) => (gone.has(id) ? 'gone' : liveMark(window.changes[id]))}
            onRow={(row) => ({ 'data-testid': `${name}-row`, ...data(row) }) as object}
          />
        )}
      </div>
    </div>
  );
}

/** The columns that are shown in so many pixels, as wide as they are then. */
export function columnsFor<Row>(
  columns: readonly Column<Row>[],
  isNarrow: boolean,
  room: number,
): Column<Row>[] {
  if (isNarrow)
    return columns.flatMap((column) => (column.narrow ? [{ ...column, width: column.narrow }] : []));
  const left = room - widthOf(columns);
  const first = Math.min(...columns.flatMap(({ spare }) => spare ?? []));
  if (left < 0 && Number.isFinite(first))
    return columnsFor(
      columns.filter(({ spare }) => spare !== first),
      isNarrow,
      room,
    );
  return columns.map((column) => {
    const { width, widest = width, least = width } = column;
    return { ...column, width: Math.max(least, Math.min(widest, width + left)) };
  });
}

export function widthOf(columns: readonly { width: number }[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0);
}

/** Marks a row that changed. Two classes by turns: the same one twice would not start the animation again. */
export function liveMark(changes = 0): string {
  return changes ? `live-${changes % 2}` : '';
}

function sortOrder(order: RowsProps<unknown>['order'], field: string) {
  if (order?.field !== field) return null;
  return order.direction === 'DESC' ? 'descend' : 'ascend';
}
