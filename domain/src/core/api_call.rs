//! A call to the API of a cluster, as it was made. The metadata of the event that reports an outcome has those that led to it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Calls kept of one report, and of one stage: the last ones.
pub const KEPT: usize = 20;
/// The longest texts that are kept. A path of Kubernetes has a kind, a namespace and a name.
const LONGEST_PATH: usize = 1024;
const LONGEST_ID: usize = 64;

/// One call. Nothing that was sent or received is in it but what its path names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiCall {
    /// The method of HTTP.
    pub verb: String,
    /// Path and query.
    pub path: String,
    pub at: DateTime<Utc>,
    #[serde(default)]
    pub took_ms: u32,
    /// None if there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// By this id the audit log of the API server has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_id: Option<String>,
}

impl ApiCall {
    /// A call that has no answer yet.
    pub fn sent(verb: &str, path: &str, at: DateTime<Utc>) -> Self {
        let path = path[..path.floor_char_boundary(LONGEST_PATH)].to_owned();
        Self { verb: verb.to_owned(), path, at, took_ms: 0, status: None, audit_id: None }
    }

    /// Takes in the status of the answer, and the id that the server gave the call. Only what has the form of an id is kept.
    pub fn answered(&mut self, status: u16, audit_id: Option<&str>) {
        let is_id = |id: &&str| id.len() <= LONGEST_ID && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        self.status = Some(status);
        self.audit_id = audit_id.filter(is_id).map(str::to_owned);
    }
}

/// Adds calls and keeps the last ones.
pub fn keep(calls: &mut Vec<ApiCall>, more: impl IntoIterator<Item = ApiCall>) {
    calls.extend(more);
    let surplus = calls.len().saturating_sub(KEPT);
    calls.drain(..surplus);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_bounded_and_an_id_has_the_form_of_one() {
        let mut call = ApiCall::sent("GET", &"/ü".repeat(LONGEST_PATH), DateTime::UNIX_EPOCH);
        assert!(call.path.len() <= LONGEST_PATH);
        call.answered(200, Some("c5b0a4a3-1111-2222-3333-444455556666"));
        assert_eq!((call.status, call.audit_id.is_some()), (Some(200), true));
        for id in ["two words", &"a".repeat(LONGEST_ID + 1)] {
            call.answered(200, Some(id));
            assert_eq!(call.audit_id, None, "{id}");
        }
    }

    #[test]
    fn the_last_calls_are_kept() {
        let call = |nth: usize| ApiCall::sent("GET", &nth.to_string(), DateTime::UNIX_EPOCH);
        let mut calls = Vec::new();
        keep(&mut calls, (0..KEPT + 5).map(call));
        assert_eq!((calls.len(), calls[0].path.as_str()), (KEPT, "5"));
    }
}
