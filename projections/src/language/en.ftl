# One message for each code of domain::core::message::Code, and a few parts in lower case that they are made of.
# An argument that is empty reads `none`. Words of others are appended by `with-detail`.
# A cause begins with what is wrong and ends with whom it stops: a row of a list shows its first sentence.

list-separator = ,{" "}
with-detail = { $text }: { $detail }
container = { $role ->
    [init] Init container
    [sidecar] Sidecar container
    [ephemeral] Debug container
   *[main] Container
} { $container } of pod { $pod }
pods-are = { $pods ->
    [one] 1 pod is
   *[other] { $pods } pods are
}

# How far a workload is.
NOT_OBSERVED = Its controller has not acted on the last change yet
ROLLING_OUT = { $updated } of { $to_update } updated, { $available } of { $desired } available
REMOVING = { pods-are } being removed
AVAILABLE = { $available } of { $desired } available
OLD_VERSION_SERVES = The rollout is stuck, and the old version serves { $available } of { $desired }
ROLLOUT_PAUSED = The rollout is paused, { $updated } of { $desired } updated
CREATED_PAUSED = It was created paused: no pod is made before it is resumed
UPDATES_ON_DELETE = { $pods ->
    [one] 1 pod is of the old version and changes when it is deleted
   *[other] { $pods } pods are of the old version and change when they are deleted
}
PARTITIONED = { $updated } of { $desired } updated: those below ordinal { $partition } keep the old version
NO_NODE_MATCHES = No node matches
JOB_NOT_STARTED = It has not started yet
JOB_PROGRESS = { $succeeded } of { $completions ->
    [one] 1 completion
   *[other] { $completions } completions
}, { $active } active, { $failed } failed
JOB_QUEUE_PROGRESS = { $active } active, { $succeeded } succeeded, { $failed } failed
JOB_ENDING = It has been decided and its last pods are ending
JOB_ENDED = { $succeeded } succeeded, { $failed } failed
SCHEDULED = Scheduled { $schedule }{ $active ->
    [0] {""}
    [one] , 1 run is active
   *[other] , { $active } runs are active
}
LAST_RUN_FAILED = Its last run { $job } failed

# Why a container does not run.
OOM_KILLED = Out of memory{ $limit ->
    [none] {""}
   *[other] {" "}(limit { $limit })
}. { container } was killed
EXITED = Exit code { $exit_code }. { container } ended
KILLED_BY_SIGNAL = Ended by { $signal }, exit code { $exit_code }. { container } received the signal
PROBE_KILLED = The { $probe } probe failed. { container } was restarted
COMMAND_NOT_STARTED = The command could not be started. { container } does not run
COMMAND_NOT_FOUND = { $exit_code ->
    [126] The command cannot be executed
   *[other] The command was not found
}, exit code { $exit_code }. { container } ended
CONTAINER_COMPLETED = Exit code 0, although it is to keep running. { container } ended
CONTAINER_LOST = Lost by its node. { container } is gone
CONTAINER_NOT_CREATED = The container could not be created. { container } waits
CONTAINER_CONFIG_INVALID = The configuration cannot be used. { container } waits
CONTAINER_WAITING = { $reason }. { container } waits
HOOK_FAILED = A lifecycle hook failed. { container } does not run
RUNS_AS_ROOT = It would run as root, which its security context forbids. { container } waits
INIT_RUNS_LONG = The pod waits for an init container. { container } has been running for a long time

# Why a container is not ready.
PROBE_FAILS = The { $probe } probe fails. { container } is not ready
NOT_READY = No longer ready. { container } runs
NEVER_READY = Not ready yet. { container } runs
READINESS_GATE_SHUT = Readiness gate { $gate } is not open. Pod { $pod } waits for it

# Why an image cannot be had.
IMAGE_NAME_INVALID = { $image } is not a valid image name. { container } waits
IMAGE_NOT_FOUND = Image { $image } was not found. { container } waits
IMAGE_PULL_DENIED = The registry denies image { $image }. { container } waits
IMAGE_RATE_LIMITED = The registry limits pulls of image { $image }. { container } waits
REGISTRY_UNREACHABLE = The registry of image { $image } cannot be reached. { container } waits
IMAGE_NEVER_PULLED = Image { $image } is not on the node, and its pull policy is Never. { container } waits
IMAGE_SIGNATURE_INVALID = The signature of image { $image } is not valid. { container } waits
IMAGE_PULL_FAILED = Image { $image } could not be pulled. { container } waits

# What a pod needs and does not find.
CONFIG_MAP_NOT_FOUND = ConfigMap { $name } does not exist. Pod { $pod } needs it
SECRET_NOT_FOUND = Secret { $name } does not exist. Pod { $pod } needs it
KEY_NOT_FOUND = { $kind } { $name } has no key { $key }. Pod { $pod } needs it
CLAIM_NOT_FOUND = PersistentVolumeClaim { $name } does not exist. Pod { $pod } needs it
CLAIM_UNBOUND = A PersistentVolumeClaim has no volume yet. Pod { $pod } waits for it
STORAGE_CLASS_NOT_FOUND = StorageClass { $name } does not exist{ $pod ->
    [none] {""}
   *[other] {". "}A claim of pod { $pod } needs it
}
VOLUME_NOT_MOUNTED = A volume could not be mounted. Pod { $pod } waits for it
VOLUME_NOT_ATTACHED = A volume could not be attached to the node. Pod { $pod } waits for it
SANDBOX_NOT_CREATED = The network or sandbox could not be set up. Pod { $pod } waits for it

