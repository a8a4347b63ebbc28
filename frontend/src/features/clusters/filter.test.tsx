// @vitest-environment jsdom
import { renderHook, screen, waitFor } from '@testing-library/react';
import { useTranslation } from 'react-i18next';
import { expect, it, vi } from 'vitest';
import { allPods } from '@/features/pods/all';
import { workloadList } from '@/features/workloads/list';
import { type FilterSpec, readFilter } from '@/resource/list-parameters';
import { chipsOf, chipWords } from '@/resource/query/query';
import { answer, show } from '@/test/render';
import { knownClusters } from './api';
import { Unreachable } from './unreachable';

vi.mock('next/navigation', () => ({}));

it.each([
  ['workloads', workloadList.filters],
  ['pods', allPods.filters],
])('%s are filtered by the id of a cluster, which is written by its name', async (_, filters) => {
  answer({
    clusters: { nodes: [{ id: 'c1', name: 'prod-eu', state: 'UNREACHABLE', reason: null, unreadable: [] }] },
  });
  show(<Unreachable />);
  await screen.findByTestId('unreachable');
  await waitFor(() => expect(knownClusters().get('c1')).toBe('prod-eu'));
  const specs = filters as readonly FilterSpec<never>[];
  const address = { get: (key: string) => (key === 'cluster' ? 'c1' : ''), list: () => [] };
  expect(readFilter(address, specs)).toEqual({ cluster: 'c1' });
  const { t } = renderHook(() => useTranslation()).result.current;
  expect(chipsOf(address, specs).map((chip) => chipWords(t, chip))).toEqual(['prod-eu']);
});
