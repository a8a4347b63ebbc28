//! The protocol graphql-transport-ws by its rules: each way to break one has its close code, and what is said of an operation ends
//! with it.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::{
    database::Database,
    gateway::{Gateway, Start},
    socket::{Heard, Message, Socket, greeting},
    until,
};

const QUIET: &str = "subscription { operationChanged { position } }";
const FEED: &str = "subscription { auditEventRecorded(after: \"0\") { position } }";
const VIEWER: &str = "{ viewer { username } }";

async fn with_gateway(start: impl FnOnce(Start) -> Start) -> Result<(Database, Gateway)> {
    let database = Database::create().await?;
    let gateway = start(Start::on(&database)?).run().await?;
    gateway.token().await?;
    Ok((database, gateway))
}

async fn greeted(gateway: &Gateway) -> Result<Socket> {
    Socket::greet(&gateway.url, &gateway.token().await?).await
}

/// How the socket ends, whatever comes before.
async fn end(socket: &mut Socket) -> Result<(u16, String)> {
    loop {
        match socket.hear().await? {
            Heard::Closed { code, reason } => return Ok((code, reason)),
            Heard::Lost => bail!("ended without a close frame"),
            Heard::Message(_) => {}
        }
    }
}

async fn message(socket: &mut Socket) -> Result<Value> {
    match socket.hear().await? {
        Heard::Message(message) => Ok(message),
        other => bail!("no message: {other:?}"),
    }
}

fn subscribe(id: &str) -> Message {
    text(json!({"type": "subscribe", "id": id, "payload": {"query": QUIET}}))
}

