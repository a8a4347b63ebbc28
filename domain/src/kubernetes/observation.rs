//! Facts about Kubernetes objects, as the log keeps them. They hold what the cluster reported; its meaning is computed from them.
//!
//! Fields that are empty are not written, because a pod changes often.

pub mod autoscaler;
pub mod event;
pub mod manager;
pub mod object;
pub mod pod;
pub mod report;
pub mod snapshot;
pub mod workload;

pub use crate::core::free_text::FreeText;

pub use autoscaler::Autoscaler;
pub use event::{EventKind, InvolvedObject, KubernetesEvent, Note};
pub use manager::{FIELD_MANAGER, FieldManager, Part, Written, writers, writers_of};
pub(crate) use object::is_false;
pub use object::{Condition, Deletion, Object, Owner, Truth, condition, condition_is, controller};
pub use pod::{Container, ContainerState, Pod, Probe, Role, Termination};
pub use report::Report;
pub use snapshot::{Named, NamedAutoscaler, WorkloadSnapshot};
pub use workload::{
    CronJob, DaemonSet, Deployment, Details, Job, ReplicaCounts, ReplicaSet, StatefulSet, UpdateStrategy, Workload,
};
