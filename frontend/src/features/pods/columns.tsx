import { useTranslation } from 'react-i18next';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import type { Column } from '@/resource/resource-table';
import { Age } from '@/ui/feedback/age';

export const columns: readonly Column<PodRowFragment>[] = [
  {
    title: 'workloads.name',
    width: 260,
    narrow: 150,
    cell: ({ name }) => <div className="wrap">{name}</div>,
  },
  {
    title: 'pods.phase',
    width: 150,
    narrow: 90,
    cell: ({ phase, reason }) => (
      <>
        <Word list="podPhase" word={phase} />
        {reason && <div className="warn-text">{reason}</div>}
      </>
    ),
  },
  {
    title: 'pods.containers',
    width: 220,
    narrow: 110,
    cell: ({ containers }) =>
      containers.map(({ name, state, reason }) => (
        <div key={name} className="wrap">
          {name}: {reason ?? <Word list="containerState" word={state} />}
        </div>
      )),
  },
  { title: 'pods.restarts', width: 90, cell: ({ restarts }) => restarts },
  { title: 'pods.node', width: 150, cell: ({ node }) => node },
  { title: 'workloads.created', width: 130, cell: ({ createdAt }) => <Age at={createdAt} /> },
];

function Word({ list, word }: { list: 'podPhase' | 'containerState'; word: string }) {
  const { t } = useTranslation();
  return serverWord(t, list, word);
}
