import { ThunderboltOutlined } from '@ant-design/icons';
import { usePathname, useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { kindWord, pageOf, partsOf } from '@/features/causes/place';
import { clusterName } from '@/features/clusters/api';
import type { ServedKind } from '@/features/kinds/api';
import { isProblem, ObjectStateTag } from '@/features/objects/states';
import { PodStateTag } from '@/features/pods/state';
import type { FindQuery } from '@/graphql/generated/graphql';
import { serverWord, type TextKey } from '@/language/texts';
import { useOffered } from '@/resource/offered';
import { objectPath } from '@/resource/path';
import { useRecent } from '@/resource/recent-slice';
import { places } from '../places';
import { useKindEntries } from './use-kind-entries';

/** Something that can be chosen in the palette. */
export interface Entry {
  key: string;
  icon?: ReactNode;
  words: string;
  /** Where it is, or what it is like. */
  detail?: string;
  /** What is wrong with it. */
  state?: ReactNode;
  /** Why it cannot be done now. */
  refusal?: string | null;
  run: () => void;
}

export interface Group {
  title: TextKey;
  entries: Entry[];
}

/**
 * What a text finds: what can be done here, pages, lists of kinds, what was open, and objects. Without a text there are no
 * kinds and no objects.
 */
export function useGroups(
  text: string,
  found: FindQuery | undefined,
  served: readonly ServedKind[] | undefined,
): Group[] {
  const { t } = useTranslation();
  const router = useRouter();
  const pathname = usePathname();
  const offered = useOffered();
  const recent = useRecent();
  const wanted = text.trim().toLowerCase();
  const matches = ({ words }: Entry) => words.toLowerCase().includes(wanted);
  const to = (path: string) => () => router.push(path);

  const kinds = useKindEntries(wanted, served);
  const actions = offered.map(({ name, words, refusal, open }) => ({
    key: `action ${name}`,
    icon: <ThunderboltOutlined aria-hidden="true" />,
    words,
    refusal,
    run: open,
  }));
  const pages = [
    ...places.map(({ path, name, icon }) => ({ key: path, icon, words: t(`shell.${name}`), run: to(path) })),
    { key: '/workloads/new', words: t('workloads.create'), run: to('/workloads/new') },
    { key: '/edit', words: t('edit.newTitle'), run: to('/edit') },
    { key: '/batches', words: t('batches.title'), run: to('/batches') },
    { key: '/clusters/new', words: t('fleet.add'), run: to('/clusters/new') },
  ];
  const objects = {
    workloads: found?.workloads.nodes.map(({ id, name, namespace, cluster, kind, state }) => ({
      key: objectPath('workloads', id),
      words: name,
      detail: [t(`workloadKind.${kind}`), namespace, cluster.name, t(`workloadState.${state}`)].join(' · '),
    })),
    pods: found?.pods.nodes.map((pod) => {
      const { id, name, namespace, cluster, phase } = pod;
      const place = [namespace, cluster.name];
      return {
        key: objectPath('pods', id),
        words: name,
        // A phase of Kubernetes hides trouble: a pod that crashes again and again is called Running.
        state: pod.cause && <PodStateTag pod={pod} />,
        detail: (pod.cause ? place : [...place, serverWord(t, 'podPhase', phase)]).join(' · '),
      };
    }),
    objects: found?.objects?.nodes.map(({ id, name, namespace, state }) => {
      const { kind, cluster } = partsOf(id);
      const isTrouble = isProblem(state);
      const place = [kindWord(kind), namespace, clusterName(cluster)];
      return {
        key: pageOf(id),
        words: name,
        state: isTrouble && <ObjectStateTag state={state} />,
        detail: [...place, !isTrouble && t(`objectState.${state}`)].filter(Boolean).join(' · '),
      };
    }),
  };
  const open = ({ key, ...entry }: Omit<Entry, 'run'>) => ({ key, ...entry, run: to(key) });
  const more = (list: keyof typeof objects) =>
    found?.[list]?.pageInfo.hasNextPage
      ? [open({ key: `/${list}?q=${encodeURIComponent(text.trim())}`, words: t(`find.more.${list}`) })]
      : [];
  const isFound = ({ key }: Omit<Entry, 'run'>) =>
    Object.values(objects).some((list) => list?.some((object) => object.key === key));
  const last = recent
    .map(({ path, id, name, place }) => open({ key: objectPath(path, id), words: name, detail: place }))
    .filter((entry) => entry.key !== pathname && !isFound(entry));

  return [
    { title: 'find.actions' as const, entries: actions.filter(matches) },
    { title: 'find.recent' as const, entries: last.filter(matches) },
    { title: 'find.pages' as const, entries: pages.filter(matches) },
    { title: 'find.kinds' as const, entries: kinds.map(open) },
    {
      title: 'find.workloads' as const,
      entries: [...(objects.workloads ?? []).map(open), ...more('workloads')],
    },
    { title: 'find.pods' as const, entries: [...(objects.pods ?? []).map(open), ...more('pods')] },
    { title: 'find.objects' as const, entries: [...(objects.objects ?? []).map(open), ...more('objects')] },
  ].filter(({ entries }) => entries.length > 0);
}
