// @vitest-environment jsdom
import { act, renderHook, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { SelectionLine } from './selection-line';
import { useSelection } from './use-selection';

const csv = { columns: () => [{ heading: 'Name', value: (row: string) => row }] };

it('what is selected is counted, saved and given up', async () => {
  const saved: Blob[] = [];
  URL.createObjectURL = (blob) => `blob:${saved.push(blob as Blob)}`;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
  const clear = vi.fn();
  show(<SelectionLine name="thing" rows={['a', 'b']} csv={csv} clear={clear} />);
  expect(screen.getByRole('status')).toHaveTextContent('2 selected');
  await userEvent.click(screen.getByRole('button', { name: 'Selected as CSV' }));
  // The mark of UTF-8, then three lines.
  expect(saved.map(({ size }) => size)).toEqual([3 + 'Name\r\na\r\nb\r\n'.length]);
  await userEvent.click(screen.getByRole('button', { name: /Clear/ }));
  expect(clear).toHaveBeenCalled();
});

it('what is read out is there before anything is selected', () => {
  const line = (rows: string[]) => <SelectionLine name="thing" rows={rows} csv={csv} clear={() => {}} />;
  const { rerender } = show(line([]));
  const status = screen.getByRole('status');
  expect(status).toBeEmptyDOMElement();
  expect(screen.queryByTestId('thing-selection')).toBeNull();
  rerender(line(['a']));
  expect(status).toHaveTextContent('1 selected');
});

it('a selection belongs to one list', () => {
  const { result, rerender } = renderHook(({ of }) => useSelection(of), { initialProps: { of: 'one' } });
  act(() => result.current.select(['a']));
  expect(result.current.selected).toEqual(['a']);
  rerender({ of: 'two' });
  expect(result.current.selected).toEqual([]);
});
