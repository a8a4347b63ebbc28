//! The audit tool on a log that a real gateway wrote: it holds, and one changed byte or row is found and named.

use crate::mutations::{created, mutate, until_seen};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::process::{Command, Output};
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Start, binaries},
    until,
};
use uuid::Uuid;

/// Runs `binnacle-audit` as the application's role and without the sealing key; the exit code and all its words.
fn audit(database: &Database, arguments: &[&str]) -> Result<(Option<i32>, String)> {
    said(Command::new(binaries()?.join("binnacle-audit")).args(arguments), database)
}

/// The same of `replay`, which folds and so opens what is sealed.
fn replay(database: &Database) -> Result<(Option<i32>, String)> {
    let mut tool = Command::new(binaries()?.join("binnacle-audit"));
    said(tool.args(["replay", "--sealing-key-file"]).arg(&database.sealing_key), database)
}

fn said(tool: &mut Command, database: &Database) -> Result<(Option<i32>, String)> {
    let tool = tool.env("BINNACLE_DATABASE_URL", database.application_url()).env_remove("BINNACLE_SEALING_KEY_FILE");
    let Output { status, stdout, stderr } = tool.output()?;
    Ok((status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr))))
}

/// Fails unless the log holds sealed values: what verifies it then needs no key.
async fn must_hold_sealed_values(database: &Database) -> Result<()> {
    let owner = database.owner().await;
    let sealed = "SELECT count(*) FROM events WHERE position('\"$sealed\"'::bytea IN payload || metadata) > 0";
    let sealed: i64 = sqlx::query_scalar(sealed).fetch_one(&owner).await?;
    owner.close().await;
    ensure!(sealed > 0, "no event holds a sealed value");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_gateway_wrote_holds_and_one_changed_byte_or_row_is_named() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("audit").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let id = created(&gateway, &namespace, "web").await?;
    let result = mutate(&gateway, "deleteWorkload", json!({"id": id})).await?;
    let operation = result.pointer("/operation/id").and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(crate::mutations::until_ended(&gateway, &operation).await, "SUCCEEDED");
    until("verify and replay hold while the gateway writes", || async {
        let (verified, _) = audit(&database, &["verify"]).ok()?;
        let (replayed, _) = replay(&database).ok()?;
        (verified == Some(0) && replayed == Some(0)).then_some(())
    })
    .await;
    drop(gateway);
    must_hold_sealed_values(&database).await?;
    let (code, words) = audit(&database, &["replay"])?;
    assert!(code == Some(2) && words.contains("BINNACLE_SEALING_KEY_FILE"), "{code:?}: {words}");

    let pool = database.owner().await;
    let position: i64 = sqlx::query_scalar(
        "UPDATE events SET payload = overlay(payload PLACING '!'::bytea FROM 3 FOR 1) \
         WHERE position = (SELECT min(position) FROM events WHERE type = 'OperationRequested') RETURNING position",
    )
    .fetch_one(&pool)
    .await?;
    let (code, words) = audit(&database, &["verify"])?;
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains(&position.to_string()), "{position} is not named: {words}");
    // The first byte of a payload is `{`, so the second one of this type is the letter after the first quote.
    let restored =
        sqlx::query("UPDATE events SET payload = overlay(payload PLACING 'i'::bytea FROM 3 FOR 1) WHERE position = $1");
    restored.bind(position).execute(&pool).await?;
    assert_eq!(audit(&database, &["verify"])?.0, Some(0), "put back, it holds again");

    let row: uuid::Uuid =
        sqlx::query_scalar("UPDATE read.operations_log SET state = 'FAILED' WHERE id::text = $1 RETURNING id")
            .bind(&operation)
            .fetch_one(&pool)
            .await?;
    let (code, words) = replay(&database)?;
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("operations_log") && words.contains(&row.to_string()), "{words}");

    let (code, words) = audit(&database, &["verify", "--database-url", "postgres://nobody@127.0.0.1:1/none"])?;
    assert_eq!(code, Some(2), "it could not run: {words}");
    pool.close().await;
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_proved_to_whom_has_the_public_key_and_no_database() -> Result<()> {
    let (database, folder) =
        (Database::create().await?, std::env::temp_dir().join(format!("proof-{}", Uuid::now_v7())));
    std::fs::create_dir(&folder)?;
    let file = |name: &str| folder.join(name).display().to_string();
    let (code, key) = audit(&database, &["key", "--name", "test.example/log", "--file", &file("key")])?;
    assert_eq!(code, Some(0), "{key}");
    let key = key.trim();
    let gateway = Start::on(&database)?
        .with("BINNACLE_SIGNING_KEY_FILE", &file("key"))
        .with("BINNACLE_CHECKPOINT_FILE", &file("checkpoint"))
        .run()
        .await?;
    let query = "query($p: Position!) { auditEvent(position: $p) { type proof { treeSize rootHash path text } } \
                 logCheckpoint { treeSize note } logConsistency(from: \"1\", to: $p) }";
    let found = until("it is sealed", || async {
        let found = gateway.data(query, json!({"p": "3"})).await.ok()?;
        // The fields of one answer are read one after the other: it may be sealed between them.
        let is_there = |place| found.pointer(place).is_some_and(|value| !value.is_null());
        (is_there("/logCheckpoint") && is_there("/logConsistency")).then_some(())?;
        found.pointer("/auditEvent/proof/text")?.as_str().map(str::to_owned).map(|text| (text, found))
    });
    let (text, found) = found.await;
    assert!(
        found["logCheckpoint"]["note"].as_str().is_some_and(|note| note.starts_with("test.example/log\n")),
        "{found}"
    );
    assert!(found["logConsistency"].as_array().is_some_and(|path| !path.is_empty()), "{found}");

    std::fs::write(file("event.tlog-proof"), &text)?;
    let (code, words) = audit(&database, &["verify", "--proof", &file("event.tlog-proof"), "--key", key])?;
    assert!(code == Some(0) && words.contains("is event 3 of the log"), "{code:?}: {words}");
    std::fs::write(file("moved.tlog-proof"), text.replace("index 2\n", "index 1\n"))?;
    let (code, words) = audit(&database, &["verify", "--proof", &file("moved.tlog-proof"), "--key", key])?;
    assert_eq!(code, Some(1), "{words}");

    // A stop seals what was appended last, so that nothing is left unsigned.
    let mut gateway = gateway;
    assert_eq!(gateway.terminate().await?, Some(0));
    let (code, words) = audit(&database, &["verify", "--key", key, "--json"])?;
    let verdict: Value = serde_json::from_str(words.lines().last().unwrap_or_default())?;
    assert_eq!((code, &verdict["signed"]["size"]), (Some(0), &verdict["position"]), "{words}");
    let (code, words) = audit(&database, &["export", "--output", &file("log.jsonl")])?;
    assert_eq!(code, Some(0), "{words}");
    let (code, words) = audit(&database, &["verify", "--bundle", &file("log.jsonl"), "--key", key])?;
    assert!(code == Some(0) && words.contains("test.example/log signed"), "{code:?}: {words}");
    must_hold_sealed_values(&database).await?;
    std::fs::remove_dir_all(&folder)?;
    database.drop().await;
    Ok(())
}
