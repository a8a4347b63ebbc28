import type { KindNamesFragment } from '@/graphql/generated/graphql';
import type { Kind } from './api';

/** The parts of the navigation, in their order. */
const sections = ['workloads', 'network', 'configuration', 'storage', 'access', 'nodes', 'custom'] as const;
export type Section = (typeof sections)[number];

/** The kinds of the core group. One that is missing is configuration. */
const ofCore: Record<string, Section> = {
  Pod: 'workloads',
  ReplicationController: 'workloads',
  PodTemplate: 'workloads',
  Service: 'network',
  Endpoints: 'network',
  PersistentVolumeClaim: 'storage',
  PersistentVolume: 'storage',
  ServiceAccount: 'access',
  Node: 'nodes',
  Namespace: 'nodes',
  ComponentStatus: 'nodes',
};

/** The API groups of Kubernetes itself. What is missing is custom. */
const ofGroup: Record<string, Section> = {
  apps: 'workloads',
  batch: 'workloads',
  autoscaling: 'workloads',
  policy: 'workloads',
  'scheduling.k8s.io': 'workloads',
  'networking.k8s.io': 'network',
  'discovery.k8s.io': 'network',
  'admissionregistration.k8s.io': 'configuration',
  'apiextensions.k8s.io': 'configuration',
  'apiregistration.k8s.io': 'configuration',
  'coordination.k8s.io': 'configuration',
  'flowcontrol.apiserver.k8s.io': 'configuration',
  'storage.k8s.io': 'storage',
  'rbac.authorization.k8s.io': 'access',
  'certificates.k8s.io': 'access',
  'node.k8s.io': 'nodes',
  'resource.k8s.io': 'nodes',
};

/** They are shown with the objects that they are about. */
const EVENTS = ['Event', 'Event.events.k8s.io'];

export interface KindSection {
  section: Section;
  kinds: Kind[];
  /** Of custom resources: the same by API group. */
  groups: { name: string; kinds: Kind[] }[];
}

/** The kinds as the navigation shows them, each by its title. */
export function sectionsOf(all: readonly Kind[]): KindSection[] {
  const shown = all
    .filter(({ id }) => !EVENTS.includes(id))
    .sort((one, other) => titleOf(one).localeCompare(titleOf(other), 'en'));
  return sections
    .map((section) => ({ section, kinds: shown.filter((kind) => sectionOf(kind) === section) }))
    .filter(({ kinds }) => kinds.length > 0)
    .map(({ section, kinds }) => ({ section, kinds, groups: section === 'custom' ? byGroup(kinds) : [] }));
}

function sectionOf({ group, kind, custom }: KindNamesFragment): Section {
  if (custom) return 'custom';
  return group === '' ? (ofCore[kind] ?? 'configuration') : (ofGroup[group] ?? 'custom');
}

function byGroup(kinds: readonly Kind[]): KindSection['groups'] {
  const names = [...new Set(kinds.map(({ group }) => group))].sort();
  return names.map((name) => ({ name, kinds: kinds.filter(({ group }) => group === name) }));
}

/** What the objects of a kind are called: its plural, spelled like the kind. */
export function titleOf({ kind, plural }: Pick<KindNamesFragment, 'kind' | 'plural'>): string {
  const letters = [...kind.toLowerCase()];
  const other = letters.findIndex((letter, at) => letter !== plural[at]);
  const common = other < 0 ? letters.length : other;
  // A plural of another word is nothing that one knows the kind by.
  return common < letters.length - 1 ? kind : kind.slice(0, common) + plural.slice(common);
}

/** The words of a title, for a line that breaks between them: Validating, Admission, Policies. */
export const wordsOf = (title: string): string[] => title.match(/[A-Z]+(?![a-z])\d*|[A-Z]?[^A-Z]+/g) ?? [];

/** How many objects there are of these kinds, and how many of them are in trouble. */
export function sumOf(kinds: readonly Kind[]) {
  const sum = (of: 'count' | 'problems') => kinds.reduce((total, kind) => total + (kind[of] ?? 0), 0);
  return { count: sum('count'), problems: sum('problems') };
}
