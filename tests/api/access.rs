//! Who opened which log and what sign-in was refused is in the audit log, and never a name that may be a password.

use anyhow::{Context, Result};
use commands::log::{Expected, NewEvent, Request};
use domain::core::{actor::Actor, codec, envelope::Metadata, ids::CommandId};
use serde_json::{Value, json};
use tests::{
    database::Database,
    gateway::{Gateway, PASSWORD, Start, USERNAME},
    socket::{Heard, Socket},
    until,
    write_side::append,
};
use uuid::Uuid;

const POD: &[u8] = br#"{"uid": "u-1", "resource_version": "1", "created_at": "2026-01-01T00:00:00Z",
    "pod": {"phase": "Running", "containers": [{"name": "web", "image": "web", "state": {"waiting": {"reason": "x"}}}]}}"#;
const POD_ID: &str = "Pod~dev~team~web-1";

/// Lets the read model know a pod that the cluster does not have.
async fn make_pod(database: &Database) -> Result<()> {
    let (pool, event) = (database.application().await, codec::decode("PodObserved", 1, POD)?);
    let new =
        NewEvent { id: CommandId(Uuid::now_v7()).event(0), event, metadata: Metadata::by(Actor::system("watcher")) };
    let request = Request::new("observed:dev/team/Pod/web-1".to_owned(), Expected::Any, vec![new]);
    append(&pool, &mut *pool.acquire().await?, &[request]).await?;
    pool.close().await;
    Ok(())
}

/// The code and the message of the error that opening the log of a pod ends with.
async fn open_log(gateway: &Gateway, pod: &str, container: &str) -> Result<(String, String)> {
    let mut socket = Socket::greet(&gateway.url, &gateway.token().await?).await?;
    let query = "subscription($i: PodLogInput!) { podLog(input: $i) { line } }";
    socket.subscribe("1", query, json!({"i": {"pod": pod, "container": container}})).await?;
    let Heard::Message(message) = socket.hear().await? else { anyhow::bail!("the socket ended") };
    let error = message.pointer("/payload/0").or_else(|| message.pointer("/payload/errors/0"));
    let error = error.with_context(|| format!("no error: {message}"))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok((text(&error["extensions"]["code"]), text(&error["message"])))
}

/// The events that the filter finds in the audit log, newest first, once there are so many.
async fn audited(gateway: &Gateway, filter: Value, count: usize) -> Value {
    let query = "query($f: AuditFilter) { auditEvents(filter: $f) { nodes { summary payload actor { username } } } }";
    until("the audit log has it", || async {
        let mut found = gateway.data(query, json!({"f": filter})).await.ok()?;
        let nodes = found.pointer_mut("/auditEvents/nodes")?.take();
        (nodes.as_array()?.len() >= count).then_some(nodes)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_is_opened_only_when_that_is_in_the_log() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.with("BINNACLE_ROLES", "api,projector").run().await?;
    make_pod(&database).await?;
    until("the pod is there", || async {
        let found = gateway.data("query($id: ID!) { pod(id: $id) { id } }", json!({"id": POD_ID})).await.ok()?;
        found.pointer("/pod/id").cloned()
    })
    .await;

    let (code, message) = open_log(&gateway, POD_ID, PASSWORD).await?;
    assert_eq!(code, "BAD_INPUT", "the log would keep it: {message}");

    let owner = database.owner().await;
    let mut held = owner.begin().await?;
    sqlx::query("SELECT FROM log_head FOR UPDATE").execute(&mut *held).await?;
    let (code, message) = open_log(&gateway, POD_ID, "web").await?;
    assert_eq!(code, "UNAVAILABLE", "{message}");
    assert!(message.contains("the database does not answer"), "{message}");
    held.rollback().await?;

    // The append that was given up may still hold up the next one.
    let (code, message) = until("it is answered", || async {
        open_log(&gateway, POD_ID, "web").await.ok().filter(|(code, _)| code != "UNAVAILABLE")
    })
    .await;
    assert_eq!(code, "NOT_FOUND", "now the cluster is asked, which has no such pod: {message}");
    let found = &audited(&gateway, json!({"types": ["LogOpened"], "target": POD_ID, "namespace": "team"}), 1).await[0];
    assert_eq!(found["summary"], "admin opened the log of web of Pod team/web-1");
    assert_eq!(found["actor"]["username"], USERNAME);

    // What has the form of a name, but is the name of no container, may be a secret.
    let (code, message) = open_log(&gateway, POD_ID, "9f86d081884c7d659a2feaa0c55ad015").await?;
    assert_eq!((code.as_str(), message.as_str()), ("NOT_FOUND", "the pod has no such container"));

    // Of a pod that the read model does not have, the cluster is not asked, and nothing says that its log was opened.
    let (code, message) = open_log(&gateway, "Pod~dev~team~other-1", "web").await?;
    assert_eq!((code.as_str(), message.as_str()), ("NOT_FOUND", "there is no such pod"));
    let opened: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT payload FROM events WHERE type = 'LogOpened'").fetch_all(&owner).await?;
    let is_of_other = |payload: &Vec<u8>| {
        let payload = String::from_utf8_lossy(payload);
        payload.contains("other-1") || payload.contains("9f86d0")
    };
    assert!(!opened.is_empty() && !opened.iter().any(is_of_other), "{} events", opened.len());
    owner.close().await;
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_sign_in_is_audited_without_an_unknown_name() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let login = "mutation($i: LoginInput!) { login(input: $i) { __typename } }";
    for (username, password) in [(USERNAME, "wrong"), (PASSWORD, "admin"), (PASSWORD, "admin")] {
        let answer =
            gateway.post_again(None, login, json!({"i": {"username": username, "password": password}})).await?;
        assert_eq!(answer.pointer("/data/login/__typename"), Some(&json!("LoginRefused")), "{answer}");
    }
    let found = audited(&gateway, json!({"types": ["SignInRefused"]}), 2).await;
    let (unknown, known) = (&found[0], &found[1]);
    let refused = "was refused: the name or the password was wrong";
    assert_eq!(known["summary"], format!("A sign-in from 127.0.0.1 {refused}"));
    let hash = unknown["payload"]["name_hash"].as_str().with_context(|| unknown.to_string())?;
    assert_eq!(unknown["summary"], format!("A sign-in under an unknown name ({hash}) from 127.0.0.1 {refused}"));
    for kept in [found.to_string(), gateway.log()] {
        assert!(!kept.contains(PASSWORD), "a password in the field of the name is kept: {kept}");
    }
    drop(gateway);
    database.drop().await;
    Ok(())
}
