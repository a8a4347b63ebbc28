//! The database is locked, gone or full while a user acts. Asked of each case: did anything happen in the cluster that
//! the log does not hold? The API server's own audit log is the witness.

use crate::{
    command::{SCALE, held, id, until_known},
    evidence::{Mark, judge, now, until_quiet},
    load::millis,
    report::{Goal, Report},
};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use sqlx::Connection;
use std::time::{Duration, Instant};
use tests::{
    cluster::Namespace,
    database::Database,
    fault_proxy::{FaultProxy, Link},
    gateway::{Gateway, Start},
};

const PEERS: &str =
    "2026-11-22: Kite answers 200, has the effect and no record: locked past 5 s (3 of 3), disk full (2 of 2)";
const OBJECTS: usize = 20;
const LOCKED_FOR: Duration = Duration::from_secs(8);
const GONE_FOR: Duration = Duration::from_secs(5);
/// So many answers in a row that nothing was accepted: the disk is full.
const REFUSALS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(60);

/// What became of one case.
#[derive(Default)]
struct Outcome {
    accepted: Vec<String>,
    refused: usize,
    slowest: f64,
    first_refusal: Option<String>,
    /// Effects seen before the database was well again.
    effects_meanwhile: usize,
    accepted_meanwhile: usize,
    healed_after: f64,
}

pub async fn run(repetitions: usize, report: &mut Report) -> Result<()> {
    report.section("Database locked, gone or full while a user acts", PEERS);
    for name in ["locked", "gone"] {
        let mut all = Vec::new();
        for _ in 0..repetitions {
            all.push(case(name).await?);
        }
        tell(report, name, &all);
    }
    full(repetitions, report).await
}

/// The same on a Postgres of its own on a small tmpfs: in a process of its own, because its address is in the environment.
async fn full(repetitions: usize, report: &mut Report) -> Result<()> {
    let Ok(script) = std::env::var("BENCH_SMALL_POSTGRES") else {
        report.note("full: not run, this machine lets us mount no tmpfs (root is needed)");
        return Ok(());
    };
    let mut all = Vec::new();
    for _ in 0..repetitions {
        let up = tokio::process::Command::new(&script).arg("up").output().await?;
        ensure!(up.status.success(), "{}", String::from_utf8_lossy(&up.stderr));
        let addresses = String::from_utf8(up.stdout)?;
        let variables = addresses.lines().filter_map(|line| line.split_once('='));
        let child =
            tokio::process::Command::new(std::env::current_exe()?).arg("case-full").envs(variables).output().await?;
        tokio::process::Command::new(&script).arg("down").status().await?;
        let text = String::from_utf8(child.stdout)?;
        ensure!(child.status.success(), "{text}{}", String::from_utf8_lossy(&child.stderr));
        all.push(serde_json::from_str(text.lines().last().unwrap_or_default())?);
    }
    tell(report, "full", &all);
    Ok(())
}

fn tell(report: &mut Report, name: &str, all: &[Value]) {
    let each = |field: &str| all.iter().map(|one| one[field].as_f64().unwrap_or_default()).collect::<Vec<f64>>();
    report.ours(&format!("{name}: effects without an older record"), "", Goal::AtMost(0.0), each("unrecorded"));
    report.ours(&format!("{name}: answered as accepted, not in the log"), "", Goal::AtMost(0.0), each("lost"));
    report.ours(&format!("{name}: slowest answer"), "ms", Goal::None, each("slowest"));
    report.ours(&format!("{name}: accepted again after"), "ms", Goal::None, each("healedAfter"));
    for one in all {
        report.note(format!("{name}: {}", one["words"].as_str().unwrap_or_default()));
    }
}

/// One case from beginning to end; what it showed.
pub async fn case(name: &str) -> Result<Value> {
    let (database, namespace) = (Database::create().await?, Namespace::create(&format!("bench-{name}")).await?);
    held(&namespace, "held", OBJECTS).await?;
    let link = FaultProxy::open(database.server()).await?;
    let gateway = Start::on(&database)?.by(&database, link.address.port()).run().await?;
    until_known(&gateway, &namespace, OBJECTS).await?;
    let found = gateway.data("{ clusters { nodes { id } } }", json!({})).await?;
    let cluster = found.pointer("/clusters/nodes/0/id").and_then(Value::as_str).context("no cluster")?.to_owned();
    let owner = database.owner().await;
    until_quiet(&owner, PATIENCE).await?;
    let user = User { gateway: &gateway, namespace: &namespace, cluster };
    let begin = now()?;
    let mut outcome = Outcome::default();
    match name {
        "locked" => locked(&database, &user, &mut outcome, begin).await?,
        "gone" => gone(&link, &user, &mut outcome, begin).await?,
        _ => full_disk(&user, &mut outcome, begin).await?,
    }
    user.until_accepted(&mut outcome).await?;
    until_quiet(&owner, PATIENCE).await?;
    let judgement = judge(&owner, &namespace.name, begin, &outcome.accepted).await?;
    let words = format!(
        "{} commands accepted and {} not while it was broken ({}), {} effects meanwhile; {} effects in all, {} without an older record",
        outcome.accepted_meanwhile,
        outcome.refused,
        outcome.first_refusal.unwrap_or_default(),
        outcome.effects_meanwhile,
        judgement.effects,
        judgement.unrecorded,
    );
    drop(gateway);
    owner.close().await;
    namespace.drop().await;
    database.drop().await;
    Ok(json!({"unrecorded": judgement.unrecorded, "lost": judgement.lost, "slowest": outcome.slowest,
        "healedAfter": outcome.healed_after, "words": words}))
}

