// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { container } from '@/test/samples';
import { ContainerLine } from './container-line';

const ended = { reason: 'Error', exitCode: 0, signal: null, startedAt: null, finishedAt: null };
it.each([
  [{}, 'web: Running'],
  [{ name: 'proxy', role: 'sidecar' }, 'proxy (sidecar): Running'],
  [
    {
      role: 'init',
      reason: 'CrashLoopBackOff',
      termination: { ...ended, reason: 'OOMKilled', exitCode: 137, signal: 9 },
    },
    'web (init container): CrashLoopBackOfflast ended with exit code 137, OOMKilled, signal 9',
  ],
  [
    { state: 'terminated', reason: 'Error', termination: { ...ended, exitCode: 1 } },
    'web: Errorended with exit code 1',
  ],
])('a container says what it is and how it ended: %o', (changes, text) => {
  show(<ContainerLine container={container({ name: 'web', ...changes })} />);
  expect(screen.getByTestId('pod-container')).toHaveTextContent(text);
});
