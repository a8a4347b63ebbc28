//! What people opened and what was refused to them, as an aggregate. Each event stands for `count` repetitions of the
//! same thing; lists that people read are not recorded.

use crate::access::Action;
use crate::core::{
    decider::Decider,
    free_text::FreeText,
    ids::{SessionId, UserId},
    refusal::ErrorCode,
};
use crate::kubernetes::object::ObjectRef;
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, num::NonZeroU32};

/// The person whom the stream is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Person {
    User(UserId),
    /// Anyone who gave a name that no account has.
    Unknown,
}

/// Why a sign-in was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SignInRefusal {
    BadCredentials,
    TooManyAttempts,
}

/// All events of the access of one person. Stored in the stream `access:<user id>`, or `access:unknown`. The metadata
/// holds who opened or sent what is named here.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AccessEvent {
    /// The log of a pod was opened. Recorded before the first line is read.
    LogOpened {
        /// The public id of the pod.
        object: String,
        /// None: the default container of the pod.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        container: Option<String>,
        count: NonZeroU32,
    },
    SignInRefused {
        reason: SignInRefusal,
        /// If no account has the name: its keyed hash, because people type passwords into the field of the name. None
        /// for an account, and for a sum over many names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name_hash: Option<String>,
        /// The source address. None for a sum over many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<FreeText>,
        count: NonZeroU32,
    },
    /// A refresh token that had been renewed before came again, which ended the session: somebody copied it.
    RefreshTokenReused { session: SessionId, source: FreeText, count: NonZeroU32 },
    /// The person lacks the right to a command.
    CommandRefused {
        /// The right that the command needs.
        action: Action,
        /// The stream that the command is about.
        stream: String,
        code: ErrorCode,
        count: NonZeroU32,
    },
}

impl AccessEvent {
    pub const fn count(&self) -> NonZeroU32 {
        match self {
            Self::LogOpened { count, .. }
            | Self::SignInRefused { count, .. }
            | Self::RefreshTokenReused { count, .. }
            | Self::CommandRefused { count, .. } => *count,
        }
    }

    /// The same event for `new` repetitions.
    #[must_use]
    pub fn times(mut self, new: NonZeroU32) -> Self {
        match &mut self {
            Self::LogOpened { count, .. }
            | Self::SignInRefused { count, .. }
            | Self::RefreshTokenReused { count, .. }
            | Self::CommandRefused { count, .. } => *count = new,
        }
        self
    }

    /// The object of a cluster that it is about.
    pub fn about(&self) -> Option<ObjectRef> {
        match self {
            Self::LogOpened { object, .. } => object.parse().ok(),
            Self::CommandRefused { stream, .. } => ObjectRef::from_stream(stream),
            Self::SignInRefused { .. } | Self::RefreshTokenReused { .. } => None,
        }
    }

    /// The event that stands for many like this one, which differ only in values that a stranger chooses. None if it has
    /// no such values.
    pub fn sum(&self) -> Option<Self> {
        match self {
            Self::SignInRefused { reason, count, .. } => {
                Some(Self::SignInRefused { reason: *reason, name_hash: None, source: None, count: *count })
            }
            Self::LogOpened { .. } | Self::RefreshTokenReused { .. } | Self::CommandRefused { .. } => None,
        }
    }
}

/// The rules of an `access:` stream. What happened is recorded as it is, so there is no state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccessLog;

impl Decider for AccessLog {
    const CATEGORY: &'static str = "access";
    type Id = Person;
    type State = Self;
    type Command = AccessEvent;
    type Event = AccessEvent;
    type Refusal = Infallible;

    fn key(id: &Person) -> String {
        match id {
            Person::User(user) => user.to_string(),
            Person::Unknown => "unknown".to_owned(),
        }
    }

    fn action(_command: &AccessEvent) -> Action {
        Action::Access
    }

    fn decide(_state: &Self, command: AccessEvent) -> Result<Vec<AccessEvent>, Infallible> {
        Ok(vec![command])
    }

    fn evolve(_state: &mut Self, _event: &AccessEvent) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::given::given;
    use uuid::Uuid;

    fn refused(name_hash: Option<&str>, source: Option<&str>) -> AccessEvent {
        AccessEvent::SignInRefused {
            reason: SignInRefusal::BadCredentials,
            name_hash: name_hash.map(str::to_owned),
            source: source.map(FreeText::from),
            count: NonZeroU32::MIN,
        }
    }

    fn opened() -> AccessEvent {
        let object = "Pod~dev~team~web-1".to_owned();
        AccessEvent::LogOpened { object, container: None, count: NonZeroU32::MIN }
    }

    #[test]
    fn what_was_opened_is_recorded_each_time() {
        given::<AccessLog>([]).when(opened()).then([opened()]);
        given::<AccessLog>([opened()]).when(opened()).then([opened()]);
    }

    #[test]
    fn a_person_has_one_stream_and_all_unknown_names_share_one() {
        let user = UserId(Uuid::from_u128(1));
        assert_eq!(AccessLog::stream(&Person::User(user)), format!("access:{user}"));
        assert_eq!(AccessLog::stream(&Person::Unknown), "access:unknown");
    }

    #[test]
    fn a_sum_names_nothing_that_a_stranger_chooses() {
        assert_eq!(refused(Some("ab"), Some("192.0.2.1")).sum(), Some(refused(None, None)));
        assert_eq!(opened().sum(), None);
    }
}
