//! A projection of the read side as an aggregate: the events that it skips because an administrator decided so.

use crate::{access::Action, core::decider::Decider};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, convert::Infallible};

/// All events of a projection. Stored in the stream `projection:<name>`. The metadata holds author and reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProjectionEvent {
    /// The projection could not apply the event at this position and continues without it.
    EventQuarantined { projection: String, position: i64 },
}

/// The fold of a `projection:` stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// The positions of the events that it skips.
    pub quarantined: BTreeSet<i64>,
}

/// A command about a projection. Only the read side knows whether it has stopped there, so
/// the caller checks that first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ProjectionCommand {
    Quarantine { projection: String, position: i64 },
}

impl ProjectionCommand {
    pub fn projection(&self) -> &str {
        match self {
            Self::Quarantine { projection, .. } => projection,
        }
    }
}

impl Decider for Projection {
    const CATEGORY: &'static str = "projection";
    type Id = str;
    type State = Self;
    type Command = ProjectionCommand;
    type Event = ProjectionEvent;
    type Refusal = Infallible;

    fn key(id: &str) -> String {
        id.to_owned()
    }

    fn action(_command: &ProjectionCommand) -> Action {
        Action::Quarantine
    }

    fn decide(state: &Self, command: ProjectionCommand) -> Result<Vec<ProjectionEvent>, Infallible> {
        Ok(match command {
            ProjectionCommand::Quarantine { position, .. } if state.quarantined.contains(&position) => Vec::new(),
            ProjectionCommand::Quarantine { projection, position } => {
                vec![ProjectionEvent::EventQuarantined { projection, position }]
            }
        })
    }

    fn evolve(state: &mut Self, event: &ProjectionEvent) {
        match event {
            ProjectionEvent::EventQuarantined { position, .. } => state.quarantined.insert(*position),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::given::given;

    fn quarantined(position: i64) -> ProjectionEvent {
        ProjectionEvent::EventQuarantined { projection: "pods".to_owned(), position }
    }

    fn quarantine(position: i64) -> ProjectionCommand {
        ProjectionCommand::Quarantine { projection: "pods".to_owned(), position }
    }

    #[test]
    fn an_event_is_quarantined_once() {
        given::<Projection>([]).when(quarantine(57)).then([quarantined(57)]);
        given::<Projection>([quarantined(57)]).when(quarantine(58)).then([quarantined(58)]);
        given::<Projection>([quarantined(57), quarantined(58)]).when(quarantine(57)).silence();
    }
}
