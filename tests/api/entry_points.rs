//! No entry point works without signing in: every root field but the three of signing in is closed to strangers. The gateway does
//! nothing for users who have signed out.

use crate::mutations::{created, until_seen};
use anyhow::{Result, bail};
use async_graphql_parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use serde_json::json;
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Gateway, Start},
    socket::Subscription,
    until,
};
use uuid::Uuid;

const SCHEMA: &str = include_str!("../../gateway/schema.graphql");
const OPEN: [&str; 3] = ["login", "refreshSession", "logout"];

/// A document that asks for each root field with arguments that pass validation.
fn root_fields(root: &str) -> Vec<(String, String)> {
    let document = parse_schema(SCHEMA).expect("the schema");
    let mut fields = Vec::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(found) = definition else { continue };
        let TypeKind::Object(object) = &found.node.kind else { continue };
        if found.node.name.node != root {
            continue;
        }
        for field in &object.fields {
            let needed = field
                .node
                .arguments
                .iter()
                .filter(|argument| !argument.node.ty.node.nullable && argument.node.default_value.is_none());
            let arguments: Vec<String> = needed
                .map(|argument| format!("{}: {}", argument.node.name.node, sample(&argument.node.ty.node.to_string())))
                .collect();
            let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
            let is_leaf = ["Boolean!", "JSON", "JSON!", "String!", "[String!]"]
                .contains(&field.node.ty.node.to_string().as_str());
            let selection = if is_leaf { "" } else { " { __typename }" };
            let name = field.node.name.node.to_string();
            fields.push((name.clone(), format!("{name}{arguments}{selection}")));
        }
    }
    fields
}

fn sample(argument: &str) -> &'static str {
    match argument {
        "ID!" => "\"Deployment~dev~default~web\"",
        "Position!" => "\"1\"",
        "String!" => "\"x\"",
        "WorkloadKind!" => "DEPLOYMENT",
        "CreateWorkloadInput!" => "{cluster: \"dev\", manifest: \"a: 1\"}",
        "ScaleWorkloadInput!" => "{id: \"x\", replicas: 1}",
        "WorkloadInput!" | "ObjectInput!" | "OperationInput!" | "BatchInput!" => "{id: \"x\"}",
        "ApplyManifestsInput!" => "{cluster: \"dev\", manifests: \"a: 1\"}",
        "DeleteObjectInput!" => "{id: \"x\"}",
        "RestoreObjectInput!" => "{id: \"x\", position: \"1\"}",
        "SetImageInput!" => "{id: \"x\", container: \"web\", image: \"web:2\"}",
        "SetEnvironmentInput!" => "{id: \"x\", container: \"web\", variables: [{name: \"A\", value: \"1\"}]}",
        "SetResourcesInput!" => "{id: \"x\", container: \"web\", limits: [{name: \"cpu\", value: \"1\"}]}",
        "SetLabelsInput!" => "{id: \"x\", labels: [{name: \"a\", value: \"b\"}]}",
        "SetAnnotationsInput!" => "{id: \"x\", annotations: [{name: \"a\", value: \"b\"}]}",
        "SetConfigMapDataInput!" => "{id: \"x\", data: [{name: \"a\", value: \"b\"}]}",
        "SetSecretDataInput!" => "{id: \"x\", data: [{name: \"a\", value: \"b\"}]}",
        "SetPreferenceInput!" => "{key: \"x\", value: 1}",
        "RegisterClusterInput!" => "{name: \"x\", inCluster: true}",
        "ClusterInput!" => "{id: \"x\"}",
        "KindInput!" => "{cluster: \"dev\", kind: \"ConfigMap\"}",
        "LoginInput!" => "{username: \"x\", password: \"x\"}",
        "PodLogInput!" => "{pod: \"x\"}",
        other => panic!("no sample for {other}: add one"),
    }
}

