// @vitest-environment jsdom
import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import '@/test/render';
import { useColumns } from './columns';

// 1280 pixels less the rail, the padding and border around the table, and the scroll bars of page and table.
const PANEL = 1280 - 200 - 2 * 20 - 2 * 1 - 2 * 15;

it('all columns fit into a window of 1280 pixels', () => {
  const { result } = renderHook(() => useColumns({ field: 'NAME', direction: 'ASC' }, false));
  const total = result.current.reduce((sum, { width }) => sum + Number(width), 0);
  expect(total).toBeLessThanOrEqual(PANEL);
});
