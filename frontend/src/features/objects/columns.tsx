import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { kindWord, pageOf, partsOf } from '@/features/causes/place';
import { clusterName, useHasSeveral } from '@/features/clusters/api';
import type { ObjectRowFragment } from '@/graphql/generated/graphql';
import { givenTitle } from '@/resource/columns/column-title';
import type { Column } from '@/resource/resource-table';
import { Age } from '@/ui/feedback/age';
import { Middle } from '@/ui/feedback/middle';
import { StateCause } from '@/ui/feedback/state-cause';
import { ObjectStateTag } from './states';

type ObjectColumn = Column<ObjectRowFragment>;

/** What a list holds. */
export interface Listed {
  /** The id of its kind; undefined for a list of all kinds. */
  kind?: string;
  isRecorded: boolean;
  isNamespaced: boolean;
  /** The columns that the server prints, in its order. */
  printed: readonly string[];
}

const nameColumn = (hasKind: boolean): ObjectColumn => ({
  title: 'workloads.name',
  sort: 'NAME',
  width: 180,
  narrow: 140,
  cell: (row, isNarrow) => (
    <>
      <Link href={pageOf(row.id)} prefetch={false} data-testid={`object-${row.name}`}>
        <Middle text={row.name} />
      </Link>
      {isNarrow && <Place row={row} hasKind={hasKind} />}
    </>
  ),
});

const kindColumn: ObjectColumn = {
  title: 'workloads.kind',
  sort: 'KIND',
  width: 130,
  cell: ({ id }) => <Middle text={kindWord(partsOf(id).kind)} title={partsOf(id).kind} />,
};

const clusterColumn: ObjectColumn = {
  title: 'workloads.cluster',
  width: 96,
  cell: ({ id }) => <Middle text={clusterName(partsOf(id).cluster)} />,
};

const namespaceColumn: ObjectColumn = {
  title: 'workloads.namespace',
  sort: 'NAMESPACE',
  width: 118,
  cell: ({ namespace }) => namespace && <Middle text={namespace} />,
};

const stateColumn: ObjectColumn = {
  title: 'workloads.state',
  sort: 'STATE',
  width: 180,
  widest: 400,
  narrow: 200,
  cell: (row, isNarrow, width) => <State row={row} isNarrow={isNarrow} width={width} />,
};

const printedColumn = (name: string, spare: number): ObjectColumn => ({
  title: givenTitle(name),
  width: 100,
  spare,
  cell: (row) => <Printed text={printedOf(row, name)} />,
});

const ageColumn: ObjectColumn = {
  title: 'workloads.age',
  isFigure: true,
  timeTitle: 'workloads.created',
  sort: 'CREATED_AT',
  width: 74,
  cell: ({ createdAt }) => createdAt && <Age at={createdAt} isShort />,
};

/** The columns of a list: what all objects have, and between that what the server prints of the kind. */
export function columnsOf({ kind, isRecorded, isNamespaced, printed }: Listed): readonly ObjectColumn[] {
  const isOfAll = kind === undefined;
  const columns = [
    nameColumn(isOfAll),
    ...(isOfAll ? [kindColumn] : []),
    clusterColumn,
    ...(isNamespaced ? [namespaceColumn] : []),
    stateColumn,
    // The first ones are the most important.
    ...printed.map((name, at) => printedColumn(name, printed.length - at)),
    ageColumn,
  ];
  // What is read live comes by name.
  return isRecorded ? columns : columns.map(({ sort: _, ...column }) => column);
}

/** What the server prints of an object under the name of a column. */
export function printedOf({ columns }: Pick<ObjectRowFragment, 'columns'>, name: string): string {
  const text = ((columns ?? {}) as Record<string, unknown>)[name];
  return typeof text === 'string' ? text : '';
}

function Printed({ text }: { text: string }) {
  return text ? <Middle text={text} /> : <span className="quiet">–</span>;
}

interface PlaceProps {
  row: ObjectRowFragment;
  hasKind: boolean;
}

/** Where an object is, on one line below its name. */
function Place({ row: { id, namespace }, hasKind }: PlaceProps) {
  const { kind, cluster } = partsOf(id);
  const parts = [hasKind && kindWord(kind), useHasSeveral() && clusterName(cluster), namespace];
  const text = parts.filter(Boolean).join(' · ');
  return text ? (
    <div className="quiet">
      <Middle text={text} />
    </div>
  ) : null;
}

interface StateProps {
  row: ObjectRowFragment;
  isNarrow: boolean;
  width: number;
}

function State({ row: { state, cause }, isNarrow, width }: StateProps) {
  const { t } = useTranslation();
  return (
    <StateCause
      state={t(`objectState.${state}`)}
      cause={cause?.message.text}
      width={width}
      isNarrow={isNarrow}
    >
      <ObjectStateTag state={state} />
    </StateCause>
  );
}
