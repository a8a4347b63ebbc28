//! Lists that are not older than what was seen before. An API server that lags behind the others, or a cache on the way, may
//! answer with the state of some time ago: taken for that of now, it would make gone what it does not know yet, bring back what
//! has gone, and put an object before its successor.
//!
//! Promises that such a list is never taken in while the cluster has one that is not: it fails, and is asked for again. Tested
//! below and, with an old answer of a real API server, in tests/cluster/watching.rs.

use domain::core::planted::{Bug, is_planted};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use kube::{Client, Error, client::Body};
use serde::Deserialize;
use serde_json::json;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// An API server that lags catches up in this time. One that is still behind then was brought back to an earlier state, and
/// there is no other. What is absent or new in it is taken in then; an object that was seen at a later revision stays as it
/// was seen until its revision passes that one.
const PATIENCE: Duration = Duration::from_secs(300);

/// What was seen of one kind. Cheap to clone.
#[derive(Clone, Default)]
pub struct Newest(Arc<Mutex<Revision>>);

#[derive(Default)]
struct Revision {
    seen: u64,
    /// When the lists began to be older.
    older_since: Option<Instant>,
}

impl Newest {
    /// A list, or an object that a watch told of. Text that is no number says nothing.
    pub fn saw(&self, resource_version: &str) {
        if let Ok(revision) = resource_version.parse() {
            let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            newest.seen = newest.seen.max(revision);
        }
    }

    /// Whether a list of this revision may be taken in.
    fn takes(&self, resource_version: &str, now: Instant) -> bool {
        let Ok(revision) = resource_version.parse() else { return true };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).takes(revision, now)
    }

    /// A client for a watch: lists that are too old are answered as if the server were not ready, after which a watch waits and
    /// asks again.
    pub fn client(&self, real: Client) -> Client {
        let newest = self.clone();
        let answer = move |request| newest.clone().answer(real.clone(), request);
        Client::new(tower::service_fn(answer), "default")
    }

    async fn answer(self, real: Client, request: Request<Body>) -> Result<Response<Body>, Error> {
        let is_watch = request.uri().query().is_some_and(|query| query.contains("watch=true"));
        let path = request.uri().path().to_owned();
        let response = real.send(request).await?;
        if is_watch && response.status() == StatusCode::GONE {
            return Ok(expired());
        }
        if is_watch || !response.status().is_success() {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await?.to_bytes();
        let list: List = serde_json::from_slice(&bytes).map_err(Error::SerdeError)?;
        if self.takes(&list.metadata.resource_version, Instant::now()) {
            return Ok(Response::from_parts(parts, Body::from(bytes)));
        }
        tracing::warn!(path, revision = list.metadata.resource_version, "watch.list_too_old");
        Ok(not_ready())
    }
}

impl Revision {
    fn takes(&mut self, revision: u64, now: Instant) -> bool {
        let is_older = revision < self.seen && !is_planted(Bug::OldListTaken);
        let since = *self.older_since.get_or_insert(now);
        if is_older && now.duration_since(since) < PATIENCE {
            return false;
        }
        *self = Self { seen: revision, older_since: None };
        true
    }
}

#[derive(Deserialize)]
struct List {
    metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    #[serde(default)]
    resource_version: String,
}

/// What a watch begins a list after. It tries again for ever where the same is said by the status of the answer.
fn expired() -> Response<Body> {
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "Expired", "code": 410,
        "message": "the revision is too old to be watched from",
    });
    Response::new(Body::from(format!("{}\n", json!({"type": "ERROR", "object": status})).into_bytes()))
}

fn not_ready() -> Response<Body> {
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "ServiceUnavailable", "code": 503,
        "message": "the list is older than what was seen before",
    });
    let mut response = Response::new(Body::from(status.to_string().into_bytes()));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_list_is_taken_in_only_where_there_is_no_other_for_long() {
        let (newest, begun) = (Newest::default(), Instant::now());
        assert!(newest.takes("7", begun), "nothing was seen before");
        newest.saw("9");
        newest.saw("8");
        assert!(newest.takes("9", begun) && newest.takes("what is no number", begun));
        for late in [Duration::ZERO, PATIENCE / 2] {
            assert!(!newest.takes("8", begun + late), "{late:?}");
        }
        assert!(newest.takes("10", begun + PATIENCE / 2), "it has caught up");
        let back = begun + PATIENCE;
        assert!(
            !newest.takes("3", back) && !newest.takes("4", back + PATIENCE / 2) && newest.takes("4", back + PATIENCE)
        );
        assert!(newest.takes("4", back + PATIENCE), "it was brought back to an earlier state");
    }
}
