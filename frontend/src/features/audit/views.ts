import type { Address } from '@/resource/list-parameters';
import { type EventType, eventTypes, groupOf } from './event-types';

export const views = ['people', 'services', 'observed', 'all'] as const;
export type View = (typeof views)[number];

/** What people asked for, and what was asked in their name. */
const BY_PEOPLE: readonly EventType[] = [
  'OperationRequested',
  'OperationCancelRequested',
  'OperationCancelled',
  'UserRegistered',
  'UserPasswordChanged',
  'SessionStarted',
  'SessionEnded',
  'SignInRefused',
  'RefreshTokenReused',
  'CommandRefused',
  'LogOpened',
  'EventQuarantined',
  'DataKeyForgotten',
];

/** People come first: what the watch saw is most of the log. */
function viewOf(type: EventType): View {
  if (BY_PEOPLE.includes(type)) return 'people';
  return groupOf(type) === 'audit.group.observations' ? 'observed' : 'services';
}

/** The types of event that a view shows; undefined for all. */
export function typesOf(view: View): EventType[] | undefined {
  return view === 'all' ? undefined : eventTypes.filter((type) => viewOf(type) === view);
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
