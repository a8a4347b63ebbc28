// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentProps } from 'react';
import { expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { Confirmation } from './confirmation';

const words = {
  place: 'prod-eu-1, payments',
  title: 'Delete ledger-db?',
  effect: '3 pods end now.',
  wayBack: 'It cannot be undone.',
  act: 'Delete ledger-db',
  keep: 'Keep it',
};

const inProduction = { ...words, environment: 'PRODUCTION' as const };

function open(changes: Partial<ComponentProps<typeof Confirmation>> = {}) {
  const [confirm, leave] = [vi.fn(), vi.fn()];
  show(
    <Confirmation
      name="delete"
      words={words}
      isLoading={false}
      confirm={confirm}
      leave={leave}
      {...changes}
    />,
  );
  return { confirm, leave, act: screen.getByRole('button', { name: 'Delete ledger-db' }) };
}

it('says the place, the effect, who will undo it, and the way back', () => {
  open({ words: inProduction, caution: 'Operator cloudnative-pg will create it again.' });
  expect(screen.getByTestId('place')).toHaveTextContent(/^Production, prod-eu-1, payments$/);
  const dialog = screen.getByTestId('command-delete');
  expect(dialog).toHaveTextContent(
    'Operator cloudnative-pg will create it again.3 pods end now.It cannot be undone.',
  );
});

it('the button that acts has the colour of the environment, if there is one', () => {
  expect(open({ words: inProduction }).act).toHaveClass('environment-PRODUCTION');
});

it.each(['STAGING', 'DEVELOPMENT', undefined] as const)(
  'nothing has to be typed in %s',
  async (environment) => {
    const { confirm, act } = open({ words: { ...words, environment }, deletes: 'ledger-db' });
    expect(screen.queryByTestId('command-typed-name')).toBeNull();
    await userEvent.click(act);
    expect(confirm).toHaveBeenCalledWith(null);
  },
);

it('no environment is made up', () => {
  open();
  expect(screen.getByTestId('place')).toHaveTextContent(/^prod-eu-1, payments$/);
  expect(screen.getByTestId('place')).not.toHaveAttribute('data-environment');
});

it('in production the name of what is deleted has to be typed, by Enter as well', async () => {
  const { confirm, act } = open({ words: inProduction, deletes: 'ledger-db' });
  await userEvent.type(screen.getByLabelText('Type ledger-db to confirm'), 'ledger{Enter}');
  expect(act).toBeDisabled();
  expect(confirm).not.toHaveBeenCalled();
  await userEvent.type(screen.getByLabelText('Type ledger-db to confirm'), '-db{Enter}');
  expect(confirm).toHaveBeenCalledWith(null);
});

it('what takes much with it wants its name in every environment', async () => {
  const { confirm, act } = open({
    words: { ...words, environment: 'DEVELOPMENT' },
    deletes: 'ledger-db',
    isNameTyped: true,
  });
  expect(act).toBeDisabled();
  await userEvent.type(screen.getByTestId('command-typed-name'), 'ledger-db{Enter}');
  expect(confirm).toHaveBeenCalledWith(null);
});

it('the reason goes with it, and the other button keeps everything', async () => {
  const { confirm, leave, act } = open();
  await userEvent.type(screen.getByTestId('command-reason'), ' moved ');
  await userEvent.click(act);
  expect(confirm).toHaveBeenCalledWith('moved');
  await userEvent.click(screen.getByRole('button', { name: 'Keep it' }));
  expect(leave).toHaveBeenCalled();
});
