//! The data keys of a scope as an aggregate: what was made, wrapped anew and forgotten, by whom and why.

use crate::{
    access::Action,
    core::{decider::Decider, sealing::KeyScope},
};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;

/// All events of the data keys of a scope. Stored in the stream `sealing:<scope>`. The metadata holds author and reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DataKeyEvent {
    /// The scope got its first key, or one after a deletion, in the same transaction.
    DataKeyMade { scope: KeyScope, key: String },
    /// The key was wrapped by another sealing key in the same transaction. What it seals stays as it is.
    DataKeyWrapped { scope: KeyScope, key: String },
    /// The key was deleted in the same transaction: nothing that it sealed before this position can be opened again.
    DataKeyForgotten { scope: KeyScope, key: String },
}

/// The fold of a `sealing:` stream. A scope that is forgotten twice had a new key in between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataKeys;

/// A command about the data keys of a scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum DataKeyCommand {
    /// Forget all that the key of this name sealed.
    Forget { scope: KeyScope, key: String },
}

impl Decider for DataKeys {
    const CATEGORY: &'static str = KeyScope::CATEGORY;
    type Id = KeyScope;
    type State = Self;
    type Command = DataKeyCommand;
    type Event = DataKeyEvent;
    type Refusal = Infallible;

    fn key(id: &KeyScope) -> String {
        id.to_string()
    }

    fn action(_command: &DataKeyCommand) -> Action {
        Action::Forget
    }

    fn decide(_state: &Self, command: DataKeyCommand) -> Result<Vec<DataKeyEvent>, Infallible> {
        let DataKeyCommand::Forget { scope, key } = command;
        Ok(vec![DataKeyEvent::DataKeyForgotten { scope, key }])
    }

    fn evolve(_state: &mut Self, _event: &DataKeyEvent) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forgotten_has_a_stream_by_its_scope() {
        let scope = KeyScope::of_namespace("dev", "team");
        assert_eq!(DataKeys::stream(&scope), "sealing:namespace:dev/team");
        let forget = DataKeyCommand::Forget { scope: scope.clone(), key: "01".to_owned() };
        let forgotten = DataKeyEvent::DataKeyForgotten { scope, key: "01".to_owned() };
        assert_eq!(DataKeys::decide(&DataKeys, forget), Ok(vec![forgotten]));
    }
}
