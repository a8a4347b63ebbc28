import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { Resource } from '@/features/usage/amounts';
import { useRowUsage } from '@/features/usage/row-usage';
import { UsageCell } from '@/features/usage/usage-cell';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import type { Column } from '@/resource/resource-table';
import { Age } from '@/ui/feedback/age';
import { Changed } from '@/ui/feedback/changed';
import { Middle } from '@/ui/feedback/middle';
import { StateCause } from '@/ui/feedback/state-cause';
import { StateTag } from '@/ui/feedback/state-tag';
import { ContainerLine } from './container-line';
import { podWord, reasonOf, toneOf } from './state';

/** Left out where no cluster is measured. */
export const usageColumns: readonly Column<PodRowFragment>[] = [
  { title: 'usage.cpu', width: 100, cell: (row) => <PodUsage row={row} what="cpu" /> },
  { title: 'usage.memory', width: 100, cell: (row) => <PodUsage row={row} what="memory" /> },
];

function PodUsage({ row, what }: { row: PodRowFragment; what: Resource }) {
  const used = useRowUsage(row.id);
  return what === 'cpu' ? (
    <UsageCell
      what={what}
      used={used?.cpuMillicores}
      request={row.cpuRequestMillicores}
      limit={row.cpuLimitMillicores}
    />
  ) : (
    <UsageCell
      what={what}
      used={used?.memoryBytes}
      request={row.memoryRequestBytes}
      limit={row.memoryLimitBytes}
    />
  );
}

export const columns: readonly Column<PodRowFragment>[] = [
  {
    title: 'workloads.name',
    sort: 'NAME',
    width: 180,
    narrow: 126,
    cell: ({ id, name }) => (
      <Link href={objectPath('pods', id)} prefetch={false} data-testid={`pod-${name}`}>
        <Middle text={name} />
      </Link>
    ),
  },
  {
    title: 'pods.state',
    sort: 'STATE',
    width: 214,
    widest: 400,
    narrow: 160,
    cell: (row, isNarrow, width) => <State row={row} isNarrow={isNarrow} width={width} />,
  },
  {
    title: 'pods.troubleSince',
    isFigure: true,
    width: 76,
    spare: 2,
    cell: ({ cause }) => cause?.since && <Age at={cause.since} isShort />,
  },
  { title: 'pods.ready', isFigure: true, width: 62, narrow: 62, cell: (row) => <Ready row={row} /> },
  {
    title: 'pods.restarts',
    sort: 'RESTARTS',
    isFigure: true,
    width: 92,
    cell: ({ restarts }) => (
      <span className={restarts > 0 ? 'number warn-text' : 'number'}>
        <Changed figure={restarts} />
      </span>
    ),
  },
  ...usageColumns,
  { title: 'pods.node', width: 110, spare: 1, cell: ({ node }) => <NodeName name={node} /> },
  {
    title: 'workloads.age',
    isFigure: true,
    timeTitle: 'workloads.created',
    sort: 'CREATED_AT',
    width: 74,
    cell: ({ createdAt }) => <Age at={createdAt} isShort />,
  },
];

function NodeName({ name }: { name: string | null }) {
  const { t } = useTranslation();
  return name ? <Middle text={name} /> : <span className="quiet">{t('pods.noNode')}</span>;
}

interface StateProps {
  row: PodRowFragment;
  isNarrow: boolean;
  width: number;
}

function State({ row, isNarrow, width }: StateProps) {
  const { t } = useTranslation();
  const word = podWord(t, row);
  return (
    <StateCause
      state={word}
      cause={reasonOf(row)}
      width={width}
      isNarrow={isNarrow}
      workload={row.workload?.name}
    >
      <StateTag tone={toneOf(row)} state={row.phase} text={word} data-testid="pod-state" />
    </StateCause>
  );
}

/** The containers that run beside each other; init containers end before them, and debug containers do not count. */
const RUNNING_ROLES = ['main', 'sidecar'];

export function readyContainers({ containers }: Pick<PodRowFragment, 'containers'>) {
  const running = containers.filter(({ role }) => RUNNING_ROLES.includes(role));
  return { ready: running.filter(({ ready }) => ready).length, all: running.length };
}

function Ready({ row }: { row: PodRowFragment }) {
  const { ready, all } = readyContainers(row);
  return (
    <span className="number">
      <Changed figure={ready} />/{all}
    </span>
  );
}

/** What each container of a pod does, and how it ended. */
export function Containers({ row }: { row: PodRowFragment }) {
  return row.containers.map((container) => <ContainerLine key={container.name} container={container} />);
}