# Why a pod has no node.
INSUFFICIENT_RESOURCES = No node has enough { $resources }. Pod { $pod } waits
TAINTS_NOT_TOLERATED = Every node that fits has a taint that is not tolerated. Pod { $pod } waits
NO_MATCHING_NODE = No node matches the node selector or affinity. Pod { $pod } waits
TOPOLOGY_SPREAD = No node satisfies the topology spread. Pod { $pod } waits
PORTS_TAKEN = The host ports are taken on every node. Pod { $pod } waits
VOLUME_UNSCHEDULABLE = No node can reach the volumes. Pod { $pod } waits
NO_NODES = The cluster has no node. Pod { $pod } waits
UNSCHEDULABLE = Not schedulable. Pod { $pod } waits
SCHEDULING_GATED = Scheduling gates hold it back. Pod { $pod } waits

# Who ended a pod.
NODE_LOST = Node { $node } does not answer or is gone{ $pod ->
    [none] {""}
   *[other] {". "}Pod { $pod } was on it
}
NODE_SHUT_DOWN = Node { $node } was shut down. Pod { $pod } was on it
NODE_REFUSED = Node { $node } refused a pod ({ $reason }). Pod { $pod } does not run
EVICTED = Node { $node } evicted pod { $pod }
PREEMPTED = Preempted by a pod of higher priority. Pod { $pod } was ended
DISRUPTED = Disruption ({ $reason }). Pod { $pod } was ended from outside
POD_DEADLINE_EXCEEDED = The deadline of a pod has passed. Pod { $pod } was ended

# Why a pod was not made.
QUOTA_EXCEEDED = Quota { $quota } refused another pod: requested { $requested }, used { $used }, limited to { $limited }
QUOTA_NEEDS_LIMITS = Quota { $quota } takes only pods that say their requests or limits
QUOTA_REFUSED = A quota refuses its pods
ADMISSION_DENIED = Webhook { $webhook } denied its pods
POLICY_DENIED = Admission policy { $policy } denied its pods
POD_SECURITY_VIOLATED = Its pods violate the pod security standard { $policy }
WEBHOOK_UNREACHABLE = Webhook { $webhook } does not answer. Its pods cannot be created
LABEL_TOO_LONG = A label of its pods would be longer than 63 characters: its name is too long
LIMIT_RANGE_VIOLATED = A limit range refuses its pods
SERVICE_ACCOUNT_NOT_FOUND = Service account { $name } does not exist. Its pods need it
PRIORITY_CLASS_NOT_FOUND = Priority class { $name } does not exist. Its pods need it
NAMESPACE_TERMINATING = Its namespace is being deleted and takes no new pods
POD_INVALID = The API server finds its pods invalid
CREATION_FORBIDDEN = The API server forbids its pods
CREATION_FAILED = Its pods could not be created

# That Kubernetes gave up, or cannot go on.
PROGRESS_DEADLINE_EXCEEDED = It made no progress for { $seconds } s, which is its deadline
JOB_BACKOFF_LIMIT_EXCEEDED = Its pods failed more often than its back-off limit of { $limit } allows
JOB_DEADLINE_EXCEEDED = It ran longer than its deadline of { $seconds } s
JOB_INDEXES_FAILED = Indexes failed: { $indexes }
JOB_FAILED = It failed ({ $reason })
SCHEDULE_INVALID = Its schedule or time zone cannot be used
FINALIZERS_BLOCK = It stays until these finalizers are taken off: { $finalizers }

