//! One newtype for each kind of id, so that ids of different kinds cannot be mixed up.

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
    /// One request of a user and everything that follows from it.
    OperationId
);
uuid_id!(
    /// A person or a program that can sign in.
    UserId
);
uuid_id!(
    /// One session, from sign-in until its refresh token expires.
    SessionId
);
uuid_id!(
    /// One event of the log.
    EventId
);
uuid_id!(
    /// One submitted command. A retry with the same idempotency key has the same id.
    CommandId
);

uuid_id!(
    /// Many operations that were requested as one.
    BatchId
);

impl BatchId {
    /// The operation of its member on the object with this id. An object is a member once.
    pub fn operation(self, target: &str) -> OperationId {
        CommandId(self.0).operation(target)
    }

    /// The batch itself, where operations are named: it has an effect and subscribers like one.
    pub const fn as_operation(self) -> OperationId {
        OperationId(self.0)
    }
}

impl CommandId {
    /// The command of `user` with the idempotency key `key`. Equal keys of two users give different commands.
    pub fn from_key(user: UserId, key: Uuid) -> Self {
        Self(Uuid::new_v5(&user.0, key.as_bytes()))
    }

    /// The id of event number `ordinal` of this command, counted from 0.
    pub fn event(self, ordinal: usize) -> EventId {
        EventId(Uuid::new_v5(&self.0, &(ordinal as u64).to_be_bytes()))
    }

    /// The operation that this command requests on the object with this id. The same idempotency key on another object is
    /// another operation, also after the key itself is no longer kept.
    pub fn operation(self, target: &str) -> OperationId {
        OperationId(Uuid::new_v5(&self.0, target.as_bytes()))
    }
}

/// The id of a registered Kubernetes cluster: 1 to 63 lower-case letters, digits, `-` and `.`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClusterId(String);

impl ClusterId {
    /// Derives an id from any name. Characters that an id cannot hold become `-`.
    pub fn from_name(name: &str) -> Self {
        let id: String = name
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '-' })
            .take(63)
            .collect();
        Self(if id.is_empty() { "cluster".to_owned() } else { id })
    }

    /// Parses an id from a stream or a public id. None if the text is not an id.
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
