//! What can be read of the canaries: answers to an administrator, what a process says of itself, and the evidence.

use super::{finder::Finder, words::INDISCREET};
use anyhow::{Result, ensure};
use domain::kubernetes::secret::MASKED_WORDS;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    process::{Command, Output},
    time::Duration,
};
use tests::{
    PATIENCE,
    database::Database,
    gateway::{Gateway, binaries},
    write_side::CLUSTER,
};
use tokio::time::Instant;

/// The current manifests of a namespace.
const MANIFESTS: (&str, &str) = (
    "workloads",
    "query($n: [String!], $after: String) { workloads(filter: {namespaces: $n}, first: 5, after: $after) {
        nodes { id manifest } pageInfo { hasNextPage endCursor } } }",
);

/// All else that an administrator can read of it.
const READS: [(&str, &str); 7] = [
    (
        "workloads",
        "query($n: [String!], $after: String) { workloads(filter: {namespaces: $n}, first: 5, after: $after) {
            nodes { reason summary { text } conditions { reason message }
                cause { message { text arguments } evidence { message { text arguments } } } }
            pageInfo { hasNextPage endCursor } } }",
    ),
    (
        "workloads",
        "query($n: [String!], $after: String) { workloads(filter: {namespaces: $n}, first: 5, after: $after) {
            nodes { revisions(first: 5) { nodes { changes { path before after } } } events(first: 20) { nodes { message } } }
            pageInfo { hasNextPage endCursor } } }",
    ),
    (
        "pods",
        "query($n: [String!], $after: String) { pods(filter: {namespaces: $n}, first: 10, after: $after) {
            nodes { reason conditions { reason message } containers { reason } events(first: 20) { nodes { message } }
                cause { message { text arguments } evidence { message { text } } } }
            pageInfo { hasNextPage endCursor } } }",
    ),
    (
        "objects",
        "query($n: [String!], $after: String) { objects(filter: {namespaces: $n, kinds: [\"ConfigMap\"]}, first: 5, after: $after) {
            nodes { manifest columns cause { message { text } }
                revisions(first: 5) { nodes { manifest(format: JSON) changes { path before after } } } }
            pageInfo { hasNextPage endCursor } } }",
    ),
    (
        "operations",
        "query($m: String, $after: String) { operations(filter: {namespace: $m}, first: 20, after: $after) {
            nodes { stage error { message } stages { message calls { message } } waitsFor { text arguments } cause { message { text } } }
            pageInfo { hasNextPage endCursor } } }",
    ),
    (
        "kubernetesEvents",
        "query($after: String) { kubernetesEvents(first: 200, after: $after) {
            nodes { message } pageInfo { hasNextPage endCursor } } }",
    ),
    (
        "auditEvents",
        "query($m: String, $after: String) { auditEvents(filter: {namespace: $m}, first: 100, after: $after) {
            nodes { summary payload changes { path before after } } pageInfo { hasNextPage endCursor } } }",
    ),
];

/// The overview, which has no pages.
const OVERVIEW: &str = "{ overview {
    problems { nodes { cause { message { text arguments } evidence { message { text arguments } } }
        latestChange { revision { changes { path before after } } } } }
    changes(first: 50) { operation { stage } revision { changes { path before after } } } } }";

/// The words of the cluster about `prefix` that quote a plain secret.
const QUOTING: &str = "query($n: [String!], $s: String, $about: ID) {
    workloads(filter: {namespaces: $n, search: $s}, first: 5) { nodes { cause { message { text arguments } } } }
    kubernetesEvents(filter: {about: $about}, first: 200) { nodes { reason message } } }";

/// Waits until the words that quote a plain secret are shown, and are masked: as text, as arguments, and of an event.
pub async fn until_quoting_words_are_masked(gateway: &Gateway, namespace: &str, prefix: &str) -> Result<()> {
    until_right(async || {
        let about = format!("Deployment~{CLUSTER}~{namespace}~{prefix}-held");
        let variables = json!({"n": [namespace], "s": format!("{prefix}-indiscreet"), "about": about});
        let answer = gateway.data(QUOTING, variables).await?;
        let message = answer.pointer("/workloads/nodes/0/cause/message").unwrap_or(&Value::Null);
        let is_text = message["text"].as_str().is_some_and(|text| text.contains(MASKED_WORDS));
        let events = answer.pointer("/kubernetesEvents/nodes").and_then(Value::as_array);
        let event = json!({"reason": INDISCREET, "message": MASKED_WORDS});
        let is_event = events.is_some_and(|events| events.contains(&event));
        let is_right = is_text && message["arguments"]["detail"] == MASKED_WORDS && is_event;
        Ok(if is_right {
            Vec::new()
        } else {
            vec![format!("{MASKED_WORDS} in {message}, and as an event: {is_event}")]
        })
    })
    .await
}

/// Answers to an administrator.
pub struct Answers {
    pub manifests: String,
    pub rest: String,
}

