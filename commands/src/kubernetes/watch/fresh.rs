//! Refuses lists older than earlier watch events. An API server that lags behind the others, or a cache, may answer
//! with an old state. Taken for the current one, it would remove new objects, restore deleted ones, and put an old
//! version of an object before a new one.
//!
//! Promises that such a list is never applied while the cluster has a newer one: the list fails and is requested again.
//! Tested below and, with an old answer of a real API server, in tests/cluster/watching.rs.

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

/// A lagging API server catches up in this time. If it has not, the cluster was restored to an earlier state. Then the list is
/// applied, and every object of it is recorded anew: its revisions count from there.
const PATIENCE: Duration = Duration::from_secs(300);

/// The newest revision observed of one kind. Cheap to clone.
#[derive(Clone, Default)]
pub struct NewestRevision(Arc<Mutex<Revision>>);

#[derive(Default)]
struct Revision {
    seen: u64,
    /// Since when lists have been older.
    older_since: Option<Instant>,
    /// Whether an older list was taken in, and nobody was told yet.
    is_set_back: bool,
}

impl NewestRevision {
    /// Records the revision of a list or of a watch event. A text that is not a number is ignored.
    pub fn saw(&self, resource_version: &str) {
        if let Ok(revision) = resource_version.parse() {
            let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            newest.seen = newest.seen.max(revision);
        }
    }

    /// Whether a list that was older than what was observed has been taken in. Told once.
    pub fn take_set_back(&self) -> bool {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).is_set_back)
    }

    /// Whether a list of this revision may be applied.
    fn takes(&self, resource_version: &str, now: Instant) -> bool {
        let Ok(revision) = resource_version.parse() else { return true };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).takes(revision, now)
    }

    /// A client for a watch. Lists that are too old are answered as if the server were not ready, so the watch waits
    /// and retries.
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
        let is_set_back = self.is_set_back || revision < self.seen;
        *self = Self { seen: revision, older_since: None, is_set_back };
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

/// An answer that makes a watch list again. As a status code, the same would be retried for ever.
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
        let (newest, begun) = (NewestRevision::default(), Instant::now());
        assert!(newest.takes("7", begun), "nothing was seen before");
        newest.saw("9");
        newest.saw("8");
        assert!(newest.takes("9", begun) && newest.takes("what is no number", begun));
        for late in [Duration::ZERO, PATIENCE / 2] {
            assert!(!newest.takes("8", begun + late), "{late:?}");
        }
        assert!(newest.takes("10", begun + PATIENCE / 2), "it has caught up");
        assert!(!newest.take_set_back());
        let back = begun + PATIENCE;
        assert!(
            !newest.takes("3", back) && !newest.takes("4", back + PATIENCE / 2) && newest.takes("4", back + PATIENCE)
        );
        assert!(newest.takes("4", back + PATIENCE), "it was brought back to an earlier state");
        assert!(newest.take_set_back() && !newest.take_set_back(), "which is told once");
    }
}
