//! The names of the arguments of each code.

use super::Code;

impl Code {
    /// The names of its arguments. `detail` holds words of others ([`super::FREE_TEXT`]).
    pub const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::NotObserved
            | Self::CreatedPaused
            | Self::NoNodeMatches
            | Self::JobNotStarted
            | Self::JobEnding
            | Self::AwaitingStart
            | Self::ScaledToZero
            | Self::IsSuspended
            | Self::IsResumed
            | Self::JobStarted
            | Self::JobStartedAndGone
            | Self::JobEndedByItself
            | Self::IsGone
            | Self::ReplacedByAnother
            | Self::PausedMeanwhile
            | Self::SeenByController
            | Self::ChangedPaused
            | Self::UsedByNewPods
            | Self::UsedByNextRun
            | Self::SpecChanged
            | Self::DeletionBegun
            | Self::DeletedByOthers
            | Self::BeingDeleted
            | Self::AlreadyStopped
            | Self::AlreadySuspended
            | Self::NotStopped
            | Self::NotSuspended
            | Self::NothingRemembered
            | Self::NothingToRestart
            | Self::RolloutIsPaused
            | Self::JobHasEnded
            | Self::Queued
            | Self::Validating
            | Self::Applying
            | Self::Scaling
            | Self::Restarting
            | Self::Remembering
            | Self::Stopping
            | Self::Starting
            | Self::Deleting
            | Self::Changing
            | Self::AwaitingController
            | Self::AwaitingReady
            | Self::AwaitingStop
            | Self::AwaitingEnd
            | Self::Accepted
            | Self::Applied
            | Self::EffectFound
            | Self::NoEffect
            | Self::DeletionFound
            | Self::GoneAlready
            | Self::NothingToRemember
            | Self::DeletionAccepted
            | Self::Succeeded
            | Self::Cancelled
            | Self::Superseded
            | Self::NeverObserved
            | Self::ClusterSilent
            | Self::EndsIfChanged
            | Self::Editing
            | Self::IsReady
            | Self::EndsWhenGone
            | Self::CancelledByRemoval
            | Self::Abandoned => &[],
            Self::RollingOut => &["updated", "to_update", "available", "desired"],
            Self::Removing
            | Self::UpdatesOnDelete
            | Self::RestartsOnDelete
            | Self::StartsNewVersionOnly
            | Self::AwaitingRemoval => &["pods"],
            Self::Available | Self::OldVersionServes | Self::AwaitingPods | Self::AllAvailable => {
                &["available", "desired"]
            }
            Self::RolloutPaused => &["updated", "desired"],
            Self::Partitioned => &["updated", "desired", "partition"],
            Self::JobProgress => &["active", "succeeded", "completions", "failed"],
            Self::JobQueueProgress => &["active", "succeeded", "failed"],
            Self::JobEnded => &["succeeded", "failed"],
            Self::Scheduled => &["schedule", "active"],
            Self::LastRunFailed => &["job"],
            Self::OomKilled => &["pod", "container", "role", "limit"],
            Self::Exited | Self::CommandNotFound => &["pod", "container", "role", "exit_code", "detail"],
            Self::KilledBySignal => &["pod", "container", "role", "signal", "exit_code"],
            Self::ProbeKilled | Self::ProbeFails => &["pod", "container", "role", "probe", "detail"],
            Self::CommandNotStarted
            | Self::ContainerCompleted
            | Self::ContainerLost
            | Self::ContainerNotCreated
            | Self::ContainerConfigInvalid
            | Self::HookFailed
            | Self::RunsAsRoot => &["pod", "container", "role", "detail"],
            Self::ContainerWaiting => &["pod", "container", "role", "reason", "detail"],
            Self::NotReady | Self::NeverReady | Self::InitRunsLong => &["pod", "container", "role"],
            Self::ReadinessGateShut => &["pod", "gate"],
            Self::ImageNameInvalid
            | Self::ImageNotFound
            | Self::ImagePullDenied
            | Self::ImageRateLimited
            | Self::RegistryUnreachable
            | Self::ImageNeverPulled
            | Self::ImageSignatureInvalid
            | Self::ImagePullFailed => &["pod", "container", "role", "image", "detail"],
            Self::ConfigMapNotFound | Self::SecretNotFound | Self::ClaimNotFound | Self::StorageClassNotFound => {
                &["pod", "name", "detail"]
            }
            Self::KeyNotFound => &["pod", "key", "kind", "name"],
            Self::ClaimUnbound
            | Self::VolumeNotMounted
            | Self::VolumeNotAttached
            | Self::SandboxNotCreated
            | Self::TaintsNotTolerated
            | Self::NoMatchingNode
            | Self::TopologySpread
            | Self::PortsTaken
            | Self::VolumeUnschedulable
            | Self::NoNodes
            | Self::Unschedulable => &["pod", "detail"],
            Self::InsufficientResources => &["pod", "resources", "detail"],
            Self::SchedulingGated | Self::Preempted | Self::PodDeadlineExceeded => &["pod"],
            Self::NodeLost => &["pod", "node"],
            Self::NodeShutDown | Self::Evicted => &["pod", "node", "detail"],
            Self::NodeRefused => &["pod", "node", "reason", "detail"],
            Self::Disrupted => &["pod", "reason"],
            Self::QuotaExceeded => &["quota", "requested", "used", "limited"],
            Self::QuotaNeedsLimits => &["quota", "detail"],
            Self::AdmissionDenied | Self::WebhookUnreachable => &["webhook", "detail"],
            Self::PolicyDenied | Self::PodSecurityViolated => &["policy", "detail"],
            Self::ServiceAccountNotFound | Self::PriorityClassNotFound => &["name"],
            Self::QuotaRefused
            | Self::LabelTooLong
            | Self::LimitRangeViolated
            | Self::NamespaceTerminating
            | Self::PodInvalid
            | Self::CreationForbidden
            | Self::CreationFailed
            | Self::ScheduleInvalid
            | Self::RequestRejected => &["detail"],
            Self::ProgressDeadlineExceeded | Self::JobDeadlineExceeded => &["seconds"],
            Self::JobBackoffLimitExceeded => &["limit"],
            Self::JobIndexesFailed => &["indexes"],
            Self::JobFailed => &["reason", "detail"],
            Self::FinalizersBlock | Self::AwaitingFinalizers => &["finalizers"],
            Self::ClaimAwaitsPod
            | Self::ClaimAwaitsNode
            | Self::ClaimAwaitsProvisioner
            | Self::ClaimNotBound
            | Self::VolumeNotProvisioned
            | Self::VolumeResizing
            | Self::FileSystemResizePending
            | Self::VolumeModifying
            | Self::VolumeNotResized
            | Self::VolumeNotModified
            | Self::NamespaceNotListed
            | Self::NamespaceContentNotDeleted
            | Self::NamespaceContentHeld
            | Self::NamespaceContentRemains
            | Self::LoadBalancerFailed
            | Self::BudgetNotComputed => &["detail"],
            Self::LoadBalancerPending
            | Self::NoBackend
            | Self::TargetScaledToZero
            | Self::BudgetWithoutPods
            | Self::RouteNotTaken => &[],
            Self::ClaimLost => &["volume"],
            Self::VolumeReleased | Self::VolumeReclaiming => &["claim"],
            Self::VolumeNotReclaimed
            | Self::CannotScale
            | Self::MetricUnreadable
            | Self::NamesNotAccepted
            | Self::ApiUnavailable => &["reason", "detail"],
            Self::NodeNotReady => &["node", "reason", "detail"],
            Self::NodeUnderPressure => &["node", "type", "detail"],
            Self::NodeWithoutNetwork => &["node", "detail"],
            Self::NodeCordoned => &["node"],
            Self::TooFewHealthy => &["healthy", "desired"],
            Self::QuotaFull => &["quota", "resources"],
            Self::RouteReported => &["parent", "type", "status", "reason"],
            Self::ListenerReported => &["listener", "type", "status", "reason"],
            Self::PhaseReported => &["phase", "detail"],
            Self::ContainerEnded => &["reason", "exit_code", "restarts", "detail"],
            Self::ContainerWaits => &["reason", "detail"],
            Self::ConditionReported => &["type", "status", "reason", "detail"],
            Self::EventReported => &["reason", "count", "detail"],
            Self::RunsGoOn => &["active"],
            Self::ReplicasChanged => &["requested", "found"],
            Self::SuspendChanged | Self::PausedChanged => &["found"],
            Self::HasNoReplicas | Self::DoesNotRollOut | Self::CannotStop | Self::NotOfKind => &["kind"],
            Self::OwnedByAnother | Self::OwnerMakesItAgain | Self::TemplateOfOwner => &["kind", "name"],
            Self::Autoscaled => &["name", "min", "max"],
            Self::QueuedBehind | Self::IsSoAlready | Self::ActionLabel | Self::ActionEffect => &["verb"],
            Self::ReplicasRemembered => &["replicas"],
            Self::TryingAgain => &["seconds", "detail"],
            Self::AnswerLost | Self::NotInTime | Self::NotChecked => &["detail"],
            Self::ClusterRests | Self::EndsWithCause => &["seconds"],
            Self::WaitsUntil => &["progress", "early"],
            Self::TimedOut => &["progress"],
            Self::AlreadyThere | Self::NotThere => &["kind", "name"],
            Self::ClusterUnknown => &["cluster"],
            Self::RequestedCreate
            | Self::RequestedRestart
            | Self::RequestedStop
            | Self::RequestedStart
            | Self::RequestedDelete
            | Self::OperationStarted
            | Self::OperationSucceeded
            | Self::ObjectReported
            | Self::ObjectGone
            | Self::ObjectReleased => &["object"],
            Self::RequestedApply | Self::RequestedEdit => &["object"],
            Self::RequestedRestore => &["object", "position"],
            Self::RequestedScale => &["object", "replicas"],
            Self::Requested => &["verb", "object"],
            Self::RequestedImage => &["object", "container", "image"],
            Self::NoSuchContainer => &["container", "known"],
            Self::OperationRequested | Self::OperationRetried => &["who", "request"],
            Self::OperationProgressed => &["object", "progress", "percent"],
            Self::StageSucceeded => &["object", "stage", "outcome"],
            Self::CancelRequested | Self::OperationCancelled => &["who", "object"],
            Self::OutcomeUnknown | Self::OutcomeResolved | Self::OperationFailed => &["object", "stage", "reason"],
            Self::OperationSuperseded => &["object", "newer"],
            Self::OperationOvertaken => &["object", "manager", "change"],
            Self::BatchRequested => &["who", "verb", "count"],
            Self::BatchRetried => &["who", "count"],
            Self::BatchMembersAdded => &["count", "object"],
            Self::BatchGroupStarted => &["group"],
            Self::BatchMemberRefused => &["object", "reason"],
            Self::BatchGroupEnded => &["group", "failed"],
            Self::BatchMembersSkipped => &["count"],
            Self::BatchCancelRequested => &["who"],
            Self::OperationAbandoned => &["object", "stage"],
            Self::OperationEndedByRemoval => &["object"],
            Self::WorkloadChanged => &["object", "managers", "generation"],
            Self::WorkloadIs => &["object", "state", "ready", "desired"],
            Self::WorkloadIsBecause => &["object", "state", "ready", "desired", "cause"],
            Self::PodIs => &["object", "status", "ready", "containers"],
            Self::NamespaceIs => &["object", "phase"],
            Self::ClusterRegistered => &["name"],
            Self::ClusterConnected => &["who", "cluster", "server"],
            Self::ClusterIdentified => &["name", "uid"],
            Self::ClusterRenamed => &["cluster", "name"],
            Self::ClusterEnvironment => &["name", "environment"],
            Self::ClusterIs => &["name", "state", "detail"],
            Self::ClusterRemoved => &["who", "cluster"],
            Self::ClusterWatchEnded => &["cluster"],
            Self::KindJudged => &["kind", "cluster", "objects", "recorded"],
            Self::KindRecorded | Self::KindReleased => &["who", "kind", "cluster"],
            Self::UserRegistered => &["username", "name"],
            Self::PasswordChanged | Self::SignedIn | Self::SignedOut => &["who"],
            Self::LogOpened => &["who", "object", "container"],
            Self::SignInRefused | Self::SignInLimited => &["name", "source"],
            Self::RefreshTokenReused => &["source"],
            Self::CommandRefused => &["who", "code", "action", "object"],
            Self::Repeated => &["message", "times"],
            Self::EventQuarantined => &["who", "list", "position", "reason"],
            Self::DataKeyMade | Self::DataKeyWrapped => &["who", "scope"],
            Self::ScopeForgotten => &["who", "scope", "reason"],
            Self::ObservationForgotten => &["object"],
            Self::ManifestForgotten
            | Self::BatchEnded
            | Self::NoSuchBatch
            | Self::BatchEmpty
            | Self::NoSuchWorkload
            | Self::NoSuchObject
            | Self::NothingChanged
            | Self::SecretDocument
            | Self::NoSuchOperation
            | Self::KeyUsed
            | Self::EndedAlready
            | Self::NegativeReplicas
            | Self::StillBeingCreated
            | Self::RetryErased
            | Self::RetryWithoutValues
            | Self::ValuesCannotWait
            | Self::ValuesGone
            | Self::RetrySucceeded
            | Self::RetryNotEnded
            | Self::RetryTooOld
            | Self::ManifestHasNul
            | Self::ManifestEmpty
            | Self::ManifestNoObject
            | Self::ListEmpty
            | Self::ManifestNoKind
            | Self::NotAnImage
            | Self::NotAValue
            | Self::NothingToSet
            | Self::OwnAnnotation
            | Self::NotAKey
            | Self::ManifestNoName => &[],
            Self::BatchTooLarge => &["count", "most"],
            Self::BatchRepeats => &["object"],
            Self::ChangedSince => &["expected", "current"],
            Self::QueueFull => &["limit"],
            Self::NameTaken => &["kind"],
            Self::NotACount => &["value", "most"],
            Self::TooManyReplicas => &["replicas", "most"],
            Self::RetrySuperseded => &["newer"],
            Self::RetryFailsAgain => &["code"],
            Self::NotAWorkload => &["kind"],
            Self::NoSuchNamespace => &["namespace", "cluster"],
            Self::PlainSecret => &["rule", "shape"],
            Self::SecretInReason => &["secret"],
            Self::ManifestLine => &["line", "message"],
            Self::ManifestTooLarge | Self::TooMuchToSet => &["bytes", "most"],
            Self::ManifestUnreadable => &["detail"],
            Self::ManifestsSeveral => &["count", "lines"],
            Self::ListSeveral => &["count", "lines"],
            Self::KindNotSupported => &["kind", "known"],
            Self::VersionNotSupported => &["version", "kind", "expected"],
            Self::ManifestNoVersion => &["kind", "expected"],
            Self::NotAName => &["value"],
            Self::NotALabelName => &["value"],
            Self::GenerateName => &["example"],
            Self::SecretInManifest => &["secret", "more"],
            Self::LeftToOthers => &["fields"],
            Self::CannotBeDone => &["kind"],
            Self::DocumentsTooMany => &["count", "most"],
            Self::KindNotServed => &["kind", "version"],
            Self::BaseUnknown => &["version"],
            Self::BasedOnAnother => &["id"],
            Self::MaskElsewhere => &["path"],
            Self::FieldIsFixed => &["path", "kind"],
            Self::FieldIsImmutable => &["kind", "detail"],
            Self::FieldsConflict => &["count", "detail", "conflicts"],
            Self::NoSuchRevision => &["position"],
            Self::ClusterNameNotCanonical => &["name", "canonical"],
            Self::ClusterNameTaken => &["name"],
            Self::ClusterWasRemoved | Self::ClusterOfSettings => &["cluster"],
            Self::KindUnknown | Self::KindCannotBeWatched => &["kind", "cluster"],
            Self::KindAlwaysRecorded => &["kind"],
            Self::ClusterTooOld => &["cluster", "version", "oldest"],
            Self::CredentialMissing
            | Self::CredentialUnusable
            | Self::KubeconfigUnreadable
            | Self::KubeconfigInsecure
            | Self::KubeconfigProxy
            | Self::KubeconfigPassword
            | Self::KubeconfigImpersonation
            | Self::KubeconfigNoCredential
            | Self::AddressInvalid
            | Self::AddressNotHttps
            | Self::AuthorityUnreadable
            | Self::NotInCluster
            | Self::CheckCredentials
            | Self::CheckTls
            | Self::CheckClock
            | Self::CheckClockUnknown
            | Self::CheckSkipped => &[],
            Self::KubeconfigTooLarge | Self::TooManyNamespaces => &["most"],
            Self::KubeconfigNoContext => &["context"],
            Self::KubeconfigExec => &["user"],
            Self::KubeconfigAuthProvider => &["provider"],
            Self::KubeconfigFile => &["name"],
            Self::CheckAddress => &["host", "addresses"],
            Self::CheckAddressUnknown => &["host", "detail"],
            Self::CheckConnected => &["address"],
            Self::CheckNotConnected => &["address", "detail"],
            Self::CheckTlsFailed | Self::CheckNotAuthenticated | Self::CheckFailed => &["detail"],
            Self::CheckAuthenticated => &["user"],
            Self::CheckRights | Self::CheckRightsMissing | Self::CheckRightsNone => &["kinds"],
            Self::CheckVersion => &["version"],
            Self::CheckVersionUntested => &["version", "newest"],
            Self::CheckVersionTooOld => &["version", "oldest"],
            Self::CheckClockOff | Self::CheckTimedOut => &["seconds"],
            Self::CommandsOff => &["oldest"],
        }
    }
}
