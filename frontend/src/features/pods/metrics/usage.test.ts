import { expect, it } from 'vitest';
import { Usage, usageOf } from './usage';

const pod = (name: string, cpuMillicores = 5) => ({
  podId: `id-${name}`,
  name,
  cpuMillicores,
  memoryBytes: 1,
});
const sample = (sampledAt: string, ...pods: ReturnType<typeof pod>[]) => ({
  sampledAt,
  available: true,
  message: null,
  pods,
});

it('a long silence is a gap in the columns, a new pod starts with nothing', () => {
  const usage = new Usage();
  usage.push(sample('2026-01-01T00:00:00Z', pod('a')));
  usage.push(sample('2026-01-01T00:05:00Z', pod('a'), pod('b')));
  expect(usage.columns(usage.top(9), 'cpuMillicores', 1).slice(1)).toEqual([
    [5, null, 5],
    [null, null, 5],
  ]);
});

it('of many pods those that use the most are shown, by name', () => {
  const usage = new Usage();
  usage.push(sample('2026-01-01T00:00:00Z', pod('c', 9), pod('a', 1), pod('b', 7)));
  expect(usage.top(2).map(({ name }) => name)).toEqual(['b', 'c']);
  expect(usage.top(3).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});

it('a pod is forgotten with its last sample', () => {
  const usage = new Usage(2);
  usage.push(sample('2026-01-01T00:00:00Z', pod('a')));
  usage.push(sample('2026-01-01T00:00:15Z', pod('b')));
  expect(usage.podCount).toBe(2);
  usage.push(sample('2026-01-01T00:00:30Z', pod('b')));
  expect(usage.top(9).map(({ name }) => name)).toEqual(['b']);
});

it('samples are kept for the page that was looked at last', () => {
  const first = usageOf('one');
  expect(usageOf('one')).toBe(first);
  usageOf('other');
  expect(usageOf('one')).not.toBe(first);
});

it('of a thousand pods in an hour, only those that are shown are drawn', () => {
  const usage = new Usage();
  const pods = Array.from({ length: 1_000 }, (_, at) => pod(`p${at}`, at));
  for (let at = 0; at < 240; at++) usage.push(sample(new Date(at * 15_000).toISOString(), ...pods));
  const columns = usage.columns(usage.top(20), 'cpuMillicores', 1);
  expect(columns.map((column) => column.length)).toEqual(Array.from({ length: 21 }, () => 240));
});
