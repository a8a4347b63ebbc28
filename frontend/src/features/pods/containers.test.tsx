// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { container, podDetail } from '@/test/samples';
import { Containers } from './containers';

it('each container of a pod says what it uses of what it requested, and what is not set', () => {
  const app = container({ name: 'app', cpuRequestMillicores: 250, memoryLimitBytes: 134_217_728 });
  const pod = podDetail({ name: 'web-1', containers: [app, container({ name: 'proxy' })] });
  const usage = new Map([['app', { name: 'app', cpuMillicores: 50, memoryBytes: 67_108_864 }]]);
  show(<Containers pods={[pod]} usage={usage} />);
  const [first, second] = screen.getAllByTestId('container-row') as [HTMLElement, HTMLElement];
  expect(within(first).getByTestId('usage-cpu')).toHaveTextContent('Uses 50m, 250m requested, no limit set');
  expect(within(first).getByTestId('usage-memory')).toHaveTextContent(
    'Uses 64Mi, no request set, limit 128Mi',
  );
  expect(within(first).getAllByTestId('bar')).toHaveLength(2);
  expect(within(second).getByTestId('usage-cpu')).toHaveTextContent('Not measured, no request set');
  expect(within(second).queryByTestId('bar')).toBeNull();
});

it('the pods of a workload say what they run and request, and where they differ how many', () => {
  const pod = (name: string, image: string, cpuRequestMillicores: number) =>
    podDetail({
      name,
      containers: [container({ name: 'app', image, cpuRequestMillicores, memoryLimitBytes: 134_217_728 })],
    });
  show(<Containers pods={[pod('a', 'web:1', 100), pod('b', 'web:1', 100), pod('c', 'web:2', 250)]} />);
  const row = screen.getByTestId('container-row');
  expect(within(row).getByTitle('web:1 (2)')).toBeVisible();
  expect(within(row).getByTitle('web:2 (1)')).toBeVisible();
  expect(row).toHaveTextContent('CPU 100m (2), 250m (1) / –');
  expect(row).toHaveTextContent('memory – / 128Mi');
});
