'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Cause } from '@/features/causes/cause';
import { NextStepLine } from '@/features/causes/next-step-line';
import { pageOf } from '@/features/causes/place';
import { useHasSeveral } from '@/features/clusters/api';
import { clusterOf } from '@/features/clusters/cluster-of';
import { useEnd } from '@/features/history/use-end';
import { kindHref } from '@/features/kinds/href';
import type { ObjectDetailFragment } from '@/graphql/generated/graphql';
import { type DetailSpec, ResourceDetail } from '@/resource/resource-detail';
import { StillLine } from '@/resource/still-line';
import { useObjectId } from '@/resource/use-object-id';
import { Age } from '@/ui/feedback/age';
import { Loading } from '@/ui/feedback/loading';
import { usePreference } from '@/ui/preferences/preferences-slice';
import { useObjectQuery } from './api';
import { ObjectActions } from './object-actions';
import { isProblem, ObjectStateTag, toneOf } from './states';

const Recent = dynamic(() => import('@/features/history/recent').then((module) => module.Recent), {
  ssr: false,
  loading: () => <Loading />,
});
const InFlight = dynamic(() => import('@/features/operations/in-flight').then((module) => module.InFlight), {
  ssr: false,
});
const Overview = dynamic(() => import('./overview').then((module) => module.Overview), {
  ssr: false,
  loading: () => <Loading />,
});
const ObjectManifest = dynamic(() => import('./manifest').then((module) => module.ObjectManifest), {
  ssr: false,
  loading: () => <Loading />,
});
const Events = dynamic(() => import('@/features/events/list').then((module) => module.Events), {
  ssr: false,
  loading: () => <Loading />,
});
const Related = dynamic(() => import('./related').then((module) => module.Related), {
  ssr: false,
  loading: () => <Loading />,
});
const History = dynamic(() => import('@/features/history/history').then((module) => module.History), {
  ssr: false,
  loading: () => <Loading />,
});
const Versions = dynamic(() => import('./versions').then((module) => module.Versions), {
  ssr: false,
  loading: () => <Loading />,
});
const OperationsOf = dynamic(
  () => import('@/features/operations/of-object').then((module) => module.OperationsOf),
  { ssr: false, loading: () => <Loading /> },
);

const spec: DetailSpec<ObjectDetailFragment> = {
  name: 'object',
  path: 'objects',
  list: '/objects',
  texts: {
    title: 'objects.object',
    missing: 'objects.missing',
    gone: 'objects.gone',
    goneShown: 'detail.goneShown',
    toList: 'objects.toList',
  },
  nameOf: ({ name }) => name,
  placeOf: (_, { kind, namespace, cluster }) =>
    [kind.kind, namespace, cluster.name].filter(Boolean).join(' · '),
  State: ({ row }) => <StateLine object={row} />,
  Cause: ({ row, isBrief }) => <Trouble object={row} isBrief={isBrief} />,
  Ongoing: ({ row }) => <Ongoing object={row} />,
  Side: ({ row }) => <Recent key={row.id} changed={row.id} row={row} />,
  tabs: [
    { key: 'overview', title: 'detail.tab.overview', Content: ({ row }) => <Overview object={row} /> },
    { key: 'yaml', title: 'detail.tab.yaml', Content: ({ row }) => <ObjectManifest object={row} /> },
    { key: 'events', title: 'detail.tab.events', Content: ({ row }) => <Events of={row} /> },
    { key: 'related', title: 'detail.tab.related', Content: ({ row }) => <Related of={row} /> },
    {
      key: 'history',
      title: 'detail.tab.history',
      isAlone: true,
      Content: ({ row }) => <History key={row.id} id={row.id} row={row} />,
    },
    {
      key: 'versions',
      title: 'detail.tab.versions',
      isOf: ({ kind }) => kind.recorded,
      Content: ({ row }) => <Versions of={row} />,
    },
    {
      key: 'operations',
      title: 'operations.title',
      isOf: ({ operations }) => operations.totalCount > 0,
      Content: ({ row }) => <OperationsOf id={row.id} />,
    },
  ],
};

/** The page of one object. That of a workload or a pod is another one. */
export function ObjectDetail() {
  const id = useObjectId();
  const router = useRouter();
  const own = pageOf(id);
  const isHere = own.startsWith('/objects/');
  useEffect(() => {
    if (!isHere) router.replace(own + location.search);
  }, [isHere, own, router]);
  return isHere ? <Detail id={id} /> : <Loading />;
}

function Detail({ id }: { id: string }) {
  const { currentData: data, error, refetch, fulfilledTimeStamp } = useObjectQuery(id);
  const isGone = data?.isGone ?? false;
  const end = useEnd(id, isGone, Boolean(data?.object));
  const ofKind = useSpec(id);
  return (
    <ResourceDetail
      spec={ofKind}
      row={data?.object}
      isGone={isGone}
      end={end}
      error={error}
      retry={refetch}
      asOf={fulfilledTimeStamp}
      actions={data?.object && <ObjectActions row={data.object} position={data.position} refetch={refetch} />}
      missing={null}
    />
  );
}

/** With the list of its kind. */
function useSpec(id: string): typeof spec {
  const hasSeveral = useHasSeveral();
  return useMemo(() => {
    const [kind = ''] = id.split('~');
    const cluster = hasSeveral ? clusterOf(id) : undefined;
    return { ...spec, list: kindHref({ id: kind, namespaced: true }, { cluster }) };
  }, [id, hasSeveral]);
}

interface ObjectProps {
  object: ObjectDetailFragment;
}

function StateLine({ object: { state, stateSince, cause } }: ObjectProps) {
  const { t } = useTranslation();
  const isAbsolute = usePreference('times') === 'absolute';
  return (
    <>
      <ObjectStateTag state={state} />
      {/* Its cause says since when it lasts, which may be longer. */}
      {stateSince && !cause?.since && (
        <span className="quiet">
          {t(isAbsolute ? 'detail.since' : 'detail.for')} <Age at={stateSince} isShort />
        </span>
      )}
    </>
  );
}

/** Why it is not as it should be, and what to do next. Nothing while all is well. */
function Trouble({ object, isBrief }: ObjectProps & { isBrief: boolean }) {
  const { t } = useTranslation();
  const { cause, state } = object;
  if (!cause && !isProblem(state)) return null;
  const notKnown = {
    message: { code: '', text: t('cause.unknown'), arguments: {} },
    since: null,
    evidence: [],
  };
  return (
    <Cause cause={cause ?? notKnown} tone={toneOf(state)} isOpen isBrief={isBrief}>
      <NextStepLine object={object} cause={cause} />
    </Cause>
  );
}

/** What is being done to it, or that its changes are not followed. */
function Ongoing({ object }: ObjectProps) {
  const { refetch, fulfilledTimeStamp } = useObjectQuery(object.id);
  if (object.kind.recorded) return <InFlight object={object} />;
  return <StillLine name="object" asOf={fulfilledTimeStamp} refresh={() => void refetch()} />;
}
