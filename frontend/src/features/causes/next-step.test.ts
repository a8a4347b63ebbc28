import { expect, it } from 'vitest';
import { cause } from '@/test/samples';
import { nextStep } from './next-step';

const id = 'Deployment~c~shop~web';
const web = { id, name: 'web' };
const lone = { id: 'Pod~c~shop~lone', name: 'lone' };
const ended = [
  { kind: 'CONDITION' as const, text: 'Available is False', objectId: id },
  { kind: 'CONTAINER' as const, text: 'exit 1', objectId: 'Pod~c~shop~web-1', container: 'app' },
];

it.each([
  ['EXITED', 'log', '/pods/Pod~c~shop~web-1?tab=logs&container=app&run=ended'],
  ['PROBE_FAILS', 'log', '/pods/Pod~c~shop~web-1?tab=logs&container=app'],
  ['OOM_KILLED', 'memory', '/workloads/Deployment~c~shop~web?tab=metrics'],
  ['IMAGE_NOT_FOUND', 'changes', '/workloads/Deployment~c~shop~web?tab=history'],
  ['SECRET_NOT_FOUND', 'setup', '/workloads/Deployment~c~shop~web?tab=yaml'],
  ['STORAGE_CLASS_NOT_FOUND', 'setup', '/workloads/Deployment~c~shop~web?tab=yaml'],
  ['SANDBOX_NOT_CREATED', 'events', '/workloads/Deployment~c~shop~web?tab=events'],
  ['A_CODE_OF_A_NEWER_SERVER', 'events', '/workloads/Deployment~c~shop~web?tab=events'],
])('the next step for %s: %s', (code, step, href) => {
  expect(nextStep(web, cause('why', ended, code), true)).toEqual({ step, name: 'web', href });
});

it.each([
  ['with a pod', id],
  ['of a pod alone', 'Pod~c~shop~web-1'],
])('a long initialization leads to the log of its init container: %s', (_, object) => {
  const condition = {
    kind: 'CONDITION' as const,
    text: 'Initialized is False',
    objectId: 'Pod~c~shop~web-1',
  };
  const long = cause('why', [condition], 'INIT_RUNS_LONG');
  long.message.arguments = { pod: 'web-1', container: 'migrate', role: 'init' };
  expect(nextStep({ id: object, name: 'web' }, long, true)).toEqual({
    step: 'initLog',
    name: 'web',
    href: '/pods/Pod~c~shop~web-1?tab=logs&container=migrate',
  });
});

it('without a pod that is named there is no log to read', () => {
  expect(nextStep(web, cause('why', [], 'EXITED'), false).step).toBe('events');
  expect(nextStep(web, null, false).step).toBe('events');
});

it.each([
  ['EXITED', 'log', '/pods/Pod~c~shop~web-1?tab=logs&container=app&run=ended'],
  ['OOM_KILLED', 'memory', '/pods/Pod~c~shop~lone?tab=metrics'],
  ['IMAGE_NOT_FOUND', 'events', '/pods/Pod~c~shop~lone?tab=events'],
  ['SECRET_NOT_FOUND', 'events', '/pods/Pod~c~shop~lone?tab=events'],
])('a pod without a workload has a page of its own: %s', (code, step, href) => {
  expect(nextStep(lone, cause('why', ended, code), true)).toEqual({ step, name: 'lone', href });
});

it('what an object without pods needs is shown by its own page', () => {
  const claim = { id: 'PersistentVolumeClaim~c~shop~data', name: 'data' };
  expect(nextStep(claim, cause('why', [], 'STORAGE_CLASS_NOT_FOUND'), false)).toEqual({
    step: 'setup',
    name: 'data',
    href: '/objects/PersistentVolumeClaim~c~shop~data?tab=yaml',
  });
});

it('without metrics of it, memory leads to the limits and the last ends of its containers', () => {
  expect(nextStep(web, cause('why', ended, 'OOM_KILLED'), false)).toEqual({
    step: 'limits',
    name: 'web',
    href: '/workloads/Deployment~c~shop~web?container=app',
  });
});

it.each([
  ['IMAGE_NOT_FOUND', { step: 'changes', name: 'web', href: '/workloads/Deployment~c~shop~web?tab=history' }],
  ['SECRET_NOT_FOUND', { step: 'setup', name: 'web', href: '/workloads/Deployment~c~shop~web?tab=yaml' }],
  ['OOM_KILLED', { step: 'memory', name: 'lone', href: '/pods/Pod~c~shop~lone?tab=metrics' }],
])('what somebody wrote is shown by the workload of a pod, the rest by the pod: %s', (code, step) => {
  expect(nextStep(lone, cause('why', ended, code), true, web)).toEqual(step);
});
