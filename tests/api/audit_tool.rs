//! The audit tool on a log that a real gateway wrote: it holds, and one changed byte or row is found and named.

use crate::wishes::{created, until_seen, wish};
use anyhow::Result;
use serde_json::{Value, json};
use std::process::{Command, Output};
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Start, binaries},
    until,
};

/// Runs `binnacle-audit` as the application's role; the exit code and all its words.
fn audit(database: &Database, arguments: &[&str]) -> Result<(Option<i32>, String)> {
    let mut tool = Command::new(binaries()?.join("binnacle-audit"));
    let Output { status, stdout, stderr } =
        tool.args(arguments).env("BINNACLE_DATABASE_URL", database.application_url()).output()?;
    Ok((status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr))))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_gateway_wrote_holds_and_one_changed_byte_or_row_is_named() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("audit").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let id = created(&gateway, &namespace, "web").await?;
    let result = wish(&gateway, "deleteWorkload", json!({"id": id})).await?;
    let operation = result.pointer("/operation/id").and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(crate::wishes::until_ended(&gateway, &operation).await, "SUCCEEDED");
    until("verify and replay hold while the gateway writes", || async {
        let (verified, _) = audit(&database, &["verify"]).ok()?;
        let (replayed, _) = audit(&database, &["replay"]).ok()?;
        (verified == Some(0) && replayed == Some(0)).then_some(())
    })
    .await;
    drop(gateway);

    let pool = database.superuser().await;
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
    let (code, words) = audit(&database, &["replay"])?;
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("operations_log") && words.contains(&row.to_string()), "{words}");

    let (code, words) = audit(&database, &["verify", "--database-url", "postgres://nobody@127.0.0.1:1/none"])?;
    assert_eq!(code, Some(2), "it could not run: {words}");
    pool.close().await;
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
