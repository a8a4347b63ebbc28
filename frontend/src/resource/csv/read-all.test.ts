import { expect, it } from 'vitest';
import { type ReadPage, readAll } from './read-all';

interface Args {
  filter: object;
  first: number;
  after?: string | null;
}

const pages = [
  { nodes: ['a', 'b'], pageInfo: { hasNextPage: true, endCursor: '1' }, totalCount: 3 },
  { nodes: ['c'], pageInfo: { hasNextPage: false, endCursor: '2' }, totalCount: 3 },
];

function read(readPage: ReadPage<string, Args>, controller = new AbortController()) {
  const rows: string[] = [];
  const steps: string[] = [];
  const done = readAll({
    readPage,
    args: { filter: { states: ['FAILED'] }, first: 200 },
    signal: controller.signal,
    page: (page) => rows.push(...page),
    progress: (count, total) => steps.push(`${count}/${total}`),
  });
  return { done, rows, steps };
}

it('every page is read, with the filter, in the largest windows', async () => {
  const sent: Args[] = [];
  const { done, rows, steps } = read(async (args) => {
    sent.push(args);
    return { data: pages[args.after ? 1 : 0] as (typeof pages)[number] };
  });
  expect(await done).toEqual({ data: 3 });
  expect(rows.join('')).toBe('abc');
  expect(steps).toEqual(['2/3', '3/3']);
  expect(sent.map(({ first, after }) => [first, after])).toEqual([
    [500, null],
    [500, '1'],
  ]);
  expect(sent[1]?.filter).toEqual({ states: ['FAILED'] });
});

it('an error ends it, and so does a cursor that does not move', async () => {
  const error = { code: 'UNAVAILABLE', message: 'no' };
  const failing = read(async ({ after }) =>
    after ? { error } : { data: pages[0] as (typeof pages)[number] },
  );
  expect(await failing.done).toEqual({ error });
  const still = read(async () => ({ data: pages[0] as (typeof pages)[number] }));
  expect(await still.done).toEqual({ data: 4 });
});

it('what is cancelled asks for no further page', async () => {
  const controller = new AbortController();
  let count = 0;
  const { done, rows } = read(async () => {
    count += 1;
    controller.abort();
    return { data: pages[0] as (typeof pages)[number] };
  }, controller);
  expect(await done).toBeNull();
  expect([count, rows.length]).toEqual([1, 0]);
});
