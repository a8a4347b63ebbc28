//! One sentence for every event, for users.

use crate::models::users::Actor;
use domain::{
    core::{
        actor,
        event::{Event, Recorded},
    },
    kubernetes::{
        object::ObjectRef,
        observed::{ObservedEvent, WorkloadState, WorkloadStatus},
    },
    operation::{CancelledBy, Intent, OperationEvent, Stage},
    platform::{
        cluster::{ClusterEvent, ClusterState},
        projection::ProjectionEvent,
        user::UserEvent,
    },
};

/// What happened, to which object, and by whom.
pub(super) fn of(event: &Recorded, object: Option<&ObjectRef>) -> String {
    let object = object.map_or_else(|| event.stream.clone(), ToString::to_string);
    match &event.event {
        Event::Operation(operation) => of_operation(operation, &object, &who(event)),
        Event::Observed(observed) => of_observed(observed, &object),
        Event::Cluster(cluster) => of_cluster(cluster),
        Event::User(user) => of_user(user, &who(event)),
        Event::Projection(projection) => of_projection(projection, &who(event), event.metadata.reason.as_deref()),
    }
}

fn who(event: &Recorded) -> String {
    match &event.metadata.actor {
        actor::Actor::System { component } => format!("The {component}"),
        user @ actor::Actor::User { .. } => Actor::of(user).map(|actor| actor.display_name).unwrap_or_default(),
    }
}

fn of_operation(event: &OperationEvent, object: &str, who: &str) -> String {
    match event {
        OperationEvent::OperationRequested { intent, retry_of, .. } => {
            let again = if retry_of.is_some() { " again" } else { "" };
            format!("{who} asked{again} to {}", wish(intent, object))
        }
        OperationEvent::OperationStarted { .. } => format!("The operation on {object} started"),
        OperationEvent::OperationProgressed { percent, message, .. } => format!("{object}: {message} ({percent} %)"),
        OperationEvent::OperationStageSucceeded { stage, message, .. } => match message {
            Some(message) if message != done(*stage) => format!("{object}: {} ({message})", done(*stage)),
            Some(_) | None => format!("{object}: {}", done(*stage)),
        },
        OperationEvent::OperationCancelRequested { .. } => {
            format!("{who} asked to cancel the operation on {object}, which is under way")
        }
        OperationEvent::OperationOutcomeUnknown { stage, message, .. } => {
            format!("Nobody knows yet whether {} of {object} took effect: {message}", stage.as_str())
        }
        OperationEvent::OperationResolved { stage, message, .. } => {
            format!("A look at the cluster settled {} of {object}: {message}", stage.as_str())
        }
        OperationEvent::OperationSucceeded { .. } => format!("The operation on {object} succeeded"),
        OperationEvent::OperationFailed { stage, failure, .. } => {
            format!("The operation on {object} failed at {}: {}", stage.as_str(), failure.message)
        }
        OperationEvent::OperationCancelled { by: CancelledBy::User, .. } => {
            format!("{who} cancelled the operation on {object}")
        }
        OperationEvent::OperationCancelled { by: CancelledBy::Superseded(newer), .. } => {
            format!("The operation on {object} ended because a newer one was asked for ({newer})")
        }
    }
}

fn wish(intent: &Intent, object: &str) -> String {
    match intent {
        Intent::CreateWorkload { .. } => format!("create {object}"),
        Intent::ScaleWorkload { replicas: 1 } => format!("scale {object} to 1 replica"),
        Intent::ScaleWorkload { replicas } => format!("scale {object} to {replicas} replicas"),
        Intent::RestartWorkload => format!("restart {object}"),
        Intent::StopWorkload => format!("stop {object}"),
        Intent::StartWorkload => format!("start {object}"),
        Intent::DeleteWorkload => format!("delete {object}"),
    }
}

const fn done(stage: Stage) -> &'static str {
    match stage {
        Stage::Validate => "the cluster would accept the manifest",
        Stage::Apply => "the manifest is applied",
        Stage::Scale => "the number of replicas is changed",
        Stage::Restart => "new pods are asked for",
        Stage::Remember => "what to come back to is remembered",
        Stage::Stop => "it was told to stop",
        Stage::Start => "it was told to start",
        Stage::Delete => "its deletion has begun",
        Stage::WaitUntilReady => "it is ready",
        Stage::WaitUntilStopped => "everything has stopped",
        Stage::WaitUntilGone => "it is gone",
    }
}

fn of_observed(event: &ObservedEvent, object: &str) -> String {
    match event {
        ObservedEvent::WorkloadManifestObserved { generation, status, .. } => {
            format!("{object} was seen with generation {generation}: {}", state(status))
        }
        ObservedEvent::WorkloadStatusObserved { status, .. } => format!("{object} is {}", state(status)),
        ObservedEvent::WorkloadGone { .. } | ObservedEvent::PodGone { .. } | ObservedEvent::NamespaceGone { .. } => {
            format!("{object} is gone")
        }
        ObservedEvent::PodObserved { pod, .. } => {
            let ready = if pod.ready { "ready" } else { "not ready" };
            let reason = pod.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("{object} is {}, {ready}{reason}", pod.phase)
        }
        ObservedEvent::NamespaceObserved { phase, .. } => format!("{object} is {phase}"),
    }
}

fn state(status: &WorkloadStatus) -> String {
    let word = match status.state {
        WorkloadState::Running => "running",
        WorkloadState::Progressing => "progressing",
        WorkloadState::Degraded => "degraded",
        WorkloadState::Failed => "failed",
        WorkloadState::Stopped => "stopped",
        WorkloadState::Suspended => "suspended",
        WorkloadState::Completed => "completed",
        WorkloadState::Deleting => "being deleted",
        WorkloadState::Unknown => "in an unknown state",
    };
    let replicas = match (status.ready, status.desired) {
        (Some(ready), Some(desired)) => format!(", {ready} of {desired} ready"),
        _ => String::new(),
    };
    let reason = status.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{word}{replicas}{reason}")
}

fn of_cluster(event: &ClusterEvent) -> String {
    match event {
        ClusterEvent::ClusterRegistered { name, .. } => format!("The cluster {name} was registered"),
        ClusterEvent::ClusterStateChanged { cluster, state, reason, .. } => {
            let word = match state {
                ClusterState::Connecting => "is being connected",
                ClusterState::Ready => "answers",
                ClusterState::Degraded => "answers in part",
                ClusterState::Unreachable => "does not answer",
            };
            let reason = reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("The cluster {cluster} {word}{reason}")
        }
    }
}

fn of_user(event: &UserEvent, who: &str) -> String {
    match event {
        UserEvent::UserRegistered { username, display_name, .. } => {
            format!("The account {username} ({display_name}) was created")
        }
        UserEvent::UserPasswordChanged { .. } => format!("{who} changed the password of an account"),
        UserEvent::SessionStarted { .. } => format!("{who} signed in"),
        UserEvent::SessionEnded { .. } => format!("{who} signed out"),
    }
}

fn of_projection(event: &ProjectionEvent, who: &str, reason: Option<&str>) -> String {
    match event {
        ProjectionEvent::EventQuarantined { projection, position } => {
            let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("{who} let {projection} go on without the event at position {position}{reason}")
        }
    }
}
