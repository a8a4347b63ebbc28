import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { amount, type Resource } from '@/features/usage/amounts';
import { UsageLine } from '@/features/usage/usage-cell';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { objectPath } from '@/resource/path';
import { Middle } from '@/ui/feedback/middle';
import { StateTag } from '@/ui/feedback/state-tag';
import { badness, type ContainerSummary, summaries, type Tally, tallied } from './summary';
import { LastTermination } from './termination';
import type { ContainerUsage } from './use-container-usage';

interface ContainersProps {
  pods: readonly Pick<PodRowFragment, 'id' | 'name' | 'containers'>[];
  /** What each container uses, on the page of one pod. */
  usage?: ReadonlyMap<string, ContainerUsage>;
  /** The one that the address leads to. */
  marked?: string;
}

/** The containers of pods, init, sidecar and debug ones too, and how each ended the last time. */
export function Containers({ pods, usage, marked }: ContainersProps) {
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
              {!usage && <th scope="col">{t('pods.resources')}</th>}
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
  /** Null while it is not measured; without it, what is requested is shown. */
  usage?: ContainerUsage | null;
}

const tones = ['good', 'busy', 'busy', 'bad'] as const;

function Row({ container, isOnePod, isMarked, usage }: RowProps) {
  const { t } = useTranslation();
  const { name, role, images, ready, pods, restarts, worst, worstIn, ended } = container;
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
              <div>
                <PodLink pod={worstIn} container={name} />
              </div>
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
        {tallied(images, String).map((image) => (
          <div key={image}>
            <Middle text={image} />
          </div>
        ))}
      </td>
      {usage === undefined && (
        <td className="number">
          <Requested what="cpu" request={container.cpuRequest} limit={container.cpuLimit} />
          <Requested what="memory" request={container.memoryRequest} limit={container.memoryLimit} />
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

interface RequestedProps {
  what: Resource;
  request: Tally<number | null>;
  limit: Tally<number | null>;
}

/** What a container requests of a resource, and may use at most: what its pods have, not what the next ones get. */
function Requested({ what, request, limit }: RequestedProps) {
  const { t, i18n } = useTranslation();
  const words = (value: number | null) => (value === null ? '–' : amount(what, value, i18n.language));
  const both = [request, limit].map((tally) => tallied(tally, words).join(t('mark.comma')));
  return (
    <div className={request.size + limit.size > 2 ? undefined : 'nowrap'}>
      {t(`pods.${what}`)} {both.join(' / ')}
    </div>
  );
}

function PodLink({ pod, container }: { pod: { id: string; name: string }; container: string }) {
  return (
    <Link href={`${objectPath('pods', pod.id)}?container=${encodeURIComponent(container)}`} prefetch={false}>
      <Middle text={pod.name} />
    </Link>
  );
}
