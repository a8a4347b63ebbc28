// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { Versions } from './versions';

const { search } = vi.hoisted(() => ({ search: { now: '' } }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/objects/a',
  useSearchParams: () => new URLSearchParams(search.now),
}));

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

function open(nodes: object[], of = manifests) {
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
  show(<Versions of={{ id: 'a' }} />);
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
