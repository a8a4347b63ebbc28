import { type ComponentType, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsLagging } from '@/graphql/lagging-lists';
import type { TextKey } from '@/language/texts';
import { Empty } from '@/ui/feedback/empty';
import { Rereading } from '@/ui/feedback/loading';
import { useAddress } from '@/ui/hooks/use-address';
import { usePreference } from '@/ui/preferences/preferences-slice';
import { type Arrangement, AS_GIVEN, withLeftOut } from './columns/arrangement';
import { ColumnMenu } from './columns/column-menu';
import type { DrawnColumns, TitledColumn } from './columns/column-title';
import { useArrangement } from './columns/use-arrangement';
import { CsvExport, type CsvSpec } from './csv/csv-export';
import { HeldLine } from './held-line';
import { useHeldOrder } from './held-order';
import {
  closedLists,
  type FilterSpec,
  type Order,
  type OrderSpec,
  orderText,
  readFilter,
  readOrder,
} from './list-parameters';
import { Pager } from './pager';
import { QueryField } from './query/query-field';
import { RemoveFilters } from './remove-filters';
import { useScrollOf } from './scroll-memory';
import { SelectionLine } from './selection-line';
import { StillLine } from './still-line';
import { useTableLoaded } from './table-script';
import { keepTrail } from './trail';
import { UnknownFilter } from './unknown-filter';
import { type QueryState, useLiveWindow } from './use-live-window';
import { useOwnChange } from './use-own-change';
import { useSelection } from './use-selection';
import { ViewBar } from './views/lazy-view-bar';
import { useViews } from './views/use-views';
import type { ViewsSpec } from './views/view';
import type { Window, WindowArgs } from './window';
import { WindowRows } from './window-rows';

export interface RowsProps<Row> {
  window: Window<Row>;
  label: string;
  order?: Order;
  onSort: (order: Order | null) => void;
  /** How the person wants the columns of a table. */
  arrangement: Arrangement;
  /** Is told which columns a table has, and which of them fit. */
  onColumns: (columns: DrawnColumns) => void;
  /** Whether the list has more pages than one. */
  isPaged?: boolean;
  /** Names the list and its page. */
  of: string;
  /** How far it is scrolled when it is opened. */
  scrollTop: number;
  /** The rows that are no longer in the list, and are shown while the order is held. */
  gone: ReadonlySet<string>;
  /** The ids of the selected rows; none can be selected without `onSelect`. */
  selected: readonly string[];
  onSelect?: (ids: string[]) => void;
  /** Remembers the list before the page of one of its rows is opened. */
  onLeave: () => void;
  /** Whether the reader points at the rows. */
  onHover: (isHovered: boolean) => void;
}

/** One list of the product, as data. */
export interface ListSpec<Row, Args extends WindowArgs> {
  /** Prefix of its test ids. */
  name: string;
  /** The name under which its columns and views are kept, if it is not its own. */
  keptAs?: string;
  title: TextKey;
  useQuery: (args: Args) => QueryState<Row>;
  first: number;
  filters: readonly FilterSpec<Args['filter']>[];
  /** What stands in the field of a query without plain words. */
  hint?: TextKey;
  /** Tokens of a query that the server cannot answer, and what to do instead. */
  unanswered?: Record<string, TextKey>;
  order?: OrderSpec;
  /** The id of a row that has a page of its own. With it, the order is held while the reader is busy with the rows. */
  idOf?: (row: Row) => string;
  /** Those of its table, which a person may arrange. */
  columns?: readonly TitledColumn[];
  /** Which of them are shown only to whoever wants them. */
  useLeftOut?: () => readonly TextKey[];
  /** The queries that everybody has as tabs above it. A person may save more. */
  views?: ViewsSpec;
  /** What of each row an export of the whole result holds. */
  csv?: CsvSpec<Row, Args>;
  /** Reads what is not part of the rows, for those that the filter matches. The rows are shown within. */
  Around?: ComponentType<{ filter: Args['filter']; children: ReactNode }>;
  /** A table of columns, or one entry after the other. */
  Rows: ComponentType<RowsProps<Row>>;
  /** What is said of an empty list, and of one that the filters empty. */
  none: TextKey;
  noneMatch: TextKey;
  /** Why it may be empty although there are rows that match; null where there are none. */
  useMissing?: (filter: Args['filter']) => string | null;
  /** Its name among the lists that can lag behind the log. */
  lagsAs?: string;
  /** Whether its changes are not followed: then it says so, and offers to read it again. */
  isStill?: boolean;
}

interface ResourceListProps<Row, Args extends WindowArgs> {
  list: ListSpec<Row, Args>;
  /** A part of the filter that the page sets, not the reader. */
  within?: Partial<Args['filter']>;
  /** What an empty list offers to do. */
  firstStep?: ReactNode;
}

