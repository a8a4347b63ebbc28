//! The reasons for closing a socket: codes of `graphql-transport-ws` and RFC 6455, and how clients react.

use hyper_tungstenite::tungstenite::{
    Error, Utf8Bytes,
    error::ProtocolError,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

/// Bytes of a reason that fit into a close frame.
const REASON: usize = 123;

/// The content of a close frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    pub code: u16,
    pub reason: Utf8Bytes,
}

/// How a conversation ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    /// This side closes the socket.
    By(Ending),
    /// The client closed it, or no longer answers.
    Gone,
}

const fn ending(code: u16, reason: &'static str) -> Ending {
    Ending { code, reason: Utf8Bytes::from_static(reason) }
}

pub const GOING_AWAY: Ending = ending(1001, "going away");
pub const VIOLATION: Ending = ending(1002, "this is not the WebSocket protocol");
pub const NOT_UTF8: Ending = ending(1007, "a message is not UTF-8");
pub const TOO_LARGE: Ending = ending(1009, "a message has at most 2 MiB");
pub const TOO_LARGE_FOR_STRANGERS: Ending = ending(1009, "what comes before the sign-in has at most 16 KiB");
pub const NOT_JSON_TEXT: Ending = ending(4400, "a message is not of graphql-transport-ws");
pub const BAD_ID: Ending = ending(4400, "an id has 1 to 128 bytes");
pub const UNAUTHORIZED: Ending = ending(4401, "Unauthorized");
pub const TOKEN_EXPIRED: Ending = ending(4401, "the access token has expired");
pub const SESSION_ENDED: Ending = ending(4401, "the session has ended");
pub const NO_GREETING: Ending = ending(4408, "Connection initialisation timeout");
pub const TOO_SLOW: Ending = ending(4413, "lagged: resume after the last position that was received");
pub const TWO_GREETINGS: Ending = ending(4429, "Too many initialisation requests");
pub const INTERNAL: Ending = ending(4500, "Internal server error");
/// The client keeps its token and reconnects, as after every 1013.
pub const SESSION_UNKNOWN: Ending = ending(1013, "which sessions have ended is not known at the moment");
pub const CROWDED: Ending = ending(1013, "too many connections at the moment");
pub const TOO_MANY_SOCKETS: Ending = ending(1013, "this user has too many sockets");

/// An operation reuses the id of a running one.
pub fn taken(id: &str) -> Ending {
    let reason = format!("Subscriber for {id} already exists");
    let end = reason.floor_char_boundary(REASON);
    Ending { code: 4409, reason: reason[..end].into() }
}

impl From<Ending> for Over {
    fn from(ending: Ending) -> Self {
        Self::By(ending)
    }
}

/// Why a message cannot be read from a socket.
impl From<Error> for Over {
    fn from(error: Error) -> Self {
        match error {
            Error::Capacity(_) => TOO_LARGE.into(),
            Error::Utf8(_) => NOT_UTF8.into(),
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Self::Gone,
            Error::Protocol(_) => VIOLATION.into(),
            _ => Self::Gone,
        }
    }
}

impl From<Ending> for CloseFrame {
    fn from(ending: Ending) -> Self {
        Self { code: CloseCode::from(ending.code), reason: ending.reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_fits_into_a_close_frame() {
        for id in ["1".to_owned(), "x".repeat(128), "é".repeat(64), "語".repeat(42)] {
            let ending = taken(&id);
            assert!(ending.reason.len() <= REASON && ending.reason.starts_with("Subscriber for "), "{ending:?}");
        }
        for ending in [TOO_LARGE_FOR_STRANGERS, SESSION_UNKNOWN, TOO_SLOW, NOT_JSON_TEXT] {
            assert!(ending.reason.len() <= REASON, "{ending:?}");
        }
    }
}
