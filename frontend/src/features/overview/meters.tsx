import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { amount, type Resource } from '@/features/usage/amounts';
import { Bar } from '@/features/usage/bar';
import type { CapacitySampledSubscription } from '@/graphql/generated/graphql';

type Sample = CapacitySampledSubscription['capacitySampled'];
type Nodes = NonNullable<Sample['nodes']>;

/** From here on little is left. */
const NEAR = 0.9;

/** What one cluster has, what of it is requested and what is used. */
export function Meters({ nodes, usage }: { nodes: Nodes; usage: Sample['usage'] }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language);
  if (nodes.count === 0) return <p className="quiet">{t('capacity.none')}</p>;
  const measured = usage && usage.nodes < nodes.count ? usage.nodes : undefined;
  return (
    <ul className="meters">
      <Meter
        title={t('capacity.nodes')}
        said={t('capacity.ready', { ready: number.format(nodes.ready), count: nodes.count })}
        share={nodes.ready / nodes.count}
        lack={1 - nodes.ready / nodes.count}
        isHigh={false}
        note={<NodesNote nodes={nodes} />}
      />
      <Requested
        what="cpu"
        total={nodes.cpuMillicores}
        requested={nodes.cpuRequestedMillicores}
        used={usage?.cpuMillicores}
        measured={measured}
        nodes={nodes.count}
      />
      <Requested
        what="memory"
        total={nodes.memoryBytes}
        requested={nodes.memoryRequestedBytes}
        used={usage?.memoryBytes}
        measured={measured}
        nodes={nodes.count}
      />
      <Meter
        title={t('dashboard.pods')}
        said={t('capacity.of', { some: number.format(nodes.podsPlaced), all: number.format(nodes.pods) })}
        share={nodes.pods > 0 ? nodes.podsPlaced / nodes.pods : 0}
        isHigh={nodes.pods > 0 && nodes.podsPlaced >= NEAR * nodes.pods}
        note={t('capacity.room', { room: number.format(Math.max(nodes.pods - nodes.podsPlaced, 0)) })}
      />
    </ul>
  );
}

/** Which nodes are not ready, and how many take no new pods. */
function NodesNote({ nodes }: { nodes: Nodes }) {
  const { t, i18n } = useTranslation();
  const names = new Intl.ListFormat(i18n.language).format(nodes.notReady);
  const more = nodes.count - nodes.ready - nodes.notReady.length;
  const said = [
    ...(names ? [t('capacity.notReady', { names })] : []),
    ...(more > 0 ? [t('capacity.more', { count: more })] : []),
    ...(nodes.unschedulable > 0 ? [t('capacity.unschedulable', { count: nodes.unschedulable })] : []),
  ];
  return said.length > 0 ? said.join(' · ') : t('capacity.allReady');
}

interface RequestedProps {
  what: Resource;
  total: number;
  requested: number;
  /** Undefined while it is not measured. */
  used: number | undefined;
  /** The number of nodes that were measured, if not all of them were. */
  measured: number | undefined;
  nodes: number;
}

/** A resource of which pods request some: the share that is requested, and in the bar what is used before it. */
function Requested({ what, total, requested, used, measured, nodes }: RequestedProps) {
  const { t, i18n } = useTranslation();
  const isCpu = what === 'cpu';
  const of = (value: number) => (isCpu ? cores(value, i18n.language) : amount(what, value, i18n.language));
  const withUnit = (value: number) =>
    isCpu ? t('capacity.cores', { count: value / 1_000, number: of(value) }) : of(value);
  const shareOf = (value: number) => (total > 0 ? value / total : 0);
  const uses = () => {
    const all = withUnit(total);
    if (used === undefined) return t('capacity.of', { some: of(requested), all });
    return measured === undefined
      ? t('capacity.uses', { used: of(used), total: all })
      : t('capacity.usesMeasured', { used: withUnit(used), some: measured, all: nodes });
  };
  return (
    <Meter
      title={t(`usage.${what}`)}
      said={t('capacity.requested', { share: percent(shareOf(requested), i18n.language) })}
      // What some nodes use is no share of what all of them have.
      share={measured === undefined ? shareOf(used ?? 0) : 0}
      behind={shareOf(requested)}
      isHigh={total > 0 && requested >= NEAR * total}
      note={uses()}
    />
  );
}

/** A whole cluster is counted in cores, not in thousandths of one. */
function cores(millicores: number, language: string): string {
  const number = millicores / 1_000;
  return new Intl.NumberFormat(language, { maximumSignificantDigits: number < 100 ? 2 : 3 }).format(number);
}

/** A little is not nothing. */
function percent(share: number, language: string): string {
  const format = new Intl.NumberFormat(language, { style: 'percent' });
  return share > 0 && share < 0.005 ? `<${format.format(0.01)}` : format.format(share);
}

interface MeterProps {
  title: string;
  said: string;
  share: number;
  behind?: number;
  lack?: number;
  isHigh: boolean;
  note: ReactNode;
}

function Meter({ title, said, note, ...bar }: MeterProps) {
  return (
    <li>
      <div className="meter-head">
        <b>{title}</b> <span>{said}</span>
      </div>
      <Bar {...bar} />
      <div className="quiet">{note}</div>
    </li>
  );
}
