// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { useRef } from 'react';
import { expect, it, vi } from 'vitest';
import { EditButton } from '@/features/edit/edit-button';
import { RestartWorkloadDocument } from '@/graphql/generated/graphql';
import { Actions } from '@/resource/actions';
import { eitherKeys } from '@/resource/keys';
import { Neighbours } from '@/resource/neighbours';
import { keepTrail } from '@/resource/trail';
import { useRowKeys } from '@/resource/use-row-keys';
import { useTabKeys } from '@/resource/use-tab-keys';
import { show } from '@/test/render';
import type { KeyBinding } from '@/ui/hooks/use-keys';
import { Find } from './find/find';
import { keyTable, nativeKeys } from './key-table';
import { Keys } from './keys';

const { handled } = vi.hoisted(() => ({ handled: new Set<string>() }));
vi.mock('next/navigation', () => ({
  usePathname: () => '/workloads/b',
  useRouter: () => ({}),
  useSearchParams: () => new URLSearchParams(),
}));
vi.mock('@/ui/hooks/use-keys', async (original) => ({
  ...(await original<object>()),
  useKeys: (bindings: readonly KeyBinding[]) => {
    for (const { keys } of bindings) handled.add(keys.join(' '));
  },
}));

function Rows() {
  const ref = useRef(null);
  useRowKeys({ ids: ['a'], container: ref, table: ref, toggle: () => {}, clear: () => {} });
  return null;
}

function Tabs() {
  useTabKeys(['logs', 'events']);
  return null;
}

const row = { id: 'a', version: '1' };
const restart = {
  name: 'restart',
  keys: eitherKeys.restart.keys,
  document: RestartWorkloadDocument,
  words: () => ({ label: 'Restart', name: 'a', place: '', title: '', effect: '' }),
};

it('the sheet has every key that something handles, and no other one', () => {
  keepTrail('workload', { address: '/workloads', ids: ['a', 'b', 'c'], total: 3 });
  show(
    <>
      <Keys />
      <Find />
      <Rows />
      <Tabs />
      <Actions
        row={row}
        position="1"
        offers={[{ action: restart, refusal: null, caution: null }]}
        accepted={() => {}}
        reload={async () => null}
      />
      <Neighbours list="workload" path="workloads" id="b" toList={null} />
      <EditButton
        id="a"
        name="a"
        actions={[{ action: 'EDIT', supported: true, allowed: true, reason: null }]}
      />
    </>,
  );
  const native: readonly object[] = Object.values(nativeKeys);
  const shown = keyTable.flatMap((group) => group.keys.filter((key) => !native.includes(key)));
  expect(shown.map(({ keys }) => keys.join(' ')).sort()).toEqual([...handled].sort());
});

it('whatever handles keys of a page is rendered above', () => {
  const source = resolve(import.meta.dirname, '..');
  const users = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .filter((file) =>
      /\buseKeys\(|(document|window)\.addEventListener\('key/.test(readFileSync(join(source, file), 'utf8')),
    );
  expect(users.sort()).toEqual([
    'features/edit/edit-button.tsx',
    'resource/actions.tsx',
    'resource/neighbours.tsx',
    'resource/use-row-keys.ts',
    'resource/use-tab-keys.ts',
    'shell/find/find.tsx',
    'shell/keys.tsx',
    'ui/hooks/use-keys.ts',
  ]);
});
