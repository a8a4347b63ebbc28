import Link from 'next/link';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { ObjectLink } from '@/features/causes/object-link';
import { pageOf } from '@/features/causes/place';
import type { WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { CommonFacts } from '@/resource/common-facts';
import { objectPath } from '@/resource/path';
import { setupOf } from './setup';

/** How a workload is set up, in short. Its manifest has the rest. */
export function Facts({ workload }: { workload: WorkloadDetailFragment }) {
  const { t } = useTranslation();
  const { id, cluster, namespace, owner, images, createdAt, manifest } = workload;
  const near = (kind: string, name: string) => [kind, cluster.id, namespace, name].join('~');
  const { strategy, serviceAccount, needs } = setupOf(manifest);
  return (
    <section className="panel" aria-labelledby="setup">
      <div className="panel-head">
        <h2 id="setup">{t('detail.tab.yaml')}</h2>
        <Link href={`${objectPath('workloads', id)}?tab=yaml`} prefetch={false} scroll={false}>
          {t('create.manifest')}
        </Link>
      </div>
      <dl className="facts">
        {owner && (
          <>
            <dt>{t('detail.owner')}</dt>
            <dd>
              <Link href={objectPath('workloads', owner.id)} prefetch={false} data-testid="detail-owner">
                {t(`workloadKind.${owner.kind}`)} {owner.name}
              </Link>
            </dd>
          </>
        )}
        <dt>{t('workloads.images')}</dt>
        <dd>
          {images.map((image) => (
            <div key={image}>
              <code>{image}</code>
            </div>
          ))}
        </dd>
        {strategy && (
          <>
            <dt>{t('detail.strategy')}</dt>
            <dd>
              {[
                strategy.type,
                ...(strategy.maxSurge ? [t('detail.maxSurge', { most: strategy.maxSurge })] : []),
                ...(strategy.maxUnavailable
                  ? [t('detail.maxUnavailable', { most: strategy.maxUnavailable })]
                  : []),
              ].join(t('mark.comma'))}
            </dd>
          </>
        )}
        {needs.length > 0 && (
          <>
            <dt>{t('detail.uses')}</dt>
            <dd>
              {needs.map(({ kind, name }, at) => (
                <Fragment key={`${kind} ${name}`}>
                  {at > 0 && t('mark.comma')}
                  <ObjectLink id={near(kind, name)} />
                </Fragment>
              ))}
            </dd>
          </>
        )}
        {serviceAccount && (
          <>
            <dt>{t('detail.runsAs')}</dt>
            <dd>
              <Link href={pageOf(near('ServiceAccount', serviceAccount))} prefetch={false}>
                {serviceAccount}
              </Link>
            </dd>
          </>
        )}
        <CommonFacts createdAt={createdAt} labels={workload.labels} />
      </dl>
    </section>
  );
}
