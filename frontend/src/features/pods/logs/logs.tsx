import { SearchOutlined } from '@ant-design/icons';
import { Button, Checkbox, Input, Select } from 'antd';
import type { TFunction } from 'i18next';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsAway } from '@/features/clusters/api';
import { clusterOf } from '@/features/clusters/cluster-of';
import type { GraphqlError } from '@/graphql/error';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import type { Window } from '@/resource/window';
import { Field } from '@/ui/controls/field';
import { Empty } from '@/ui/feedback/empty';
import { Failure } from '@/ui/feedback/failure';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useExternal } from '@/ui/hooks/external';
import { useAddress } from '@/ui/hooks/use-address';
import { podsOf, usePodQuery, usePodsQuery } from '../api';
import { followLog } from './follow-log';
import { type Entry, LogBuffer } from './log-buffer';
import { LogLines } from './log-lines';

/** The logs of a workload's pods, one pod at a time. The pod and its container are kept in the address. */
export function PodLogs({ workload }: { workload: { id: string } }) {
  const { t } = useTranslation();
  const { data, error, refetch } = usePodsQuery(podsOf(workload));
  const address = useAddress();
  const wanted = address.get('pod');
  const listed = wanted ? data?.nodes.find(({ id }) => id === wanted) : data?.nodes[0];
  // It may be beyond the part of the list that is read here.
  const elsewhere = usePodQuery(wanted, { skip: !wanted || !data || Boolean(listed) });
  const other = elsewhere.currentData;
  const found = listed ?? (other?.pod?.workload?.id === workload.id ? other.pod : null);
  // What went while its log is read stays on the screen.
  const last = useRef(found);
  if (found) last.current = found;
  const pod = found ?? (last.current?.id === wanted ? last.current : null);

  if (error && !data) return <Problem error={error as GraphqlError} retry={refetch} />;
  if (!data) return <Loading retry={refetch} />;
  if (!pod && data.nodes.length === 0) return <Empty text={t('pods.none')} />;
  if (!pod && !other) {
    const { error, refetch } = elsewhere;
    return error ? <Problem error={error as GraphqlError} retry={refetch} /> : <Loading retry={refetch} />;
  }
  const choices = [...(pod && !listed ? [pod] : []), ...data.nodes];
  const choice = (
    <Field id="log-pod" label={t('pods.pod')} hint={partOf(t, data)}>
      <Select
        id="log-pod"
        className="wide"
        value={pod?.id}
        placeholder={t('logs.choosePod')}
        onChange={(pod) => address.set({ pod })}
        options={choices.map(({ id, name }) => ({ value: id, label: name }))}
      />
    </Field>
  );
  if (pod) return <ContainerLogs pod={pod}>{choice}</ContainerLogs>;
  return (
    <div className="stack">
      <div className="filters at-end">{choice}</div>
      <Empty text={t('logs.noPod', { name: wanted.split('~').at(-1) ?? wanted })} />
    </div>
  );
}

/** Says that not all pods can be chosen. */
function partOf(t: TFunction, { nodes, pageInfo, totalCount }: Window<unknown>): string | undefined {
  return pageInfo.hasNextPage ? t('logs.firstPods', { shown: nodes.length, total: totalCount }) : undefined;
}

interface ContainerLogsProps {
  pod: Pick<PodRowFragment, 'id' | 'name' | 'containers'>;
  /** What stands beside the choice of the container. */
  children?: ReactNode;
}

