import { useTranslation } from 'react-i18next';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import type { Column } from '@/resource/resource-table';
import { Age } from '@/ui/feedback/age';
import { Changed } from '@/ui/feedback/changed';
import { Middle } from '@/ui/feedback/middle';
import { ContainerLine } from './container-line';

export const columns: readonly Column<PodRowFragment>[] = [
  {
    title: 'workloads.name',
    width: 220,
    narrow: 140,
    cell: ({ name }) => <Middle text={name} />,
  },
  {
    title: 'pods.phase',
    width: 240,
    narrow: 110,
    cell: ({ phase, reason, cause }) => (
      <>
        <Phase phase={phase} />
        {(cause || reason) && <div className="warn-text wrap">{cause?.message.text ?? reason}</div>}
      </>
    ),
  },
  {
    title: 'pods.containers',
    width: 220,
    narrow: 110,
    cell: ({ containers }) =>
      containers.map((container) => <ContainerLine key={container.name} container={container} />),
  },
  { title: 'pods.restarts', width: 90, cell: ({ restarts }) => <Changed figure={restarts} /> },
  { title: 'pods.node', width: 120, cell: ({ node }) => node },
  { title: 'workloads.created', width: 130, cell: ({ createdAt }) => <Age at={createdAt} /> },
];

function Phase({ phase }: { phase: string }) {
  const { t } = useTranslation();
  return serverWord(t, 'podPhase', phase);
}
