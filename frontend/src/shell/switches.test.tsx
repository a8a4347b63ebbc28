// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { signedIn } from '@/session/session-slice';
import { answer, show } from '@/test/render';
import { Toasts } from '@/ui/feedback/toast';
import { SignOut } from './switches';

const open = () => {
  const page = show(
    <>
      <SignOut />
      <Toasts />
    </>,
  );
  const viewer = { id: 'u', username: 'ada', displayName: 'Ada' };
  page.store.dispatch(signedIn({ accessToken: 'a', expiresAt: '2030-01-01T00:00:00Z', viewer }));
  return page;
};

it('the session is over once the server has ended it', async () => {
  answer({ logout: true });
  const { store } = open();
  await userEvent.click(screen.getByTestId('sign-out'));
  await vi.waitFor(() => expect(store.getState().session).toMatchObject({ session: null, hasLeft: true }));
});

it('without an answer nobody is told that they are signed out: the cookie is still there', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const { store } = open();
  await userEvent.click(screen.getByTestId('sign-out'));
  expect(await screen.findByTestId('toast')).toHaveTextContent('You are still signed in');
  expect(store.getState().session.status).toBe('signed-in');
});