# Why an object that runs no pods is not ready.
CLAIM_AWAITS_POD = It waits for the first pod that uses it, as its storage class says
CLAIM_AWAITS_NODE = It waits until the pod that uses it has a node
CLAIM_AWAITS_PROVISIONER = It waits until its provisioner has made a volume
CLAIM_NOT_BOUND = No volume can be bound to it
CLAIM_LOST = Its volume { $volume ->
    [none] {""}
   *[other] { $volume }{" "}
}is gone
VOLUME_NOT_PROVISIONED = Its volume could not be made
VOLUME_RESIZING = Its volume is being resized
FILE_SYSTEM_RESIZE_PENDING = Its volume was resized, and the file system on it is resized by the node of a pod that uses it
VOLUME_MODIFYING = The attributes of its volume are being changed
VOLUME_NOT_RESIZED = Its volume could not be resized
VOLUME_NOT_MODIFIED = The attributes of its volume could not be changed
VOLUME_RELEASED = Its claim { $claim ->
    [none] {""}
   *[other] { $claim }{" "}
}is gone, and it keeps the data
VOLUME_RECLAIMING = Its claim { $claim ->
    [none] {""}
   *[other] { $claim }{" "}
}is gone, and it is being deleted or recycled
VOLUME_NOT_RECLAIMED = It could not be deleted or recycled when its claim was gone{ why }
NODE_NOT_READY = Node { $node } is not ready{ why }
NODE_UNDER_PRESSURE = Node { $node } is short of { $type ->
    [DiskPressure] disk space
    [MemoryPressure] memory
    [PIDPressure] process ids
   *[other] { $type }
}
NODE_WITHOUT_NETWORK = The network of node { $node } is not set up
NODE_CORDONED = Node { $node } is cordoned and takes no new pods
NAMESPACE_NOT_LISTED = The API server cannot say what is left in it
NAMESPACE_CONTENT_NOT_DELETED = Some of its content could not be deleted
NAMESPACE_CONTENT_HELD = Some of its content waits for finalizers
NAMESPACE_CONTENT_REMAINS = Some of its content is still there
LOAD_BALANCER_PENDING = Its load balancer has no address yet
LOAD_BALANCER_FAILED = Its load balancer could not be set up
NO_BACKEND = It has no backend
CANNOT_SCALE = It cannot scale its target{ why }
METRIC_UNREADABLE = It cannot read its metric{ why }
TARGET_SCALED_TO_ZERO = Its target is scaled to zero, so it does nothing
TOO_FEW_HEALTHY = { $healthy } healthy, at least { $desired } needed: no healthy pod may be evicted
BUDGET_WITHOUT_PODS = It selects no pods
BUDGET_NOT_COMPUTED = It could not be worked out how many pods may be evicted
QUOTA_FULL = Quota { $quota } is full: { $resources }
NAMES_NOT_ACCEPTED = The names of its kind were not accepted{ why }
API_UNAVAILABLE = The server that serves it does not answer{ why }
ROUTE_REPORTED = { $parent ->
    [none] A parent
   *[other] { $parent }
} reports that condition { $type } is { $status }{ why }
ROUTE_NOT_TAKEN = No gateway has taken it yet
LISTENER_REPORTED = Of listener { $listener }, condition { $type } is { $status }{ why }
PHASE_REPORTED = Its phase is { $phase }
why = { $reason ->
    [none] {""}
   *[other] {" "}({ $reason })
}

# What was observed.
CONTAINER_ENDED = Ended with exit code { $exit_code } ({ $reason }), { $restarts ->
    [0] not restarted
    [one] restarted once
   *[other] restarted { $restarts } times
}
CONTAINER_WAITS = Waits ({ $reason })
CONDITION_REPORTED = Condition { $type } is { $status }{ $reason ->
    [none] {""}
   *[other] {" "}({ $reason })
}
EVENT_REPORTED = { $reason }{ $count ->
    [one] {""}
   *[other] , at least { $count } times
}
REQUEST_REJECTED = The API server rejected it

# What an operation waits for, and how its wait ended.
AWAITING_PODS = Waiting until { $desired ->
    [one] its pod is available
   *[other] { $desired } pods are available, { $available } of them are
}
AWAITING_START = Waiting until its first pod is created
AWAITING_REMOVAL = Waiting until it is gone{ $pods ->
    [0] {""}
    [one] , 1 pod is left
   *[other] , { $pods } pods are left
}
AWAITING_FINALIZERS = Waiting for finalizers: { $finalizers }
ALL_AVAILABLE = { $available } of { $desired } available
IS_READY = It is ready
RESTARTS_ON_DELETE = { $pods ->
    [one] Its pod changes only when it is deleted
   *[other] Its { $pods } pods change only when they are deleted
}
STARTS_NEW_VERSION_ONLY = { $pods ->
    [one] 1 pod is still of the old version
   *[other] { $pods } pods are still of the old version
}. A later start makes only pods of the new version
SCALED_TO_ZERO = It is scaled to zero and its pods are gone
IS_SUSPENDED = It is suspended
IS_RESUMED = It is no longer suspended
RUNS_GO_ON = No new run starts. { $active ->
    [one] 1 run goes on
   *[other] { $active } runs go on
}
JOB_STARTED = It has started
JOB_STARTED_AND_GONE = It has run, ended, and was removed as its time to live says
JOB_ENDED_BY_ITSELF = It had already ended
IS_GONE = It is gone
REPLACED_BY_ANOTHER = It is gone, and another one of that name is there
PAUSED_MEANWHILE = Its rollout was paused meanwhile
SEEN_BY_CONTROLLER = Its controller has seen the change
CHANGED_PAUSED = It is changed. Its rollout is paused, so its pods stay as they are until it is resumed
USED_BY_NEW_PODS = It is changed. Pods that are there already stay as they are
USED_BY_NEXT_RUN = It is changed for the next run

# What others changed while an operation waited.
PAUSED_CHANGED = Its rollout was { $found ->
    [true] paused
   *[false] resumed
}
REPLICAS_CHANGED = Replicas were changed from { $requested } to { $found }
SUSPEND_CHANGED = It was { $found ->
    [true] suspended
   *[false] resumed
}
SPEC_CHANGED = Its specification was changed
DELETION_BEGUN = Its deletion has begun
DELETED_BY_OTHERS = It was deleted