/** A live list: its filters, its rows and the way to the next page. Filters and order are kept in the address. */
export function ResourceList<Row, Args extends WindowArgs>({
  list,
  within,
  firstStep,
}: ResourceListProps<Row, Args>) {
  const { t, i18n } = useTranslation();
  const address = useAddress();
  const specs = list.filters as readonly FilterSpec<never>[];
  const { keptAs = list.name } = list;
  const views = useViews({ ...list, name: keptAs, filters: specs }, address);
  const ofList = useArrangement(keptAs);
  const [arrangement, arrange] = views?.columns ?? ofList;
  const { useLeftOut = useNone, useMissing = useNothingMissing } = list;
  const leftOut = useLeftOut();
  const [drawn, setDrawn] = useState<DrawnColumns | null>(null);
  const chosen = readFilter(address, specs, usePreference('zone'));
  const order = list.order && readOrder(address, list.order);
  const args = {
    filter: { ...(chosen as object), ...(within as object) },
    first: list.first,
    ...(order && { orderBy: order }),
  } as Args;
  const { window, isCurrent, of, error, refetch, isFetching, asOf, pager } = useLiveWindow(
    list.useQuery,
    args,
  );
  const unread = useMissing(args.filter);
  const isLagging = useIsLagging(list.lagsAs);
  const missing = unread ?? (isLagging ? t('lagging.empty') : null);
  const [isHovered, setIsHovered] = useState(false);
  const [isWriting, setIsWriting] = useState(false);
  const { selected, select } = useSelection(of);
  const { idOf } = list;
  const isHeld = Boolean(idOf) && (isHovered || isWriting || selected.length > 0);
  const own = useOwnChange(window);
  const held = useHeldOrder(window?.nodes, `${of} ${own}`, isHeld, idOf ?? String);
  const showOrder = () => {
    held.show();
    // What is gone is no longer selected.
    const ids = idOf ? window?.nodes.map(idOf) : [];
    select(selected.filter((id) => ids?.includes(id)));
  };
  const scrollOf = useScrollOf();
  const isFiltered = Object.keys(chosen).length > 0;
  const rows = held.rows ?? window?.nodes ?? [];
  const leave = () => {
    if (!idOf || !window) return;
    const isWhole = !pager.after && !window.pageInfo.hasNextPage;
    keepTrail(list.name, {
      address: location.pathname + location.search,
      ids: rows.map(idOf),
      total: isWhole ? rows.length : window.totalCount,
    });
  };
  const Around = list.Around ?? Nothing;
  const number = new Intl.NumberFormat(i18n.language);
  const isDrawn = useTableLoaded() || !list.columns;
  // It counts the rows that one sees: not those that are still read, or held back.
  const isCounted = isCurrent && isDrawn && held.changes === 0 && Boolean(window?.nodes.length);

  return (
    <>
      {views && (
        <ViewBar
          name={list.name}
          views={views}
          specs={specs}
          total={isFetching || error ? undefined : window?.totalCount}
          columns={arrangement === AS_GIVEN ? undefined : arrangement}
        />
      )}
      {(specs.length > 0 || list.csv || list.columns) && (
        <div className="list-tools">
          {specs.length > 0 && (
            <QueryField
              name={list.name}
              address={address}
              specs={specs}
              hint={list.hint}
              unanswered={list.unanswered}
              onWriting={setIsWriting}
            />
          )}
          {list.columns && (
            <ColumnMenu
              name={list.name}
              columns={list.columns}
              arrangement={arrangement}
              arrange={arrange}
              leftOut={leftOut}
              drawn={drawn}
            />
          )}
          {list.csv && <CsvExport name={list.name} spec={list.csv} args={args} />}
          <Rereading
            isOn={isFetching && Boolean(window) && !error}
            retry={() => void refetch()}
            asOf={asOf}
          />
        </div>
      )}
      <UnknownFilter address={address} allowed={closedLists(specs, list.order)} />
      <div className="list-line">
        {isCounted && window?.totalCount !== undefined && (
          <p
            // All of them are counted by the tab, and by what one sees.
            className={window.nodes.length < window.totalCount ? 'quiet' : 'for-readers'}
            role="status"
            data-testid={`${list.name}-total`}
          >
            {t('list.shown', {
              shown: number.format(window.nodes.length),
              total: number.format(window.totalCount),
            })}
          </p>
        )}
        {list.csv && idOf && (
          <SelectionLine
            name={list.name}
            rows={held.rows?.filter((row) => selected.includes(idOf(row))) ?? []}
            csv={list.csv}
            clear={() => select([])}
          />
        )}
        <HeldLine changes={held.changes} show={showOrder} />
        {list.isStill && window && <StillLine name={list.name} asOf={asOf} refresh={() => void refetch()} />}
      </div>
      <WindowRows
        rows={held.rows}
        error={error}
        retry={refetch}
        asOf={asOf}
        height={10}
        empty={
          <section className="panel">
            {missing ? (
              <Empty text={missing} />
            ) : (
              <Empty text={t(isFiltered ? list.noneMatch : list.none)}>
                {isFiltered ? <RemoveFilters address={address} specs={specs} /> : firstStep}
              </Empty>
            )}
          </section>
        }
      >
        {() =>
          window && (
            <section
              aria-label={t(list.title)}
              aria-busy={isFetching}
              onClickCapture={({ target }) => {
                if (target instanceof Element && target.closest('a[href]')) leave();
              }}
            >
              <Around filter={args.filter}>
                <list.Rows
                  window={{ ...window, nodes: rows }}
                  label={t(list.title)}
                  of={of}
                  scrollTop={scrollOf(of)}
                  gone={held.gone}
                  selected={selected}
                  onSelect={list.csv && select}
                  onLeave={leave}
                  onHover={setIsHovered}
                  arrangement={withLeftOut(arrangement, leftOut)}
                  onColumns={setDrawn}
                  isPaged={pager.page > 1 || window.pageInfo.hasNextPage}
                  order={order}
                  onSort={(next) => address.set({ sort: next && orderText(next) })}
                />
              </Around>
            </section>
          )
        }
      </WindowRows>
      <Pager pager={pager} next={window?.pageInfo.hasNextPage ? window.pageInfo.endCursor : null} />
    </>
  );
}

/** For a list that has all its columns. */
const NONE: readonly TextKey[] = [];
const useNone = () => NONE;
const useNothingMissing = () => null;

/** For a list whose rows need nothing else. */
function Nothing({ children }: { children: ReactNode }) {
  return children;
}
