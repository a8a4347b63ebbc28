import { valuesOf } from '@/graphql/enum';
import type en from '@/language/en.json';

export type EventType = keyof typeof en.eventType;
type Group = keyof typeof en.audit.group;

/** What each type of event is about. Complete: a type with a word in the catalogues is in here, or it does not compile. */
const groups: Record<EventType, Group> = {
  OperationRequested: 'operations',
  OperationStarted: 'operations',
  OperationProgressed: 'operations',
  OperationStageSucceeded: 'operations',
  OperationSucceeded: 'operations',
  OperationFailed: 'operations',
  OperationCancelRequested: 'operations',
  OperationCancelled: 'operations',
  OperationOvertaken: 'operations',
  OperationAbandoned: 'operations',
  OperationOutcomeUnknown: 'operations',
  OperationResolved: 'operations',
  BatchRequested: 'operations',
  BatchMembersAdded: 'operations',
  BatchGroupStarted: 'operations',
  BatchMemberRefused: 'operations',
  BatchGroupEnded: 'operations',
  BatchMembersSkipped: 'operations',
  BatchCancelRequested: 'operations',
  BatchEnded: 'operations',
  WorkloadManifestObserved: 'observations',
  WorkloadStatusObserved: 'observations',
  WorkloadGone: 'observations',
  PodObserved: 'observations',
  PodGone: 'observations',
  NamespaceObserved: 'observations',
  NamespaceGone: 'observations',
  ObjectObserved: 'observations',
  ObjectStatusObserved: 'observations',
  ObjectGone: 'observations',
  ClusterRegistered: 'clusters',
  ClusterIdentified: 'clusters',
  ClusterRenamed: 'clusters',
  ClusterEnvironmentChanged: 'clusters',
  ClusterStateChanged: 'clusters',
  ClusterConnected: 'clusters',
  ClusterRemoved: 'clusters',
  ClusterWatchEnded: 'clusters',
  UserRegistered: 'accounts',
  UserPasswordChanged: 'accounts',
  SessionStarted: 'accounts',
  SessionEnded: 'accounts',
  EventQuarantined: 'projections',
  DataKeyMade: 'projections',
  DataKeyWrapped: 'projections',
  DataKeyForgotten: 'projections',
  LogOpened: 'access',
  SignInRefused: 'access',
  RefreshTokenReused: 'access',
  CommandRefused: 'access',
};

export const eventTypes = valuesOf(groups);
export const groupOf = (type: string) => `audit.group.${groups[type as EventType]}` as const;
