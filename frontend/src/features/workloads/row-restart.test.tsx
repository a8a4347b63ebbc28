// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import { available, workloadDetail } from '@/test/samples';
import { Toasts } from '@/ui/feedback/toast';
import { RowRestart } from './row-restart';

const close = vi.fn();
beforeEach(() => void close.mockClear());

function open(workload: object | null) {
  answerByName({ Position: { server: { projectedPosition: '9' } }, Workload: { workload } });
  show(
    <>
      <RowRestart id="Deployment~c~shop~web" close={close} />
      <Toasts />
    </>,
  );
}

const restartable = (supported: boolean, allowed: boolean) => {
  const reason = allowed ? null : { text: 'it is paused' };
  return workloadDetail({
    name: 'web',
    version: '7',
    availableActions: [available('RESTART', { supported, allowed, reason })],
  });
};

it('a row is restarted after a confirmation, at the version that the server offered it for', async () => {
  open(restartable(true, true));
  expect(await screen.findByTestId('command-restart')).toBeInTheDocument();
  await userEvent.click(screen.getByTestId('command-submit'));
  const sent = vi.mocked(fetch).mock.calls.map(([, init]) => JSON.parse(String(init?.body)));
  expect(sent.at(-1).variables.input).toMatchObject({ id: 'web', expectedVersion: '7' });
});

it.each([
  ['refused for now', restartable(true, false), 'web was not restarted: it is paused'],
  [
    'never offered',
    restartable(false, false),
    'web was not restarted: a workload of this kind cannot be restarted',
  ],
  ['gone', null, 'web was not restarted: This workload was deleted.'],
])('what is not offered is said, and nothing is asked: %s', async (_, workload, words) => {
  open(workload);
  expect(await screen.findByText(words)).toBeInTheDocument();
  expect(screen.queryByTestId('command-restart')).toBeNull();
  expect(close).toHaveBeenCalled();
});
