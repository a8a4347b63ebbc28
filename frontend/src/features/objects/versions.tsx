import { Select } from 'antd';
import { useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';
import { useRevisionsQuery } from '@/features/history/api';
import type { GraphqlError } from '@/graphql/error';
import type { RevisionFieldsFragment } from '@/graphql/generated/graphql';
import { useReread } from '@/resource/use-reread';
import { WindowRows } from '@/resource/window-rows';
import { LineDiff } from '@/ui/evidence/line-diff';
import { Empty } from '@/ui/feedback/empty';
import { Loading } from '@/ui/feedback/loading';
import { Problem } from '@/ui/feedback/problem';
import { useTimes } from '@/ui/feedback/times';
import { useAddress } from '@/ui/hooks/use-address';
import { useRevisionManifestQuery } from './api';

const FIRST = 100;

/** Any two recorded versions of an object, compared. Which ones is kept in the address. */
export function Versions({ of }: { of: { id: string } }) {
  const { t } = useTranslation();
  const {
    currentData: data,
    error,
    refetch,
  } = useRevisionsQuery({
    filter: { object: of.id },
    first: FIRST,
    after: null,
  });
  useReread(refetch, of);
  return (
    <WindowRows
      rows={data?.nodes}
      error={error}
      retry={() => void refetch()}
      empty={
        <section className="panel">
          <Empty text={t('history.none')} />
        </section>
      }
    >
      {(revisions) => (
        <div className="stack" data-testid="versions">
          {revisions.length === 1 ? (
            <p className="quiet">{t('versions.one')}</p>
          ) : (
            <Comparison revisions={revisions} />
          )}
          {data?.pageInfo.hasNextPage && (
            <p className="quiet">{t('versions.first', { count: revisions.length })}</p>
          )}
        </div>
      )}
    </WindowRows>
  );
}

/** The newest first. */
interface ComparisonProps {
  revisions: readonly RevisionFieldsFragment[];
}

function Comparison({ revisions }: ComparisonProps) {
  const { t } = useTranslation();
  const { get, set } = useAddress();
  const known = (key: string) => revisions.find(({ position }) => position === get(key))?.position;
  const to = known('to') ?? revisions[0]?.position ?? '';
  const at = revisions.findIndex(({ position }) => position === to);
  const from = known('from') ?? revisions[at + 1]?.position ?? to;
  return (
    <>
      <div className="filters at-end">
        <VersionChoice
          label={t('versions.older')}
          revisions={revisions}
          value={from}
          choose={(position) => set({ from: position, to })}
        />
        <VersionChoice
          label={t('versions.newer')}
          revisions={revisions}
          value={to}
          choose={(position) => set({ from, to: position })}
        />
      </div>
      <Differences from={from} to={to} />
    </>
  );
}

interface VersionChoiceProps extends ComparisonProps {
  label: string;
  value: string;
  choose: (position: string) => void;
}

function VersionChoice({ label, revisions, value, choose }: VersionChoiceProps) {
  const { t } = useTranslation();
  const times = useTimes();
  const id = useId();
  const options = revisions.map(({ position, recordedAt, managers, operation }) => {
    const by = operation?.actor?.displayName ?? managers.join(t('mark.comma'));
    const at = times.exact(Date.parse(recordedAt));
    return { value: position, label: `${at} · ${by || t('revisions.unknownManager')}` };
  });
  return (
    <div className="field filter">
      <label htmlFor={id}>{label}</label>
      <Select id={id} value={value} options={options} onChange={choose} />
    </div>
  );
}

interface DifferencesProps {
  from: string;
  to: string;
}

function Differences({ from, to }: DifferencesProps) {
  const { t } = useTranslation();
  const [before, after] = [useRevisionManifestQuery(from), useRevisionManifestQuery(to)];
  const texts = useMemo(
    () => [before.currentData, after.currentData].map((one) => (one ? textOf(one) : undefined)),
    [before.currentData, after.currentData],
  );
  const [old, now] = texts;
  const failed = [before, after].find(({ error }) => error);
  if (failed) return <Problem error={failed.error as GraphqlError} retry={() => void failed.refetch()} />;
  if (before.currentData === null || after.currentData === null)
    return <p className="quiet">{t('versions.unread')}</p>;
  if (!old || !now) return <Loading />;
  return (
    <section className="panel" aria-label={t('versions.differences')}>
      {old === now ? <Empty text={t('versions.same')} /> : <LineDiff before={old} after={now} />}
    </section>
  );
}

const textOf = (manifest: unknown) => stringify(manifest, { lineWidth: 0 });
