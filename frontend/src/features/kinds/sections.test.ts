import { expect, it } from 'vitest';
import { kind } from '@/test/samples';
import { kindHref } from './href';
import { sectionsOf, sumOf, titleOf, wordsOf } from './sections';

const kinds = [
  kind('Service', 'services'),
  kind('NetworkPolicy.networking.k8s.io', 'networkpolicies'),
  kind('Endpoints', 'endpoints'),
  kind('ConfigMap', 'configmaps'),
  kind('Event', 'events'),
  kind('Event.events.k8s.io', 'events'),
  kind('Node', 'nodes'),
  kind('Issuer.cert-manager.io', 'issuers', { custom: true }),
  kind('Certificate.cert-manager.io', 'certificates', { custom: true }),
  kind('Application.argoproj.io', 'applications', { custom: true }),
  kind('PodMetrics.metrics.k8s.io', 'pods'),
];

it('each kind has its section, and custom ones their API group', () => {
  const found = sectionsOf(kinds).map(({ section, kinds, groups }) => [
    section,
    groups.length > 0 ? groups.map(({ name, kinds }) => [name, ...kinds.map(titleOf)]) : kinds.map(titleOf),
  ]);
  expect(found).toEqual([
    ['network', ['Endpoints', 'NetworkPolicies', 'Services']],
    ['configuration', ['ConfigMaps']],
    ['nodes', ['Nodes']],
    [
      'custom',
      [
        ['argoproj.io', 'Applications'],
        ['cert-manager.io', 'Certificates', 'Issuers'],
        ['metrics.k8s.io', 'PodMetrics'],
      ],
    ],
  ]);
});

it.each([
  ['Ingress', 'ingresses', 'Ingresses'],
  ['StorageClass', 'storageclasses', 'StorageClasses'],
  ['CSIStorageCapacity', 'csistoragecapacities', 'CSIStorageCapacities'],
  ['PodMetrics', 'pods', 'PodMetrics'],
  ['Mouse', 'mice', 'Mouse'],
  ['Unknown', '', 'Unknown'],
])('the title of %s with the plural %s is %s', (kind, plural, title) => {
  expect(titleOf({ kind, plural })).toBe(title);
});

it.each([
  ['ValidatingAdmissionPolicies', ['Validating', 'Admission', 'Policies']],
  ['CSIStorageCapacities', ['CSI', 'Storage', 'Capacities']],
  ['APIServices', ['API', 'Services']],
  ['FlinkDeploymentV2', ['Flink', 'Deployment', 'V2']],
  ['Nodes', ['Nodes']],
  ['lower-case', ['lower-case']],
  ['CRD', ['CRD']],
  ['', []],
])('the words of %s are %j', (title, words) => {
  expect(wordsOf(title)).toEqual(words);
  expect(words.join('')).toBe(title);
});

it('what is read live is not counted', () => {
  const live = kind('Lease.coordination.k8s.io', 'leases', { recorded: false, count: null, problems: null });
  expect(sumOf([kind('Node', 'nodes', { count: 3, problems: 1 }), live])).toEqual({ count: 3, problems: 1 });
});

it.each([
  ['Service', {}, '/objects?kind=Service'],
  ['Service', { cluster: 'eu', namespaces: 'a,b' }, '/objects?kind=Service&cluster=eu&ns=a,b'],
  ['StatefulSet', { namespaces: 'a' }, '/workloads?kind=STATEFUL_SET&ns=a'],
  ['CronJob', {}, '/workloads?kind=CRON_JOB'],
  ['Pod', {}, '/pods'],
  ['Pod', { cluster: 'eu' }, '/pods?cluster=eu'],
])('the list of %s in %o is %s', (id, place, href) => {
  expect(kindHref({ id, namespaced: true }, place)).toBe(href);
});

it('what stands outside namespaces is not looked for in some', () => {
  expect(kindHref({ id: 'Node', namespaced: false }, { namespaces: 'a' })).toBe('/objects?kind=Node');
});
