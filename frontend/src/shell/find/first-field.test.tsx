// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import { Find } from './find';

const { push, loaded } = vi.hoisted(() => {
  let load = () => {};
  const wait = new Promise<void>((resolve) => {
    load = resolve;
  });
  return { push: vi.fn(), loaded: { wait, load } };
});
vi.mock('next/navigation', () => ({ usePathname: () => '/', useRouter: () => ({ push }) }));
vi.mock('./palette', async (original) => {
  await loaded.wait;
  return original();
});

it('keeps what is written before the palette is loaded, Enter too', async () => {
  const page = { pageInfo: { hasNextPage: false } };
  const orders = {
    id: 'w~orders',
    cluster: { name: 'local' },
    namespace: 'shop',
    kind: 'DEPLOYMENT',
    name: 'orders',
    state: 'RUNNING',
  };
  answerByName({ Find: { workloads: { nodes: [orders], ...page }, pods: { nodes: [], ...page } } });
  show(<Find />);
  await userEvent.keyboard('{Control>}k{/Control}orders{Enter}');
  expect(screen.getByRole('textbox', { name: 'Search or jump to' })).toHaveValue('orders');
  expect(screen.queryByRole('dialog')).toBeNull();
  await act(async () => loaded.load());
  await vi.waitFor(() => expect(push.mock.calls).toEqual([['/workloads/w~orders']]), 10_000);
  expect(screen.queryByRole('textbox')).toBeNull();
});

it('Escape leaves it, and the focus goes back', async () => {
  show(<Find />);
  screen.getByTestId('find').focus();
  await userEvent.keyboard('{Control>}k{/Control}{Escape}');
  await vi.waitFor(() => expect(screen.getByTestId('find')).toHaveFocus());
});
