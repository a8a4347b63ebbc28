//! Random histories: whatever the order of commands and events, the invariants hold.

use super::*;
use proptest::prelude::*;
use std::collections::HashMap;

/// A step of a random history: which operation, and what is done about it.
fn step() -> impl Strategy<Value = (u128, u8)> {
    (1..6_u128, 0..12_u8)
}

fn command(state: &Target, operation: OperationId, choice: u8) -> TargetCommand {
    let stage = state.find(operation).and_then(crate::operation::Operation::current_stage).unwrap_or(Stage::Scale);
    match choice {
        0 => ask(operation, SCALE, Some(seen(2))),
        1 => ask(operation, Intent::DeleteWorkload, Some(seen(2))),
        2 => ask(operation, Intent::CreateWorkload { manifest: json!({}).into() }, None),
        3 => ask(operation, Intent::StopWorkload, Some(seen(2))),
        4 => ask(operation, Intent::StartWorkload, Some(seen(0))),
        5 => TargetCommand::Cancel { operation, deadline: deadline() },
        6 => report(operation, stage, Outcome::Unknown { message: words() }),
        7 => report(operation, stage, Outcome::Progress { percent: 50, message: words(), cause: None }),
        8 => report(operation, stage, Outcome::Failed(failure(ErrorCode::TimedOut))),
        9 => TargetCommand::Retry {
            operation: OperationId(Uuid::from_u128(operation.0.as_u128() + 100)),
            kind: Resource::DEPLOYMENT,
            of: operation,
            seen: Some(seen(2)),
            deadline: deadline(),
        },
        _ => report(operation, stage, done()),
    }
}

proptest! {
    #[test]
    fn every_history_keeps_the_invariants(steps in prop::collection::vec(step(), 0..80)) {
        let mut state = Target::default();
        let mut ends: HashMap<OperationId, u32> = HashMap::new();
        for (n, choice) in steps {
            let command = command(&state, id(n), choice);
            let Ok(events) = Target::decide(&state, command.clone()) else { continue };
            for event in &events {
                Target::evolve(&mut state, event);
                if event.is_terminal() {
                    *ends.entry(event.operation()).or_default() += 1;
                }
            }
            // One operation at a time, and only the first one.
            prop_assert!(state.queue.iter().skip(1).all(|later| later.state == OperationState::Queued));
            // Whatever can start has started.
            prop_assert!(state.queue.front().is_none_or(|first| first.state != OperationState::Queued));
            // The same command again is silence or a refusal, unless it is a new report of a new stage.
            if !matches!(command, TargetCommand::Report { .. }) {
                prop_assert!(Target::decide(&state, command).unwrap_or_default().is_empty());
            }
        }
        prop_assert!(ends.values().all(|count| *count == 1));
        prop_assert!(state.ended.iter().all(|ended| ended.state.has_ended()));
    }

    #[test]
    fn evolve_never_panics_on_any_order(order in prop::collection::vec((1..4_u128, 0..8_usize), 0..60)) {
        let mut state = Target::default();
        for (n, choice) in order {
            let operation = id(n);
            let failure = failure(ErrorCode::TimedOut);
            let event = match choice {
                0 => requested(operation, SCALE),
                1 => started(operation),
                2 => stage_done(operation, Stage::Scale),
                3 => OperationEvent::OperationSucceeded { operation },
                4 => OperationEvent::OperationFailed { operation, stage: Stage::Scale, failure },
                5 => cancelled(operation, CancelledBy::User),
                6 => OperationEvent::OperationOutcomeUnknown { operation, stage: Stage::Scale, message: words() },
                _ => OperationEvent::OperationResolved { operation, stage: Stage::Scale, message: words() },
            };
            Target::evolve(&mut state, &event);
        }
    }
}
