// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { refused, troubled } from '@/ui/preferences/preferences-slice';
import { PreferencesTrouble } from './preferences-trouble';

it('a change that is not on the server is said, with the way to send it now', async () => {
  const { store } = show(<PreferencesTrouble />);
  expect(screen.queryByTestId('preferences-trouble')).toBeNull();
  act(() => void store.dispatch(troubled({ kind: 'unsent' })));
  expect(screen.getByRole('status')).toHaveTextContent('is not on the server yet');
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(store.getState().preferences.trouble).toBeNull();
  expect(screen.queryByTestId('preferences-trouble')).toBeNull();
});

it('a refusal has the reason of the server, and is closed by whoever read it', async () => {
  const { store } = show(<PreferencesTrouble />);
  act(() => void store.dispatch(refused({ key: 'views.pod', message: 'a value has at most 16 KiB' })));
  expect(screen.getByRole('alert')).toHaveTextContent('a value has at most 16 KiB');
  await userEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(store.getState().preferences.trouble).toBeNull();
});
