//! The audit tool finds what was tampered with, and says so by its exit code.

use crate::log::{Log, key_file, pod, requested};
use domain::{core::ids::UserId, platform::user::UserEvent};
use projections::evidence::check::Sample;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool};
use std::{
    fs::Permissions,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

/// What the tool does and says, with the rights of the application.
async fn run(log: &Log, arguments: &[&str]) -> Output {
    let options = log.admin.connect_options();
    let (user, host, port) = (options.get_username(), options.get_host(), options.get_port());
    let url = std::env::var("DATABASE_URL").unwrap();
    let password = url.split_once(&format!("{user}:")).and_then(|(_, rest)| rest.split('@').next()).unwrap_or_default();
    let database = options.get_database().unwrap();
    let url = format!("postgres://{user}:{password}@{host}:{port}/{database}?options[role]=binnacle_app");
    tokio::process::Command::new(env!("CARGO_BIN_EXE_binnacle-audit"))
        .args(arguments)
        .env("BINNACLE_DATABASE_URL", url)
        .env("BINNACLE_SEALING_KEY_FILE", key_file())
        .stderr(Stdio::inherit())
        .output()
        .await
        .unwrap()
}

/// Exit code and standard output as JSON.
async fn audit(log: &Log, arguments: &[&str]) -> (i32, Value) {
    let output = run(log, &[arguments, &["--json"]].concat()).await;
    let said = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code().unwrap(), said)
}

