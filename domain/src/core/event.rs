//! The sum of all events.

use crate::{
    kubernetes::observed::ObservedEvent,
    operation::OperationEvent,
    platform::{cluster::ClusterEvent, projection::ProjectionEvent, user::UserEvent},
};

/// Any event of the log, by the noun it is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Operation(OperationEvent),
    Observed(ObservedEvent),
    Cluster(ClusterEvent),
    User(UserEvent),
    Projection(ProjectionEvent),
}

impl From<OperationEvent> for Event {
    fn from(event: OperationEvent) -> Self {
        Self::Operation(event)
    }
}

impl From<ObservedEvent> for Event {
    fn from(event: ObservedEvent) -> Self {
        Self::Observed(event)
    }
}

impl From<ClusterEvent> for Event {
    fn from(event: ClusterEvent) -> Self {
        Self::Cluster(event)
    }
}

impl From<UserEvent> for Event {
    fn from(event: UserEvent) -> Self {
        Self::User(event)
    }
}

impl From<ProjectionEvent> for Event {
    fn from(event: ProjectionEvent) -> Self {
        Self::Projection(event)
    }
}
