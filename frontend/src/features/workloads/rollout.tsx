import { useTranslation } from 'react-i18next';
import type { PodRowFragment, WorkloadDetailFragment } from '@/graphql/generated/graphql';
import { Age } from '@/ui/feedback/age';
import { Middle } from '@/ui/feedback/middle';
import { counts } from './counts';
import { type Version, versionName, versionsOf } from './versions';

/** More are not drawn one by one. */
const MOST_SQUARES = 40;

interface RolloutProps {
  workload: WorkloadDetailFragment;
  /** All its pods; undefined while they are not known, or too many. */
  pods?: readonly PodRowFragment[];
  /** There are more pods than these, so that those of each version cannot be counted. */
  tooMany?: number;
}

/** How far a workload is: the numbers of its kind, and the pods of each version. */
export function Rollout({ workload, pods, tooMany }: RolloutProps) {
  const { t } = useTranslation();
  const numbers = counts(workload);
  if (numbers.length === 0) return null;
  const versions = pods ? versionsOf(pods, workload.updatedReplicas) : [];
  const isRollout = workload.updatedReplicas !== null;
  return (
    <section className="panel" aria-labelledby="rollout">
      <h2 id="rollout">{t(isRollout ? 'rollout.title' : 'detail.counts')}</h2>
      <p data-testid="detail-counts">
        {numbers.map(([words, count]) => t(`counts.${words}`, { count })).join(' · ')}
      </p>
      {tooMany !== undefined && isRollout && (
        <p className="quiet" data-testid="versions-unknown">
          {t('rollout.tooMany', { count: tooMany })}
        </p>
      )}
      {versions.length > 0 && (
        <ol className="versions">
          {versions.map((version, index) => (
            <li key={version.hash} data-testid="version" data-hash={version.hash}>
              <VersionLine
                version={version}
                name={versionName(index, versions.length, workload.updatedReplicas)}
              />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

interface VersionLineProps {
  version: Version;
  name: ReturnType<typeof versionName>;
}

function VersionLine({ version, name }: VersionLineProps) {
  const { t } = useTranslation();
  const { hash, pods, ready, images, since } = version;
  const figures = { ready, count: pods.length };
  return (
    <>
      <div className="version-head">
        <strong>{t(`rollout.${name}`)}</strong>
        <code className="quiet">{hash}</code>
        <span className={ready < pods.length && name !== 'before' ? 'bad-text' : undefined}>
          {name === 'before' && ready > 0 ? t('rollout.serves', figures) : t('rollout.ready', figures)}
        </span>
        <span className="quiet">
          <Age at={since} />
        </span>
      </div>
      {pods.length <= MOST_SQUARES && (
        <span className="squares" aria-hidden="true">
          {pods.map(({ id, ready }) => (
            <i key={id} className={ready ? 'square-ready' : undefined} />
          ))}
        </span>
      )}
      {images.map((image) => (
        <code key={image}>
          <Middle text={image} />
        </code>
      ))}
    </>
  );
}
