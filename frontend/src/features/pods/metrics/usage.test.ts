import { expect, it } from 'vitest';
import { Usage } from './usage';

it('a long silence is a gap in the columns, a new pod starts with nothing', () => {
  const usage = new Usage();
  const pod = (name: string) => ({ podId: name, name, cpuMillicores: 5, memoryBytes: 1 });
  const sample = (sampledAt: string, ...names: string[]) => ({
    sampledAt,
    available: true,
    message: null,
    pods: names.map(pod),
  });
  usage.push(sample('2026-01-01T00:00:00Z', 'a'));
  usage.push(sample('2026-01-01T00:05:00Z', 'a', 'b'));
  expect(usage.columns('cpuMillicores', 1).slice(1)).toEqual([
    [5, null, 5],
    [null, null, 5],
  ]);
});
