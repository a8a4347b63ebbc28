import { expect, it } from 'vitest';
import { resourcesOf } from './resources';

const pods = {
  spec: {
    initContainers: [{ name: 'wait' }],
    containers: [
      {
        name: 'app',
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi', cpu: 1 } },
      },
    ],
  },
};
const found = {
  wait: { cpu: [null, null], memory: [null, null] },
  app: { cpu: ['100m', '1'], memory: ['128Mi', '256Mi'] },
};

it('requests and limits are read from the template of a workload, and of the jobs of a CronJob', () => {
  expect(resourcesOf({ spec: { template: pods } })).toEqual(found);
  expect(resourcesOf({ spec: { jobTemplate: { spec: { template: pods } } } })).toEqual(found);
});

it.each([[null], [{}], [{ spec: { template: { spec: { containers: 'sealed' } } } }]])(
  'nothing is read from %o',
  (manifest) => {
    expect(resourcesOf(manifest)).toEqual({});
  },
);
