import type { AuditBy } from '@/graphql/generated/graphql';
import type { Address } from '@/resource/list-parameters';

export const views = ['people', 'services', 'observed', 'all'] as const;
export type View = (typeof views)[number];

/** Whose events a view shows; all where it names none. */
const shown: Record<Exclude<View, 'all'>, AuditBy> = {
  people: 'PEOPLE',
  services: 'SERVICES',
  observed: 'OBSERVED',
};

/** The part of the server's filter that a view sets. People come first: what the watch saw is most of the log. */
export function filterOf(view: View): { by: AuditBy } | undefined {
  return view === 'all' ? undefined : { by: shown[view] };
}

/** The view without a choice: of one operation or object every step is told. */
export function initialView(address: Pick<Address, 'get'>): View {
  return ['operation', 'target'].some((key) => address.get(key)) ? 'all' : 'people';
}

/** The view that the address asks for. Types that were chosen one by one are in no view. */
export function chosenView(address: Pick<Address, 'get'>): View {
  if (address.get('type')) return 'all';
  return views.find((view) => view === address.get('by')) ?? initialView(address);
}
