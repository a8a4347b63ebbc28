// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { ended, signedIn, signedOut } from '@/session/session-slice';
import { answer, show } from '@/test/render';
import { SignIn } from './sign-in';

const refused = (code: string) => ({
  login: { __typename: 'LoginRefused', code, message: 'for developers' },
});

async function submit() {
  await userEvent.type(screen.getByLabelText('User name'), 'ada');
  await userEvent.type(screen.getByLabelText('Password'), 'secret');
  await userEvent.click(screen.getByTestId('sign-in'));
}

it('says a refusal in words', async () => {
  answer(refused('BAD_CREDENTIALS'));
  document.title = 'ledger - Binnacle';
  show(<SignIn />);
  // The object that the last person looked at is not named any more.
  expect(document.title).not.toContain('ledger');
  await submit();
  expect(await screen.findByText('User name or password is wrong.')).toBeInTheDocument();
});

it('asks for the code when the account needs one', async () => {
  answer(refused('CODE_REQUIRED'));
  show(<SignIn />);
  await submit();
  expect(await screen.findByLabelText('Six-digit code')).toBeInTheDocument();
});

it('keeps the access token in memory only', async () => {
  const session = {
    __typename: 'Session',
    accessToken: 'token',
    expiresAt: '2030-01-01T00:00:00Z',
    viewer: { id: 'u', username: 'ada', displayName: 'Ada' },
  };
  answer({ login: session });
  const { store } = show(<SignIn />);
  await submit();
  expect(store.getState().session.session?.accessToken).toBe('token');
  expect(JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie })).not.toContain(
    'token',
  );
});

it('whose session ended by itself reads so, and whoever signed out does not', () => {
  const { store } = show(<SignIn />);
  const viewer = { id: 'u', username: 'ada', displayName: 'Ada' };
  const begin = () =>
    store.dispatch(signedIn({ accessToken: 'a', expiresAt: '2030-01-01T00:00:00Z', viewer }));
  act(() => void begin());
  act(() => void store.dispatch(ended()));
  // What was asked meanwhile ends it once more.
  act(() => void store.dispatch(ended()));
  expect(screen.getByTestId('session-ended')).toHaveTextContent('Your session has ended. Sign in again.');
  act(() => void begin());
  act(() => void store.dispatch(signedOut()));
  expect(screen.queryByTestId('session-ended')).toBeNull();
  // Whoever opens the page for the first time had none.
  act(() => void store.dispatch(ended()));
  expect(screen.queryByTestId('session-ended')).toBeNull();
});
