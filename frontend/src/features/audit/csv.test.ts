// @vitest-environment jsdom
import i18next from 'i18next';
import { expect, it } from 'vitest';
import { csvLines } from '@/resource/csv/csv';
import { createStore } from '@/store';
import { answer } from '@/test/render';
import { auditCsv } from './csv';

const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
const operation = (id: string, state = 'CANCELLED') => ({ id, kind: 'ScaleWorkload', state });
const event = (position: number, type: string, of: ReturnType<typeof operation>) => ({
  position: String(position),
  type,
  recordedAt: at(position),
  operation: of,
});
const end = (id: string, superseded?: string) => ({
  operation: { id },
  payload: superseded ? { by: { superseded } } : { by: { person: 'ada' } },
});
const page = (...nodes: object[]) => ({
  auditEvents: { nodes, pageInfo: { hasNextPage: false }, totalCount: 9 },
});
const args = { filter: {}, first: 2 };
const context = createStore();

/** The type and the outcome of each row. */
async function lines(read: ReturnType<typeof auditCsv.reader>) {
  const { data } = await read(args, context);
  const columns = auditCsv.columns(i18next.t);
  const headings = columns.map(({ heading }) => heading);
  return (data?.nodes ?? []).map((row) => {
    const cells = csvLines(columns, [row]).trim().split(',');
    return ['Event type', 'Outcome'].map((heading) => cells[headings.indexOf(heading)]);
  });
}

it('an operation that a newer one ended is called superseded, one that a person ended cancelled', async () => {
  const [taken, stopped] = [operation('taken'), operation('stopped')];
  const requests = answer(
    page(
      event(9, 'OperationCancelled', taken),
      event(8, 'OperationCancelled', stopped),
      event(5, 'OperationRequested', taken),
    ),
    page(end('taken', 'newer'), end('stopped')),
  );
  expect(await lines(auditCsv.reader())).toEqual([
    ['Operation superseded', 'Superseded'],
    ['Operation cancelled', 'Cancelled'],
    ['Operation requested', 'Superseded'],
  ]);
  expect(requests[0]?.query).not.toContain('payload');
  expect(requests[1]?.variables).toMatchObject({
    filter: { types: ['OperationCancelled'], since: at(5), until: null },
  });
});

it('the ends of a later page are read up to those that are known', async () => {
  const read = auditCsv.reader();
  const requests = answer(
    page(event(9, 'OperationRequested', operation('a'))),
    page(end('a')),
    page(event(3, 'OperationRequested', operation('b', 'SUCCEEDED'))),
    page(event(2, 'OperationRequested', operation('c'))),
    page(end('c', 'newer')),
  );
  await lines(read);
  expect(await lines(read)).toEqual([['Operation requested', 'Succeeded']]);
  expect(await lines(read)).toEqual([['Operation requested', 'Superseded']]);
  expect(requests.at(-1)?.variables).toMatchObject({ filter: { since: at(2), until: at(9) } });
});

it('without the ends nothing is saved', async () => {
  answer(page(event(9, 'OperationRequested', operation('a'))));
  expect(await auditCsv.reader()(args, context)).toMatchObject({ error: { code: 'UNAVAILABLE' } });
});
