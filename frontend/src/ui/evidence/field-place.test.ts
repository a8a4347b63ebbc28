import { expect, it } from 'vitest';
import { placeKey, placeName } from './field-place';

it.each([
  ['.spec.containers[name="web"].image', '/spec/containers/web/image'],
  ['.metadata.labels.app.kubernetes.io/name', '/metadata/labels/app.kubernetes.io~1name'],
  ['.spec.ports[port=53,protocol="UDP"].name', '/spec/ports/53~1UDP/name'],
  ['.data', '/data'],
])('%s and %s are the same place', (server, pointer) => {
  expect(placeKey(server)).toBe(placeKey(pointer));
});

it('other places are others', () => {
  expect(placeKey('.spec.containers[name="web"].image')).not.toBe(placeKey('/spec/containers/log/image'));
});

it('a place is called as people call it', () => {
  expect(placeName('/spec/replicas')).toBe('replicas');
  expect(placeName('.spec.containers[name="web"].image')).toBe('spec.containers[name="web"].image');
});
