import { isWorkload } from '@/features/causes/place';
import type { KindNamesFragment } from '@/graphql/generated/graphql';

/** Where the objects of a list are, as its address says it. */
export interface Place {
  /** Undefined where there is only one. */
  cluster?: string;
  /** Separated by commas. */
  namespaces?: string;
}

/** The list of a kind. That of workloads is one of several kinds, and pods have one of their own. */
export function kindHref({ id, namespaced }: Pick<KindNamesFragment, 'id' | 'namespaced'>, place: Place) {
  const query = new URLSearchParams();
  if (id !== 'Pod') query.set('kind', isWorkload(id) ? constantOf(id) : id);
  if (place.cluster) query.set('cluster', place.cluster);
  if (place.namespaces && namespaced) query.set('ns', place.namespaces);
  const list = isWorkload(id) ? '/workloads' : id === 'Pod' ? '/pods' : '/objects';
  const text = query.toString().replaceAll('%2C', ',');
  return text ? `${list}?${text}` : list;
}

/** As the schema has it: STATEFUL_SET. */
const constantOf = (kind: string) => kind.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
