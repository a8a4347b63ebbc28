//! The key outside the database: it is replaced without losing anything, and nothing starts with another one.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::{fs, path::Path, process::Command};
use tests::{
    database::Database,
    gateway::{Gateway, Start, binaries},
    until,
};

fn rotate(database: &Database, key: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(binaries()?.join("binnacle"))
        .args(["seal", "rotate"])
        .args(arguments)
        .env("BINNACLE_DATABASE_URL", database.application_url())
        .env("BINNACLE_SEALING_KEY_FILE", key)
        .output()?;
    let words = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    anyhow::ensure!(output.status.success(), "{words}");
    Ok(words)
}

/// Each data key made before `until` has one event of this type in the stream of its scope, whose metadata holds these words.
async fn keys_are_reported(database: &Database, event_type: &str, words: &str, until: DateTime<Utc>) -> Result<()> {
    let reported = "SELECT k.scope, count(e.position) FROM data_keys k LEFT JOIN events e \
                    ON e.stream = 'sealing:' || k.scope AND e.type = $1 \
                    AND position(encode(k.id, 'hex')::bytea IN e.payload) > 0 AND position(convert_to($2, 'UTF8') IN e.metadata) > 0 \
                    WHERE k.made_at < $3 GROUP BY k.scope";
    let pool = database.application().await;
    let keys: Vec<(String, i64)> =
        sqlx::query_as(reported).bind(event_type).bind(words).bind(until).fetch_all(&pool).await?;
    pool.close().await;
    assert!(!keys.is_empty() && keys.iter().all(|(_, count)| *count == 1), "{event_type}: {keys:?}");
    Ok(())
}

/// The names of the people in the audit log, as they are shown.
async fn names(gateway: &Gateway) -> Vec<String> {
    let query = "{ auditEvents(first: 50, filter: {types: [\"SessionStarted\"]}) { nodes { actor { displayName } } } }";
    until("the sign-in is in the audit log", || async {
        let found = gateway.data(query, Value::Null).await.ok()?;
        let nodes = found.pointer("/auditEvents/nodes")?.as_array()?.clone();
        let names = nodes.iter().filter_map(|node| node.pointer("/actor/displayName")?.as_str().map(str::to_owned));
        let names: Vec<String> = names.collect();
        (!names.is_empty()).then_some(names)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sealing_key_is_replaced_and_another_one_is_refused() -> Result<()> {
    let database = Database::create().await?;
    let key = database.sealing_key.clone();
    let gateway = Start::on(&database)?.run().await?;
    let before = names(&gateway).await;
    assert_eq!(before, ["Admin"]);
    drop(gateway);

    // One gateway goes on through all steps: it reads the file whenever that changes.
    let gateway = Start::on(&database)?.run().await?;
    let taken = async |times: usize| {
        let log = || async { (gateway.log().matches("sealing_key.changed").count() >= times).then_some(()) };
        until("the gateway has read the file", log).await;
    };
    let words = rotate(&database, &key, &[])?;
    assert!(words.contains("--activate"), "{words}");
    taken(1).await;
    // Others may make objects of the cluster from now on: keys that are made with the new one need no other wrapping.
    let pool = database.application().await;
    let before_rotation: DateTime<Utc> = sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(&pool).await?;
    pool.close().await;
    rotate(&database, &key, &["--activate"])?;
    taken(2).await;
    assert!(names(&gateway).await.iter().all(|name| name == "Admin"), "the old key still opens");
    let words = rotate(&database, &key, &["--finish"])?;
    assert!(!words.starts_with("0 data keys"), "{words}");
    keys_are_reported(&database, "DataKeyMade", "system\":{\"component\":\"sealing\"", before_rotation).await?;
    keys_are_reported(&database, "DataKeyWrapped", "\"reason\":\"the sealing key is rotated\"", before_rotation)
        .await?;

    let lines = fs::read_to_string(&key)?;
    let first = lines.lines().next().context("a key")?.to_owned();
    // A file that does not open what is there is not taken in.
    fs::write(&key, format!("other {}\n", "00".repeat(32)))?;
    until("the gateway says so", || async { gateway.log().contains("sealing_key.not_taken").then_some(()) }).await;
    fs::write(&key, format!("{first}\n"))?;
    taken(3).await;
    gateway.sign_in().await.context("nothing needs the old key")?;
    drop(gateway);
    let gateway = Start::on(&database)?.run().await?;
    assert!(names(&gateway).await.iter().all(|name| name == "Admin"), "nor does a start");
    drop(gateway);

    let name = first.split(' ').next().unwrap_or_default();
    for (line, problem) in [
        (format!("{name} {}", "00".repeat(32)), "it was sealed by another key"),
        (format!("other {}", "00".repeat(32)), "which is not among the keys"),
    ] {
        fs::write(&key, line)?;
        let mut gateway = Start::on(&database)?.spawn()?;
        assert!(gateway.until_ready().await.is_err(), "it starts with another key");
        assert!(gateway.log().contains(problem), "{}", gateway.log());
    }
    let owner = database.owner().await;
    let clear: i64 =
        sqlx::query_scalar("SELECT count(*) FROM events WHERE convert_from(metadata, 'UTF8') LIKE '%\"Admin\"%'")
            .fetch_one(&owner)
            .await?;
    assert_eq!(clear, 0, "the name is sealed in the log");
    owner.close().await;
    database.drop().await;
    Ok(())
}