async fn is_closed(gateway: &Gateway, token: Option<&str>, document: &str) -> Result<bool> {
    let answer = gateway.post(token, document, json!({})).await?;
    Ok(answer.pointer("/errors/0/extensions/code") == Some(&json!("UNAUTHENTICATED")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_let_in_nowhere() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let mut asked = 0;
    for (root, keyword) in [("Query", "query"), ("Mutation", "mutation")] {
        for (name, field) in root_fields(root) {
            let document = format!("{keyword} {{ {field} }}");
            let closed = is_closed(&gateway, None, &document).await?;
            assert_eq!(closed, !OPEN.contains(&name.as_str()), "{document}");
            assert_eq!(is_closed(&gateway, Some("not.a.token"), &document).await?, closed, "{document}");
            asked += 1;
        }
    }
    assert!(asked > 20, "only {asked} fields were asked for");
    assert!(is_closed(&gateway, None, "{ __schema { types { name } } }").await?, "introspection");
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_without_a_token_gets_nothing() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    for (_, field) in root_fields("Subscription") {
        let document = format!("subscription {{ {field} }}");
        for token in ["not.a.token", ""] {
            let opened = Subscription::open(&gateway.url, token, &document, json!({})).await;
            let error = opened.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains("4401"), "{document}: {error:?}");
        }
    }
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_link_and_no_form_reaches_a_mutation() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let url = format!("{}/graphql", gateway.url);
    let get = gateway.http().get(format!("{url}?query=mutation%7Blogout%7D")).send().await?;
    assert!(get.status().is_client_error(), "{}", get.status());
    let form = gateway.http().post(&url).header("content-type", "text/plain").body("{\"query\":\"{viewer{id}}\"}");
    assert!(form.send().await?.status().is_client_error());
    drop(gateway);
    database.drop().await;
    Ok(())
}

/// What a gateway knew before it slept is not enough to let somebody do something.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_slept_refuses_ended_sessions() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("entry-points").await?);
    let awake = Start::on(&database)?.run().await?;
    let sleeper = Start::on(&database)?.run().await?;
    until_seen(&awake, &namespace).await;
    let id = created(&awake, &namespace, "web").await?;
    let request = format!("mutation {{ restartWorkload(input: {{id: \"{id}\"}}) {{ __typename }} }}");
    let token = awake.sign_in().await?;
    let keyed = request.replace("\"})", &format!("\", idempotencyKey: \"{}\"}})", Uuid::now_v7()));
    let known = sleeper.post_again(Some(&token), &keyed, json!({})).await?;
    assert_eq!(known.pointer("/data/restartWorkload/__typename"), Some(&json!("OperationAccepted")), "{known}");
    for _ in 0..3 {
        let token = awake.sign_in().await?;
        sleeper.signal("STOP")?;
        let left = awake.post_again(Some(&token), "mutation { logout }", json!({})).await?;
        assert_eq!(left.pointer("/data/logout"), Some(&json!(true)), "{left}");
        // The requests wait at its listening socket when it wakes up.
        let asking = futures::future::join_all((0..2).map(|_| sleeper.post(Some(&token), &request, json!({}))));
        let waking = async {
            tokio::task::yield_now().await;
            sleeper.signal("CONT")
        };
        let (answers, woken) = tokio::join!(asking, waking);
        woken?;
        for answer in answers {
            let answer = answer?;
            let code = answer.pointer("/errors/0/extensions/code");
            // One that has just woken up may not be in time with anything.
            assert!(code == Some(&json!("UNAUTHENTICATED")) || code == Some(&json!("UNAVAILABLE")), "{answer}");
        }
    }
    let asked = "SELECT count(*) FROM events WHERE type = 'OperationRequested'";
    let owner = database.owner().await;
    assert_eq!(sqlx::query_scalar::<_, i64>(asked).fetch_one(&owner).await?, 2, "created and restarted once");
    owner.close().await;
    drop((awake, sleeper));
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

/// While a gateway cannot read the sessions, it ends all subscriptions. It does not blame the sign-in (4401).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_cannot_read_sessions_sends_its_listeners_away_until_it_can() -> Result<()> {
    const FEED: &str = "subscription { auditEventRecorded { position } }";
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let token = gateway.token().await?;
    let open = || Subscription::open(&gateway.url, &token, FEED, json!({}));
    let mut heard = open().await?;
    let owner = database.owner().await;
    let mut locked = owner.begin().await?;
    sqlx::query("LOCK TABLE auth.sessions IN ACCESS EXCLUSIVE MODE").execute(&mut *locked).await?;
    let ended = loop {
        match heard.next().await {
            Ok(Some(_)) => {}
            Ok(None) => bail!("it ended without a reason"),
            Err(error) => break error.to_string(),
        }
    };
    assert!(ended.contains("closed with 1013"), "{ended}");
    let refused = open().await.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refused.contains("closed with 1013"), "{refused}");
    locked.rollback().await?;
    until("listeners are let in again", || async { open().await.ok() }).await;
    owner.close().await;
    drop(gateway);
    database.drop().await;
    Ok(())
}