# Why something cannot be requested, or what to know before.
BEING_DELETED = It is being deleted
HAS_NO_REPLICAS = A { $kind } has no number of replicas
DOES_NOT_ROLL_OUT = A { $kind } does not replace its pods: delete it and create it again
CANNOT_STOP = A { $kind } runs on every matching node and cannot be stopped
ALREADY_STOPPED = It is stopped already
ALREADY_SUSPENDED = It is suspended already
NOT_STOPPED = It is not stopped
NOT_SUSPENDED = It is not suspended
NOTHING_REMEMBERED = It was not stopped here, so no number of replicas is remembered: scale it
NOTHING_TO_RESTART = It has no pods to restart
ROLLOUT_IS_PAUSED = Its rollout is paused: resume it first
JOB_HAS_ENDED = The Job has ended
OWNED_BY_ANOTHER = { $kind } { $name } sets its replicas
OWNER_MAKES_IT_AGAIN = { $kind } { $name } may create it again
AUTOSCALED = Autoscaler { $name } sets its replicas, from { $min } to { $max }
CANNOT_BE_DONE = The cluster does not let anybody do that with a { $kind }
NOT_OF_KIND = A { $kind } has no such action
TEMPLATE_OF_OWNER = Its pods are those that { $kind } { $name } wants: change that
IS_SO_ALREADY = { $verb ->
    [PauseRollout] Its rollout is paused already
    [ResumeRollout] Its rollout is not paused
   *[other] { $verb }: it is so already
}

# What an action is called, and what it does.
ACTION_LABEL = { $verb ->
    [CreateWorkload] Create
    [ScaleWorkload] Scale
    [RestartWorkload] Restart
    [StopWorkload] Stop
    [StartWorkload] Start
    [DeleteWorkload] Delete
    [ApplyManifests] Apply
    [RestoreObject] Restore
    [DeleteObject] Delete object
    [PauseRollout] Pause rollout
    [ResumeRollout] Resume rollout
    [SetImage] Set image
    [SetEnvironment] Set environment
    [SetResources] Set resources
    [SetLabels] Set labels
    [SetAnnotations] Set annotations
    [SetConfigMapData] Set data
    [SetSecretData] Set values
   *[other] { $verb }
}
ACTION_EFFECT = { $verb ->
    [CreateWorkload] Creates it from a manifest
    [ScaleWorkload] Sets the number of its pods
    [RestartWorkload] Requests new pods
    [StopWorkload] Scales it to zero, or suspends it, and records its size for the next start
    [StartWorkload] Scales it to the size that it had before it was stopped, or resumes it
    [DeleteWorkload] Deletes it and its pods
    [ApplyManifests] Makes it what a manifest says, or changes in it what was edited
    [RestoreObject] Makes it again what it was
    [DeleteObject] Deletes it
    [PauseRollout] Changes of its pods wait until the rollout is resumed
    [ResumeRollout] Changes of its pods that waited are carried out
    [SetImage] Sets the image of one of its containers
    [SetEnvironment] Sets and removes variables of one of its containers
    [SetResources] Sets and removes requests and limits of one of its containers
    [SetLabels] Sets and removes its labels
    [SetAnnotations] Sets and removes its annotations
    [SetConfigMapData] Sets and removes keys of its data
    [SetSecretData] Sets and removes values, which are in no event
   *[other] { $verb }
}

# What an operation does at a stage, until it says more.
QUEUED = Waiting for its turn
QUEUED_BEHIND = Waiting until { verb } has ended
VALIDATING = Asking the API server whether it accepts the manifest
APPLYING = Applying the manifest
EDITING = Changing the object
SCALING = Changing the number of replicas
RESTARTING = Requesting new pods
REMEMBERING = Reading what a later start restores
STOPPING = Stopping
STARTING = Starting
DELETING = Deleting
CHANGING = Changing its fields
AWAITING_CONTROLLER = Waiting until its controller has seen the change
AWAITING_READY = Waiting until it is ready
AWAITING_STOP = Waiting until it has stopped
AWAITING_END = Waiting until it is gone
verb = { $verb ->
    [CreateWorkload] the create that was requested before
    [ScaleWorkload] the scale that was requested before
    [RestartWorkload] the restart that was requested before
    [StopWorkload] the stop that was requested before
    [StartWorkload] the start that was requested before
    [DeleteWorkload] the delete that was requested before
    [ApplyManifests] the apply that was requested before
    [RestoreObject] the restore that was requested before
    [DeleteObject] the delete that was requested before
   *[other] “{ ACTION_LABEL }”, which was requested before,
}

# What a call of an operation came to.
ACCEPTED = The API server accepts it
APPLIED = Applied
LEFT_TO_OTHERS = Applied. These fields were left to their managers: { $fields }
EFFECT_FOUND = The cluster shows that it took effect
NO_EFFECT = The cluster shows that it had no effect
DELETION_FOUND = Its deletion had begun already
GONE_ALREADY = It was gone already
REPLICAS_REMEMBERED = { $replicas ->
    [one] 1 replica is remembered
   *[other] { $replicas } replicas are remembered
}
NOTHING_TO_REMEMBER = Nothing has to be remembered
DELETION_ACCEPTED = Its deletion has begun
TRYING_AGAIN = Trying again in { $seconds } s
ANSWER_LOST = The answer of the API server was lost, and the cluster is read to find out whether it took effect
CLUSTER_RESTS = The cluster does not answer, and is tried again in { $seconds } s