fn text(message: Value) -> Message {
    Message::text(message.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_broken_rule_has_its_close_code() -> Result<()> {
    let (database, gateway) = with_gateway(|start| start).await?;
    let token = gateway.token().await?;
    let large = |bytes: usize| text(json!({"type": "ping", "payload": {"x": "x".repeat(bytes)}}));
    let any_time = [
        (Message::text("{{{"), 4400, "graphql-transport-ws"),
        (Message::text("[]"), 4400, "graphql-transport-ws"),
        (text(json!({"type": "wat"})), 4400, "graphql-transport-ws"),
        (text(json!({"type": "start", "id": "1", "payload": {"query": QUIET}})), 4400, "graphql-transport-ws"),
        (text(json!({"type": "stop", "id": "1"})), 4400, "graphql-transport-ws"),
        (text(json!({"type": "connection_terminate"})), 4400, "graphql-transport-ws"),
        (text(json!({"type": "subscribe", "id": 7, "payload": {"query": QUIET}})), 4400, "graphql-transport-ws"),
        (text(json!({"type": "subscribe", "id": "1", "payload": QUIET})), 4400, "graphql-transport-ws"),
        (text(json!({"type": "subscribe", "id": "1", "payload": [QUIET]})), 4400, "graphql-transport-ws"),
        (text(json!({"type": "ping", "payload": 1})), 4400, "graphql-transport-ws"),
        (Message::binary(greeting(&token).to_string()), 4400, "graphql-transport-ws"),
        (large(8 << 20), 1009, "at most 2 MiB"),
    ];
    for (wrong, code, words) in &any_time {
        for is_greeted in [false, true] {
            let ended = async || {
                let mut socket =
                    if is_greeted { greeted(&gateway).await? } else { Socket::connect(&gateway.url).await? };
                socket.send(wrong.clone()).await?;
                end(&mut socket).await
            };
            // A large one may be refused before it is sent to its end; then the reset of the connection may take the reason
            // away.
            let (found, reason) = match *code {
                1009 => until(&format!("{wrong:.80} has an end"), || async { ended().await.ok() }).await,
                _ => ended().await?,
            };
            assert!(found == *code && reason.contains(words), "{wrong:.80}: {found} {reason}");
        }
    }
    let stranger = [
        (subscribe("1"), 4401, "Unauthorized"),
        (text(greeting("not.a.token")), 4401, "Unauthorized"),
        (text(json!({"type": "connection_init"})), 4401, "Unauthorized"),
        (large(17 << 10), 1009, "what comes before the sign-in has at most 16 KiB"),
    ];
    for (wrong, code, words) in stranger {
        let mut socket = Socket::connect(&gateway.url).await?;
        socket.send(wrong.clone()).await?;
        assert_eq!(end(&mut socket).await?, (code, words.to_owned()), "{wrong:.80}");
    }
    let known = [
        (text(greeting(&token)), 4429, "Too many initialisation requests"),
        (subscribe("taken"), 4409, "Subscriber for taken already exists"),
        (
            text(json!({"type": "subscribe", "id": "1", "payload": {}})),
            4400,
            "a message is not of graphql-transport-ws",
        ),
        (subscribe(""), 4400, "an id has 1 to 128 bytes"),
        (subscribe(&"x".repeat(129)), 4400, "an id has 1 to 128 bytes"),
    ];
    for (wrong, code, words) in known {
        let mut socket = greeted(&gateway).await?;
        socket.send(subscribe("taken")).await?;
        socket.send(wrong.clone()).await?;
        assert_eq!(end(&mut socket).await?, (code, words.to_owned()), "{wrong}");
    }
    let mut silent = Socket::connect(&gateway.url).await?;
    assert_eq!(end(&mut silent).await?, (4408, "Connection initialisation timeout".to_owned()));
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manifest_is_as_long_on_a_socket_as_in_a_body() -> Result<()> {
    let (database, gateway) = with_gateway(|start| start).await?;
    let query = "mutation($m: String!) { createWorkload(input: {cluster: \"mars\", manifest: $m}) { ... on OperationRefused { field } } }";
    let mut socket = greeted(&gateway).await?;
    for length in [200_000, 1_900_000] {
        socket.subscribe("m", query, json!({"m": format!("# {}", "x".repeat(length))})).await?;
        assert_eq!(message(&mut socket).await?["payload"], json!({"data": {"createWorkload": {"field": "cluster"}}}));
        assert_eq!(message(&mut socket).await?["type"], "complete");
    }
    let _ = socket.subscribe("m", query, json!({"m": "x".repeat(2 << 20)})).await;
    assert_eq!(end(&mut socket).await?, (1009, "a message has at most 2 MiB".to_owned()));
    drop((socket, gateway));
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hash_instead_of_a_document_is_answered_and_the_socket_goes_on() -> Result<()> {
    let (database, gateway) = with_gateway(|start| start).await?;
    let mut socket = greeted(&gateway).await?;
    let extensions = json!({"persistedQuery": {"version": 1, "sha256Hash": "00"}});
    socket.say(json!({"type": "subscribe", "id": "1", "payload": {"extensions": extensions}})).await?;
    let found = message(&mut socket).await?;
    assert_eq!(
        (&found["type"], &found["payload"][0]["message"]),
        (&json!("error"), &json!("PersistedQueryNotSupported"))
    );
    socket.subscribe("1", VIEWER, json!({})).await?;
    assert_eq!(message(&mut socket).await?["type"], "next");
    drop((socket, gateway));
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_completed_id_is_free_and_nothing_more_is_said_of_it() -> Result<()> {
    let (database, gateway) = with_gateway(|start| start).await?;
    let mut socket = greeted(&gateway).await?;
    for _ in 0..20 {
        socket.subscribe("1", FEED, json!({})).await?;
        assert_eq!(message(&mut socket).await?["type"], "next");
        socket.say(json!({"type": "complete", "id": "1"})).await?;
        socket.say(json!({"type": "ping", "payload": {"after": "complete"}})).await?;
        // What was on its way may still come; once the complete was read, nothing does.
        loop {
            let found = message(&mut socket).await?;
            if found["type"] == "pong" {
                assert_eq!(found, json!({"type": "pong", "payload": {"after": "complete"}}));
                break;
            }
            assert_eq!(found["type"], "next", "{found}");
        }
        socket.subscribe("1", VIEWER, json!({})).await?;
        let answer = json!({"type": "next", "id": "1", "payload": {"data": {"viewer": {"username": "admin"}}}});
        assert_eq!(message(&mut socket).await?, answer);
        assert_eq!(message(&mut socket).await?, json!({"type": "complete", "id": "1"}));
    }
    // Of an id that nobody knows there is nothing to say either.
    socket.say(json!({"type": "complete", "id": "unknown"})).await?;
    socket.say(json!({"type": "pong"})).await?;
    socket.say(json!({"type": "ping"})).await?;
    assert_eq!(message(&mut socket).await?, json!({"type": "pong"}));
    drop((socket, gateway));
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_executed_is_an_error_and_what_is_has_a_next() -> Result<()> {
    let (database, gateway) = with_gateway(|start| start).await?;
    let mut socket = greeted(&gateway).await?;
    let mut requests = std::collections::BTreeSet::new();
    for (id, document) in [
        ("syntax", "subscription {"),
        ("unknown", "{ nothing }"),
        ("arguments", "subscription { operationChanged(nothing: 7) { position } }"),
        ("two", "subscription { a: operationChanged { position } b: operationChanged { position } }"),
        ("sign-in", "mutation { logout }"),
        ("syntax", "a used id is free again"),
    ] {
        socket.subscribe(id, document, json!({})).await?;
        let found = message(&mut socket).await?;
        assert_eq!((&found["type"], &found["id"]), (&json!("error"), &json!(id)), "{found}");
        let extensions = &found["payload"][0]["extensions"];
        assert_eq!(extensions["code"], "BAD_INPUT", "{found}");
        requests.insert(extensions["requestId"].as_str().context("a request id")?.to_owned());
    }
    assert!(requests.len() == 6 && !requests.contains(""), "each request has its own id: {requests:?}");
    // One that fails while it is executed, and the end of it.
    socket.subscribe("1", "{ workloads(after: \"x\") { totalCount pageInfo { hasNextPage } } }", json!({})).await?;
    let found = message(&mut socket).await?;
    assert_eq!((&found["type"], &found["payload"]["data"]), (&json!("next"), &Value::Null), "{found}");
    assert_eq!(found["payload"]["errors"][0]["path"][0], "workloads", "{found}");
    assert_eq!(message(&mut socket).await?, json!({"type": "complete", "id": "1"}));
    drop((socket, gateway));
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_has_fifty_operations_and_a_user_so_many_sockets() -> Result<()> {
    let (database, gateway) = with_gateway(|start| start.with("BINNACLE_SOCKETS_PER_USER", "8")).await?;
    let mut first = greeted(&gateway).await?;
    for nth in 0..50 {
        first.subscribe(&nth.to_string(), QUIET, json!({})).await?;
    }
    first.say(json!({"type": "ping"})).await?;
    assert_eq!(message(&mut first).await?["type"], "pong", "all fifty were read");
    let mut second = greeted(&gateway).await?;
    for nth in 0..31 {
        second.subscribe(&nth.to_string(), QUIET, json!({})).await?;
    }
    first.subscribe("50", QUIET, json!({})).await?;
    for (socket, id, what) in [(&mut first, "50", "of the socket"), (&mut second, "30", "of the user")] {
        let found = message(socket).await?;
        assert_eq!((&found["type"], &found["id"]), (&json!("error"), &json!(id)), "{what}: {found}");
        assert_eq!(found["payload"][0]["extensions"]["code"], "TOO_MANY_SUBSCRIPTIONS", "{what}: {found}");
    }
    first.say(json!({"type": "complete", "id": "7"})).await?;
    first.subscribe("50", VIEWER, json!({})).await?;
    assert_eq!(message(&mut first).await?["type"], "next", "one ended, one has room");

    let mut others = Vec::new();
    for _ in 2..8 {
        others.push(greeted(&gateway).await?);
    }
    let refused = greeted(&gateway).await.err().context("the ninth socket")?.to_string();
    assert!(refused.contains("closed with 1013") && refused.contains("too many sockets"), "{refused}");
    others.pop();
    until("a socket that was closed leaves its place", || async { greeted(&gateway).await.ok() }).await;
    drop((first, second, others, gateway));
    database.drop().await;
    Ok(())
}

/// Five hundred at once, then a hundred a second: whoever sends more is read more slowly.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_pings_is_read_at_a_bounded_pace() -> Result<()> {
    let (database, gateway) = with_gateway(|start| start).await?;
    let (mut socket, begun) = (greeted(&gateway).await?, Instant::now());
    for _ in 0..700 {
        socket.say(json!({"type": "ping"})).await?;
    }
    for _ in 0..700 {
        assert_eq!(message(&mut socket).await?, json!({"type": "pong"}));
    }
    assert!(begun.elapsed() > Duration::from_millis(1900), "700 pings in {:?}", begun.elapsed());
    socket.subscribe("1", VIEWER, json!({})).await?;
    assert_eq!(message(&mut socket).await?["type"], "next", "it is served as before");
    drop((socket, gateway));
    database.drop().await;
    Ok(())
}
