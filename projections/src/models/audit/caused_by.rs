//! Who caused an event: people, a part of Binnacle, or something outside that was only observed.

use domain::{
    core::event::Event,
    operation::{OperationEvent, batch::BatchEvent},
    platform::{
        access_log::AccessEvent, cluster::ClusterEvent, data_key::DataKeyEvent, projection::ProjectionEvent,
        user::UserEvent,
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CausedBy {
    /// What people requested, did or tried, and what was done in their name.
    People,
    /// What Binnacle did by itself, steps of operations included.
    Services,
    /// What was observed in a cluster.
    Observed,
}

impl CausedBy {
    /// The value of the column.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::People => "PEOPLE",
            Self::Services => "SERVICES",
            Self::Observed => "OBSERVED",
        }
    }

    /// Decided by the type of the event alone.
    pub const fn of(event: &Event) -> Self {
        match event {
            Event::Observed(_) => Self::Observed,
            Event::Operation(event) => of_operation(event),
            Event::Batch(event) => of_batch(event),
            Event::User(
                UserEvent::UserRegistered { .. }
                | UserEvent::UserPasswordChanged { .. }
                | UserEvent::SessionStarted { .. }
                | UserEvent::SessionEnded { .. },
            )
            | Event::Access(
                AccessEvent::LogOpened { .. }
                | AccessEvent::SignInRefused { .. }
                | AccessEvent::RefreshTokenReused { .. }
                | AccessEvent::CommandRefused { .. },
            )
            | Event::Projection(ProjectionEvent::EventQuarantined { .. })
            | Event::Cluster(
                ClusterEvent::ClusterConnected { .. }
                | ClusterEvent::ClusterRemoved { .. }
                | ClusterEvent::KindRecorded { .. }
                | ClusterEvent::KindReleased { .. },
            )
            | Event::DataKey(DataKeyEvent::DataKeyForgotten { .. }) => Self::People,
            Event::DataKey(DataKeyEvent::DataKeyMade { .. } | DataKeyEvent::DataKeyWrapped { .. })
            | Event::Cluster(
                ClusterEvent::ClusterRegistered { .. }
                | ClusterEvent::ClusterIdentified { .. }
                | ClusterEvent::ClusterRenamed { .. }
                | ClusterEvent::ClusterEnvironmentChanged { .. }
                | ClusterEvent::ClusterStateChanged { .. }
                | ClusterEvent::ClusterWatchEnded { .. }
                | ClusterEvent::KindJudged { .. },
            ) => Self::Services,
        }
    }
}

const fn of_operation(event: &OperationEvent) -> CausedBy {
    match event {
        OperationEvent::OperationRequested { .. }
        | OperationEvent::OperationCancelRequested { .. }
        | OperationEvent::OperationCancelled { .. } => CausedBy::People,
        OperationEvent::OperationStarted { .. }
        | OperationEvent::OperationProgressed { .. }
        | OperationEvent::OperationStageSucceeded { .. }
        | OperationEvent::OperationOutcomeUnknown { .. }
        | OperationEvent::OperationResolved { .. }
        | OperationEvent::OperationSucceeded { .. }
        | OperationEvent::OperationFailed { .. }
        | OperationEvent::OperationOvertaken { .. }
        | OperationEvent::OperationAbandoned { .. } => CausedBy::Services,
    }
}

const fn of_batch(event: &BatchEvent) -> CausedBy {
    match event {
        BatchEvent::BatchRequested { .. }
        | BatchEvent::BatchMembersAdded { .. }
        | BatchEvent::BatchCancelRequested { .. } => CausedBy::People,
        BatchEvent::BatchGroupStarted { .. }
        | BatchEvent::BatchMemberRefused { .. }
        | BatchEvent::BatchGroupEnded { .. }
        | BatchEvent::BatchMembersSkipped { .. }
        | BatchEvent::BatchEnded { .. } => CausedBy::Services,
    }
}
