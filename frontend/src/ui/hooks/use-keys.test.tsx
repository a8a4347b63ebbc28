// @vitest-environment jsdom
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { keyLabels, useKeys } from './use-keys';

const ran = vi.fn();
beforeEach(() => void ran.mockReset());

function Page({ isFirst, name }: { isFirst?: boolean; name: string }) {
  const run = (pressed: string) => ran(name, pressed);
  useKeys(
    [
      { keys: ['l'], run },
      { keys: ['g', '1-9'], run },
    ],
    true,
    isFirst,
  );
  return null;
}

it('a key does nothing while a dialog is open, wherever the focus is', async () => {
  const page = (isOpen: boolean) => (
    <>
      <Page name="page" />
      <div style={{ display: isOpen ? undefined : 'none' }}>
        <div role="dialog">dialog</div>
      </div>
    </>
  );
  const { rerender } = show(page(true));
  await userEvent.keyboard('l');
  expect(ran).not.toHaveBeenCalled();
  // One that was closed may stay in the document.
  rerender(page(false));
  await userEvent.keyboard('l');
  expect(ran).toHaveBeenCalledTimes(1);
});

it.each([
  ['a field', <input key="a" aria-label="field" />],
  ['a text', <textarea key="b" aria-label="field" />],
])('a key is a letter in %s', async (_, field) => {
  const { getByLabelText } = show(
    <>
      <Page name="page" />
      {field}
    </>,
  );
  getByLabelText('field').focus();
  await userEvent.keyboard('l');
  expect(ran).not.toHaveBeenCalled();
});

it('what has nothing to do leaves the key to the next one', async () => {
  show(
    <>
      <Page name="page" />
      <Page name="row" isFirst />
    </>,
  );
  await userEvent.keyboard('l');
  expect(ran.mock.calls).toEqual([['row', 'l']]);
  ran.mockImplementation((name) => name !== 'row');
  await userEvent.keyboard('l');
  expect(ran.mock.calls.slice(1)).toEqual([
    ['row', 'l'],
    ['page', 'l'],
  ]);
});

it('one binding takes any of the digits, and is told which', async () => {
  show(<Page name="page" />);
  await userEvent.keyboard('g3g0');
  expect(ran.mock.calls).toEqual([['page', '3']]);
});

it('keys are called what is printed on them', () => {
  expect(keyLabels(['Escape', 'l'])).toEqual(['Esc', 'l']);
});
