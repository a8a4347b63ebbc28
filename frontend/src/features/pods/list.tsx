import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { serverWord } from '@/language/server-words';
import { Age } from '@/ui/feedback/age';
import { Empty } from '@/ui/feedback/empty';
import { Problem } from '@/ui/feedback/problem';
import { podsOf, usePodsQuery } from './api';

export function Pods({ workload }: { workload: { id: string } }) {
  const { t } = useTranslation();
  const { data, error, refetch, fulfilledTimeStamp } = usePodsQuery(podsOf(workload));
  if (!data && !error) return <Skeleton active title={false} paragraph={{ rows: 3 }} />;
  return (
    <>
      {error && <Problem error={error as GraphqlError} retry={refetch} asOf={data && fulfilledTimeStamp} />}
      {data?.nodes.length === 0 && <Empty text={t('pods.none')} />}
      {data && data.nodes.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        <section className="scroll" tabIndex={0} aria-label={t('detail.pods')}>
          <table className="plain" data-testid="pods">
            <thead>
              <tr>
                <th scope="col">{t('workloads.name')}</th>
                <th scope="col">{t('pods.phase')}</th>
                <th scope="col">{t('pods.containers')}</th>
                <th scope="col">{t('pods.restarts')}</th>
                <th scope="col">{t('pods.node')}</th>
                <th scope="col">{t('workloads.created')}</th>
              </tr>
            </thead>
            <tbody>
              {data.nodes.map((pod) => (
                <tr
                  key={pod.id}
                  data-testid="pod-row"
                  data-name={pod.name}
                  data-phase={pod.phase}
                  data-ready={pod.ready}
                  className={data.changes[pod.id] ? `flash-${(data.changes[pod.id] ?? 0) % 2}` : undefined}
                >
                  <td>{pod.name}</td>
                  <td>
                    {serverWord(t, 'podPhase', pod.phase)}
                    {pod.reason && <div className="warn-text">{pod.reason}</div>}
                  </td>
                  <td>
                    {pod.containers.map(({ name, state, reason }) => (
                      <div key={name}>
                        {name}: {reason ?? serverWord(t, 'containerState', state)}
                      </div>
                    ))}
                  </td>
                  <td>{pod.restarts}</td>
                  <td>{pod.node}</td>
                  <td>
                    <Age at={pod.createdAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
