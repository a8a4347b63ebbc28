//! What else is forgotten than namespaces, and what happens when forgetting is interrupted or comes too early. Namespaces are
//! in canaries.rs.

mod interrupted;

use crate::canaries::{
    finder::Finder,
    reading::{holds, nothing_is_in_clear, nothing_is_kept_in_clear, tool, until_right},
    shapes::Canaries,
};
use anyhow::{Context, Result, ensure};
use axum::{Router, http::StatusCode};
use kube::{
    Api,
    api::{DeleteParams, PostParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use std::fs;
use tests::{
    asking::answered,
    cluster::client,
    database::Database,
    gateway::{Gateway, PASSWORD, Start},
};
use tokio::net::TcpListener;
use uuid::Uuid;

const AUDIT: &str = "{ auditEvents(first: 100) { nodes { summary payload reason actor { displayName } } } }";
/// However much happens in the cluster meanwhile.
const SIGN_INS: &str = "{ auditEvents(first: 100, filter: {types: [\"SessionStarted\", \"SignInRefused\"]}) { \
    nodes { summary payload reason actor { displayName } } } }";

/// Forgets it; answers what the command says.
pub fn forget(database: &Database, what: &[&str]) -> Result<String> {
    let (code, words) =
        tool(database, "binnacle", &[&["forget", "--reason", "they asked for it", "--yes"], what].concat())?;
    ensure!(code == Some(0), "{words}");
    Ok(words)
}

fn tombstones(database: &Database) -> String {
    fs::read_to_string(tombstone_file(database)).unwrap_or_default()
}

fn tombstone_file(database: &Database) -> String {
    format!("{}.forgotten", database.sealing_key.display())
}

/// Waits until some words stand in an answer and others do not.
async fn until_told(gateway: &Gateway, query: &str, words: &[&str], others: &[&str]) -> Result<()> {
    until_right(async || Ok(wrong(&gateway.data(query, Value::Null).await?, words, others))).await
}

fn wrong(answer: &Value, words: &[&str], others: &[&str]) -> Vec<String> {
    let text = answer.to_string();
    let is_wrong = words.iter().any(|word| !text.contains(word)) || others.iter().any(|word| text.contains(word));
    if is_wrong { vec![format!("{words:?} and not {others:?} in {text}")] } else { Vec::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_outside_namespaces_is_forgotten_by_itself() -> Result<()> {
    let database = Database::create().await?;
    let (number, node) = (Canaries::from(9000).number(), format!("canary-{}", Uuid::new_v4().simple()));
    let events = ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "Event"));
    let events: Api<DynamicObject> = Api::namespaced_with(client().await?, "default", &events);
    // Words of the cluster about a node, as its kubelet reports them.
    let event = json!({
        "metadata": {"name": node}, "involvedObject": {"apiVersion": "v1", "kind": "Node", "name": node, "uid": node},
        "type": "Warning", "reason": "Canary", "message": format!("the disk {number} is full"), "source": {"component": "kubelet"},
    });
    events.create(&PostParams::default(), &serde_json::from_value(event)?).await?;
    let gateway = Start::on(&database)?.run().await?;
    let query = format!("{{ kubernetesEvents(filter: {{about: \"Node~dev~_~{node}\"}}) {{ nodes {{ message }} }} }}");
    until_told(&gateway, &query, &[&number], &[]).await?;
    let finder = Finder::of(std::slice::from_ref(&number));
    nothing_is_in_clear(&database, &gateway, &finder).await?;

    // What stands in a namespace goes with it.
    let words = forget(&database, &["--object", "Namespace~dev~_~there-is-none"])?;
    assert!(words.contains("nothing is sealed for object:dev/Namespace/there-is-none"), "{words}");
    let refused = tool(&database, "binnacle", &["forget", "--reason", "x", "--object", "Deployment~dev~team~web"])?;
    assert!(refused.0 == Some(1) && refused.1.contains("forget that: --namespace dev/team"), "{refused:?}");
    assert_eq!(tombstones(&database), "");

    // What the cluster still tells comes again.
    let words = forget(&database, &["--object", &format!("Node~dev~_~{node}")])?;
    assert!(words.contains(&format!("object:dev/Node/{node}")), "{words}");
    until_told(&gateway, &query, &[&number], &[]).await?;
    events.delete(&node, &DeleteParams::default()).await?;
    forget(&database, &["--object", &format!("Node~dev~_~{node}")])?;
    until_told(&gateway, &query, &["<forgotten>"], &[&number]).await?;
    assert_eq!(tombstones(&database).matches(&format!(" object:dev/Node/{node}\n")).count(), 2);
    nothing_is_in_clear(&database, &gateway, &finder).await?;
    holds(&database).await?;
    drop(gateway);
    fs::remove_file(tombstone_file(&database))?;
    database.drop().await;
    Ok(())
}

/// Signs in from an address, as a proxy passes it on. The token, if it is right.
async fn sign_in(gateway: &Gateway, username: &str, password: &str, address: &str) -> Result<Option<String>> {
    let query = "mutation($input: LoginInput!) { login(input: $input) { ... on Session { accessToken } } }";
    let body = json!({"query": query, "variables": {"input": {"username": username, "password": password}}});
    let (_, answer) = answered(|| {
        let request = gateway.http().post(format!("{}/graphql", gateway.url)).header("x-forwarded-for", address);
        request.json(&body)
    })
    .await;
    Ok(answer.pointer("/data/login/accessToken").and_then(Value::as_str).map(str::to_owned))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_and_strangers_are_forgotten_with_name_and_address() -> Result<()> {
    let database = Database::create().await?;
    let start = Start::on(&database)?.with("BINNACLE_TRUSTED_PROXIES", "127.0.0.1");
    let gateway = start.with("BINNACLE_ADMIN_USERNAME", "quillon").run().await?;
    // The name that is shown of `quillon`, and two addresses.
    let (name, known, stranger) = ("Quillon", "2001:db8:7319:1::1", "2001:db8:7319:2::1");
    let token = sign_in(&gateway, "quillon", PASSWORD, known).await?.context("no sign-in")?;
    assert_eq!(sign_in(&gateway, "quillon", "not it", known).await?, None);
    assert_eq!(sign_in(&gateway, "nobody", "not it", stranger).await?, None);
    let told = async |words: &[&str], others: &[&str]| {
        until_right(async || Ok(wrong(&gateway.post(Some(&token), SIGN_INS, Value::Null).await?, words, others))).await
    };
    told(&[name, known, stranger], &[]).await?;
    let (names, addresses) = (Finder::of(&[name.to_owned()]), Finder::of(&[known.to_owned(), stranger.to_owned()]));
    nothing_is_in_clear(&database, &gateway, &names).await?;
    nothing_is_kept_in_clear(&database, &addresses).await?;

    let nobody = tool(&database, "binnacle", &["forget", "--reason", "x", "--person", "nobody", "--yes"])?;
    assert!(nobody.0 == Some(1) && nobody.1.contains("there is no account \"nobody\""), "{nobody:?}");
    // The reason is kept in clear for ever.
    let leaking = ["forget", "--reason", "password: hunter2 is old", "--person", "quillon", "--yes"];
    let leaking = tool(&database, "binnacle", &leaking)?;
    assert!(leaking.0 == Some(1) && leaking.1.contains("--reason: this is "), "{leaking:?}");
    assert!(!leaking.1.contains("hunter2"), "{leaking:?}");
    assert_eq!(tombstones(&database), "", "nothing was forgotten");
    forget(&database, &["--person", "quillon"])?;
    told(&[stranger], &[name, known]).await?;
    forget(&database, &["--strangers"])?;
    told(&["<forgotten>"], &[name, known, stranger]).await?;
    assert_eq!(tombstones(&database).lines().count(), 2);
    holds(&database).await?;

    // The account stays, and what it does from now on has its name again.
    assert!(sign_in(&gateway, "quillon", PASSWORD, stranger).await?.is_some());
    told(&[name], &[known, stranger]).await?;
    nothing_is_in_clear(&database, &gateway, &names).await?;
    nothing_is_kept_in_clear(&database, &addresses).await?;
    holds(&database).await?;
    drop(gateway);
    fs::remove_file(tombstone_file(&database))?;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_cluster_said_of_itself_is_forgotten() -> Result<()> {
    let database = Database::create().await?;
    // An API server that answers to everything with words of its own.
    let number = Canaries::from(9100).number();
    let words = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "InternalError", "code": 500,
        "message": format!("the store {number} does not answer")});
    let answer = move || async move { (StatusCode::INTERNAL_SERVER_ERROR, axum::Json(words)) };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    let kubeconfig = std::env::temp_dir().join(format!("{}.kubeconfig", database.name));
    let config = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "far",
        "clusters": [{"name": "far", "cluster": {"server": server}}], "users": [{"name": "far", "user": {}}],
        "contexts": [{"name": "far", "context": {"cluster": "far", "user": "far"}}],
    });
    fs::write(&kubeconfig, config.to_string())?;
    let start = Start::on(&database)?.with("KUBECONFIG", &kubeconfig.display().to_string());
    let gateway = start.with("BINNACLE_CLUSTER_NAME", "far-away").run().await?;
    let query = "{ clusters { nodes { name state reason } } }";
    until_told(&gateway, query, &["UNREACHABLE", &number], &[]).await?;
    until_told(&gateway, AUDIT, &["far-away", &number], &[]).await?;
    let finder = Finder::of(std::slice::from_ref(&number));
    nothing_is_in_clear(&database, &gateway, &finder).await?;

    forget(&database, &["--cluster", "far-away"])?;
    until_told(&gateway, query, &["UNREACHABLE"], &[&number]).await?;
    until_told(&gateway, AUDIT, &["far-away", "they asked for it"], &[&number]).await?;
    assert!(tombstones(&database).ends_with(" cluster:far-away\n"), "{}", tombstones(&database));
    nothing_is_in_clear(&database, &gateway, &finder).await?;
    holds(&database).await?;
    drop(gateway);
    fs::remove_file(kubeconfig)?;
    fs::remove_file(tombstone_file(&database))?;
    database.drop().await;
    Ok(())
}
