import { createContext, useContext } from 'react';
import { useLeftOutPlace } from '@/features/clusters/api';
import { clusterFilter, placeFilters } from '@/features/clusters/place-filters';
import { useMissingKinds } from '@/features/clusters/use-missing-kinds';
import { valuesOf } from '@/graphql/enum';
import type { ObjectRowFragment } from '@/graphql/generated/graphql';
import { ResourceTable } from '@/resource/lazy-table';
import type { OrderSpec } from '@/resource/list-parameters';
import type { ListSpec, RowsProps } from '@/resource/resource-list';
import type { Column } from '@/resource/resource-table';
import type { ViewsSpec } from '@/resource/views/view';
import { Copy } from '@/ui/controls/copy';
import { type ObjectWindowArgs, objectSortValues, useObjectsQuery, useUnrecordedObjectsQuery } from './api';
import { columnsOf, type Listed } from './columns';
import { objectCsv } from './csv';
import { isProblem, objectStates } from './states';

/** Those of the list that is shown: its table must stay the same while they are read. */
export const Columns = createContext<readonly Column<ObjectRowFragment>[]>([]);

function Rows(props: RowsProps<ObjectRowFragment>) {
  return (
    <ResourceTable
      {...props}
      name="object"
      columns={useContext(Columns)}
      nameOf={({ name }) => name}
      rowActions={({ name }) => <Copy text={name} />}
      data={({ name, state }) => ({ 'data-name': name, 'data-state': state })}
    />
  );
}

/** The server keeps no preference under a longer key. */
const LONGEST_KIND = 70;

const worstFirst: OrderSpec = {
  fields: valuesOf(objectSortValues),
  initial: { field: 'STATE', direction: 'ASC' },
};

const viewsOf = (kind: string | undefined): ViewsSpec => ({
  field: 'objects',
  filter: 'ObjectFilter',
  within: kind ? { kinds: [kind] } : undefined,
  builtIn: [
    { id: 'all', name: 'views.all', query: {} },
    {
      id: 'attention',
      name: 'views.attention',
      query: { state: objectStates.filter(isProblem).join() },
      isTrouble: true,
    },
  ],
});

/** The list of a kind, or of all kinds that are recorded. */
export function objectList(listed: Listed): ListSpec<ObjectRowFragment, ObjectWindowArgs> {
  const { kind, isRecorded, isNamespaced, printed } = listed;
  return {
    name: 'object',
    // Each kind has columns of its own. A dot would make one kind the prefix of another.
    keptAs: kind && kind.length <= LONGEST_KIND ? `object.${kind.replaceAll('.', '_')}` : 'objects',
    title: 'objects.title',
    useQuery: isRecorded ? useObjectsQuery : useUnrecordedObjectsQuery,
    first: 200,
    idOf: ({ id }) => id,
    columns: columnsOf(listed),
    useLeftOut: useLeftOutPlace,
    csv: objectCsv(printed),
    filters: [
      { key: 'q', field: 'search', control: 'search', label: 'objects.search' },
      ...(isNamespaced ? placeFilters : [clusterFilter]),
      {
        key: 'state',
        field: 'states',
        control: 'choice',
        token: 'state',
        label: 'workloads.state',
        values: objectStates,
        words: 'objectState',
      },
      {
        key: 'label',
        field: 'labelSelector',
        control: 'selector',
        token: 'label',
        label: 'workloads.label',
      },
    ],
    unanswered: { kind: 'objects.kindByNavigation' },
    order: isRecorded ? worstFirst : undefined,
    views: isRecorded ? viewsOf(kind) : undefined,
    isStill: !isRecorded,
    Rows,
    lagsAs: 'objects',
    none: kind ? 'objects.none' : 'objects.noneAtAll',
    noneMatch: 'objects.noneMatch',
    useMissing: ({ kinds, cluster }) => useMissingKinds(kinds ?? [], cluster),
  };
}
