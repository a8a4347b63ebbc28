import { expect, it } from 'vitest';
import { type Draft, emptyFields, fieldOf, inputOf, isSameConnection, NO_DRAFT } from './draft';

const both: Draft = {
  ...NO_DRAFT,
  name: ' staging-2 ',
  environment: 'STAGING',
  kubeconfig: 'apiVersion: v1\n',
  server: ' https://10.0.0.9:6443 ',
  certificateAuthority: 'CA\n',
  token: ' secret ',
};

it('only the way that is chosen is sent', () => {
  expect(inputOf(both)).toEqual({
    name: 'staging-2',
    environment: 'STAGING',
    kubeconfig: 'apiVersion: v1\n',
    inCluster: false,
    namespaces: null,
    reason: null,
  });
  expect(inputOf({ ...both, way: 'token', namespaces: ['shop'], reason: ' new ' })).toEqual({
    name: 'staging-2',
    environment: 'STAGING',
    token: { server: 'https://10.0.0.9:6443', certificateAuthority: 'CA', token: 'secret' },
    inCluster: false,
    namespaces: ['shop'],
    reason: 'new',
  });
  const { environment, ...others } = inputOf({ ...both, way: 'inCluster' });
  expect(others).toEqual({ name: 'staging-2', inCluster: true, namespaces: null, reason: null });
  expect(environment).toBe('STAGING');
});

it.each<[Partial<Draft>, string[]]>([
  [{}, ['name', 'kubeconfig']],
  [{ name: ' ', kubeconfig: 'a' }, ['name']],
  [{ way: 'token' }, ['name', 'server', 'certificateAuthority', 'token']],
  [{ way: 'inCluster', name: 'a' }, []],
  [{ way: 'token', name: 'a', server: 'b', certificateAuthority: 'c', token: 'd' }, []],
])('of %o these are empty: %j', (changes, fields) => {
  expect(emptyFields({ ...NO_DRAFT, ...changes })).toEqual(fields);
});

it.each<[Partial<Draft>, boolean]>([
  [{ environment: 'PRODUCTION' }, true],
  [{ reason: 'why' }, true],
  [{ name: 'other' }, true],
  // It is not sent.
  [{ token: 'other' }, true],
  [{ kubeconfig: 'other' }, false],
  [{ namespaces: ['shop'] }, false],
  [{ way: 'token' }, false],
  [{ way: 'inCluster' }, false],
])('with %o the check still holds: %s', (changes, holds) => {
  expect(isSameConnection(both, { ...both, ...changes })).toBe(holds);
});

it.each([
  ['name', 'kubeconfig', 'name'],
  ['token.server', 'token', 'server'],
  ['token.token', 'token', 'token'],
  ['token', 'token', 'token'],
  ['token', 'kubeconfig', null],
  ['namespaces.0', 'token', 'namespaces'],
  ['unknown', 'token', null],
  ['toString', 'token', null],
  ['kubeconfig', 'token', null],
  [null, 'token', null],
] as const)('the refused field %s of the way %s is %s', (refused, way, field) => {
  expect(fieldOf(refused, { ...NO_DRAFT, way })).toBe(field);
});
