//! Filters and orders of workloads.

use crate::graphql::engine::{connection::OrderDirection, error::ApiError};
use async_graphql::{Enum, ID, InputObject};
use domain::kubernetes::resource::Resource;
use projections::{models::workloads, query::search::Search};

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
#[graphql(remote = "domain::kubernetes::status::State")]
pub enum WorkloadState {
    Running,
    Progressing,
    RolloutStuck,
    Degraded,
    Unavailable,
    Failed,
    Paused,
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
    /// The workload that controls them, for example the CronJob of Jobs.
    owner: Option<ID>,
    /// Part of an image.
    image: Option<String>,
    /// Part of a name, a namespace or an image, or words of the cause in either language.
    search: Option<String>,
    /// Kubernetes label selector.
    label_selector: Option<String>,
}

impl From<WorkloadKind> for Resource {
    fn from(kind: WorkloadKind) -> Self {
        match kind {
            WorkloadKind::Deployment => Self::DEPLOYMENT,
            WorkloadKind::StatefulSet => Self::STATEFUL_SET,
            WorkloadKind::DaemonSet => Self::DAEMON_SET,
            WorkloadKind::ReplicaSet => Self::REPLICA_SET,
            WorkloadKind::Job => Self::JOB,
            WorkloadKind::CronJob => Self::CRON_JOB,
        }
    }
}

impl WorkloadKind {
    const ALL: [Self; 6] =
        [Self::Deployment, Self::StatefulSet, Self::DaemonSet, Self::ReplicaSet, Self::Job, Self::CronJob];

    /// `None` if the kind is no workload.
    pub fn of(kind: &Resource) -> Option<Self> {
        Self::ALL.into_iter().find(|known| Resource::from(*known) == *kind)
    }
}

impl From<WorkloadOrder> for workloads::Order {
    fn from(order: WorkloadOrder) -> Self {
        Self { field: order.field.into(), direction: order.direction.into() }
    }
}

impl TryFrom<WorkloadFilter> for workloads::Filter {
    type Error = ApiError;

    fn try_from(filter: WorkloadFilter) -> Result<Self, ApiError> {
        Ok(Self {
            cluster: filter.cluster.map(|id| id.0),
            namespaces: filter.namespaces.unwrap_or_default(),
            kinds: filter.kinds.unwrap_or_default().into_iter().map(Resource::from).collect(),
            states: filter.states.unwrap_or_default().into_iter().map(Into::into).collect(),
            owner: filter.owner.map(|id| id.0),
            image: filter.image,
            search: filter.search.as_deref().and_then(Search::new),
            labels: filter.label_selector.unwrap_or_default().parse()?,
        })
    }
}
