//! Frames of sockets and a request that once were answered wrongly. `tests/api/socket.rs` and `tests/api/storable.rs`
//! hold the rules; here the inputs themselves are sent.

use super::{console::Console, place::until};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tests::{
    asking::{is_unavailable, keyed},
    socket::{Heard, Socket},
    write_side::CLUSTER,
};

pub const INPUTS: [&str; 3] = ["45-ws-duplicate-id.txt", "48-far-times.json", "50-ws-huge-frame.txt"];

/// The second subscription of an id ends the socket with 4409.
async fn a_duplicate_id(console: &Console) -> Result<()> {
    let (gateway, text) = (&console.gateway, console.place.input(INPUTS[0])?);
    let (mut socket, token) = (Socket::connect(&gateway.url).await?, gateway.token().await?);
    for line in text.lines() {
        if let Some(sent) = line.strip_prefix("-> ") {
            socket.say(serde_json::from_str(&sent.replace("TOKEN", &token))?).await?;
            continue;
        }
        let kind = if line.contains("connection_ack") { "connection_ack" } else { "next" };
        let heard = socket.hear().await?;
        ensure!(matches!(&heard, Heard::Message(message) if message["type"] == kind), "{heard:?}, not {kind}");
    }
    loop {
        match socket.hear().await? {
            Heard::Message(message) if message["type"] == "next" => {}
            Heard::Closed { code: 4409, reason } if reason == "Subscriber for a already exists" => return Ok(()),
            other => bail!("{other:?}, not 4409"),
        }
    }
}

/// Times that Postgres does not have are bad input, named by their field.
async fn far_times(console: &Console) -> Result<()> {
    let body: Value = serde_json::from_str(&console.place.input(INPUTS[1])?)?;
    let query = body["query"].as_str().context("a query")?;
    let answer = console.gateway.ask(query, body["variables"].clone()).await?;
    let errors = answer["errors"].as_array().with_context(|| format!("taken: {answer}"))?;
    for error in errors {
        let extension = &error["extensions"];
        let is_named = ["since", "until"].iter().any(|field| extension["field"] == *field);
        ensure!(extension["code"] == "BAD_INPUT" && is_named, "{answer}");
    }
    Ok(())
}

/// A manifest of 200 KiB is taken by a socket as it is by HTTP.
async fn a_huge_frame(console: &Console) -> Result<()> {
    ensure!(console.place.input(INPUTS[2])?.contains("200,000 characters"), "another input");
    let (gateway, manifest) = (&console.gateway, console.place.input("03-empty-documents.yaml")?);
    let manifest = format!("# {}\n{}", "x".repeat(200_000), manifest.replace("helmish", "huge"));
    let query = "mutation($input: CreateWorkloadInput!) { createWorkload(input: $input) { \
        ... on OperationAccepted { operation { id } } ... on OperationRefused { message } } }";
    let input = keyed(json!({"cluster": CLUSTER, "manifest": manifest}));
    let answer = until("the socket is answered", || async {
        let mut socket = Socket::greet(&gateway.url, &gateway.token().await?).await?;
        socket.subscribe("m", query, json!({"input": input})).await?;
        let heard = socket.hear().await?;
        let Heard::Message(mut message) = heard else { bail!("{heard:?}") };
        let answer = message["payload"].take();
        Ok((!is_unavailable(&answer)).then_some(answer))
    })
    .await?;
    let operation = answer.pointer("/data/createWorkload/operation/id").and_then(Value::as_str);
    let ended = console.ended(operation.with_context(|| answer.to_string())?).await?;
    ensure!(ended.operation["state"] == "SUCCEEDED", "{}", ended.operation);
    Ok(())
}

pub async fn hold(console: &Console) -> Result<()> {
    a_duplicate_id(console).await.context(INPUTS[0])?;
    far_times(console).await.context(INPUTS[1])?;
    a_huge_frame(console).await.context(INPUTS[2])
}
