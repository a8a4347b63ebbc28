//! Facts about Kubernetes objects, as the log keeps them. They hold what the cluster reported; its meaning is computed from them.
//!
//! Fields that are empty are not written, because a pod changes often.

pub mod autoscaler;
pub mod event;
pub mod manager;
pub mod object;
pub mod pod;
pub mod workload;

pub use autoscaler::Autoscaler;
pub use event::{EventKind, InvolvedObject, KubernetesEvent, Note};
pub use manager::{FieldManager, Part};
pub(crate) use object::is_false;
pub use object::{Condition, Deletion, FreeText, Object, Owner, Truth, condition, condition_is, controller};
pub use pod::{Container, ContainerState, Pod, Probe, Role, Termination};
pub use workload::{
    CronJob, DaemonSet, Deployment, Details, Job, ReplicaCounts, ReplicaSet, StatefulSet, UpdateStrategy, Workload,
};
