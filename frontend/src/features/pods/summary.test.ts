import { expect, it } from 'vitest';
import { container } from '@/test/samples';
import { summaries, tallied } from './summary';

const ended = (finishedAt: string) => ({
  reason: 'Error',
  exitCode: 1,
  signal: null,
  startedAt: null,
  finishedAt,
});
const pod = (name: string, ...containers: ReturnType<typeof container>[]) => ({ id: name, name, containers });

it('one line for a container in several pods has its worst state, all restarts and its latest end', () => {
  const [app] = summaries([
    pod('a', container({ name: 'app', restarts: 1, termination: ended('2026-01-01T00:00:09Z') })),
    pod('b', container({ name: 'app', ready: false, restarts: 2, state: 'waiting', reason: 'ErrImagePull' })),
    pod('c', container({ name: 'app', ready: false, termination: ended('2026-01-01T00:00:01Z') })),
  ]);
  expect(app).toMatchObject({ ready: 1, pods: 3, restarts: 3, worst: { reason: 'ErrImagePull' } });
  expect(app?.worstIn.name).toBe('b');
  expect(app?.ended?.pod.name).toBe('a');
});

it('what pods have different is counted by pod, the most first', () => {
  const [app] = summaries([
    pod('a', container({ name: 'app', image: 'web:2', cpuRequestMillicores: 200 })),
    pod('b', container({ name: 'app', image: 'web:1', cpuRequestMillicores: 200 })),
    pod('c', container({ name: 'app', image: 'web:1', cpuRequestMillicores: null })),
  ]);
  expect(app && tallied(app.images, String)).toEqual(['web:1 (2)', 'web:2 (1)']);
  expect(app && tallied(app.cpuRequest, String)).toEqual(['200 (2)', 'null (1)']);
  expect(app && tallied(app.memoryLimit, String)).toEqual(['null']);
});

it.each([
  ['has done its work', { state: 'terminated', role: 'init', termination: { ...ended(''), exitCode: 0 } }],
  ['starts', { state: 'waiting', reason: 'ContainerCreating' }],
])('a container that %s is not worse than one that cannot start', (_, changes) => {
  const [app] = summaries([
    pod('a', container({ name: 'app', ready: false, ...changes })),
    pod('b', container({ name: 'app', ready: false, state: 'waiting', reason: 'CrashLoopBackOff' })),
  ]);
  expect(app?.worstIn.name).toBe('b');
});
