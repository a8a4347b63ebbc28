//! What nobody would send on purpose: documents, variables, cursors and frames made at random (F47). The gateway answers
//! each with JSON, never says INTERNAL, and lives.

use anyhow::Result;
use futures::{SinkExt, StreamExt};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    asking::{PAUSE, TRIES, is_unavailable},
    database::Database,
    gateway::{Gateway, Start},
};
use tokio::runtime::Runtime;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

const CASES: u32 = 300;
/// Longer without an answer, and it hangs.
const ANSWER: Duration = Duration::from_secs(20);

/// How long a smaller input that fails too is looked for, in milliseconds: each may be asked again many times.
const SHRINKING: u32 = 120_000;

type Answered = std::result::Result<Result<Value>, tokio::time::error::Elapsed>;

fn is_late(answer: &Answered) -> bool {
    matches!(answer, Ok(Ok(answer)) if is_unavailable(answer))
}

/// Pieces of documents, put together without sense.
fn documents() -> impl Strategy<Value = String> {
    const PIECES: [&str; 24] = [
        "query",
        "mutation",
        "subscription",
        "{",
        "}",
        "(",
        ")",
        "$a: Int",
        "workloads",
        "pods",
        "nodes",
        "edges",
        "first: ",
        "after: \"",
        "\"",
        "...",
        "on Workload",
        "fragment F on Query",
        "@include(if: ",
        "__schema",
        "__typename",
        "-1",
        "99999999999999999999",
        "\\u0000",
    ];
    let piece = prop_oneof![3 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.join(" "))
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

struct Fuzz {
    runtime: Runtime,
    database: Database,
    gateway: Gateway,
}

impl Fuzz {
    fn open() -> Result<Self> {
        let runtime = Runtime::new()?;
        let (database, gateway) = runtime.block_on(async {
            let database = Database::create().await?;
            let gateway = Start::on(&database)?.run().await?;
            gateway.token().await?;
            anyhow::Ok((database, gateway))
        })?;
        Ok(Self { runtime, database, gateway })
    }

    /// Each of them gets an answer in time that is not INTERNAL, nor UNAVAILABLE when it is asked again: an error of what was
    /// sent is no error of the moment.
    fn ask<S: Strategy<Value = (String, Value)>>(&self, asked: &S) -> Result<()> {
        let config =
            Config { cases: CASES, failure_persistence: None, max_shrink_time: SHRINKING, ..Config::default() };
        let judged = TestRunner::new(config).run(asked, |(document, variables)| {
            let answer = self.runtime.block_on(self.last_answer(&document, &variables));
            match answer {
                Ok(Ok(answer)) if !is_unavailable(&answer) && !answer.to_string().contains("\"INTERNAL\"") => Ok(()),
                other => Err(TestCaseError::fail(format!("{other:?}"))),
            }
        });
        judged.map_err(|error| anyhow::anyhow!("{error}"))
    }

    /// A busy machine may be late, and again; what is wrong with the input stays wrong. The first answer that is not
    /// UNAVAILABLE, or the last one.
    async fn last_answer(&self, document: &str, variables: &Value) -> Answered {
        let ask = async || tokio::time::timeout(ANSWER, self.gateway.ask(document, variables.clone())).await;
        let mut answer = ask().await;
        for _ in 0..TRIES {
            if !is_late(&answer) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
            answer = ask().await;
        }
        answer
    }

    fn close(self) -> Result<()> {
        let Self { runtime, database, mut gateway } = self;
        let lives = runtime.block_on(gateway.data("{ workloads { totalCount } }", json!({}))).is_ok();
        assert!(lives && !gateway.has_ended(), "it serves as before");
        assert!(!gateway.log().contains("panicked"), "something panicked: {}", gateway.log());
        drop(gateway);
        runtime.block_on(database.drop());
        Ok(())
    }
}

#[test]
fn any_document_gets_an_answer() -> Result<()> {
    let fuzz = Fuzz::open()?;
    fuzz.ask(&(documents(), values()))?;
    fuzz.close()
}

#[test]
fn any_variables_and_cursors_get_an_answer() -> Result<()> {
    let fuzz = Fuzz::open()?;
    let query = "query($first: Int, $after: String, $f: WorkloadFilter, $p: Position, $id: ID!) { \
        workloads(first: $first, after: $after, filter: $f, minPosition: $p) { totalCount } pods(after: $after) { totalCount } \
        operations(after: $after) { totalCount } auditEvents(after: $after) { totalCount } workload(id: $id) { id } operation(id: $id) { id } }";
    let variables = (values(), any::<String>(), values(), values(), any::<String>());
    let typed = variables.prop_map(move |(first, after, filter, _, id)| {
        (query.to_owned(), json!({"first": first, "after": after, "f": filter, "p": null, "id": id}))
    });
    fuzz.ask(&typed)?;
    // Those that pass the types and reach what reads cursors and ids.
    let plain = ("[A-Za-z0-9+/=~_-]{0,60}", "[a-zA-Z]{0,12}(~[a-z0-9.-]{0,12}){0,5}", -2..500_i32)
        .prop_map(move |(after, id, first)| (query.to_owned(), json!({"first": first, "after": after, "id": id})));
    fuzz.ask(&plain)?;
    fuzz.close()
}

/// One frame to a new socket, before or after it was let in; whatever comes back, the socket answers or closes.
async fn frame(url: &str, token: &str, is_in: bool, message: Message) -> Result<()> {
    let mut request = format!("{}/graphql/ws", url.replacen("http", "ws", 1)).into_client_request()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse()?);
    let (mut socket, _) = connect_async(request).await?;
    if is_in {
        let init = json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {token}")}});
        socket.send(Message::text(init.to_string())).await?;
        socket.next().await;
    }
    // It may close as soon as it has seen the first bytes.
    let _ = socket.send(message).await;
    let _ = socket.send(Message::text("{\"type\":\"ping\"}")).await;
    let _ = socket.send(Message::Close(None)).await;
    while let Some(Ok(_)) = socket.next().await {}
    Ok(())
}

#[test]
fn any_frame_is_answered_or_closes_its_socket() -> Result<()> {
    let fuzz = Fuzz::open()?;
    let token = fuzz.runtime.block_on(fuzz.gateway.token())?;
    let envelope = (
        prop::sample::select(vec!["subscribe", "complete", "connection_init", "pong", "next", ""]),
        any::<String>(),
        values(),
    )
        .prop_map(|(kind, id, payload)| json!({"type": kind, "id": id, "payload": payload}).to_string());
    let subscribe =
        documents().prop_map(|query| json!({"type": "subscribe", "id": "1", "payload": {"query": query}}).to_string());
    let messages = prop_oneof![
        envelope.prop_map(Message::text),
        subscribe.prop_map(Message::text),
        any::<String>().prop_map(Message::text),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Message::binary),
    ];
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let judged = runner.run(&(any::<bool>(), messages), |(is_in, message)| {
        let answered = fuzz
            .runtime
            .block_on(async { tokio::time::timeout(ANSWER, frame(&fuzz.gateway.url, &token, is_in, message)).await });
        answered
            .map_err(|_| TestCaseError::fail("it hangs"))?
            .map_err(|error| TestCaseError::fail(format!("{error:#}")))
    });
    judged.map_err(|error| anyhow::anyhow!("{error}"))?;
    fuzz.close()
}