# What an operation waits for, with what ends it early.
WAITS_UNTIL = { $progress }. { $early }
ENDS_WITH_CAUSE = It ends early once this cause has lasted { $seconds } s
ENDS_IF_CHANGED = It ends early if somebody else changes what it wrote, or if a cause lasts that waiting does not cure
ENDS_WHEN_GONE = It ends early only if it is cancelled, or if a newer operation on the same object takes its place

# How an operation ended.
SUCCEEDED = Done
CANCELLED = Cancelled
SUPERSEDED = Superseded by a newer operation
TIMED_OUT = The time ran out. The last observation: { $progress }
NOT_IN_TIME = It could not be done in time
ALREADY_THERE = { $kind } { $name } exists already
NOT_THERE = { $kind } { $name } does not exist any more
NEVER_OBSERVED = It was not observed when this was requested: request it again
VALUES_GONE = Its values cannot be opened any more: send them again
NO_SUCH_CONTAINER = It has no container { $container }. Its containers are { $known }
CLUSTER_UNKNOWN = Cluster { $cluster } is not configured here
CLUSTER_SILENT = The cluster does not answer
CANCELLED_BY_REMOVAL = Cancelled, because its cluster was removed
ABANDONED = Its cluster was removed during the call, so nobody looks what became of it
NOT_CHECKED = The cluster did not say whether it would accept this

