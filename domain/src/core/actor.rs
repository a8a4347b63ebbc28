//! The author of an event: a user, or a part of Binnacle.

use super::{
    free_text::FreeText,
    ids::{SessionId, UserId},
};
use crate::core::sealing::KeyScope;
use serde::{Deserialize, Serialize};

/// The author of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    User {
        id: UserId,
        username: String,
        /// The name at that time. It stays correct when the account is renamed or removed.
        display_name: FreeText,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<SessionId>,
        /// The source address of the request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<FreeText>,
    },
    /// A part of Binnacle: `executor`, `watcher`, `gateway`.
    System { component: String },
}

impl Actor {
    pub fn system(component: &str) -> Self {
        Self::System { component: component.to_owned() }
    }

    /// What seals the name and the address of the person.
    pub fn key_scope(&self) -> Option<KeyScope> {
        match self {
            Self::User { id, .. } => Some(KeyScope::of_person(&id.to_string())),
            Self::System { .. } => None,
        }
    }

    /// The session of the user.
    pub fn session(&self) -> Option<SessionId> {
        match self {
            Self::User { session, .. } => *session,
            Self::System { .. } => None,
        }
    }
}
