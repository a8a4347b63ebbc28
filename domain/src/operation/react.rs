//! The process manager: which effect follows an event. It is stateless. The target is the state after the event.

use crate::{
    core::ids::OperationId,
    kubernetes::object::ObjectRef,
    operation::{
        effect::{Effect, Reaction},
        event::OperationEvent,
        queue::Target,
    },
};

/// The reaction to `event`. `target` is the fold up to and including it.
pub fn react(object: &ObjectRef, target: &Target, event: &OperationEvent) -> Reaction {
    match event {
        OperationEvent::OperationStarted { operation, .. }
        | OperationEvent::OperationStageSucceeded { operation, .. } => perform(object, target, *operation),
        OperationEvent::OperationSucceeded { operation }
        | OperationEvent::OperationFailed { operation, .. }
        | OperationEvent::OperationCancelled { operation, .. }
        | OperationEvent::OperationOvertaken { operation, .. }
        | OperationEvent::OperationAbandoned { operation, .. } => Reaction::Withdraw(*operation),
        // An unknown outcome keeps its effect: the executor reads the object before it repeats the call.
        OperationEvent::OperationOutcomeUnknown { .. }
        | OperationEvent::OperationResolved { .. }
        | OperationEvent::OperationRequested { .. }
        | OperationEvent::OperationProgressed { .. }
        | OperationEvent::OperationCancelRequested { .. } => Reaction::Nothing,
    }
}

fn perform(object: &ObjectRef, target: &Target, id: OperationId) -> Reaction {
    let Some(operation) = target.running().filter(|running| running.id == id) else { return Reaction::Nothing };
    let (Some(stage), Some(deadline)) = (operation.current_stage(), operation.deadline) else {
        return Reaction::Nothing;
    };
    match operation.action(&object.kind, target.remembered.as_ref()) {
        Some(action) => {
            let (target, uid) = (object.clone(), operation.uid.clone());
            Reaction::Perform(Box::new(Effect { operation: id, target, stage, action, uid, deadline }))
        }
        None => Reaction::Nothing,
    }
}
