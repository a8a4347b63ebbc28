import { expect, it } from 'vitest';
import { diagnose, locate } from './config-lint';
import { convert } from './convert';

it('finds where YAML does not parse', () => {
  const [finding] = diagnose('a: 1\nb: [1, 2\n', 'yaml');
  expect(finding?.severity).toBe('error');
  expect(finding?.from).toBeGreaterThan(4);
});

it('sees a key that is there twice', () => {
  expect(diagnose('a: 1\na: 2\n', 'yaml')).toHaveLength(1);
});

it('holds JSON to the grammar of JSON', () => {
  expect(diagnose('{"a": 1}', 'json')).toEqual([]);
  expect(diagnose('{a: 1}', 'json')).toHaveLength(1);
});

it('nothing is wrong with an empty text', () => {
  expect(diagnose('\n', 'yaml')).toEqual([]);
});

it('converts there and back', () => {
  const json = convert('a:\n  - 1\n  - x: true\n', 'json');
  expect(JSON.parse(json ?? '')).toEqual({ a: [1, { x: true }] });
  expect(convert(json ?? '', 'yaml')).toBe('a:\n  - 1\n  - x: true\n');
  expect(convert('a: [', 'json')).toBeNull();
});

it('finds what a refusal names, or what is nearest around it', () => {
  const text =
    'kind: Deployment\nspec:\n  containers:\n    - name: a\n      env:\n        - name: B\n          value: secret\n';
  const at = (place: string) => {
    const found = locate(text, place);
    return found && text.slice(found.from, found.to);
  };
  expect(at('manifest.spec.containers[0].env[0].value')).toBe('secret');
  expect(at('manifest.spec.containers[0].name')).toBe('a');
  expect(at('manifest.kind.missing')).toBe('Deployment');
  expect(at('manifest.metadata.name')).toBeNull();
  expect(at('manifest')).toBeNull();
});
