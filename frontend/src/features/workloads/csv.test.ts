import i18next from 'i18next';
import { expect, it } from 'vitest';
import { podCsv } from '@/features/pods/csv';
import type { PodRowFragment } from '@/graphql/generated/graphql';
import en from '@/language/en.json';
import { csvLine, csvLines } from '@/resource/csv/csv';
import { container, podDetail, workloadRow } from '@/test/samples';
import { workloadCsv } from './csv';

const i18n = i18next.createInstance();
void i18n.init({ resources: { en: { translation: en } }, lng: 'en' });

it('a workload is a line with its state, its cause and its numbers', () => {
  const columns = workloadCsv.columns(i18n.t);
  const row = workloadRow({
    name: 'web',
    state: 'DEGRADED',
    desiredReplicas: 3,
    cpuRequestMillicores: 500,
    cause: { message: { text: '=killed, exit 137' }, since: '2026-01-02T00:00:00.123456+00:00' },
  });
  expect(csvLine(columns.map(({ heading }) => heading))).toBe(
    'Cluster,Namespace,Kind,Name,State,Cause,Summary,Since,Ready,Desired,Restarts,CPU request (millicores),Memory request (bytes),Images,Created\r\n',
  );
  expect(csvLines(columns, [row])).toBe(
    `local,shop,Deployment,web,Degraded,"'=killed, exit 137",,2026-01-02T00:00:00Z,1,3,0,500,,busybox:1,2026-01-01T00:00:00Z\r\n`,
  );
});

it('how far a workload is, is no cause', () => {
  const row = workloadRow({ name: 'web', summary: { text: '1 of 3 ready' } });
  expect(csvLines(workloadCsv.columns(i18n.t), [row])).toContain(',Running,,1 of 3 ready,,');
});

it('a pod is a line with its containers counted', () => {
  const row: PodRowFragment = {
    ...podDetail({ name: 'web-1' }),
    phase: 'Pending',
    ready: false,
    restarts: 4,
    reason: 'ImagePullBackOff',
    cause: null,
    node: null,
    workload: { id: 'w', name: 'web' },
    createdAt: '2026-01-01T00:00:00Z',
    containers: [container({ name: 'app', image: 'web:1', ready: false, restarts: 4, state: 'waiting' })],
  };
  expect(csvLines(podCsv.columns(i18n.t), [row])).toBe(
    'local,shop,web,web-1,Pending,ImagePullBackOff,,0,1,4,,web:1,2026-01-01T00:00:00Z\r\n',
  );
});