# What the audit log says of an event.
REQUESTED_CREATE = create { $object }
REQUESTED_SCALE = scale { $object } to { $replicas ->
    [one] 1 replica
   *[other] { $replicas } replicas
}
REQUESTED_RESTART = restart { $object }
REQUESTED_STOP = stop { $object }
REQUESTED_START = start { $object }
REQUESTED_DELETE = delete { $object }
REQUESTED_APPLY = apply { $object }
REQUESTED_EDIT = edit { $object }
REQUESTED_RESTORE = restore { $object } to what it was at position { $position }
REQUESTED_IMAGE = set the image of container { $container } of { $object } to { $image }
REQUESTED = { $verb ->
    [PauseRollout] pause the rollout of { $object }
    [ResumeRollout] resume the rollout of { $object }
    [SetEnvironment] change the environment of a container of { $object }
    [SetResources] change the resources of a container of { $object }
    [SetLabels] change the labels of { $object }
    [SetAnnotations] change the annotations of { $object }
    [SetConfigMapData] change the data of { $object }
    [SetSecretData] change the values of { $object }
   *[other] { $verb } { $object }
}
OPERATION_REQUESTED = { $who } requested to { $request }
OPERATION_RETRIED = { $who } requested again to { $request }
OPERATION_STARTED = The operation on { $object } started
OPERATION_PROGRESSED = { $object }, { $percent } %: { $progress }
STAGE_SUCCEEDED = { $object }, { $stage }: { $outcome }
CANCEL_REQUESTED = { $who } requested to cancel the operation on { $object }, which is running
OUTCOME_UNKNOWN = It is not known yet whether { $stage } of { $object } took effect: { $reason }
OUTCOME_RESOLVED = Reading the cluster resolved { $stage } of { $object }: { $reason }
OPERATION_SUCCEEDED = The operation on { $object } succeeded
OPERATION_FAILED = The operation on { $object } failed at { $stage }: { $reason }
OPERATION_CANCELLED = { $who } cancelled the operation on { $object }
OPERATION_SUPERSEDED = The operation on { $object } ended because a newer one was requested ({ $newer })
OPERATION_ABANDONED = Cluster of { $object } was removed during { $stage }: the outcome stays unknown
OPERATION_ENDED_BY_REMOVAL = The operation on { $object } ended because its cluster was removed
OPERATION_OVERTAKEN = The operation on { $object } was overtaken by { $manager }: { $change }
BATCH_REQUESTED = { $who } requested a batch of { $verb }, with { $count ->
    [one] 1 object
   *[other] { $count } objects
}
BATCH_RETRIED = { $who } requested again what failed in a batch, with { $count ->
    [one] 1 object
   *[other] { $count } objects
}
BATCH_MEMBERS_ADDED = Part of a batch: { $count ->
    [1] { $object }
   *[other] { $count } objects, { $object } first
}
BATCH_GROUP_STARTED = A batch began with its { $group }
BATCH_MEMBER_REFUSED = A batch could not request its operation on { $object }: { $reason }
BATCH_GROUP_ENDED = A batch ended with its { $group }, { $failed } failed
BATCH_MEMBERS_SKIPPED = A batch left out { $count ->
    [one] 1 object, because something that it needs
   *[other] { $count } objects, because something that they need
} failed
BATCH_CANCEL_REQUESTED = { $who } requested to cancel a batch
BATCH_ENDED = A batch ended
WORKLOAD_CHANGED = { $object } was written by { $managers }{ $generation ->
    [0] {""}
   *[other] {" "}(generation { $generation })
}
WORKLOAD_IS = { $object } is { state }{ counts }
WORKLOAD_IS_BECAUSE = { $object } is { state }{ counts }: { $cause }
state = { $state ->
    [RUNNING] running
    [PROGRESSING] progressing
    [ROLLOUT_STUCK] in a rollout that is stuck
    [DEGRADED] degraded
    [UNAVAILABLE] unavailable
    [FAILED] failed
    [PAUSED] paused
    [STOPPED] stopped
    [SUSPENDED] suspended
    [COMPLETED] completed
    [DELETING] being deleted
    [UNKNOWN] in an unknown state
   *[other] { $state }
}
counts = { $desired ->
    [none] {""}
   *[other] , { $ready } of { $desired } ready
}
POD_IS = { $object } is { $status }, { $ready } of { $containers } containers ready
NAMESPACE_IS = { $object } is { $phase }
OBJECT_GONE = { $object } is gone
OBJECT_RELEASED = { $object } is no longer recorded, because its kind is not
OBJECT_REPORTED = What is reported of { $object } changed
CLUSTER_REGISTERED = Cluster { $name } was registered
CLUSTER_CONNECTED = { $who } registered cluster { $cluster }{ $server ->
    [none] , which Binnacle runs in
   *[other] {" "}at { $server }
}
CLUSTER_REMOVED = { $who } removed cluster { $cluster }
CLUSTER_WATCH_ENDED = Cluster { $cluster } is observed no more
KIND_JUDGED = { $kind } was found in cluster { $cluster } with { $objects ->
    [one] 1 object
   *[other] { $objects } objects
}: { $recorded ->
    [true] they are recorded
   *[other] they are too many to be recorded, and read live
}
KIND_RECORDED = { $who } has { $kind } of cluster { $cluster } recorded
KIND_RELEASED = { $who } has { $kind } of cluster { $cluster } recorded no more
CLUSTER_IDENTIFIED = Cluster { $name } is the one whose kube-system namespace has the uid { $uid }
CLUSTER_RENAMED = Cluster { $cluster } was renamed to { $name }
CLUSTER_ENVIRONMENT = Cluster { $name } is for { $environment ->
    [PRODUCTION] production
    [STAGING] staging
    [DEVELOPMENT] development
   *[other] { $environment }
}
CLUSTER_IS = Cluster { $name } { $state ->
    [CONNECTING] is being connected
    [READY] answers
    [DEGRADED] answers in part
    [UNREACHABLE] does not answer
   *[other] is { $state }
}
USER_REGISTERED = Account { $username } ({ $name }) was created
PASSWORD_CHANGED = { $who } changed the password of an account
SIGNED_IN = { $who } signed in
SIGNED_OUT = { $who } signed out
EVENT_QUARANTINED = { $who } let { $list } go on without the event at position { $position }: { $reason }
MANIFEST_FORGOTTEN = what it would create was forgotten: create it anew, with its manifest
DATA_KEY_MADE = { $who } made the key that encrypts free values in { $scope }
DATA_KEY_WRAPPED = { $who } encrypted the key of { $scope } with another sealing key
SCOPE_FORGOTTEN = { $who } had forgotten what people had filled in freely in { $scope }: { $reason }
OBSERVATION_FORGOTTEN = what was observed of { $object } was forgotten
LOG_OPENED = { $who } opened the log of { $container ->
    [none] {""}
   *[other] { $container } of{" "}
}{ $object }
SIGN_IN_REFUSED = A sign-in{ under }{ from } was refused: the name or the password was wrong
SIGN_IN_LIMITED = A sign-in{ under }{ from } was refused: too many attempts
under = { $name ->
    [none] {""}
   *[other] {" "}under an unknown name ({ $name })
}
from = { $source ->
    [none] {""}
   *[other] {" "}from { $source }
}
REFRESH_TOKEN_REUSED = A session was ended: an old refresh token of it came again from { $source }, so somebody copied it
COMMAND_REFUSED = { $who } was refused ({ $code }): no right to { $action } { $object }
REPEATED = { $message } ({ $times ->
    [one] 1 time
   *[other] { $times } times
})

