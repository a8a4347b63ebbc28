import { expect, it } from 'vitest';
import { requestedManifest } from './requested-manifest';

const found = (intent: unknown) =>
  requestedManifest({ auditEvents: { nodes: [{ payload: { operation: 'o', intent }, cluster: 'c' }] } });
const manifest = { kind: 'Deployment', metadata: { name: 'web' } };

it('the manifest of a creation, and its cluster', () => {
  expect(found({ CreateWorkload: { manifest } })).toEqual({ cluster: 'c', manifest });
});

it.each([
  ['another verb', { ScaleWorkload: { replicas: 1 } }],
  ['a verb without values', 'RestartWorkload'],
  ['a manifest that was deleted', { CreateWorkload: { manifest: '<forgotten>' } }],
  ['one with a deleted value', { CreateWorkload: { manifest: { ...manifest, spec: '<forgotten>' } } }],
  ['one with a masked value', { CreateWorkload: { manifest: { ...manifest, data: ['<redacted>'] } } }],
])('no manifest: %s', (_, intent) => {
  expect(found(intent)).toBeNull();
});

it('an operation that is not in the log has none', () => {
  expect(requestedManifest({ auditEvents: { nodes: [] } })).toBeNull();
});
