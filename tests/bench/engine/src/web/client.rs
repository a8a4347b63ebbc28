//! The client by HTTP, the same for all.

use super::contender::{Contender, Running};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

/// Rows of a page.
pub const PAGE: usize = 200;

/// Connections are kept and shared by its clones.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    contender: Contender,
    url: String,
    token: Option<String>,
    page: Option<Vec<u8>>,
}

impl Client {
    pub fn new(server: &Running) -> Result<Self> {
        let page = server.contender.page(PAGE).map(|document| document.to_string().into_bytes());
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { http, contender: server.contender, url: server.url(), token: server.token.clone(), page })
    }

    async fn post(&self, body: Vec<u8>) -> Result<Vec<u8>> {
        let mut request = self.http.post(&self.url).header("content-type", "application/json").body(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        read(request.send().await?).await
    }

    /// A page of pods, as bytes.
    pub async fn page(&self) -> Result<Vec<u8>> {
        let body = match &self.page {
            Some(document) => self.post(document.clone()).await?,
            None => read(self.http.get(&self.url).send().await?).await?,
        };
        ensure!(!body.starts_with(br#"{"errors""#), "{}", String::from_utf8_lossy(&body));
        Ok(body)
    }

    /// Asks that a workload has so many replicas; answered when it is durable.
    pub async fn scale(&self, workload: usize, replicas: usize) -> Result<()> {
        let body = self.post(self.contender.scale(workload, replicas).to_string().into_bytes()).await?;
        let text = String::from_utf8_lossy(&body);
        ensure!(!text.contains(r#""errors""#) && !text.contains("OperationRefused"), "{text}");
        Ok(())
    }
}

async fn read(answer: reqwest::Response) -> Result<Vec<u8>> {
    let status = answer.status();
    let body = answer.bytes().await?;
    if !status.is_success() {
        bail!("{status}: {}", String::from_utf8_lossy(&body));
    }
    Ok(body.into())
}

/// An access token of the administrator.
pub async fn sign_in(url: &str, password: &str) -> Result<String> {
    let query = "mutation($i: LoginInput!) { login(input: $i) { ... on Session { accessToken } } }";
    let body = json!({"query": query, "variables": {"i": {"username": "admin", "password": password}}});
    let request = reqwest::Client::builder().no_proxy().build()?.post(url).header("content-type", "application/json");
    let answer: Value = serde_json::from_slice(&read(request.body(body.to_string()).send().await?).await?)?;
    let token = answer.pointer("/data/login/accessToken").and_then(Value::as_str);
    Ok(token.with_context(|| format!("no sign-in: {answer}"))?.to_owned())
}
