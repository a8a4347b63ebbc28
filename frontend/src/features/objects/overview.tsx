import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { Conditions } from '@/features/causes/conditions';
import { ObjectLink } from '@/features/causes/object-link';
import { pageOf } from '@/features/causes/place';
import { LatestEvents } from '@/features/events/latest';
import type { ObjectDetailFragment } from '@/graphql/generated/graphql';
import { CommonFacts } from '@/resource/common-facts';
import { useReread } from '@/resource/use-reread';
import { type RelatedRow, useConditionsQuery, usePrintedColumnsQuery, useRelatedQuery } from './api';
import { printedOf } from './columns';
import { Missing } from './related';

export function Overview({ object }: { object: ObjectDetailFragment }) {
  const { data: related, refetch } = useRelatedQuery(object.id);
  useReread(refetch, object);
  return (
    <div className="stack">
      {related && related.missing.length > 0 && <Missing rows={related.missing} />}
      <div className="columns from-top">
        <LatestEvents of={object} href={`${pageOf(object.id)}?tab=events`} />
        <div className="stack">
          <Facts object={object} related={related?.nodes ?? []} />
          {object.kind.recorded && <Reported object={object} />}
        </div>
      </div>
    </div>
  );
}

interface FactsProps {
  object: ObjectDetailFragment;
  related: readonly RelatedRow[];
}

/** What the server prints of it, what owns it, and what every object has. Its manifest has the rest. */
function Facts({ object, related }: FactsProps) {
  const { t } = useTranslation();
  const { id, kind, cluster, uid, labels, createdAt } = object;
  const { data: printed = [] } = usePrintedColumnsQuery({ kinds: [kind.id], cluster: cluster.id });
  const owners = related.filter(({ relation }) => relation === 'OWNER');
  return (
    <section className="panel" aria-labelledby="setup">
      <div className="panel-head">
        <h2 id="setup">{t('detail.tab.yaml')}</h2>
        <Link href={`${pageOf(id)}?tab=yaml`} prefetch={false} scroll={false}>
          {t('create.manifest')}
        </Link>
      </div>
      <dl className="facts">
        {printed
          .map((name) => ({ name, text: printedOf(object, name) }))
          .filter(({ text }) => text)
          .map(({ name, text }) => (
            <Fact key={name} name={name} text={text} />
          ))}
        {owners.length > 0 && (
          <>
            <dt>{t('detail.owner')}</dt>
            <dd data-testid="detail-owner">
              {owners.map(({ object: owner }) => (
                <div key={owner.id}>
                  <ObjectLink id={owner.id} isRecorded />
                </div>
              ))}
            </dd>
          </>
        )}
        <Fact name={t('objects.apiVersion')} text={[kind.group, kind.version].filter(Boolean).join('/')} />
        {uid && <Fact name="UID" text={uid} />}
        <CommonFacts createdAt={createdAt} labels={labels} />
      </dl>
    </section>
  );
}

function Fact({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  );
}

/** The conditions, as the log has them. */
function Reported({ object }: { object: ObjectDetailFragment }) {
  const { data: conditions = [], refetch } = useConditionsQuery(object.id);
  useReread(refetch, object);
  return <Conditions conditions={[...conditions]} />;
}
