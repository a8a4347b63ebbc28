import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePrefer, usePreferredUnder } from '@/ui/preferences/preferences-slice';
import { type Arrangement, AS_GIVEN } from '../columns/arrangement';
import { type Address, type FilterSpec, type OrderSpec, orderText } from '../list-parameters';
import { changesOf, isSameQuery, type Query, readViews, type View, type ViewsSpec } from './view';

/** A view as a tab above the list. */
export interface ViewTab {
  key: string;
  name: string;
  query: Query;
  isTrouble?: boolean;
  /** The view of the person that it shows. */
  own?: View;
}

export interface Views {
  spec: ViewsSpec;
  tabs: readonly ViewTab[];
  selected: ViewTab;
  /** What the address asks for. */
  query: Query;
  /** Whether the address asks for something else than the selected view. */
  isChanged: boolean;
  own: readonly View[];
  keep: (views: readonly View[]) => void;
  open: (tab: Pick<ViewTab, 'query' | 'own'>) => void;
  /** The columns of the selected view, if it is one of the person. */
  columns?: [Arrangement, (next: Arrangement) => void];
}

interface ListWithViews {
  name: string;
  filters: readonly FilterSpec<never>[];
  order?: OrderSpec;
  views?: ViewsSpec;
}

/** The views of a list. Which one is selected follows from the address: what it asks for, and the view that it names. */
export function useViews(
  { name, filters, order, views: spec }: ListWithViews,
  address: Address,
): Views | null {
  const { t } = useTranslation();
  const prefer = usePrefer();
  const prefix = `views.${name}.`;
  const kept = usePreferredUnder(prefix);
  const own = useMemo(() => readViews(kept), [kept]);
  if (!spec) return null;

  const keys = [...filters.map(({ key }) => key), 'sort'];
  const initial = order && orderText(order.initial);
  const entries = keys.map((key) => [key, address.get(key)] as const);
  const query = Object.fromEntries(
    entries.filter(([key, value]) => value && !(key === 'sort' && value === initial)),
  );
  const { sort: _, ...unsorted } = query;

  const builtIn: ViewTab[] = spec.builtIn.map(({ id, ...view }) => ({
    ...view,
    key: id,
    name: t(view.name),
  }));
  const ofPerson = own.map(
    (view): ViewTab => ({ key: `own-${view.id}`, name: view.name, query: view.query, own: view }),
  );
  const selected =
    ofPerson.find(({ own }) => own?.id === address.get('view')) ??
    // Everybody's views are about rows: in another order they are the same.
    builtIn.find((tab) => isSameQuery(tab.query, unsorted)) ??
    ofPerson.find((tab) => isSameQuery(tab.query, query));
  const unsaved: ViewTab = { key: 'unsaved', name: t('views.unsaved'), query };
  const opened = selected?.own;
  const keep = (views: readonly View[]) => {
    const changes = Object.entries(changesOf(kept, views));
    prefer(Object.fromEntries(changes.map(([id, view]) => [prefix + id, view])));
  };
  const arrange = (next: Arrangement) =>
    keep(
      own.map((view) => {
        if (view !== opened) return view;
        const { columns: _, ...rest } = view;
        return next === AS_GIVEN ? rest : { ...rest, columns: next };
      }),
    );
  return {
    spec,
    tabs: [...builtIn, ...ofPerson, ...(selected ? [] : [unsaved])],
    selected: selected ?? unsaved,
    query,
    isChanged: selected !== undefined && !isSameQuery(selected.query, query),
    own,
    keep,
    open: ({ query, own }) =>
      address.set(
        { ...Object.fromEntries(keys.map((key) => [key, null])), ...query, view: own?.id ?? null },
        'push',
      ),
    columns: opened && [opened.columns ?? AS_GIVEN, arrange],
  };
}
