//! Whom the closed loop asks: our gateway, or the API server as the control.

use crate::load::Ask;
use anyhow::{Result, ensure};
use http::Request;
use kube::client::Body;
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tests::gateway::Gateway;

/// What an answer of ours must contain to count.
pub type Good = fn(&[u8]) -> bool;

/// A client like the measured one: keep-alive, nothing unpacked.
fn client() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder().no_proxy().http1_only().timeout(Duration::from_secs(60)).build()?)
}

/// GraphQL at our gateway: `bodies` in turn, each client beginning at another one.
pub async fn ours(gateway: &Gateway, bodies: Vec<Value>, encoding: Option<&'static str>, good: Good) -> Result<Ask> {
    ours_at(&gateway.url, &gateway.token().await?, bodies, encoding, good)
}

pub fn ours_at(url: &str, token: &str, bodies: Vec<Value>, encoding: Option<&'static str>, good: Good) -> Result<Ask> {
    let (http, url, token) = (client()?, format!("{url}/graphql"), token.to_owned());
    let bodies: Arc<Vec<String>> = Arc::new(bodies.iter().map(Value::to_string).collect());
    Ok(Arc::new(move |client, number| {
        let body = bodies[(client * 7 + number) % bodies.len()].clone();
        let mut request = http.post(&url).bearer_auth(&token).header("Content-Type", "application/json").body(body);
        if let Some(encoding) = encoding {
            request = request.header("Accept-Encoding", encoding);
        }
        Box::pin(async move {
            let answer = request.send().await?;
            let status = answer.status();
            let body = answer.bytes().await?;
            // A packed answer is judged by its status: unpacking would be the client's work, not the server's.
            ensure!(
                status.is_success() && (encoding.is_some() || good(&body)),
                "{status}: {}",
                String::from_utf8_lossy(&body[..body.len().min(300)])
            );
            Ok(body.len())
        })
    }))
}

/// GET of `path` at the API server.
pub fn api_server(client: &kube::Client, path: &str, gzip: bool) -> Ask {
    let (client, path) = (client.clone(), path.to_owned());
    Arc::new(move |_, _| {
        let (client, mut request) = (client.clone(), Request::get(&path));
        if gzip {
            request = request.header("Accept-Encoding", "gzip");
        }
        Box::pin(async move {
            let answer = client.send(request.body(Body::empty())?).await?;
            ensure!(answer.status().is_success(), "{}", answer.status());
            Ok(answer.into_body().collect_bytes().await?.len())
        })
    })
}

/// Body of a GraphQL request.
pub fn body(query: &str, variables: Value) -> Value {
    serde_json::json!({"query": query, "variables": variables})
}

/// No error in a GraphQL answer.
pub fn without_errors(answer: &[u8]) -> bool {
    !answer.windows(8).any(|window| window == b"\"errors\"")
}
