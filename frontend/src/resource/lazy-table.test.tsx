// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import './lazy-table';
import { useTableLoaded } from './table-script';

const { table } = vi.hoisted(() => {
  let load = () => {};
  const wait = new Promise<void>((resolve) => {
    load = resolve;
  });
  return { table: { wait, load } };
});
vi.mock('./resource-table', async () => {
  await table.wait;
  return { ResourceTable: () => null };
});

it('a table is drawn once its script is there', async () => {
  const { result } = renderHook(() => useTableLoaded());
  expect(result.current).toBe(false);
  await act(async () => table.load());
  await vi.waitFor(() => expect(result.current).toBe(true));
});