async fn some_history(log: &Log) {
    let running = log.run("a");
    let web = log.workload("shop", "web", json!({"app": "web"})).await;
    log.append("observed:dev/shop/Pod/web-0", pod("u", "Running", Some(web))).await;
    let last = log.append("target:dev/shop/Deployment/web", requested(1, 3)).await;
    log.projected(last).await;
    running.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn one_changed_byte_is_named_by_its_position(admin: PgPool) {
    let log = Log::new(admin);
    some_history(&log).await;
    let (code, said) = audit(&log, &["verify"]).await;
    assert_eq!((code, &said["holds"], &said["events"]), (0, &json!(true), &json!(3)));
    let change = "UPDATE events SET payload = set_byte(payload, 10, 120) WHERE position = 2";
    sqlx::query(change).execute(&log.admin).await.unwrap();
    let (code, said) = audit(&log, &["verify"]).await;
    assert_eq!((code, &said["holds"], &said["position"]), (1, &json!(false), &json!(2)));
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_truncated_log_is_found_by_its_head(admin: PgPool) {
    let log = Log::new(admin);
    some_history(&log).await;
    sqlx::query("DELETE FROM events WHERE position = 3").execute(&log.admin).await.unwrap();
    let (code, said) = audit(&log, &["verify"]).await;
    assert_eq!((code, &said["position"]), (1, &json!(3)));
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_changed_row_is_named_by_table_key_and_column(admin: PgPool) {
    let log = Log::new(admin);
    some_history(&log).await;
    let (code, said) = audit(&log, &["replay"]).await;
    assert_eq!((code, &said["holds"]), (0, &json!(true)), "{said}");
    let run = async |sql: &'static str| sqlx::query(sql).execute(&log.admin).await.unwrap();
    run("UPDATE read.pods SET restarts = 41").await;
    let (code, said) = audit(&log, &["replay"]).await;
    assert_eq!(code, 1);
    assert_eq!((&said["table"], &said["key"]), (&json!("pods"), &json!("Pod~dev~shop~web-0")));
    assert_eq!((&said["column"], &said["live"], &said["rebuilt"]), (&json!("restarts"), &json!(41), &json!(0)));
    assert_eq!(said["position"], json!(2), "the last event that the row is made of");
    run("UPDATE read.pods SET restarts = 0").await;
    run("CREATE TABLE public.kept AS SELECT * FROM read.pods").await;
    run("UPDATE read.pods SET containers = (containers::jsonb - 0)::json").await;
    let (code, said) = audit(&log, &["replay"]).await;
    assert_eq!((code, &said["table"], &said["column"]), (1, &json!("pods"), &json!("containers")));
    run("DELETE FROM read.pods").await;
    let (code, said) = audit(&log, &["replay"]).await;
    assert_eq!((code, &said["table"], &said["live"]), (1, &json!("pods"), &json!(null)));
    put_back(&log, "pods").await;
    run("INSERT INTO read.users VALUES (gen_random_uuid(), 'ghost', '\"Ghost\"', now(), 1)").await;
    let (code, said) = audit(&log, &["replay"]).await;
    assert_eq!((code, &said["table"], &said["rebuilt"]), (1, &json!("users"), &json!(null)));
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_exported_log_verifies_without_a_database(admin: PgPool) {
    let log = Log::new(admin);
    some_history(&log).await;
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.jsonl", uuid::Uuid::now_v7()));
    let path = file.to_str().unwrap();
    // What an interrupted export of another version left.
    let left = file.with_extension("jsonl.part");
    std::fs::write(&left, "left").unwrap();
    std::fs::set_permissions(&left, Permissions::from_mode(0o644)).unwrap();
    let (code, said) = audit(&log, &["export", "--output", path]).await;
    assert_eq!((code, &said["events"]), (0, &json!(3)));
    assert_eq!(mode(&file), 0o600, "a bundle is for its owner");
    assert!(!left.exists());
    let (code, said) = audit(&log, &["verify", "--bundle", path]).await;
    assert_eq!((code, &said["events"]), (0, &json!(3)));
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("Running", "Rotting", 2)).unwrap();
    let (code, said) = audit(&log, &["verify", "--bundle", path]).await;
    assert_eq!((code, &said["holds"]), (1, &json!(false)));
    let (code, _) = audit(&log, &["verify", "--bundle", "no-such-file"]).await;
    assert_eq!(code, 2);
    let (code, said) = audit(&log, &["show", "3"]).await;
    assert_eq!((code, &said["summary"]), (0, &json!("anna requested to scale Deployment shop/web to 3 replicas")));
    std::fs::remove_file(file).unwrap();
    log.read.close().await;
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[sqlx::test(migrations = "../migrations")]
async fn show_prints_nothing_that_a_terminal_would_obey(admin: PgPool) {
    let log = Log::new(admin);
    let name = "An\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\nna";
    let user = UserId(uuid::Uuid::from_u128(9));
    let registered = UserEvent::UserRegistered { user, username: name.to_owned(), display_name: "Anna".into() };
    log.append("user:an\u{202e}na", registered).await;
    let is_obeyed = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    for arguments in [&["show", "1"][..], &["show", "1", "--json"][..]] {
        let output = run(&log, arguments).await;
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && !said.contains(is_obeyed), "{said:?}");
        assert!(said.contains("An\\u001b[2J\\u009b31m\\u007f\\u202e"), "{said}");
    }
    let (_, said) = audit(&log, &["show", "1"]).await;
    assert_eq!(said["payload"]["username"], name, "a program reads it as it is");
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_sample_tells_which_row_is_not_what_the_log_says(admin: PgPool) {
    let log = Log::new(admin);
    some_history(&log).await;
    let mut sample = Sample::open(log.read.pool(), log.read.keys(), log.read.list()).await.unwrap();
    // So many that none of three objects is missed.
    let look = async |sample: &mut Sample| sample.look(100, &mut None).await.unwrap().map(|broken| broken.problem);
    assert_eq!(look(&mut sample).await, None);
    for (table, change, problem) in [
        ("pods", "UPDATE read.pods SET restarts = 9", "restarts is 9, the log says 0"),
        ("workloads", "DELETE FROM read.workloads", "the row is missing"),
        ("operations_log", "UPDATE read.operations_log SET progress = 50", "progress is 50, the log says 0"),
        ("audit_log", "UPDATE read.audit_log SET summary = to_json('nothing'::text) WHERE position = 2", "summary is"),
    ] {
        let before = format!("CREATE TABLE kept AS SELECT * FROM read.{table}");
        sqlx::raw_sql(AssertSqlSafe(before)).execute(&log.admin).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(change)).execute(&log.admin).await.unwrap();
        let found = look(&mut sample).await.unwrap_or_default();
        assert!(found.starts_with(table) && found.contains(problem), "{found}");
        put_back(&log, table).await;
        assert_eq!(look(&mut sample).await, None, "{table} is as it was");
    }
    sqlx::query("INSERT INTO read.targets (id, requests, remembers_replicas) SELECT id, 1, false FROM read.pods")
        .execute(&log.admin)
        .await
        .unwrap();
    let found = look(&mut sample).await.unwrap_or_default();
    assert!(found.contains("the log knows nothing of"), "{found}");
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_differed_is_looked_at_until_it_is_right_whatever_else_is(admin: PgPool) {
    let log = Log::new(admin);
    some_history(&log).await;
    let (mut sample, mut differed) =
        (Sample::open(log.read.pool(), log.read.keys(), log.read.list()).await.unwrap(), None);
    let restarts = |number: i32| sqlx::query("UPDATE read.pods SET restarts = $1").bind(number).execute(&log.admin);
    restarts(9).await.unwrap();
    assert!(sample.look(0, &mut differed).await.unwrap().is_none(), "nothing was looked at");
    assert!(sample.look(100, &mut differed).await.unwrap().is_some());
    for _ in 0..3 {
        assert!(sample.look(0, &mut differed).await.unwrap().is_some(), "whatever else is looked at");
    }
    restarts(0).await.unwrap();
    assert!(sample.look(0, &mut differed).await.unwrap().is_none());
    assert_eq!(differed, None);
    log.read.close().await;
}

/// The rows of a read table as they were when they were copied to `kept`.
async fn put_back(log: &Log, table: &str) {
    let written = "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
                   WHERE attrelid = format('read.%I', $1::text)::regclass AND attnum > 0 AND attgenerated = ''";
    let columns: String = sqlx::query_scalar(written).bind(table).fetch_one(&log.admin).await.unwrap();
    let sql = format!(
        "DELETE FROM read.{table}; INSERT INTO read.{table} ({columns}) SELECT {columns} FROM kept; DROP TABLE kept"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&log.admin).await.unwrap();
}
