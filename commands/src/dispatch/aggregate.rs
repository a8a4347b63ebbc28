//! What the dispatcher requires of an aggregate besides its rules.

use domain::{
    core::{
        decider::Decider,
        event::Event,
        ids::{BatchId, ClusterId, OperationId},
    },
    kubernetes::object::ObjectRef,
    operation::{
        OperationEvent,
        batch::{self, Batch, BatchEvent},
        effect::Reaction,
        queue::Target,
        react::react,
    },
    platform::{
        cluster::{Cluster, ClusterEvent},
        projection::{Projection, ProjectionEvent},
        user::{User, UserEvent},
    },
};

/// An aggregate whose commands the dispatcher executes.
pub trait Aggregate: Decider<State: Clone + Send + 'static, Event: Into<Event> + Clone + Send> + 'static {
    /// The event, if it belongs to this aggregate.
    fn own(event: &Event) -> Option<&Self::Event>;

    /// The cluster of the aggregate.
    fn cluster(_id: &Self::Id) -> Option<ClusterId> {
        None
    }

    /// The operation that an event belongs to.
    fn correlation(_event: &Self::Event) -> Option<OperationId> {
        None
    }

    /// The effect that follows from an event. `state` is the fold up to and including it.
    fn react(_id: &Self::Id, _state: &Self::State, _event: &Self::Event) -> Reaction {
        Reaction::Nothing
    }
}

impl Aggregate for Target {
    fn own(event: &Event) -> Option<&OperationEvent> {
        if let Event::Operation(event) = event { Some(event) } else { None }
    }

    fn cluster(id: &ObjectRef) -> Option<ClusterId> {
        Some(id.cluster.clone())
    }

    fn correlation(event: &OperationEvent) -> Option<OperationId> {
        Some(event.operation())
    }

    fn react(id: &ObjectRef, state: &Self, event: &OperationEvent) -> Reaction {
        react(id, state, event)
    }
}

impl Aggregate for Batch {
    fn own(event: &Event) -> Option<&BatchEvent> {
        if let Event::Batch(event) = event { Some(event) } else { None }
    }

    fn correlation(event: &BatchEvent) -> Option<OperationId> {
        Some(event.batch().as_operation())
    }

    fn react(_id: &BatchId, state: &Self, event: &BatchEvent) -> Reaction {
        batch::react(state, event)
    }
}

impl Aggregate for Cluster {
    fn own(event: &Event) -> Option<&ClusterEvent> {
        if let Event::Cluster(event) = event { Some(event) } else { None }
    }

    fn cluster(id: &ClusterId) -> Option<ClusterId> {
        Some(id.clone())
    }
}

impl Aggregate for User {
    fn own(event: &Event) -> Option<&UserEvent> {
        if let Event::User(event) = event { Some(event) } else { None }
    }
}

impl Aggregate for Projection {
    fn own(event: &Event) -> Option<&ProjectionEvent> {
        if let Event::Projection(event) = event { Some(event) } else { None }
    }
}
