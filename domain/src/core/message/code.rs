//! Every code of a message, with the names of its arguments. Both catalogues of the gateway have a sentence for each.

/// The codes, by what they speak of. A code never changes its meaning, since the log keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    // How far a workload is.
    NotObserved,
    RollingOut,
    Removing,
    Available,
    OldVersionServes,
    RolloutPaused,
    CreatedPaused,
    UpdatesOnDelete,
    Partitioned,
    NoNodeMatches,
    JobNotStarted,
    JobProgress,
    JobQueueProgress,
    JobEnding,
    JobEnded,
    Scheduled,
    LastRunFailed,

    // Why a container does not run.
    OomKilled,
    Exited,
    KilledBySignal,
    ProbeKilled,
    CommandNotStarted,
    CommandNotFound,
    ContainerCompleted,
    ContainerLost,
    ContainerNotCreated,
    ContainerConfigInvalid,
    ContainerWaiting,
    HookFailed,
    RunsAsRoot,
    InitRunsLong,

    // Why a container is not ready.
    ProbeFails,
    NotReady,
    NeverReady,
    ReadinessGateShut,

    // Why an image cannot be pulled.
    ImageNameInvalid,
    ImageNotFound,
    ImagePullDenied,
    ImageRateLimited,
    RegistryUnreachable,
    ImageNeverPulled,
    ImageSignatureInvalid,
    ImagePullFailed,

    // What a pod needs and does not find.
    ConfigMapNotFound,
    SecretNotFound,
    KeyNotFound,
    ClaimNotFound,
    ClaimUnbound,
    VolumeNotMounted,
    VolumeNotAttached,
    SandboxNotCreated,

    // Why a pod has no node.
    InsufficientResources,
    TaintsNotTolerated,
    NoMatchingNode,
    TopologySpread,
    PortsTaken,
    VolumeUnschedulable,
    NoNodes,
    Unschedulable,
    SchedulingGated,

    // Who ended a pod.
    NodeLost,
    NodeShutDown,
    NodeRefused,
    Evicted,
    Preempted,
    Disrupted,
    PodDeadlineExceeded,

    // Why a pod was not made.
    QuotaExceeded,
    QuotaNeedsLimits,
    QuotaRefused,
    AdmissionDenied,
    PolicyDenied,
    PodSecurityViolated,
    WebhookUnreachable,
    LabelTooLong,
    LimitRangeViolated,
    ServiceAccountNotFound,
    PriorityClassNotFound,
    NamespaceTerminating,
    PodInvalid,
    CreationForbidden,
    CreationFailed,

    // That Kubernetes gave up, or cannot go on.
    ProgressDeadlineExceeded,
    JobBackoffLimitExceeded,
    JobDeadlineExceeded,
    JobIndexesFailed,
    JobFailed,
    ScheduleInvalid,
    FinalizersBlock,

    // What was observed.
    ContainerEnded,
    ContainerWaits,
    ConditionReported,
    EventReported,
    RequestRejected,

    // What an operation waits for, and how its wait ended.
    AwaitingPods,
    AwaitingStart,
    AwaitingRemoval,
    AwaitingFinalizers,
    AllAvailable,
    RestartsOnDelete,
    StartsNewVersionOnly,
    ScaledToZero,
    IsSuspended,
    IsResumed,
    RunsGoOn,
    JobStarted,
    JobStartedAndGone,
    JobEndedByItself,
    IsGone,
    ReplacedByAnother,
    PausedMeanwhile,

    // What others changed while an operation waited.
    ReplicasChanged,
    SuspendChanged,
    SpecChanged,
    DeletionBegun,
    DeletedByOthers,

    // Why something cannot be requested, or what to know before.
    BeingDeleted,
    HasNoReplicas,
    DoesNotRollOut,
    CannotStop,
    AlreadyStopped,
    AlreadySuspended,
    NotStopped,
    NotSuspended,
    NothingRemembered,
    NothingToRestart,
    RolloutIsPaused,
    JobHasEnded,
    OwnedByAnother,
    OwnerMakesItAgain,
    Autoscaled,

    // What an operation does at a stage, until it says more.
    Queued,
    QueuedBehind,
    Validating,
    Applying,
    Scaling,
    Restarting,
    Remembering,
    Stopping,
    Starting,
    Deleting,
    AwaitingReady,
    AwaitingStop,
    AwaitingEnd,

    // What a call of an operation came to.
    Accepted,
    Applied,
    EffectFound,
    NoEffect,
    DeletionFound,
    GoneAlready,
    ReplicasRemembered,
    NothingToRemember,
    DeletionAccepted,
    TryingAgain,
    AnswerLost,
    ClusterRests,

    // What an operation waits for, with what ends it early.
    WaitsUntil,
    EndsWithCause,
    EndsIfChanged,
    EndsWhenGone,

    // How an operation ended.
    Succeeded,
    Cancelled,
    Superseded,
    TimedOut,
    NotInTime,
    AlreadyThere,
    NotThere,
    NeverObserved,
    ClusterUnknown,
    ClusterSilent,
    NotChecked,

    // What the audit log says of an event.
    RequestedCreate,
    RequestedScale,
    RequestedRestart,
    RequestedStop,
    RequestedStart,
    RequestedDelete,
    OperationRequested,
    OperationRetried,
    OperationStarted,
    OperationProgressed,
    StageSucceeded,
    CancelRequested,
    OutcomeUnknown,
    OutcomeResolved,
    OperationSucceeded,
    OperationFailed,
    OperationCancelled,
    OperationSuperseded,
    OperationOvertaken,
    WorkloadChanged,
    WorkloadIs,
    WorkloadIsBecause,
    PodIs,
    NamespaceIs,
    ObjectGone,
    ClusterRegistered,
    ClusterIdentified,
    ClusterRenamed,
    ClusterEnvironment,
    ClusterIs,
    UserRegistered,
    PasswordChanged,
    SignedIn,
    SignedOut,
    EventQuarantined,
    ManifestForgotten,
    DataKeyMade,
    DataKeyWrapped,
    ScopeForgotten,
    ObservationForgotten,
    LogOpened,
    SignInRefused,
    SignInLimited,
    RefreshTokenReused,
    CommandRefused,
    Repeated,
}

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
            | Self::EndsWhenGone => &[],
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
            Self::ConfigMapNotFound | Self::SecretNotFound | Self::ClaimNotFound => &["pod", "name", "detail"],
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
            Self::ContainerEnded => &["reason", "exit_code", "restarts", "detail"],
            Self::ContainerWaits => &["reason", "detail"],
            Self::ConditionReported => &["type", "status", "reason", "detail"],
            Self::EventReported => &["reason", "count", "detail"],
            Self::RunsGoOn => &["active"],
            Self::ReplicasChanged => &["requested", "found"],
            Self::SuspendChanged => &["found"],
            Self::HasNoReplicas | Self::DoesNotRollOut | Self::CannotStop => &["kind"],
            Self::OwnedByAnother | Self::OwnerMakesItAgain => &["kind", "name"],
            Self::Autoscaled => &["name", "min", "max"],
            Self::QueuedBehind => &["verb"],
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
            | Self::ObjectGone => &["object"],
            Self::RequestedScale => &["object", "replicas"],
            Self::OperationRequested | Self::OperationRetried => &["who", "request"],
            Self::OperationProgressed => &["object", "progress", "percent"],
            Self::StageSucceeded => &["object", "stage", "outcome"],
            Self::CancelRequested | Self::OperationCancelled => &["who", "object"],
            Self::OutcomeUnknown | Self::OutcomeResolved | Self::OperationFailed => &["object", "stage", "reason"],
            Self::OperationSuperseded => &["object", "newer"],
            Self::OperationOvertaken => &["object", "manager", "change"],
            Self::WorkloadChanged => &["object", "managers", "generation"],
            Self::WorkloadIs => &["object", "state", "ready", "desired"],
            Self::WorkloadIsBecause => &["object", "state", "ready", "desired", "cause"],
            Self::PodIs => &["object", "status", "ready", "containers"],
            Self::NamespaceIs => &["object", "phase"],
            Self::ClusterRegistered => &["name"],
            Self::ClusterIdentified => &["name", "uid"],
            Self::ClusterRenamed => &["cluster", "name"],
            Self::ClusterEnvironment => &["name", "environment"],
            Self::ClusterIs => &["name", "state", "detail"],
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
            Self::ManifestForgotten => &[],
        }
    }
}
