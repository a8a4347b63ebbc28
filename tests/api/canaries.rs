//! What people fill in freely stands nowhere in clear, is shown to those who may read it, and can be forgotten.

pub mod finder;
mod manifests;
pub mod reading;
mod scene;
pub mod shapes;
mod words;

use crate::mutations::{mutate, until_ended, until_seen};
use anyhow::{Context, Result, ensure};
use domain::core::sealing::SealingKeys;
use finder::Finder;
use reading::{Answers, holds, nothing_is_in_clear, tool, until_quoting_words_are_masked, until_right};
use serde_json::json;
use shapes::Canaries;
use sqlx::PgPool;
use std::fs;
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Gateway, Start},
    until,
    write_side::CLUSTER,
};

/// Numbers of canaries of one fate at most.
const MANY: usize = 3600;

/// The pods of what goes. They are counted where a namespace is forgotten.
const GONE_PODS: &str = "query($n: [String!]) { pods(filter: {namespaces: $n, search: \"gone-\"}) { totalCount } }";

/// The numbers of canaries by what becomes of them.
struct Fates {
    /// Of what is gone when the namespace is forgotten: nobody reads them afterwards.
    gone: Vec<String>,
    /// Of what lives: who may read it does so again.
    lives: Vec<String>,
    /// Of what is masked before it is stored, and of words of the cluster that quote a secret: nobody ever reads them.
    masked: Vec<String>,
    all: Finder,
}

impl Fates {
    fn of(gone: &Canaries, lives: &Canaries, masked: &Canaries) -> Self {
        let (gone, lives, masked) = (gone.numbers(), lives.numbers(), masked.numbers());
        Self { all: Finder::of(&[&gone[..], &lives[..], &masked[..]].concat()), gone, lives, masked }
    }

    /// Waits until an administrator reads each of them.
    async fn are_read(&self, gateway: &Gateway, namespace: &Namespace) -> Result<()> {
        let read = [&self.gone[..], &self.lives[..]].concat();
        until_right(async || Ok(Answers::about(gateway, &namespace.name).await?.wrong(&self.all, &read, &self.masked)))
            .await
    }

