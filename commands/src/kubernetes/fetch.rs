//! Answers of API servers to reads that a person waits for, bounded in time, in length and in number.

use super::{Clusters, Error, client::explain, turns::Turns};
use domain::core::{ids::ClusterId, refusal::ErrorCode};
use http::{Request, StatusCode, header::ACCEPT};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use kube::{Client, client::Body, core::response::Status};
use std::time::Duration;
use tokio::time::timeout;

/// How long an answer may take, with the wait for a turn.
const LIMIT: Duration = Duration::from_secs(10);
/// Reads of one cluster at the same time: each holds its answer in memory, and a slow cluster must not hold up others.
const PER_CLUSTER: usize = 8;
/// Bytes of a refusal.
const REFUSAL: usize = 64 << 10;

/// Reads from API servers. Cheap to clone.
#[derive(Clone)]
pub struct Fetcher {
    clusters: Clusters,
    turns: Turns,
}

impl Fetcher {
    pub fn new(clusters: Clusters) -> Self {
        Self { clusters, turns: Turns::new(PER_CLUSTER) }
    }

    /// The body of the answer to a GET, of at most `most` bytes. [`ErrorCode::Conflict`]: the place in a list that the
    /// request names is too old.
    pub(super) async fn get(
        &self,
        cluster: &ClusterId,
        address: &str,
        accept: &'static str,
        most: usize,
    ) -> Result<Vec<u8>, Error> {
        let client = self.clusters.get(cluster).and_then(|handle| handle.client);
        let unknown = || Error::permanent(ErrorCode::NotFound, format!("there is no cluster {cluster}"));
        let (client, turns) = (client.ok_or_else(unknown)?, self.turns.of(cluster));
        let answer = async {
            let _turn = turns.acquire().await;
            answer(&client, address, accept, most).await
        };
        let silent = || format!("the API server did not answer within {} s", LIMIT.as_secs());
        let answer = timeout(LIMIT, answer).await.unwrap_or_else(|_| Err(Error::Unreachable { message: silent() }));
        answer.map_err(|error| of_reader(error.without_effect()))
    }
}

async fn answer(client: &Client, address: &str, accept: &'static str, most: usize) -> Result<Vec<u8>, Error> {
    let request = Request::get(address).header(ACCEPT, accept).body(Body::empty());
    let request = request.map_err(|error| Error::permanent(ErrorCode::Invalid, error.to_string()))?;
    let (head, body) = client.send(request).await.map_err(|error| explain(&error))?.into_parts();
    if head.status.is_success() {
        return read(body, most).await;
    }
    let text = read(body, REFUSAL).await?;
    let status: Status = serde_json::from_slice(&text)
        .unwrap_or_else(|_| Status::failure(String::from_utf8_lossy(&text).trim(), ""))
        .with_code(head.status.as_u16());
    // Elsewhere this is a reason to try again, and here the same request would fail again.
    if head.status == StatusCode::GONE {
        return Err(Error::permanent(ErrorCode::Conflict, status.message));
    }
    Err(explain(&kube::Error::Api(Box::new(status))))
}

async fn read(body: Body, most: usize) -> Result<Vec<u8>, Error> {
    let read = Limited::new(body, most).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            let message = format!("the answer of the API server has more than {most} bytes");
            return Error::permanent(ErrorCode::NotSupported, message);
        }
        let message = format!("the connection to the API server was lost: {error}");
        Error::Unreachable { message }
    })?;
    Ok(read.to_bytes().into())
}

/// Refused credentials are those of Binnacle, and nothing that the reader could mend.
fn of_reader(error: Error) -> Error {
    if let Error::Permanent { code: ErrorCode::Unauthenticated, message, .. } = error {
        let message = format!("the API server does not accept the credentials of Binnacle: {message}");
        return Error::Unreachable { message };
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::ClusterHandle;
    use domain::platform::cluster::Environment;

    /// The outcome of a read of at most 16 bytes for this answer of the server.
    async fn got(status: u16, body: &'static str) -> Result<Vec<u8>, Error> {
        let service = tower::service_fn(move |_: Request<Body>| async move {
            http::Response::builder().status(status).body(Body::from(body.as_bytes().to_vec()))
        });
        let client = Client::new(service, "default");
        let (id, name, environment) = (ClusterId::from_name("dev"), "dev".to_owned(), Environment::default());
        let clusters = Clusters::new(vec![ClusterHandle::new(id.clone(), name, environment, client)]);
        Fetcher::new(clusters).get(&id, "/a", "application/json", 16).await
    }

    #[tokio::test]
    async fn an_answer_is_bounded_and_a_refusal_says_what_it_is() {
        assert_eq!(got(200, "sixteen bytes ok").await, Ok(b"sixteen bytes ok".to_vec()));
        let code = async |status, body| match got(status, body).await {
            Err(Error::Permanent { code, .. }) => Some(code),
            Ok(_)
            | Err(
                Error::Transient { .. }
                | Error::Unreachable { .. }
                | Error::Ambiguous { .. }
                | Error::Conflicting { .. },
            ) => None,
        };
        assert_eq!(code(200, "seventeen bytes!!").await, Some(ErrorCode::NotSupported));
        assert_eq!(code(404, "").await, Some(ErrorCode::NotFound));
        assert_eq!(code(410, "too old").await, Some(ErrorCode::Conflict));
        let denied = r#"{"kind":"Status","code":403,"message":"User \"x\" cannot list resource \"leases\""}"#;
        assert_eq!(code(403, denied).await, Some(ErrorCode::Forbidden));
        assert!(got(403, denied).await.is_err_and(|error| error.to_string().contains("cannot list resource")));
        let expired = got(401, r#"{"kind":"Status","code":401,"message":"Unauthorized"}"#).await;
        assert!(matches!(expired, Err(Error::Unreachable { .. })), "not a matter of who reads: {expired:?}");
        assert!(got(503, "").await.is_err_and(|error| error.is_silence()));
    }

    #[tokio::test]
    async fn a_cluster_that_is_not_there_is_not_asked() {
        let clusters = Clusters::new(Vec::new());
        let got = Fetcher::new(clusters).get(&ClusterId::from_name("mars"), "/a", "application/json", 16).await;
        assert!(matches!(got, Err(Error::Permanent { code: ErrorCode::NotFound, .. })), "{got:?}");
    }
}
