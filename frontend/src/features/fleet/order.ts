import type { Cluster } from '@/features/clusters/api';
import { valuesOf } from '@/graphql/enum';
import type { Environment } from '@/graphql/generated/graphql';

/** Where most care is needed comes first. */
const ranks: Record<Environment, true> = { PRODUCTION: true, STAGING: true, DEVELOPMENT: true };

export const environments = valuesOf(ranks);

/** By environment and name: an order that stays while clusters come and go. */
export function inOrder(clusters: readonly Cluster[]): Cluster[] {
  const rank = ({ environment }: Cluster) => environments.indexOf(environment);
  return [...clusters].sort(
    (one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name, 'en', { numeric: true }),
  );
}