    /// Waits until an administrator reads all that lives and nothing of what is gone.
    async fn are_met(&self, gateway: &Gateway, namespace: &Namespace) -> Result<()> {
        let unread = [&self.gone[..], &self.masked[..]].concat();
        until_right(async || Ok(Answers::about(gateway, &namespace.name).await?.wrong(&self.all, &self.lives, &unread)))
            .await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_filled_in_freely_is_sealed_and_what_was_forgotten_is_nowhere() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("canaries").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;

    // Of what will go, and of what will live; by Binnacle, and by others.
    let (mut gone, mut lives, mut masked) = (Canaries::from(0), Canaries::from(MANY), Canaries::from(3 * MANY));
    scene::fill(&gateway, &namespace, "gone", &mut gone, &mut masked, |_| true).await?;
    scene::fill(&gateway, &namespace, "lives", &mut lives, &mut masked, |nth| nth.is_multiple_of(2)).await?;
    until_quoting_words_are_masked(&gateway, &namespace.name, "gone").await?;
    until_quoting_words_are_masked(&gateway, &namespace.name, "lives").await?;
    let refused = scene::refuse(&gateway, &namespace, &mut gone).await?;
    scene::rewrite(&namespace, "lives", &mut gone, &mut masked).await?;
    ensure!(gone.numbers().len() < MANY, "{} canaries", gone.numbers().len());
    // An administrator reads each of them, also those that the cluster quotes.
    Fates::of(&gone, &lives, &masked).are_read(&gateway, &namespace).await?;
    scene::rewrite(&namespace, "lives", &mut lives, &mut masked).await?;
    let fates = Fates::of(&gone, &lives, &masked);
    fates.are_read(&gateway, &namespace).await?;
    nothing_is_in_clear(&database, &gateway, &fates.all).await?;
    holds(&database).await?;

    // Half of it goes, and a copy is made.
    scene::remove(&namespace, "gone").await?;
    until("the lists know it", || async {
        let answers = Answers::about(&gateway, &namespace.name).await.ok()?;
        let pods = gateway.data(GONE_PODS, json!({"n": [namespace.name]})).await.ok()?;
        let is_known = !answers.manifests.contains("~gone-") && pods["pods"]["totalCount"] == json!(0);
        is_known.then_some(())
    })
    .await;
    drop(gateway);
    let copy = database.copy().await?;
    let gateway = Start::on(&database)?.run().await?;
    scene::remove_events(&namespace, "gone").await?;
    let key = forget(&database, &namespace).await?;

    // The gateway goes on with the new sealing key, and knows what lives.
    fates.are_met(&gateway, &namespace).await?;
    gateway.sign_in().await?;
    let mut anew = Canaries::from(2 * MANY);
    let manifest = manifests::workload(0, &namespace.name, "anew", &mut anew);
    let operation = scene::request(&gateway, &manifest).await?;
    assert_eq!(until_ended(&gateway, &operation).await, "SUCCEEDED");
    let anew = anew.numbers();
    let everything = Finder::of(&[&fates.gone[..], &fates.lives[..], &fates.masked[..], &anew[..]].concat());
    until_right(async || Ok(Answers::about(&gateway, &namespace.name).await?.wrong(&everything, &anew, &fates.gone)))
        .await?;
    nothing_is_in_clear(&database, &gateway, &everything).await?;
    holds(&database).await?;
    drop(gateway);

    // A rebuild of all tables finds the same.
    let owner = database.owner().await;
    sqlx::query("UPDATE read.checkpoints SET version = 0").execute(&owner).await?;
    owner.close().await;
    let gateway = Start::on(&database)?.run().await?;
    fates.are_met(&gateway, &namespace).await?;
    nothing_is_in_clear(&database, &gateway, &everything).await?;
    holds(&database).await?;
    // What was forgotten cannot be asked for again.
    let again = mutate(&gateway, "retryOperation", json!({"id": refused.first().context("an operation")?})).await?;
    let message = again["message"].as_str().unwrap_or_default();
    assert!(again["code"] == "INVALID" && message.contains("was forgotten"), "{again}");
    drop(gateway);

    // A copy from before holds the key: its first start forgets again, and says so in its log.
    let gateway = Start::on(&copy)?.run().await?;
    let restored = copy.owner().await;
    assert!(!has_key(&restored, &key).await?);
    let said: i64 =
        sqlx::query_scalar("SELECT count(*) FROM events WHERE type = 'DataKeyForgotten'").fetch_one(&restored).await?;
    assert_eq!(said, 2, "of what is in the namespace, and of the namespace itself: {}", gateway.log());
    restored.close().await;
    fates.are_met(&gateway, &namespace).await?;
    nothing_is_in_clear(&copy, &gateway, &everything).await?;
    holds(&copy).await?;
    drop(gateway);

    // Without the old sealing key such a copy cannot be opened at all, and nothing else needs it.
    let lines = fs::read_to_string(&database.sealing_key)?;
    fs::write(&database.sealing_key, lines.lines().next().context("a key")?)?;
    let mut restored = Start::on(&copy)?.spawn()?;
    assert!(restored.until_ready().await.is_err(), "it opens a copy from before");
    assert!(restored.log().contains("which is not among the keys"), "{}", restored.log());
    let gateway = Start::on(&database)?.run().await?;
    fates.are_met(&gateway, &namespace).await?;
    drop(gateway);

    fs::remove_file(format!("{}.forgotten", database.sealing_key.display()))?;
    copy.drop().await;
    database.drop().await;
    namespace.drop().await;
    Ok(())
}

/// Forgets the namespace; answers the name of the key that is gone.
async fn forget(database: &Database, namespace: &Namespace) -> Result<Vec<u8>> {
    let owner = database.owner().await;
    let scope = format!("{CLUSTER}/{}", namespace.name);
    let arguments = ["forget", "--namespace", &scope, "--reason", "the team left"];
    let key: Vec<u8> = sqlx::query_scalar("SELECT id FROM data_keys WHERE scope = $1")
        .bind(format!("namespace:{scope}"))
        .fetch_one(&owner)
        .await?;
    let (code, words) = tool(database, "binnacle", &arguments)?;
    assert_eq!(code, Some(0), "{words}");
    assert!(words.contains("9 workloads and 3 pods in it still live, and "), "{words}");
    assert!(words.contains("add --yes"), "{words}");
    assert!(has_key(&owner, &key).await?, "nothing was done yet");
    let first = |lines: &str| lines.lines().next().unwrap_or_default().to_owned();
    let old = first(&fs::read_to_string(&database.sealing_key)?);

    let (code, words) = tool(database, "binnacle", &[&arguments[..], &["--yes"]].concat())?;
    assert_eq!(code, Some(0), "{words}");
    assert!(!has_key(&owner, &key).await?, "{words}");
    let tombstones = fs::read_to_string(format!("{}.forgotten", database.sealing_key.display()))?;
    let of_key = first(&tombstones);
    assert!(of_key.starts_with(&hex::encode(&key)) && of_key.ends_with(&scope), "{tombstones}");
    let own = format!("object:{CLUSTER}/Namespace/{}", namespace.name);
    assert!(tombstones.trim().ends_with(&own), "what is said of the namespace itself goes too: {tombstones}");

    // All that is left is sealed by a key that was not there before.
    let lines = fs::read_to_string(&database.sealing_key)?;
    assert!(first(&lines) != old && lines.contains(&old), "a new key is in front");
    let keys = SealingKeys::parse(&lines)?;
    let left: Vec<Vec<u8>> = sqlx::query_scalar("SELECT wrapped FROM data_keys").fetch_all(&owner).await?;
    let passwords: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT sealed_hash FROM auth.credentials").fetch_all(&owner).await?;
    ensure!(left.len() > 1 && !passwords.is_empty(), "{} data keys, {} passwords", left.len(), passwords.len());
    assert!(left.iter().chain(&passwords).all(|sealed| keys.is_current(sealed)), "{words}");
    owner.close().await;
    Ok(key)
}

async fn has_key(owner: &PgPool, key: &[u8]) -> Result<bool> {
    let found = sqlx::query_scalar("SELECT EXISTS (SELECT FROM data_keys WHERE id = $1)").bind(key);
    Ok(found.fetch_one(owner).await?)
}
