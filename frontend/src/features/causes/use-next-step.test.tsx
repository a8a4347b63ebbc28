// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { stream } from '@/graphql/stream';
import { cause } from '@/test/samples';
import { useNextStep } from './use-next-step';

vi.mock('@/graphql/stream', () => ({ stream: vi.fn(() => () => {}) }));
beforeEach(() => void vi.mocked(stream).mockClear());

const pod = 'Pod~c~shop~web-1';
const step = (code: string) =>
  renderHook(() => useNextStep({ id: pod, name: 'web-1' }, cause('why', [], code)));
const sample = (...podIds: string[]) =>
  act(() =>
    vi.mocked(stream).mock.calls[0]?.[0].next({
      podMetricsSampled: { pods: podIds.map((podId) => ({ podId })) },
    }),
  );

it('out of memory leads to the limits, and to metrics once there are some of this pod', () => {
  const { result } = step('OOM_KILLED');
  expect(result.current.step).toBe('limits');
  sample('Pod~c~shop~web-12');
  expect(result.current.step).toBe('limits');
  sample(pod);
  expect(result.current).toEqual({
    step: 'memory',
    name: 'web-1',
    href: '/pods/Pod~c~shop~web-1?tab=metrics',
  });
});

it('other causes ask for no metrics', () => {
  step('EXITED');
  expect(stream).not.toHaveBeenCalled();
});
