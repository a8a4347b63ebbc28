import { expect, it } from 'vitest';
import { isOnlyBookkeeping } from './bookkeeping';

const annotation = (name: string, before: unknown = '1', after: unknown = '2') => ({
  path: `/metadata/annotations/${name}`,
  before,
  after,
  important: false,
});
const revision = annotation('deployment.kubernetes.io~1revision');
const all = (before: unknown, after: unknown) => ({
  path: '/metadata/annotations',
  before,
  after,
  important: false,
});
const replicas = { path: '/spec/replicas', before: 1, after: 2, important: true };

it.each([
  ['the count of revisions', [revision]],
  ['the count of a DaemonSet', [annotation('deprecated.daemonset.template.generation')]],
  ['the time of a run', [annotation('batch.kubernetes.io~1cronjob-scheduled-timestamp')]],
  ['the first annotations, if they are such', [all(null, { 'deployment.kubernetes.io/revision': '1' })]],
  ['several of them', [revision, annotation('deployment.kubernetes.io~1max-replicas')]],
])('%s is bookkeeping', (_, changes) => {
  expect(isOnlyBookkeeping(changes)).toBe(true);
});

it.each([
  ['a field beside it', [revision, replicas]],
  ['an annotation of somebody', [annotation('example.org~1owner')]],
  [
    'annotations of which one is of somebody',
    [all(null, { 'deployment.kubernetes.io/revision': '1', a: 'b' })],
  ],
  ['a label of that name', [{ ...revision, path: '/metadata/labels/deployment.kubernetes.io~1revision' }]],
  ['the first record of an object', []],
])('%s is a change', (_, changes) => {
  expect(isOnlyBookkeeping(changes)).toBe(false);
});
