// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { show } from '@/test/render';
import { container, podDetail } from '@/test/samples';
import { followLog } from './follow-log';
import { LogBuffer } from './log-buffer';
import { ContainerLogs } from './logs';

vi.mock('next/navigation', () => ({
  usePathname: () => '/pods/p',
  useSearchParams: () => new URLSearchParams(window.location.search),
}));
vi.mock('./follow-log', () => ({ followLog: vi.fn() }));

const end = { reason: 'Error', exitCode: 1, signal: null, startedAt: null, finishedAt: null };

it.each([
  ['is still ended', 'terminated', end, false],
  ['waits to be started again', 'waiting', end, true],
  ['runs again', 'running', end, true],
  ['never ended', 'running', null, false],
])('the log of the run that ended, of a container that %s', (_, state, termination, previous) => {
  vi.mocked(followLog)
    .mockClear()
    .mockReturnValue({ buffer: new LogBuffer(), stop: () => {} });
  history.replaceState(null, '', '/pods/p?tab=logs&container=app&run=ended');
  const containers = [container({ name: 'app', restarts: 3, state, termination })];
  show(<ContainerLogs pod={podDetail({ name: 'web-1', containers })} />);
  expect(followLog).toHaveBeenCalledWith(expect.objectContaining({ container: 'app', previous }));
  const address = `/pods/p?tab=logs&container=app${previous ? '&previous=true' : ''}`;
  expect(location.pathname + location.search).toBe(address);
});

it('without a choice it is the log of what the pod is for', () => {
  vi.mocked(followLog)
    .mockClear()
    .mockReturnValue({ buffer: new LogBuffer(), stop: () => {} });
  history.replaceState(null, '', '/pods/p?tab=logs');
  const containers = [
    container({ name: 'migrate', role: 'init' }),
    container({ name: 'envoy', role: 'sidecar' }),
    container({ name: 'app' }),
  ];
  show(<ContainerLogs pod={podDetail({ name: 'web-1', containers })} />);
  expect(followLog).toHaveBeenCalledWith(expect.objectContaining({ container: 'app' }));
});
