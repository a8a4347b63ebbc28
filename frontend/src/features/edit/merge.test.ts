import { expect, it } from 'vitest';
import { isSame, merge } from './merge';

const theirs = () => 'theirs' as const;
const yours = () => 'yours' as const;

const container = (name: string, image: string) => ({ name, image });

it('what does not overlap is put together', () => {
  const merged = merge(
    {
      base: { replicas: 1, labels: { a: '1', b: '2' } },
      theirs: { replicas: 3, labels: { a: '1' } },
      yours: { replicas: 1, labels: { a: '9', b: '2', c: '3' } },
    },
    yours,
  );
  expect(merged.value).toEqual({ replicas: 3, labels: { a: '9', c: '3' } });
  expect(merged.overlaps).toEqual([]);
  expect(merged.taken).toEqual(['/replicas', '/labels/b']);
});

it('what overlaps is one or the other, as the author chooses', () => {
  const three = { base: { mode: 'slow' }, theirs: { mode: 'fast' }, yours: { mode: 'best' } };
  const overlap = { path: '/mode', base: 'slow', theirs: 'fast', yours: 'best' };
  expect(merge(three, theirs)).toMatchObject({ value: { mode: 'fast' }, overlaps: [overlap] });
  expect(merge(three, yours).value).toEqual({ mode: 'best' });
});

it('a field that one removes and the other changes is an overlap', () => {
  const three = { base: { mode: 'slow' }, theirs: {}, yours: { mode: 'best' } };
  expect(merge(three, theirs)).toMatchObject({ value: {}, overlaps: [{ path: '/mode', theirs: undefined }] });
  expect(merge(three, yours).value).toEqual({ mode: 'best' });
});

it('the same change by both is none', () => {
  const three = { base: { a: 1 }, theirs: { a: 2, b: { c: 1, d: 2 } }, yours: { b: { d: 2, c: 1 }, a: 2 } };
  expect(merge(three, theirs)).toMatchObject({ overlaps: [], value: { a: 2 } });
});

it('items with names are told apart by them, wherever they stand', () => {
  const merged = merge(
    {
      base: { containers: [container('app', 'app:1'), container('log', 'log:1')] },
      theirs: {
        containers: [container('proxy', 'proxy:1'), container('app', 'app:1'), container('log', 'log:2')],
      },
      yours: { containers: [container('log', 'log:1'), container('app', 'app:2')] },
    },
    theirs,
  );
  expect(merged.overlaps).toEqual([]);
  expect(merged.value).toEqual({
    containers: [container('log', 'log:2'), container('app', 'app:2'), container('proxy', 'proxy:1')],
  });
});

it('a list without names is one value', () => {
  const three = { base: { args: ['a'] }, theirs: { args: ['a', 'b'] }, yours: { args: ['c'] } };
  expect(merge(three, theirs).overlaps).toMatchObject([{ path: '/args', theirs: ['a', 'b'], yours: ['c'] }]);
});

it('ports of two protocols are two', () => {
  const port = (protocol: string, name: string) => ({ port: 53, protocol, name });
  const base = [port('TCP', 'dns'), port('UDP', 'dns')];
  const merged = merge(
    {
      base,
      theirs: [port('TCP', 'dns'), port('UDP', 'dns-udp')],
      yours: [port('TCP', 'dns-tcp'), port('UDP', 'dns')],
    },
    theirs,
  );
  expect(merged).toMatchObject({ overlaps: [], value: [port('TCP', 'dns-tcp'), port('UDP', 'dns-udp')] });
});

it('values are compared whatever the order of their fields', () => {
  expect(isSame({ a: 1, b: [1] }, { b: [1], a: 1 })).toBe(true);
  expect(isSame({ a: undefined }, { b: 1 })).toBe(false);
  expect(isSame([1, 2], [2, 1])).toBe(false);
});