# Why a command is refused.
# A part of the two sentences about a secret.
PLAIN_SECRET = { $rule ->
    [named] a secret by its name
    [flag] the value of a flag that names a secret
    [command] a password on a command line
    [assignment] text with the value of a password, token or key in it
    [address] an address with a password or token in it
    [statement] a statement with a password in it
    [header] a header with credentials in it
    [registry] the login of a container registry
    [data] the data of a Secret
    [encoded] base64 of text with a secret in it
    [key] a field whose name is a token
   *[token] { $shape }
}
NO_SUCH_WORKLOAD = There is no such workload, or it is being deleted
NOT_AN_IMAGE = This is no name of an image, or it has a login in it
NOT_A_VALUE = This is no value that Kubernetes takes here
NOTHING_TO_SET = Nothing is to be set or removed
TOO_MUCH_TO_SET = Names and values have { $bytes } bytes in all, and { $most } are the most
OWN_ANNOTATION = Binnacle writes the annotations that begin with binnacle.io/ itself
NOT_A_KEY = This is no name that Kubernetes takes here, or it looks like a secret
NO_SUCH_OBJECT = There is no such object, or it is being deleted
NO_SUCH_OPERATION = There is no such operation
KEY_USED = This idempotency key was used for another command, or for one whose values were forgotten since: send this one with a key of its own
CHANGED_SINCE = It changed since version { $expected }: look at version { $current }, then ask again
QUEUE_FULL = { $limit } operations on it have not ended: wait until some have, or cancel them
ENDED_ALREADY = It has ended already
NAME_TAKEN = A { $kind } of that name is there already, or is being created
NOT_A_COUNT = { $value } is no whole number from 0 to { $most }
NEGATIVE_REPLICAS = The number of replicas cannot be negative: 0 stops the workload
TOO_MANY_REPLICAS = { $replicas } is more replicas than a cluster can bear: at most { $most }
STILL_BEING_CREATED = It is still being created: cancel that, or try again when it is there
RETRY_SUPERSEDED = The newer operation { $newer } superseded it, and a retry would undo that one
RETRY_WITHOUT_VALUES = Its values were deleted when it ended: send them again, as a new operation
VALUES_CANNOT_WAIT = Another operation on this Secret has not ended, and values are not kept for later: send them again then
RETRY_ERASED = What it would create was forgotten: create it again from its manifest
RETRY_FAILS_AGAIN = It failed as { $code }, and a retry would fail in the same way
RETRY_SUCCEEDED = It succeeded: there is no retry
RETRY_NOT_ENDED = It has not ended yet: cancel it first, or wait
RETRY_TOO_OLD = That operation is too long ago to be retried: request it again
NO_SUCH_BATCH = There is no such batch
BATCH_EMPTY = There is nothing in it: name at least one object
BATCH_TOO_LARGE = { $count } objects are more than a batch may have: { $most }. Split it
BATCH_REPEATS = { $object } stands in it more than once
NOT_A_WORKLOAD = A { $kind } is no workload
NO_SUCH_NAMESPACE = There is no namespace { $namespace } in cluster { $cluster }: create it first
SECRET_IN_REASON = The reason has { $secret } in it, and the log keeps it for ever: leave it out
MANIFEST_LINE = Line { $line }: { $message }
MANIFEST_TOO_LARGE = The manifest has { $bytes } bytes: at most { $most } are taken
MANIFEST_HAS_NUL = The manifest holds a NUL character, which no field of Kubernetes takes
MANIFEST_UNREADABLE = The manifest cannot be read as YAML or JSON
MANIFEST_EMPTY = The manifest is empty
MANIFESTS_SEVERAL = The manifest has { $count } documents (from the lines { $lines }): send them one at a time
LIST_SEVERAL = The List has { $count } objects (from the lines { $lines }): send them one at a time
MANIFEST_NO_OBJECT = The manifest is no object with apiVersion, kind, metadata and spec
LIST_EMPTY = The List is empty
MANIFEST_NO_KIND = The manifest has no kind
KIND_NOT_SUPPORTED = Kind { $kind } is not supported; these are: { $known }
VERSION_NOT_SUPPORTED = apiVersion { $version } of a { $kind } is not supported: write { $expected }
MANIFEST_NO_VERSION = The manifest has no apiVersion: a { $kind } has { $expected }
NOT_A_NAME = { $value } is no name: lower-case letters, digits, '-' and '.', at most 253 of them
NOT_A_LABEL_NAME = { $value } is no name: lower-case letters, digits, '-', at most 63 of them
MANIFEST_NO_NAME = The manifest has no metadata.name
GENERATE_NAME = generateName is not supported, because the name is recorded before the object is created: write metadata.name in its place, such as { $example }
SECRET_IN_MANIFEST = This is { $secret }{ $more ->
    [0] {""}
    [one] {" "}(and one more)
   *[other] {" "}(and { $more } more)
}, and the log keeps every manifest for ever: put the value into a Secret and refer to it by valueFrom.secretKeyRef or a volume
DOCUMENTS_TOO_MANY = There are { $count ->
    [one] 1 document
   *[other] { $count } documents
}: at most { $most } are taken
KIND_NOT_SERVED = The cluster serves no { $kind } in version { $version }
SECRET_DOCUMENT = The values of a Secret are not taken in a document: leave data and stringData as they are shown
BASE_UNKNOWN = Nobody knows any more what it was in version { $version }: open it anew, or send what you started from
BASED_ON_ANOTHER = The document is not that of { $id }: an edit cannot change kind, namespace or name
NOTHING_CHANGED = The document changes nothing
MASK_ELSEWHERE = A masked value stands at { $path }, where there was none: a mask means "as it was", and at another place nothing
FIELD_IS_FIXED = Kubernetes lets nobody change { $path } of a { $kind } that is there. Delete it and apply the document anew, or give the document another name
FIELD_IS_IMMUTABLE = Kubernetes lets nobody change this field of a { $kind } that is there. Delete it and apply the document anew, or give the document another name
FIELDS_CONFLICT = { $count ->
    [one] 1 field was changed by others meanwhile, or is theirs
   *[other] { $count } fields were changed by others meanwhile, or are theirs
}
NO_SUCH_REVISION = There is no manifest of it at position { $position }

