import { Button, Select } from 'antd';
import dynamic from 'next/dynamic';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';
import { useOffers } from '@/features/edit/api';
import { offerOf } from '@/features/edit/offer';
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

const RestoreDialog = dynamic(() => import('./restore-dialog').then((module) => module.RestoreDialog), {
  ssr: false,
});

const FIRST = 100;

/** An object that has versions, and what can be done with it. */
interface Versioned {
  id: string;
  /** As its page has them; without it they are read. */
  availableActions?: Parameters<typeof useOffers>[1];
}

/** Any two recorded versions of an object, compared. Which ones is kept in the address. */
export function Versions({ of }: { of: Versioned }) {
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
            <Comparison of={of} revisions={revisions} />
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
  of: Versioned;
  revisions: readonly RevisionFieldsFragment[];
}

function Comparison({ of, revisions }: ComparisonProps) {
  const { t } = useTranslation();
  const { get, set } = useAddress();
  const known = (key: string) => revisions.find(({ position }) => position === get(key))?.position;
  const placeOf = (version: string) => revisions.findIndex(({ position }) => position === version);
  const to = known('to') ?? revisions[0]?.position ?? '';
  const newer = placeOf(to);
  const from = known('from') ?? revisions[newer + 1]?.position ?? to;
  const older = placeOf(from);
  return (
    <>
      <div className="filters at-end">
        <VersionChoice
          label={t('versions.older')}
          revisions={revisions}
          isOffered={(place) => place > newer}
          value={from}
          choose={(position) => set({ from: position, to })}
        />
        <VersionChoice
          label={t('versions.newer')}
          revisions={revisions}
          isOffered={(place) => place < older}
          value={to}
          choose={(position) => set({ from, to: position })}
        />
      </div>
      <Differences of={of} revisions={revisions} from={from} to={to} />
    </>
  );
}

interface VersionChoiceProps extends Pick<ComparisonProps, 'revisions'> {
  label: string;
  /** Whether the version at this place makes a pair with the other one. */
  isOffered: (place: number) => boolean;
  value: string;
  choose: (position: string) => void;
}

function VersionChoice({ label, revisions, isOffered, value, choose }: VersionChoiceProps) {
  const { t } = useTranslation();
  const times = useTimes();
  const id = useId();
  const options = revisions.map(({ position, recordedAt, managers, operation }, place) => {
    const by = operation?.actor?.displayName ?? managers.join(t('mark.comma'));
    const at = times.exact(Date.parse(recordedAt));
    return {
      value: position,
      label: `${at} · ${by || t('revisions.unknownManager')}`,
      disabled: !isOffered(place),
    };
  });
  return (
    <div className="field filter">
      <label htmlFor={id}>{label}</label>
      <Select id={id} value={value} options={options} onChange={choose} />
    </div>
  );
}

interface DifferencesProps extends Pick<ComparisonProps, 'of' | 'revisions'> {
  from: string;
  to: string;
}

function Differences({ of, revisions, from, to }: DifferencesProps) {
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
    <>
      <section className="panel" aria-label={t('versions.differences')}>
        {old === now ? <Empty text={t('versions.same')} /> : <LineDiff before={old} after={now} />}
      </section>
      <Restore of={of} revisions={revisions} position={from} text={old} />
    </>
  );
}

interface RestoreProps extends Pick<ComparisonProps, 'of' | 'revisions'> {
  position: string;
  text: string;
}

/** The way back to the older version. The newest one is what is there. */
function Restore({ of, revisions, position, text }: RestoreProps) {
  const { t } = useTranslation();
  const times = useTimes();
  const [isOpen, setIsOpen] = useState(false);
  const revision = revisions.find((one) => one.position === position);
  const offer = offerOf('RESTORE', useOffers(of.id, of.availableActions));
  if (!revision || revision === revisions[0] || !offer) return null;
  const at = times.exact(Date.parse(revision.recordedAt));
  return (
    <div className="form-actions">
      {offer.refusal === null ? (
        <Button onClick={() => setIsOpen(true)} data-testid="restore">
          {t('restore.button')}
        </Button>
      ) : (
        <p className="quiet">{t('restore.refused', { reason: offer.refusal })}</p>
      )}
      {isOpen && (
        <RestoreDialog id={of.id} position={position} text={text} at={at} close={() => setIsOpen(false)} />
      )}
    </div>
  );
}

const textOf = (manifest: unknown) => stringify(manifest, { lineWidth: 0 });
