//! A wrong setting or a database of another version stops the start and is named; a password that nobody set is in no log.

use anyhow::{Context, Result};
use serde_json::json;
use sqlx::AssertSqlSafe;
use std::process::Command;
use tests::{
    database::{Database, sealing_key},
    gateway::{Start, USERNAME, binaries},
};

#[test]
fn a_wrong_setting_stops_the_start_and_is_named() -> Result<()> {
    let key = sealing_key(&format!("settings-{}", std::process::id()))?;
    let cases = [
        ("BINNACLE_LISTEN", "nowhere"),
        ("BINNACLE_DATABASE_URL", "mysql://x"),
        ("BINNACLE_OPERATION_TIMEOUT", "soon"),
        ("BINNACLE_ROLES", "api,king"),
        ("BINNACLE_PUBLIC_URL", "https://console.example.org/binnacle"),
        ("BINNACLE_LISTNE", "127.0.0.1:1"),
        ("BINNACLE_CLUSTER_NAME", "Prod"),
        ("BINNACLE_SEALING_KEY_FILE", "/nowhere"),
        ("BINNACLE_ADMIN_PASSWORD", "short"),
        ("BINNACLE_ADMIN_PASSWORD", "password1234"),
    ];
    for (name, value) in cases {
        let output = Command::new(binaries()?.join("binnacle"))
            .arg("serve")
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("BINNACLE_DATABASE_URL", "postgres://nobody:hidden-word@127.0.0.1:1/none")
            .env("BINNACLE_SEALING_KEY_FILE", &key)
            .env(name, value)
            .output()?;
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}={value}: {words}");
        assert!(words.contains(name) || words.contains(&name[9..].to_lowercase().replace('_', "-")), "{name}: {words}");
        assert!(!words.contains("hidden-word"), "the password is shown: {words}");
    }
    Ok(std::fs::remove_file(key)?)
}

#[test]
fn a_reader_that_has_gone_stops_no_command() -> Result<()> {
    for (subcommand, code) in [("schema", 0), ("doctor", 1)] {
        let (reader, writer) = std::io::pipe()?;
        drop(reader);
        let output = Command::new(binaries()?.join("binnacle"))
            .arg(subcommand)
            .env_clear()
            .env("BINNACLE_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
            .stdout(writer)
            .output()?;
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*words), (Some(code), ""), "binnacle {subcommand}");
    }
    Ok(())
}

/// The exit code of a subcommand, and what it said.
fn said(subcommand: &[&str], database: &Database) -> Result<(Option<i32>, String)> {
    let output = Command::new(binaries()?.join("binnacle"))
        .args(subcommand)
        .env("BINNACLE_DATABASE_ADMIN_URL", database.owner_url())
        .env("BINNACLE_DATABASE_URL", database.application_url())
        .env("BINNACLE_SEALING_KEY_FILE", &database.sealing_key)
        .output()?;
    Ok((output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_another_version_is_refused_with_what_to_do() -> Result<()> {
    for (applied, todo) in [
        ("20261122000001", "give this one an empty database"),
        ("99991231235959", "run the version that migrated it, or a newer one"),
    ] {
        let database = Database::create().await?;
        let owner = database.owner().await;
        let (code, words) = said(&["migrate"], &database)?;
        assert_eq!(code, Some(0), "its own schema is taken: {words}");
        let other = format!("UPDATE _sqlx_migrations SET version = {applied} WHERE description = 'rights'");
        sqlx::raw_sql(AssertSqlSafe(other)).execute(&owner).await?;
        for subcommand in [&["migrate"][..], &["reset-password", USERNAME]] {
            let (code, words) = said(subcommand, &database)?;
            assert_eq!(code, Some(1), "{subcommand:?} on {applied}: {words}");
            assert!(words.contains(applied) && words.contains(todo), "{subcommand:?} on {applied}: {words}");
        }
        owner.close().await;
        database.drop().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_password_is_printed_to_whom_asks_and_in_no_log() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.without("BINNACLE_ADMIN_PASSWORD").run().await?;
    let log = gateway.log();
    let hint = log.lines().find(|line| line.contains("binnacle reset-password admin")).context(log.clone())?;
    // A generated one is four groups of five.
    let is_password = |word: &str| word.split('-').count() == 4 && word.split('-').all(|group| group.len() == 5);
    assert!(!log.split_whitespace().any(is_password), "a password is in the log: {hint}");

    let reset = Command::new(binaries()?.join("binnacle"))
        .args(["reset-password", USERNAME])
        .env("BINNACLE_DATABASE_URL", database.application_url())
        .env("BINNACLE_SEALING_KEY_FILE", &database.sealing_key)
        .output()?;
    let password = String::from_utf8(reset.stdout)?;
    assert!(reset.status.success() && is_password(password.trim()), "{password}");
    let login = "mutation($i: LoginInput!) { login(input: $i) { __typename } }";
    let input = json!({"i": {"username": USERNAME, "password": password.trim()}});
    let answer = gateway.post_again(None, login, input).await?;
    assert_eq!(answer.pointer("/data/login/__typename"), Some(&json!("Session")), "{answer}");
    drop(gateway);
    database.drop().await;
    Ok(())
}
