import { expect, it } from 'vitest';
import { setupOf } from './setup';

const pod = {
  serviceAccountName: 'checkout',
  containers: [
    {
      name: 'app',
      env: [
        { name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } },
        { name: 'B', valueFrom: { secretKeyRef: { name: 'keys', key: 'b' } } },
      ],
      envFrom: [{ configMapRef: { name: 'settings' } }],
    },
  ],
  volumes: [
    { name: 'tls', secret: { secretName: 'tls' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
    { name: 'all', projected: { sources: [{ secret: { name: 'token' } }] } },
  ],
};

it('what the pods need is found wherever it is named, once', () => {
  const { needs, serviceAccount } = setupOf({ spec: { template: { spec: pod } } });
  expect(needs.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
    'ConfigMap settings',
    'PersistentVolumeClaim data',
    'Secret keys',
    'Secret tls',
    'Secret token',
  ]);
  expect(serviceAccount).toBe('checkout');
});

it.each([
  [
    { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } } },
    { type: 'RollingUpdate', maxSurge: '25%', maxUnavailable: '0' },
  ],
  [{ updateStrategy: { type: 'OnDelete' } }, { type: 'OnDelete' }],
  [{}, null],
])('how pods are replaced: %j', (spec, strategy) => {
  expect(setupOf({ spec }).strategy).toEqual(strategy);
});

it('the pods of a CronJob stand deeper, and a manifest may be nothing', () => {
  const jobTemplate = { spec: { template: { spec: pod } } };
  expect(setupOf({ spec: { jobTemplate } }).serviceAccount).toBe('checkout');
  expect(setupOf(null)).toEqual({ strategy: null, serviceAccount: null, needs: [] });
});
