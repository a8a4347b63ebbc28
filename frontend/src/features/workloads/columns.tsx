import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { Place } from '@/features/clusters/place';
import type { WorkloadRowFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import type { Column } from '@/resource/resource-table';
import { Age } from '@/ui/feedback/age';
import { Changed } from '@/ui/feedback/changed';
import { Middle } from '@/ui/feedback/middle';
import { StateCause } from '@/ui/feedback/state-cause';
import { readiness } from './readiness';
import { explanation, since } from './state-line';
import { WorkloadStateTag } from './states';
import { usageColumns } from './usage';

export const columns: readonly Column<WorkloadRowFragment>[] = [
  {
    title: 'workloads.name',
    sort: 'NAME',
    width: 150,
    narrow: 126,
    cell: (row, isNarrow) => (
      <>
        <Link href={objectPath('workloads', row.id)} prefetch={false} data-testid={`workload-${row.name}`}>
          <Middle text={row.name} />
        </Link>
        {isNarrow && (
          <div className="quiet">
            <Place row={row} />
          </div>
        )}
      </>
    ),
  },
  { title: 'workloads.cluster', width: 104, cell: ({ cluster }) => <Middle text={cluster.name} /> },
  {
    title: 'workloads.namespace',
    sort: 'NAMESPACE',
    width: 118,
    cell: ({ namespace }) => <Middle text={namespace} />,
  },
  { title: 'workloads.kind', width: 86, spare: 1, cell: ({ kind }) => <Kind kind={kind} /> },
  {
    title: 'workloads.state',
    sort: 'STATE',
    width: 286,
    widest: 400,
    least: 180,
    narrow: 176,
    cell: (row, isNarrow, width) => <State row={row} isNarrow={isNarrow} width={width} />,
  },
  {
    title: 'workloads.since',
    ageTitle: 'workloads.sinceAge',
    isFigure: true,
    width: 66,
    spare: 2,
    cell: (row) => {
      const at = since(row);
      return at && <Age at={at} isShort />;
    },
  },
  {
    title: 'workloads.ready',
    isFigure: true,
    width: 62,
    narrow: 62,
    cell: (row) => {
      const pods = readiness(row);
      if (!pods) return null;
      if (pods.desired === 0) return <Changed figure={pods.surplus} />;
      return (
        <span className={readyClass(pods)}>
          <Changed figure={pods.ready} />/{pods.desired}
        </span>
      );
    },
  },
  {
    title: 'pods.restarts',
    isFigure: true,
    width: 76,
    cell: ({ restarts }) =>
      restarts !== null && (
        <span className={restarts > 0 ? 'number warn-text' : 'number'}>
          <Changed figure={restarts} />
        </span>
      ),
  },
  ...usageColumns,
  {
    title: 'workloads.images',
    width: 106,
    spare: 3,
    cell: ({ images: [first = '', ...others], images }) => (
      <span className="images">
        <Middle text={withoutRegistry(first)} title={images.join('\n')} />
        {others.length > 0 && <span title={others.join('\n')}> +{others.length}</span>}
      </span>
    ),
  },
  {
    title: 'workloads.age',
    isFigure: true,
    timeTitle: 'workloads.created',
    sort: 'CREATED_AT',
    width: 74,
    cell: ({ createdAt }) => <Age at={createdAt} isShort />,
  },
];

interface StateProps {
  row: WorkloadRowFragment;
  isNarrow: boolean;
  width: number;
}

function State({ row, isNarrow, width }: StateProps) {
  const { t } = useTranslation();
  return (
    <StateCause
      state={t(`workloadState.${row.state}`)}
      cause={explanation(row)}
      width={width}
      isNarrow={isNarrow}
      workload={row.name}
    >
      <WorkloadStateTag state={row.state} />
    </StateCause>
  );
}

/** Fewer than are desired stand out, and none at all most. */
function readyClass({ ready, desired }: { ready: number; desired: number }): string {
  if (ready === 0) return 'number few bad-text';
  return ready < desired ? 'number few' : 'number';
}

/** The part of an image that tells it from others. */
export function withoutRegistry(image: string): string {
  return image.slice(image.replace(/@.*$/, '').lastIndexOf('/') + 1);
}

function Kind({ kind }: Pick<WorkloadRowFragment, 'kind'>) {
  const { t } = useTranslation();
  return <Middle text={t(`workloadKind.${kind}`)} />;
}
