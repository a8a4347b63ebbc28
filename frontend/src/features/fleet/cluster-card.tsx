import { DeleteOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { Cluster } from '@/features/clusters/api';
import { UnreadableKinds } from '@/features/clusters/unreadable';
import { Age } from '@/ui/feedback/age';
import { EnvironmentTag } from '@/ui/feedback/environment';
import { type ClusterCounts, TROUBLE } from './api';
import { ClusterStateTag } from './states';

interface ClusterCardProps {
  cluster: Cluster;
  /** Undefined until they are read. */
  counts: ClusterCounts | undefined;
  remove: () => void;
}

/** One cluster: where it stands, how it is, what is in it, and what is not seen of it. */
export function ClusterCard({ cluster, counts, remove }: ClusterCardProps) {
  const { t, i18n } = useTranslation();
  const { id, name, environment, state, reason, recordedSince, namespaces } = cluster;
  const verb = t('fleet.remove', { name });
  return (
    <li
      className="fleet-cluster"
      data-environment={environment}
      data-testid="cluster-card"
      data-name={name}
      data-state={state}
    >
      <div>
        <div className="fleet-name">
          <h2>
            <Link href={`/workloads?cluster=${encodeURIComponent(id)}`} prefetch={false}>
              {name}
            </Link>
          </h2>
          <EnvironmentTag environment={environment} />
        </div>
        {recordedSince && (
          <p className="quiet">
            {t('fleet.recorded')} <Age at={recordedSince} />
          </p>
        )}
      </div>
      <div>
        <ClusterStateTag state={state} />
        {reason && <p className="quiet">{reason}</p>}
        {state === 'UNREACHABLE' && <p className="quiet">{t('unreachable.what')}</p>}
        {namespaces.length > 0 && (
          <p className="quiet" data-testid="cluster-namespaces">
            {t('fleet.onlyIn', { namespaces: new Intl.ListFormat(i18n.language).format(namespaces) })}
          </p>
        )}
      </div>
      <Version cluster={cluster} />
      <Counts cluster={id} counts={counts} />
      <Button
        type="text"
        icon={<DeleteOutlined aria-hidden="true" />}
        aria-label={verb}
        title={verb}
        onClick={remove}
        data-testid="cluster-remove"
      />
      <NotWatched cluster={cluster} />
    </li>
  );
}

/** The version of Kubernetes, whether Binnacle supports it, and what is switched off because of it. */
function Version({ cluster: { version, versionSupport, switchedOff } }: { cluster: Cluster }) {
  const { t } = useTranslation();
  if (!version) return <p className="quiet">{t('fleet.noVersion')}</p>;
  return (
    <div>
      <span className="for-readers">Kubernetes </span>
      <span className="number">{version}</span>
      {versionSupport && (
        <p className={versionSupport === 'SUPPORTED' ? 'quiet' : 'warn-text'} data-testid="cluster-support">
          {t(`fleet.support.${versionSupport}`)}
        </p>
      )}
      {switchedOff.map(({ text }) => (
        <p key={text} className="quiet">
          {text}
        </p>
      ))}
    </div>
  );
}

interface CountsProps {
  cluster: string;
  counts: ClusterCounts | undefined;
}

/** How much there is in it: each number leads to what it counts. */
function Counts({ cluster, counts }: CountsProps) {
  const { t, i18n } = useTranslation();
  if (!counts) return <p className="quiet">{t('fleet.counting')}</p>;
  const { workloads, affected, pods, nodes } = counts;
  const place = `cluster=${encodeURIComponent(cluster)}`;
  const words = (count: number) => ({ count, shown: new Intl.NumberFormat(i18n.language).format(count) });
  return (
    <ul className="fleet-counts">
      <li>
        <Link href={`/workloads?${place}`} prefetch={false}>
          {t('placeCount.workloads', words(workloads))}
        </Link>
      </li>
      {affected > 0 && (
        <li>
          <Link href={`/workloads?${place}&state=${TROUBLE.join()}`} prefetch={false} className="bad-text">
            {t('fleet.affected', words(affected))}
          </Link>
        </li>
      )}
      <li>
        <Link href={`/pods?${place}`} prefetch={false}>
          {t('placeCount.pods', words(pods))}
        </Link>
      </li>
      {nodes !== null && (
        <li>
          <Link href={`/objects?kind=Node&${place}`} prefetch={false}>
            {t('fleet.nodes', words(nodes))}
          </Link>
        </li>
      )}
    </ul>
  );
}

/** The kinds that are not watched, each with the rule that is missing. */
function NotWatched({ cluster: { unreadable } }: { cluster: Cluster }) {
  const { t } = useTranslation();
  if (unreadable.length === 0) return null;
  return (
    <details className="fold fleet-rest" data-testid="cluster-unreadable">
      <summary>{t('unreadable.many', { count: unreadable.length })}</summary>
      <UnreadableKinds unreadable={unreadable} />
    </details>
  );
}
