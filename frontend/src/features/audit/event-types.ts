/** What the log can hold, by the noun it is about. */
export const eventTypes = [
  {
    noun: 'operations',
    types: [
      'OperationRequested',
      'OperationStarted',
      'OperationProgressed',
      'OperationStageSucceeded',
      'OperationSucceeded',
      'OperationFailed',
      'OperationCancelRequested',
      'OperationCancelled',
      'OperationOutcomeUnknown',
      'OperationResolved',
    ],
  },
  {
    noun: 'observations',
    types: [
      'WorkloadManifestObserved',
      'WorkloadStatusObserved',
      'WorkloadGone',
      'PodObserved',
      'PodGone',
      'NamespaceObserved',
      'NamespaceGone',
    ],
  },
  { noun: 'clusters', types: ['ClusterRegistered', 'ClusterStateChanged'] },
  { noun: 'accounts', types: ['UserRegistered', 'UserPasswordChanged', 'SessionStarted', 'SessionEnded'] },
] as const;

export const everyType: readonly string[] = eventTypes.flatMap(({ types }) => types as readonly string[]);