impl Answers {
    pub async fn about(gateway: &Gateway, namespace: &str) -> Result<Self> {
        let manifests = pages(gateway, MANIFESTS, namespace).await?;
        let mut rest = gateway.data(OVERVIEW, json!({})).await?.to_string();
        for read in READS {
            rest.push_str(&pages(gateway, read, namespace).await?);
        }
        Ok(Self { manifests, rest })
    }

    /// What is wrong with them, where these numbers are to be read and those are not.
    pub fn wrong(&self, finder: &Finder, read: &[String], unread: &[String]) -> Vec<String> {
        let found: BTreeSet<&str> =
            [&self.manifests, &self.rest].into_iter().flat_map(|text| finder.found_in(text)).collect();
        let missing =
            read.iter().filter(|number| !found.contains(number.as_str())).map(|number| format!("no {number}"));
        let told = unread.iter().filter(|number| found.contains(number.as_str()));
        missing.chain(told.map(|number| self.excerpt(number))).collect()
    }

    /// Where a number stands.
    fn excerpt(&self, number: &str) -> String {
        let text = if self.manifests.contains(number) { &self.manifests } else { &self.rest };
        let at = text.find(number).unwrap_or_default();
        let (begin, end) = (text.floor_char_boundary(at.saturating_sub(300)), text.ceil_char_boundary(at + 60));
        format!("{number} in {}", &text[begin..end])
    }
}

/// All pages of a list.
async fn pages(gateway: &Gateway, (list, query): (&str, &str), namespace: &str) -> Result<String> {
    let (mut text, mut after) = (String::new(), Value::Null);
    loop {
        let variables = json!({"n": [namespace], "m": namespace, "after": after});
        let answer = gateway.data(query, variables).await?;
        text.push_str(&answer.to_string());
        let page = &answer[list]["pageInfo"];
        if page["hasNextPage"] == json!(false) {
            return Ok(text);
        }
        ensure!(page["endCursor"].is_string(), "no cursor: {page}");
        after = page["endCursor"].clone();
    }
}

/// Fails if a number stands in clear in anything that is kept or said: in the database, in a bundle, in the metrics, or in the
/// log of the process.
pub async fn nothing_is_in_clear(database: &Database, gateway: &Gateway, finder: &Finder) -> Result<()> {
    let metrics = gateway.http().get(format!("{}/metrics", gateway.url)).send().await?.text().await?;
    for (what, text) in [("the metrics", metrics), ("the log of the process", gateway.log())] {
        ensure!(!text.is_empty(), "nothing in {what}");
        let found = finder.found_in(&text);
        ensure!(found.is_empty(), "{found:?} in {what}");
    }
    nothing_is_kept_in_clear(database, finder).await
}

/// The same of the database and a bundle alone.
pub async fn nothing_is_kept_in_clear(database: &Database, finder: &Finder) -> Result<()> {
    let file = std::env::temp_dir().join(format!("{}.bundle", database.name));
    let (code, words) = tool(database, "binnacle-audit", &["export", "--output", &file.display().to_string()])?;
    ensure!(code == Some(0), "{words}");
    let bundle = String::from_utf8_lossy(&std::fs::read(&file)?).into_owned();
    std::fs::remove_file(file)?;
    let found = finder.found_in(&bundle);
    ensure!(!bundle.is_empty() && found.is_empty(), "{found:?} in the bundle");
    let owner = database.owner().await;
    let found = finder.found_in_database(&owner).await?;
    owner.close().await;
    ensure!(found.is_empty(), "{found:?}");
    Ok(())
}

/// Runs a program on the database; its exit code, and what it says.
pub fn tool(database: &Database, program: &str, arguments: &[&str]) -> Result<(Option<i32>, String)> {
    let mut tool = Command::new(binaries()?.join(program));
    let Output { status, stdout, stderr } = tool
        .args(arguments)
        .env("BINNACLE_DATABASE_URL", database.application_url())
        .env("BINNACLE_SEALING_KEY_FILE", &database.sealing_key)
        .env("USER", "anna")
        .output()?;
    Ok((status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr))))
}

/// Waits until nothing is wrong; fails with what still is.
pub async fn until_right(wrong: impl AsyncFn() -> Result<Vec<String>>) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        let wrong = wrong().await.unwrap_or_else(|error| vec![format!("{error:#}")]);
        if wrong.is_empty() {
            return Ok(());
        }
        let some = wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
        ensure!(Instant::now() < end, "waited {PATIENCE:?} in vain, and {} are still wrong:\n{some}", wrong.len());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until the log verifies and the tables are its fold.
pub async fn holds(database: &Database) -> Result<()> {
    until_right(async || {
        let found = ["verify", "replay"].map(|proof| tool(database, "binnacle-audit", &[proof]));
        let found = found.into_iter().collect::<Result<Vec<_>>>()?;
        Ok(found.into_iter().filter(|(code, _)| *code != Some(0)).map(|(_, words)| words).collect())
    })
    .await
}