/** The log of one container of a pod. */
export function ContainerLogs({ pod, children }: ContainerLogsProps) {
  const { t } = useTranslation();
  const address = useAddress();
  const names = pod.containers.map(({ name }) => name);
  // What a pod is for, not what prepares it.
  const first = pod.containers.find(({ role }) => role === 'main')?.name ?? names[0];
  const chosen = names.find((name) => name === address.get('container')) ?? first;
  const wantsEnded = address.get('run') === 'ended';
  const container = pod.containers.find(({ name }) => name === chosen);
  const previous = wantsEnded ? hasStartedAgain(container) : address.get('previous') !== '';
  const { set } = address;
  // Chosen once: a container that crashes must not change the log under its reader.
  useEffect(() => {
    if (wantsEnded) set({ run: null, previous: previous ? 'true' : null });
  }, [wantsEnded, previous, set]);
  return (
    <div className="stack">
      <div className="filters at-end">
        {children}
        <Field id="log-container" label={t('pods.container')}>
          <Select
            id="log-container"
            value={chosen}
            onChange={(container) => address.set({ container })}
            options={names.map((name) => ({ value: name, label: name }))}
          />
        </Field>
        <Checkbox
          checked={previous}
          onChange={(event) => address.set({ previous: event.target.checked ? 'true' : null })}
        >
          {t('logs.previous')}
        </Checkbox>
      </div>
      <Follow key={`${pod.id}/${chosen}/${previous}`} pod={pod} container={chosen} previous={previous} />
    </div>
  );
}

/** Whether the run that ended is no longer the last one. The node keeps no earlier log than that of the run before. */
function hasStartedAgain(container: PodRowFragment['containers'][number] | undefined): boolean {
  return container != null && container.termination !== null && container.state !== 'terminated';
}

interface FollowProps {
  pod: { id: string; name: string };
  container: string | undefined;
  previous: boolean;
}

const nothing = new LogBuffer();

function Follow({ pod, container, previous }: FollowProps) {
  const { t, i18n } = useTranslation();
  const [buffer, setBuffer] = useState(nothing);
  const [search, setSearch] = useState('');
  useExternal(buffer);

  useEffect(() => {
    const following = followLog({ pod: pod.id, container, previous, follow: !previous, tailLines: 1_000 });
    setBuffer(following.buffer);
    return following.stop;
  }, [pod.id, container, previous]);

  const isAway = useIsAway()(clusterOf(pod.id));
  const all = buffer.shown();
  const lines = matching(all, search);
  return (
    <div className="stack">
      <div className="filters">
        <Input
          prefix={<SearchOutlined aria-hidden="true" />}
          className="filter"
          allowClear
          aria-label={t('logs.search')}
          placeholder={t('logs.search')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          data-testid="log-search"
        />
        <Button
          onClick={() => buffer.pause(!buffer.paused)}
          aria-pressed={buffer.paused}
          data-testid="log-pause"
        >
          {buffer.paused ? t('logs.resume', { count: buffer.unseen }) : t('logs.pause')}
        </Button>
        <span className="quiet" data-testid="log-count">
          {t('logs.shown', { shown: lineCount(lines), total: lineCount(all) })}
        </span>
      </div>
      {buffer.error && isAway && <Empty text={t('unreachable.waits')} />}
      {buffer.error && !isAway && (
        <Failure
          error={buffer.error}
          text={(message) => t('logs.failed', { message })}
          data-testid="log-error"
        />
      )}
      {lines.length === 0 && !buffer.error && (
        <Empty
          text={all.length > 0 ? t('logs.noMatch') : buffer.ended ? t('logs.ended') : t('logs.waiting')}
        />
      )}
      {buffer.isCut && (
        <p className="quiet" data-testid="log-cut">
          {t('logs.cut', { lines: new Intl.NumberFormat(i18n.language).format(buffer.mostLines) })}
        </p>
      )}
      {lines.length > 0 && (
        <LogLines entries={lines} follow={!buffer.paused} label={t('logs.lines', { name: pod.name })} />
      )}
      {buffer.ended && lines.length > 0 && <p className="quiet">{t('logs.ended')}</p>}
    </div>
  );
}

/** How many lines there are, without the marks between them. */
export const lineCount = (entries: readonly Entry[]) => entries.filter((entry) => 'line' in entry).length;

/** The lines whose text contains what is searched for. */
export function matching(entries: readonly Entry[], search: string): readonly Entry[] {
  const wanted = search.toLowerCase();
  if (!wanted) return entries;
  return entries.filter((entry) => 'plain' in entry && entry.plain.toLowerCase().includes(wanted));
}
