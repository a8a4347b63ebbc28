//! One newtype for each kind of identity, so that none is taken for another.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

uuid_id!(
    /// One wish of a user and all that follows from it.
    OperationId
);
uuid_id!(
    /// A person or a program that may sign in.
    UserId
);
uuid_id!(
    /// One sign-in, until its refresh token ends.
    SessionId
);
uuid_id!(
    /// One event of the log.
    EventId
);
uuid_id!(
    /// One submission of a command; the same for a repetition with the same idempotency key.
    CommandId
);

impl CommandId {
    /// The command that `user` means by `key`: the keys of two users never meet.
    pub fn from_key(user: UserId, key: Uuid) -> Self {
        Self(Uuid::new_v5(&user.0, key.as_bytes()))
    }

    /// The id of the event that this command appended as number `ordinal`, counted from 0.
    pub fn event(self, ordinal: usize) -> EventId {
        EventId(Uuid::new_v5(&self.0, &(ordinal as u64).to_be_bytes()))
    }

    /// The operation that this command asks for.
    pub fn operation(self) -> OperationId {
        OperationId(Uuid::new_v5(&self.0, b"operation"))
    }
}

/// A Kubernetes cluster that Binnacle knows: lower-case letters, digits, `-` and `.`, at most 63 of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClusterId(String);

impl ClusterId {
    /// Makes an id of any name: what may not stand in an id becomes `-`.
    pub fn from_name(name: &str) -> Self {
        let id: String = name
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '-' })
            .take(63)
            .collect();
        Self(if id.is_empty() { "cluster".to_owned() } else { id })
    }

    /// An id as it stands in streams and public ids; None for a text that is none.
    pub fn parse(text: &str) -> Option<Self> {
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        ((1..=63).contains(&text.len()) && text.chars().all(is_part)).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClusterId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
