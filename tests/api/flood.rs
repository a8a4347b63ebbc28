//! A flood of sign-ins: what does not fit into the queue of hashes is refused at once, and others are answered meanwhile.

use anyhow::{Context, Result, ensure};
use futures::{TryStreamExt, stream::FuturesUnordered};
use serde_json::{Value, json};
use std::cell::Cell;
use tests::{
    asking,
    database::Database,
    gateway::{Gateway, Start, USERNAME},
};

const FLOOD: usize = 200;
/// What a sign-in that does not fit is answered with.
const BUSY: &str = "too many people sign in at once";
/// Separate events of strangers in a minute, and a sum for each reason and for known and unknown names.
const MOST_EVENTS: i64 = 64 + 4;

/// Signs in with a wrong password, from an address of its own; one in three gives the name of the administrator. Answers the
/// code of the refusal or the words of the error.
async fn guess(gateway: &Gateway, nth: usize) -> Result<String> {
    let username = if nth.is_multiple_of(3) { USERNAME.to_owned() } else { format!("nobody-{nth}") };
    let login = "mutation($input: LoginInput!) { login(input: $input) { ... on LoginRefused { code } } }";
    let variables = json!({"input": {"username": username, "password": format!("guess {nth}")}});
    let request = gateway.http().post(format!("{}/graphql", gateway.url));
    let request = request.header("x-forwarded-for", format!("192.0.2.{nth}"));
    let answer: Value = request.json(&json!({"query": login, "variables": variables})).send().await?.json().await?;
    let words = answer.pointer("/data/login/code").or_else(|| answer.pointer("/errors/0/message"));
    Ok(words.and_then(Value::as_str).with_context(|| answer.to_string())?.to_owned())
}

/// Reads as somebody who is signed in, without a second try.
async fn read(gateway: &Gateway, token: &str) -> Result<()> {
    let query = "{ viewer { username } workloads(first: 1) { totalCount } }";
    let data = asking::data(gateway.post(Some(token), query, Value::Null).await?)?;
    ensure!(data["viewer"]["username"] == USERNAME, "{data}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_sign_ins_is_refused_and_readers_are_answered() -> Result<()> {
    let database = Database::create().await?;
    // Each guess comes from elsewhere: the limit of one address would keep the flood away from the queue.
    let start = Start::on(&database)?.with("BINNACLE_ROLES", "api,projector");
    let gateway = start.with("BINNACLE_TRUSTED_PROXIES", "127.0.0.1").run().await?;
    let token = gateway.token().await?;
    read(&gateway, &token).await?;

    let is_over = Cell::new(false);
    let flood = async {
        let guesses: FuturesUnordered<_> = (0..FLOOD).map(|nth| guess(&gateway, nth)).collect();
        let answers: Result<Vec<String>> = guesses.try_collect().await;
        is_over.set(true);
        answers
    };
    let reads = async {
        let mut meanwhile = 0;
        loop {
            read(&gateway, &token).await?;
            if is_over.get() {
                return anyhow::Ok(meanwhile);
            }
            meanwhile += 1;
        }
    };
    let (answers, reads) = tokio::join!(flood, reads);
    let (answers, meanwhile) = (answers?, reads?);
    assert!(meanwhile > 0, "nobody was answered during the flood");

    let is_busy = |answer: &String| answer.starts_with(BUSY);
    let busy = answers.iter().position(is_busy).with_context(|| format!("no queue was full: {answers:?}"))?;
    let checked = answers.iter().rposition(|answer| answer == "BAD_CREDENTIALS");
    let checked = checked.with_context(|| format!("no password was checked: {answers:?}"))?;
    assert!(busy < checked, "nobody was refused before the last hash: {answers:?}");

    gateway.sign_in().await.context("after the flood")?;
    let pool = database.application().await;
    let events = "SELECT count(*) FROM events WHERE type = 'SignInRefused'";
    let events: i64 = sqlx::query_scalar(events).fetch_one(&pool).await?;
    assert!((1..=MOST_EVENTS).contains(&events), "{events} events");
    pool.close().await;
    drop(gateway);
    database.drop().await;
    Ok(())
}
