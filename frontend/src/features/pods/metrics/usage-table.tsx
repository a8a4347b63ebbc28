import { useTranslation } from 'react-i18next';
import { Age } from '@/ui/feedback/age';
import { type PodResources, sumOf } from './resources';
import type { PodName, Usage } from './usage';
import { strokeOf } from './usage-chart';

export const MIB = 1024 * 1024;

/** What stands in a row, each in the unit of its heading. */
const FIGURES = [
  { title: 'metrics.cpu', used: 'cpuMillicores', scale: 1 },
  { title: 'metrics.cpuRequest', resource: 'cpuRequestMillicores', scale: 1 },
  { title: 'metrics.cpuLimit', resource: 'cpuLimitMillicores', scale: 1 },
  { title: 'metrics.memory', used: 'memoryBytes', scale: MIB },
  { title: 'metrics.memoryRequest', resource: 'memoryRequestBytes', scale: MIB },
  { title: 'metrics.memoryLimit', resource: 'memoryLimitBytes', scale: MIB },
] as const;

interface UsageTableProps {
  sample: NonNullable<Usage['latest']>;
  /** The rows, in the order of their colours. */
  pods: readonly PodName[];
  /** What the pods request, as far as it is known. */
  known: ReadonlyMap<string, PodResources>;
}

/** The latest sample of some pods, and the total of all. */
export function UsageTable({ sample, pods, known }: UsageTableProps) {
  const { t, i18n } = useTranslation();
  const format = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const words = (value: number | null | undefined, scale: number) =>
    value == null ? '–' : format.format(value / scale);
  const all = [...sample.pods.values()];
  const allKnown = all.map(({ podId }) => known.get(podId));
  return (
    <div className="scroll">
      <table className="plain" data-testid="metrics-table">
        <caption>
          {t('metrics.table')} · {t('metrics.sampled')} <Age at={sample.sampledAt} />
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('pods.pod')}</th>
            {FIGURES.map(({ title }) => (
              <th key={title} scope="col">
                {t(title)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pods.map(({ id, name }, index) => {
            const pod = sample.pods.get(id);
            return (
              pod && (
                <tr key={id}>
                  <th scope="row">
                    <span className="swatch" style={{ background: strokeOf(index) }} aria-hidden="true" />
                    {name}
                  </th>
                  {FIGURES.map((figure) => (
                    <td key={figure.title} className="number">
                      {words(
                        'used' in figure ? pod[figure.used] : known.get(id)?.[figure.resource],
                        figure.scale,
                      )}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
        </tbody>
        {all.length > 1 && (
          <tfoot>
            <tr data-testid="metrics-sum">
              <th scope="row">{t('metrics.total')}</th>
              {FIGURES.map((figure) => (
                <td key={figure.title} className="number">
                  {words(
                    'used' in figure
                      ? all.reduce((sum, pod) => sum + pod[figure.used], 0)
                      : sumOf(allKnown, figure.resource),
                    figure.scale,
                  )}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
