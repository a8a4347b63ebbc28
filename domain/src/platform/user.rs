//! Users: people and programs that sign in. Passwords and tokens are not part of the log; they have their own tables.

use crate::access::Action;
use crate::core::{
    decider::Decider,
    free_text::FreeText,
    ids::{SessionId, UserId},
};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;

/// All events of an account. Stored in the stream `user:<id>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserEvent {
    UserRegistered { user: UserId, username: String, display_name: FreeText },
    UserPasswordChanged { user: UserId },
    SessionStarted { user: UserId, session: SessionId },
    SessionEnded { user: UserId, session: SessionId },
}

impl UserEvent {
    pub const fn user(&self) -> UserId {
        match self {
            Self::UserRegistered { user, .. }
            | Self::UserPasswordChanged { user }
            | Self::SessionStarted { user, .. }
            | Self::SessionEnded { user, .. } => *user,
        }
    }
}

/// The fold of a `user:` stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    pub registered: bool,
    /// Sessions that have not ended.
    pub sessions: std::collections::BTreeSet<SessionId>,
}

/// A command about an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum UserCommand {
    Register { user: UserId, username: String, display_name: FreeText },
    ChangePassword { user: UserId },
    StartSession { user: UserId, session: SessionId },
    EndSession { user: UserId, session: SessionId },
}

impl UserCommand {
    pub const fn user(&self) -> UserId {
        match self {
            Self::Register { user, .. }
            | Self::ChangePassword { user }
            | Self::StartSession { user, .. }
            | Self::EndSession { user, .. } => *user,
        }
    }
}

impl Decider for User {
    const CATEGORY: &'static str = "user";
    type Id = UserId;
    type State = Self;
    type Command = UserCommand;
    type Event = UserEvent;
    type Refusal = Infallible;

    fn key(id: &UserId) -> String {
        id.to_string()
    }

    fn action(_command: &UserCommand) -> Action {
        Action::Account
    }

    fn decide(state: &Self, command: UserCommand) -> Result<Vec<UserEvent>, Infallible> {
        Ok(match command {
            UserCommand::Register { .. } if state.registered => Vec::new(),
            UserCommand::Register { user, username, display_name } => {
                vec![UserEvent::UserRegistered { user, username, display_name }]
            }
            UserCommand::ChangePassword { user } => vec![UserEvent::UserPasswordChanged { user }],
            UserCommand::StartSession { session, .. } if state.sessions.contains(&session) => Vec::new(),
            UserCommand::StartSession { user, session } => vec![UserEvent::SessionStarted { user, session }],
            UserCommand::EndSession { user, session } if state.sessions.contains(&session) => {
                vec![UserEvent::SessionEnded { user, session }]
            }
            UserCommand::EndSession { .. } => Vec::new(),
        })
    }

    fn evolve(state: &mut Self, event: &UserEvent) {
        match event {
            UserEvent::UserRegistered { .. } => state.registered = true,
            UserEvent::UserPasswordChanged { .. } => {}
            UserEvent::SessionStarted { session, .. } => {
                state.sessions.insert(*session);
            }
            UserEvent::SessionEnded { session, .. } => {
                state.sessions.remove(session);
            }
        }
    }
}