struct User<'a> {
    gateway: &'a Gateway,
    namespace: &'a Namespace,
    cluster: String,
}

impl User<'_> {
    /// One command; whether it was accepted.
    async fn act(&self, number: usize, outcome: &mut Outcome) -> bool {
        let id = id(&self.cluster, self.namespace, &format!("held-{}", number % OBJECTS));
        let variables = json!({"input": {"id": id, "replicas": 2 + number / OBJECTS % 2}});
        let sent = Instant::now();
        let answer = self.gateway.ask(SCALE, variables).await;
        outcome.slowest = outcome.slowest.max(millis(sent.elapsed()));
        let answer = answer.unwrap_or_else(|error| json!({"errors": [{"message": error.to_string()}]}));
        let operation = answer.pointer("/data/scaleWorkload/operation/id").and_then(Value::as_str);
        if let Some(operation) = operation {
            outcome.accepted.push(operation.to_owned());
            return true;
        }
        outcome.refused += 1;
        let code = answer.pointer("/errors/0/extensions/code").or(answer.pointer("/errors/0/message"));
        outcome.first_refusal.get_or_insert_with(|| code.map_or_else(|| answer.to_string(), Value::to_string));
        false
    }

    /// Acts until something is accepted again.
    async fn until_accepted(&self, outcome: &mut Outcome) -> Result<()> {
        let (begun, refused) = (Instant::now(), outcome.refused);
        let slowest = outcome.slowest;
        for number in 0.. {
            if self.act(number, outcome).await {
                break;
            }
            ensure!(begun.elapsed() < PATIENCE, "nothing is accepted any more: {:?}", outcome.first_refusal);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        outcome.healed_after = millis(begun.elapsed());
        (outcome.refused, outcome.slowest) = (refused, slowest);
        Ok(())
    }

    /// What has happened by now, while the database is still broken.
    fn look(&self, outcome: &mut Outcome, begin: Mark) -> Result<()> {
        outcome.accepted_meanwhile = outcome.accepted.len();
        outcome.effects_meanwhile = crate::evidence::count(begin, &self.namespace.name)?;
        Ok(())
    }
}

async fn locked(database: &Database, user: &User<'_>, outcome: &mut Outcome, begin: Mark) -> Result<()> {
    let mut locker = sqlx::PgConnection::connect(&database.owner_url()).await?;
    let mut tx = locker.begin().await?;
    sqlx::query("LOCK TABLE log_head IN ACCESS EXCLUSIVE MODE").execute(&mut *tx).await?;
    let begun = Instant::now();
    let place = user.namespace.name.clone();
    let unlock = async {
        tokio::time::sleep(LOCKED_FOR).await;
        let effects = crate::evidence::count(begin, &place);
        tx.rollback().await?;
        effects
    };
    let act = async {
        for number in 0.. {
            if begun.elapsed() > LOCKED_FOR {
                break;
            }
            user.act(number, outcome).await;
            // An answer that came only when the lock was gone says nothing about the lock.
            if begun.elapsed() < LOCKED_FOR {
                outcome.accepted_meanwhile = outcome.accepted.len();
            }
        }
    };
    let (effects, ()) = tokio::join!(unlock, act);
    outcome.effects_meanwhile = effects?;
    locker.close().await?;
    Ok(())
}

async fn gone(link: &FaultProxy, user: &User<'_>, outcome: &mut Outcome, begin: Mark) -> Result<()> {
    link.set(Link::Cut);
    let begun = Instant::now();
    for number in 0.. {
        if begun.elapsed() > GONE_FOR {
            break;
        }
        user.act(number, outcome).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    user.look(outcome, begin)?;
    link.set(Link::Pass);
    Ok(())
}

async fn full_disk(user: &User<'_>, outcome: &mut Outcome, begin: Mark) -> Result<()> {
    let script = std::env::var("BENCH_SMALL_POSTGRES").context("BENCH_SMALL_POSTGRES is not set")?;
    let disk = |word: &'static str| tokio::process::Command::new(&script).arg(word).status();
    ensure!(disk("fill").await?.success(), "the disk cannot be filled");
    let (begun, mut in_a_row) = (Instant::now(), 0);
    for number in 0.. {
        if in_a_row == REFUSALS || begun.elapsed() > PATIENCE {
            break;
        }
        in_a_row = if user.act(number, outcome).await { 0 } else { in_a_row + 1 };
    }
    ensure!(in_a_row == REFUSALS, "the disk is full and everything is still accepted");
    user.look(outcome, begin)?;
    ensure!(disk("free").await?.success(), "the disk cannot be freed");
    Ok(())
}
