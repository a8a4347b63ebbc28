import { expect, it } from 'vitest';
import { fieldName } from './field-name';

it.each([
  ['/spec/replicas', 'replicas'],
  ['/spec/template/spec/containers/0/resources/limits/memory', 'containers[0].limits.memory'],
  ['/spec/template/spec/containers/1/resources', 'containers[1].resources'],
  ['/spec/jobTemplate/spec/template/spec/containers/0/image', 'containers[0].image'],
  ['/spec/template/metadata/labels/app', 'template.metadata.labels.app'],
  ['/metadata/annotations/example.org~1owner~0', 'annotations.example.org/owner~'],
  ['/metadata/labels', 'labels'],
  ['/spec', 'spec'],
  ['', ''],
])('%s is called %s', (pointer, name) => {
  expect(fieldName(pointer)).toBe(name);
});
