//! Which workloads, and in which order.

use crate::graphql::engine::error::Fault;
use async_graphql::{Enum, ID, InputObject};
use domain::kubernetes::object::Kind;
use projections::{Direction, models::workloads};

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum WorkloadKind {
    Deployment,
    StatefulSet,
    DaemonSet,
    ReplicaSet,
    Job,
    CronJob,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::kubernetes::observed::WorkloadState")]
pub enum WorkloadState {
    Running,
    Progressing,
    Degraded,
    Failed,
    Stopped,
    Suspended,
    Completed,
    Deleting,
    Unknown,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "workloads::OrderField")]
pub enum WorkloadOrderField {
    Name,
    Namespace,
    State,
    CreatedAt,
}

#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
#[graphql(remote = "Direction")]
pub enum OrderDirection {
    #[default]
    Asc,
    Desc,
}

#[derive(InputObject)]
pub struct WorkloadOrder {
    field: WorkloadOrderField,
    #[graphql(default)]
    direction: OrderDirection,
}

#[derive(InputObject, Default)]
pub struct WorkloadFilter {
    cluster: Option<ID>,
    namespaces: Option<Vec<String>>,
    kinds: Option<Vec<WorkloadKind>>,
    states: Option<Vec<WorkloadState>>,
    /// Part of a name or image.
    search: Option<String>,
    /// Kubernetes label selector.
    label_selector: Option<String>,
}

impl From<WorkloadKind> for Kind {
    fn from(kind: WorkloadKind) -> Self {
        match kind {
            WorkloadKind::Deployment => Self::Deployment,
            WorkloadKind::StatefulSet => Self::StatefulSet,
            WorkloadKind::DaemonSet => Self::DaemonSet,
            WorkloadKind::ReplicaSet => Self::ReplicaSet,
            WorkloadKind::Job => Self::Job,
            WorkloadKind::CronJob => Self::CronJob,
        }
    }
}

impl WorkloadKind {
    /// `None`: it is no workload.
    pub const fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Deployment => Some(Self::Deployment),
            Kind::StatefulSet => Some(Self::StatefulSet),
            Kind::DaemonSet => Some(Self::DaemonSet),
            Kind::ReplicaSet => Some(Self::ReplicaSet),
            Kind::Job => Some(Self::Job),
            Kind::CronJob => Some(Self::CronJob),
            Kind::Pod | Kind::Namespace => None,
        }
    }
}

impl From<WorkloadOrder> for workloads::Order {
    fn from(order: WorkloadOrder) -> Self {
        Self { field: order.field.into(), direction: order.direction.into() }
    }
}

impl TryFrom<WorkloadFilter> for workloads::Filter {
    type Error = Fault;

    fn try_from(filter: WorkloadFilter) -> Result<Self, Fault> {
        Ok(Self {
            cluster: filter.cluster.map(|id| id.0),
            namespaces: filter.namespaces.unwrap_or_default(),
            kinds: filter.kinds.unwrap_or_default().into_iter().map(Kind::from).collect(),
            states: filter.states.unwrap_or_default().into_iter().map(Into::into).collect(),
            search: filter.search,
            labels: filter.label_selector.unwrap_or_default().parse()?,
        })
    }
}
