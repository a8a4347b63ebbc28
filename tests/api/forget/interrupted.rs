//! Forgetting that was interrupted, and forgetting that comes too early.

use super::{forget, tombstone_file, tombstones};
use crate::{
    canaries::reading::{holds, tool},
    mutations::{mutate, until_ended, until_operation, until_seen},
};
use anyhow::{Context, Result};
use commands::log::{AppendError, Appended, EventStore, Expected, NewEvent, Request};
use domain::{
    core::{actor::Actor, envelope::Metadata, ids::CommandId, sealing::KeyScope},
    platform::data_key::DataKeyEvent,
};
use serde_json::{Value, json};
use std::{fs, sync::Arc};
use tests::{
    cluster::Namespace,
    database::{Database, sealing},
    gateway::Start,
    until,
    write_side::CLUSTER,
};
use tokio::sync::Notify;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_was_deleted_without_a_tombstone_gets_one_at_the_next_start() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    gateway.sign_in().await?;
    drop(gateway);
    forget(&database, &["--person", "admin"])?;
    let line = tombstones(&database);
    let words: Vec<&str> = line.split_whitespace().collect();
    assert!(words.len() == 3 && words[2].starts_with("person:"), "{line}");

    // As if the process had died after the commit: the log says so, and the file does not. Another database has a line there.
    let other = "0102030405060708 2026-01-01T00:00:00Z namespace:dev/other\n";
    fs::write(tombstone_file(&database), other)?;
    for start in 0..2 {
        drop(Start::on(&database)?.run().await?);
        let text = tombstones(&database);
        let added = text.strip_prefix(other).with_context(|| text.clone())?;
        let added: Vec<&str> = added.split_whitespace().collect();
        assert_eq!((added.len(), added.first(), added.get(2)), (3, Some(&words[0]), Some(&words[2])), "start {start}");
    }
    holds(&database).await?;
    fs::remove_file(tombstone_file(&database))?;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_cannot_report_a_deletion_that_is_none_and_the_owner_gets_no_tombstone_for_it() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    gateway.sign_in().await?;
    drop(gateway);
    let pool = database.application().await;
    let (id, scope): (Vec<u8>, String) =
        sqlx::query_as("SELECT id, scope FROM data_keys WHERE scope LIKE 'person:%'").fetch_one(&pool).await?;

    let key = hex::encode(&id);
    let forged = DataKeyEvent::DataKeyForgotten { scope: KeyScope::stored(scope.clone()), key: key.clone() };
    let event = NewEvent {
        id: CommandId(Uuid::now_v7()).event(0),
        event: forged.into(),
        metadata: Metadata::by(Actor::system("test")),
    };
    let request = Request::new(format!("sealing:{scope}"), Expected::Any, vec![event]);
    let store = |pool| EventStore::new(pool, sealing(), Arc::new(|_| {}), Arc::new(Notify::new()));
    let answers = store(pool.clone()).append_all(vec![request.clone()]).await;
    assert!(matches!(answers[..], [Err(AppendError::Refused)]), "{answers:?}");
    pool.close().await;

    let owner = database.owner().await;
    sqlx::query("ALTER TABLE events DISABLE TRIGGER must_report_a_deletion").execute(&owner).await?;
    let answers = store(owner.clone()).append_all(vec![request]).await;
    assert!(matches!(answers[..], [Ok(Appended::Done { .. })]), "{answers:?}");
    owner.close().await;

    let gateway = Start::on(&database)?.run().await?;
    assert_eq!(tombstones(&database), "");
    let log = gateway.log();
    let mut lines = log.lines();
    let names_it = |line: &str| line.contains("sealing_key.forgotten_in_the_log_only") && line.contains(&key);
    assert!(lines.any(names_it), "{log}");
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_an_operation_is_open_and_no_gateway_ends_it_nothing_is_forgotten() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("open").await?);
    let scope = format!("{CLUSTER}/{}", namespace.name);
    let arguments = ["forget", "--namespace", &scope, "--reason", "the team left", "--yes"];
    let sealing_key = fs::read_to_string(&database.sealing_key)?;
    let owner = database.owner().await;
    let is_untouched = || async {
        let keys: i64 = sqlx::query_scalar("SELECT count(*) FROM data_keys WHERE scope = $1")
            .bind(format!("namespace:{scope}"))
            .fetch_one(&owner)
            .await?;
        let said: i64 =
            sqlx::query_scalar("SELECT count(*) FROM events WHERE type = 'DataKeyForgotten'").fetch_one(&owner).await?;
        assert_eq!((keys, said, tombstones(&database)), (1, 0, String::new()));
        assert_eq!(fs::read_to_string(&database.sealing_key)?, sealing_key, "the sealing key is as it was");
        Ok::<_, anyhow::Error>(())
    };

    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    drop(gateway);

    // Queued, and no list knows of it: what is to be done is in the queue only.
    let gateway = Start::on(&database)?.with("BINNACLE_ROLES", "api").spawn()?;
    until("it lets people sign in", || async { gateway.token().await.ok() }).await;
    // Nobody schedules its pod, so it waits until it is told to end.
    let manifest = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "waits", "namespace": namespace.name},
        "spec": {"selector": {"matchLabels": {"app": "waits"}}, "template": {
            "metadata": {"labels": {"app": "waits"}},
            "spec": {"schedulingGates": [{"name": "canary.example/held"}],
                "containers": [{"name": "c", "image": "docker.io/library/busybox:1", "args": ["sleep"]}]},
        }},
    });
    let input = json!({"cluster": CLUSTER, "manifest": manifest.to_string()});
    let accepted = mutate(&gateway, "createWorkload", input).await?;
    let operation =
        accepted.pointer("/operation/id").and_then(Value::as_str).with_context(|| accepted.to_string())?.to_owned();
    drop(gateway);
    let (code, words) = tool(&database, "binnacle", &arguments)?;
    assert!(code == Some(1) && words.contains("an operation on it has not ended: nothing was forgotten"), "{words}");
    is_untouched().await?;

    // Under way.
    let gateway = Start::on(&database)?.run().await?;
    until_operation(&gateway, &operation, |state, stage| state == "RUNNING" && stage.starts_with("Waiting until"))
        .await;
    drop(gateway);
    let (code, words) = tool(&database, "binnacle", &arguments)?;
    let problem = "have not ended: nothing was forgotten. A gateway must run to end them";
    assert!(code == Some(1) && words.contains(problem), "{words}");
    is_untouched().await?;

    // A gateway ends it, and then it is forgotten.
    let gateway = Start::on(&database)?.run().await?;
    assert_eq!(until_ended(&gateway, &operation).await, "CANCELLED");
    let (code, words) = tool(&database, "binnacle", &arguments)?;
    assert!(code == Some(0) && words.contains("forgotten, at position"), "{words}");
    holds(&database).await?;
    drop(gateway);
    owner.close().await;
    fs::remove_file(tombstone_file(&database))?;
    database.drop().await;
    namespace.drop().await;
    Ok(())
}