# Why a cluster is not registered or removed, or takes no command.
CLUSTER_NAME_NOT_CANONICAL = A name of a cluster has lower-case letters, digits, '-' and '.', at most 63 of them: write { $canonical } in place of { $name }
CLUSTER_NAME_TAKEN = A cluster of the name { $name } is there already: choose another one, or remove that cluster first
CLUSTER_WAS_REMOVED = Cluster { $cluster } was removed
CLUSTER_OF_SETTINGS = Cluster { $cluster } is given to a gateway by KUBECONFIG, or is the one that it runs in: stop giving it, restart that gateway, and remove it then
CLUSTER_TOO_OLD = Cluster { $cluster } runs Kubernetes { $version }, and commands need { $oldest } or newer: its objects are only shown
KIND_UNKNOWN = Cluster { $cluster } serves no { $kind }: take an id from the list of its kinds
KIND_CANNOT_BE_WATCHED = Cluster { $cluster } does not let { $kind } be listed and watched: its objects can only be read live
KIND_ALWAYS_RECORDED = { $kind } is always recorded: workloads, pods and what they are shown with depend on it
CREDENTIAL_MISSING = Give exactly one of kubeconfig, token and inCluster
CREDENTIAL_UNUSABLE = No connection can be made from the certificates and keys: check that they are PEM and belong together
KUBECONFIG_TOO_LARGE = The kubeconfig is too long, at most { $most } bytes are taken: leave only the cluster and the user of one context in it
KUBECONFIG_UNREADABLE = The kubeconfig cannot be read as YAML or JSON
KUBECONFIG_NO_CONTEXT = The kubeconfig has no context { $context ->
    [none] that is current: set current-context
   *[other] { $context } with a cluster and a user: check current-context
}
KUBECONFIG_EXEC = User { $user } signs in by running a program (exec), which Binnacle does not do: use the token of a service account
KUBECONFIG_AUTH_PROVIDER = The user signs in by the auth provider { $provider }, which Binnacle does not know: use the token of a service account
KUBECONFIG_FILE = { $name } names a file, which Binnacle cannot read: put its content there instead, for example with kubectl config view --flatten --minify
KUBECONFIG_INSECURE = The kubeconfig switches off the check of the server's certificate (insecure-skip-tls-verify): give the certificate authority instead
KUBECONFIG_PROXY = The kubeconfig goes through a proxy (proxy-url), which is not supported: give an address that Binnacle reaches itself
KUBECONFIG_PASSWORD = The user signs in with a password, which Kubernetes takes no more: use the token of a service account
KUBECONFIG_IMPERSONATION = The user acts as somebody else (as), which is not supported: use the token of that account
KUBECONFIG_NO_CREDENTIAL = The user has neither a token nor a client certificate with its key
ADDRESS_INVALID = This is no address of an API server: write https://, a name or an address, and perhaps a port, with no user in it
ADDRESS_NOT_HTTPS = The address of the API server begins with https://: nothing is sent unencrypted
AUTHORITY_UNREADABLE = The certificate authority is no certificate in PEM
NOT_IN_CLUSTER = Binnacle does not run inside a cluster: give a kubeconfig or a token
TOO_MANY_NAMESPACES = At most { $most } namespaces are taken: give the credential a right to the whole cluster instead

# What the check of a cluster found.
CHECK_CREDENTIALS = What was given can be used
CHECK_ADDRESS = { $host } has the addresses { $addresses }
CHECK_ADDRESS_UNKNOWN = { $host } has no address: check the name, and the name server of the machine that Binnacle runs on
CHECK_CONNECTED = { $address } accepts connections
CHECK_NOT_CONNECTED = { $address } accepts no connection: check the port, and the firewalls on the way
CHECK_TLS = The certificate of the server is the right one
CHECK_TLS_FAILED = No encrypted connection was made: check that the certificate authority is that of this server, and that its certificate names the address
CHECK_AUTHENTICATED = The server knows the credential as { $user }
CHECK_NOT_AUTHENTICATED = The server does not accept the credential: check that it belongs to this cluster and has not expired
CHECK_RIGHTS = The credential may read { $kinds }
CHECK_RIGHTS_MISSING = The credential may not read { $kinds }: they will be missing in lists. Grant list and watch on them
CHECK_RIGHTS_NONE = The credential may read none of { $kinds }: grant list and watch on them, or name the namespaces in which it may
CHECK_VERSION = Kubernetes { $version } is supported
CHECK_VERSION_UNTESTED = Kubernetes { $version } was not tested with this version of Binnacle, which knows versions up to { $newest }
CHECK_VERSION_TOO_OLD = Kubernetes { $version } is older than { $oldest }: objects are shown, and no command is taken
CHECK_CLOCK = The clock of the server agrees with that of Binnacle
CHECK_CLOCK_OFF = The clock of the server differs by { $seconds } s from that of Binnacle: set both by a time server
CHECK_CLOCK_UNKNOWN = The server does not tell its time
CHECK_FAILED = The server answered otherwise than expected
CHECK_TIMED_OUT = There was no answer within { $seconds } s: check the network, and the load of the server
CHECK_SKIPPED = Not reached, because an earlier step failed

# What is switched off for the version of a cluster.
COMMANDS_OFF = Commands are switched off: they need Kubernetes { $oldest } or newer
