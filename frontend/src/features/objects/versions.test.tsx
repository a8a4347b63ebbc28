// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import './restore-dialog'; // Loaded before a test waits for it.
import { Versions } from './versions';

const { search } = vi.hoisted(() => ({ search: { now: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/objects/a',
  useSearchParams: () => new URLSearchParams(search.now),
}));

type Offered = NonNullable<Parameters<typeof Versions>[0]['of']['availableActions']>;

const revision = (position: string, manager: string) => ({
  position,
  recordedAt: `2026-01-0${position}T00:00:00Z`,
  recordedAnew: false,
  managers: [manager],
  operation: null,
  changes: [],
});
const revisions = [revision('3', 'kubectl'), revision('2', 'argocd'), revision('1', 'helm')];
const manifests: Record<string, object | null> = {
  1: { data: { mode: 'slow', size: '1' } },
  2: { data: { mode: 'fast', size: '1' } },
  3: { data: { mode: 'fast', size: '2' } },
};

function open(nodes: object[], of = manifests, availableActions: Offered = []) {
  vi.stubGlobal(
    'fetch',
    vi.fn(async (_url: string, { body }: { body: string }) => {
      const { query, variables } = JSON.parse(body);
      const manifest = of[variables.position];
      const data = query.includes('query Revisions(')
        ? { object: { revisions: { nodes, pageInfo: { hasNextPage: false }, totalCount: nodes.length } } }
        : { auditEvent: manifest ? { payload: { manifest } } : null };
      return new Response(JSON.stringify({ data }));
    }),
  );
  show(<Versions of={{ id: 'a', availableActions }} />);
}

beforeEach(() => {
  search.now = '';
});

it('the newest version is compared with the one before', async () => {
  open(revisions);
  const diff = await screen.findByTestId('line-diff');
  expect(diff.querySelector('del')).toHaveTextContent('size: "1"');
  expect(diff.querySelector('ins')).toHaveTextContent('size: "2"');
  expect(diff).toHaveTextContent('mode: fast');
  expect(screen.getByLabelText('Older version')).toBeInTheDocument();
});

it('any two can be compared by the address', async () => {
  search.now = 'from=1&to=2';
  open(revisions);
  const diff = await screen.findByTestId('line-diff');
  expect(diff.querySelector('del')).toHaveTextContent('mode: slow');
  expect(diff.querySelector('ins')).toHaveTextContent('mode: fast');
});

it('each choice offers the versions that make a pair with the other one', async () => {
  search.now = 'from=1&to=2';
  open(revisions);
  const disabled = async (label: string) => {
    await userEvent.click(await screen.findByLabelText(label));
    const shown = [...document.querySelectorAll('.ant-select-dropdown:not(.ant-select-dropdown-hidden)')].at(
      -1,
    );
    const options = [...(shown?.querySelectorAll('.ant-select-item-option') ?? [])];
    return options.map((option) => option.classList.contains('ant-select-item-option-disabled'));
  };
  expect(await disabled('Older version')).toEqual([true, true, false]);
  await userEvent.keyboard('{Escape}');
  expect(await disabled('Newer version')).toEqual([false, false, true]);
});

it.each([
  ['the same', 'from=2&to=2', revisions, 'Both versions have the same manifest.'],
  ['alone', '', revisions.slice(0, 1), 'Only one version is recorded, so there is nothing to compare.'],
  ['none', '', [], 'Nothing was recorded about it yet.'],
])('a version that is %s has no differences', async (_, at, nodes, words) => {
  search.now = at;
  open(nodes);
  expect(await screen.findByText(words)).toBeInTheDocument();
});

it('a version that the log does not show says so', async () => {
  open(revisions, { ...manifests, 2: null });
  expect(await screen.findByText('This version cannot be read.')).toBeInTheDocument();
});

const edit = (allowed: boolean): Offered => [
  { action: 'RESTORE', supported: true, allowed, reason: allowed ? null : { text: 'It is being deleted' } },
];

it('the older version can be restored, after its effect was shown', async () => {
  const id = 'ConfigMap~c~shop~settings';
  const sent: { name: string; variables: Record<string, unknown> }[] = [];
  const answers: Record<string, object> = {
    Revisions: {
      object: { revisions: { nodes: revisions, pageInfo: { hasNextPage: false }, totalCount: 3 } },
    },
    ObjectVersion: {
      object: { version: '9', cluster: { id: 'c', name: 'local', environment: 'DEVELOPMENT' } },
    },
    PreviewManifests: { manifestPreview: { objects: [would] } },
    RestoreObject: {
      restoreObject: {
        __typename: 'OperationAccepted',
        position: '10',
        removed: [],
        operation: { id: 'o', target: { name: 'settings' } },
      },
    },
  };
  vi.stubGlobal(
    'fetch',
    vi.fn(async (_url: string, { body }: { body: string }) => {
      const { query, variables } = JSON.parse(body);
      const name = /\b(?:query|mutation) (\w+)/.exec(query)?.[1] ?? '';
      sent.push({ name, variables });
      const data = answers[name] ?? { auditEvent: { payload: { manifest: manifests[variables.position] } } };
      return new Response(JSON.stringify({ data }));
    }),
  );
  show(<Versions of={{ id, availableActions: edit(true) }} />);
  await userEvent.click(await screen.findByTestId('restore'));
  const dialog = await screen.findByTestId('command-restore');
  expect(await within(dialog).findByTestId('preview')).toHaveTextContent(/updated.*1 important field/);
  const input = (name: string) => sent.find((one) => one.name === name)?.variables.input;
  expect(input('PreviewManifests')).toMatchObject({ cluster: 'c', basedOn: [{ id, version: '9' }] });
  await userEvent.click(screen.getByTestId('command-submit'));
  await vi.waitFor(() => expect(screen.queryByTestId('command-restore')).toBeNull());
  expect(input('RestoreObject')).toMatchObject({ id, position: '2', expectedVersion: '9' });
});

const would = {
  id: 'ConfigMap~c~shop~settings',
  change: 'UPDATE',
  live: 'a: 1',
  result: 'a: 2',
  diff: [{ path: '/data/size', before: '2', after: '1', important: true }],
  conflicts: [],
  warnings: [],
  managedBy: null,
  error: null,
  line: null,
};

it('where nothing can be restored, there is no button, or the reason', async () => {
  open(revisions, manifests, edit(false));
  expect(await screen.findByText('It cannot be restored now: It is being deleted')).toBeInTheDocument();
  expect(screen.queryByTestId('restore')).toBeNull();
});
