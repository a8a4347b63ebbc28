import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { UsageLine } from '@/features/usage/usage-cell';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { objectPath } from '@/resource/path';
import { Middle } from '@/ui/feedback/middle';
import { StateTag } from '@/ui/feedback/state-tag';
import type { ContainerResources } from './resources';
import { badness, type ContainerSummary, summaries } from './summary';
import { LastTermination } from './termination';
import type { ContainerUsage } from './use-container-usage';

interface ContainersProps {
  pods: readonly Pick<PodRowFragment, 'id' | 'name' | 'containers'>[];
  /** The requests and limits of each container, where the page knows them. */
  resources?: Record<string, ContainerResources>;
  /** What each container uses, on the page of one pod. */
  usage?: ReadonlyMap<string, ContainerUsage>;
  /** The one that the address leads to. */
  marked?: string;
}

/** The containers of pods, init, sidecar and debug ones too, and how each ended the last time. */
export function Containers({ pods, resources, usage, marked }: ContainersProps) {
  const { t } = useTranslation();
  const isOnePod = pods.length === 1;
  return (
    <div className="panel flush">
      <h2 id="containers" className="panel-title">
        {t('pods.containers')}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by key */}
      <section className="scroll" tabIndex={0} aria-labelledby="containers">
        <table className="plain containers" data-testid="containers">
          <thead>
            <tr>
              <th scope="col">{t('workloads.name')}</th>
              <th scope="col">{t('pods.state')}</th>
              <th scope="col">{t('pods.restarts')}</th>
              <th scope="col">{t('pods.lastTermination')}</th>
              <th scope="col">{t('pods.image')}</th>
              {resources && <th scope="col">{t('pods.resources')}</th>}
              {usage && <th scope="col">{t('usage.cpu')}</th>}
              {usage && <th scope="col">{t('usage.memory')}</th>}
            </tr>
          </thead>
          <tbody>
            {summaries(pods).map((container) => (
              <Row
                key={container.name}
                container={container}
                isOnePod={isOnePod}
                isMarked={container.name === marked}
                resources={resources && (resources[container.name] ?? null)}
                usage={usage && (usage.get(container.name) ?? null)}
              />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

interface RowProps {
  container: ContainerSummary;
  isOnePod: boolean;
  isMarked: boolean;
  resources?: ContainerResources | null;
  /** Null while it is not measured. */
  usage?: ContainerUsage | null;
}

const tones = ['good', 'busy', 'busy', 'bad'] as const;

function Row({ container, isOnePod, isMarked, resources, usage }: RowProps) {
  const { t } = useTranslation();
  const { name, role, image, ready, pods, restarts, worst, worstIn, ended } = container;
  const bad = badness(worst);
  const isDone = worst.state === 'terminated' && bad === 0;
  return (
    <tr data-testid="container-row" data-name={name} aria-current={isMarked || undefined}>
      <th scope="row">
        {name}
        {role !== 'main' && <div className="quiet nowrap">{serverWord(t, 'containerRole', role)}</div>}
      </th>
      <td>
        <StateTag
          tone={isDone ? 'done' : (tones[bad] ?? 'bad')}
          state={worst.state}
          text={worst.reason ?? serverWord(t, 'containerState', worst.state)}
          data-testid="container-state"
        />
        {!isOnePod && (
          <div className="quiet">
            {!isDone && t('detail.ready', { ready, desired: pods })}
            {bad > 1 && worstIn.id !== ended?.pod.id && (
              <>
                {' · '}
                <PodLink pod={worstIn} container={name} />
              </>
            )}
          </div>
        )}
      </td>
      <td className={restarts > 0 ? 'number warn-text' : 'number'}>{restarts}</td>
      <td>
        {ended ? <LastTermination termination={ended.termination} /> : '–'}
        {ended && !isOnePod && (
          <div className="quiet">
            <PodLink pod={ended.pod} container={name} />
          </div>
        )}
      </td>
      <td className="image">
        <Middle text={image} />
      </td>
      {resources !== undefined && (
        <td className="number">
          {resources === null && '–'}
          {resources &&
            (['cpu', 'memory'] as const).map((what) => (
              <div key={what} className="nowrap">
                {t(`pods.${what}`)} {resources[what].map((amount) => amount ?? '–').join(' / ')}
              </div>
            ))}
        </td>
      )}
      {usage !== undefined && (
        <>
          <td>
            <UsageLine
              what="cpu"
              used={usage?.cpuMillicores}
              request={worst.cpuRequestMillicores}
              limit={worst.cpuLimitMillicores}
            />
          </td>
          <td>
            <UsageLine
              what="memory"
              used={usage?.memoryBytes}
              request={worst.memoryRequestBytes}
              limit={worst.memoryLimitBytes}
            />
          </td>
        </>
      )}
    </tr>
  );
}

function PodLink({ pod, container }: { pod: { id: string; name: string }; container: string }) {
  return (
    <Link href={`${objectPath('pods', pod.id)}?container=${encodeURIComponent(container)}`} prefetch={false}>
      <Middle text={pod.name} />
    </Link>
  );
}
