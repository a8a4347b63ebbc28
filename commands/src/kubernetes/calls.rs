//! The calls that a task makes to a cluster, for the events that report what came of them. A task records its own, so the port to
//! a cluster hands nothing around for it.

use chrono::Utc;
use domain::core::api_call::{ApiCall, keep};
use http::{Request, response::Parts};
use std::{cell::RefCell, time::Instant};

tokio::task_local! {
    static CALLS: RefCell<Vec<ApiCall>>;
}

/// Runs a task that records its calls.
pub async fn recorded<T>(task: impl Future<Output = T>) -> T {
    CALLS.scope(RefCell::default(), task).await
}

/// The calls since they were last taken: the last of them, in order. None outside a task that records them.
pub fn taken() -> Vec<ApiCall> {
    CALLS.try_with(RefCell::take).unwrap_or_default()
}

/// A call that was sent.
pub(super) struct Sent(Instant);

impl Sent {
    pub(super) fn new<B>(request: &Request<B>) -> Self {
        let path = request.uri().path_and_query().map_or("", |path| path.as_str());
        let call = ApiCall::sent(request.method().as_str(), path, Utc::now());
        let _ = CALLS.try_with(|calls| keep(&mut calls.borrow_mut(), [call]));
        Self(Instant::now())
    }

    /// Its answer has begun.
    pub(super) fn answered(&self, head: &Parts) {
        let id = head.headers.get("audit-id").and_then(|id| id.to_str().ok());
        change(|call| call.answered(head.status.as_u16(), id));
    }

    /// It is over, with or without an answer.
    pub(super) fn ended(self) {
        let took = u32::try_from(self.0.elapsed().as_millis()).unwrap_or(u32::MAX);
        change(|call| call.took_ms = took);
    }
}

/// Changes the last call: a task makes one after the other.
fn change(change: impl FnOnce(&mut ApiCall)) {
    let _ = CALLS.try_with(|calls| calls.borrow_mut().last_mut().map(change));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(path: &str) -> Sent {
        Sent::new(&Request::patch(path).body(()).expect("a request"))
    }

    fn head(status: u16, id: &str) -> Parts {
        let answer = http::Response::builder().status(status).header("Audit-Id", id);
        answer.body(()).expect("an answer").into_parts().0
    }

    #[tokio::test]
    async fn a_task_records_its_calls_and_no_others() {
        sent("/api/v1/nodes").ended();
        assert_eq!(taken(), []);
        let calls = recorded(async {
            let first = sent("/apis/apps/v1/namespaces/team/deployments/web?fieldManager=binnacle");
            first.answered(&head(409, "1-a"));
            first.ended();
            let other = tokio::spawn(recorded(async { sent("/elsewhere").ended() }));
            other.await.expect("no panic");
            sent("/lost").ended();
            taken()
        });
        let calls = calls.await;
        let shown: Vec<_> =
            calls.iter().map(|call| (call.path.as_str(), call.status, call.audit_id.as_deref())).collect();
        let path = "/apis/apps/v1/namespaces/team/deployments/web?fieldManager=binnacle";
        assert_eq!(shown, [(path, Some(409), Some("1-a")), ("/lost", None, None)]);
        assert!(calls.iter().all(|call| call.verb == "PATCH"));
    }
}
