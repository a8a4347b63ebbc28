//! B13: what GraphQL costs. A page of pods from Postgres, its content checked to be the same from all.

use crate::{
    Wanted,
    peers::{Fresh, Server},
    table::{quantile, spread, words},
    web::{
        client::{Client, PAGE},
        contender::{Contender, Running},
        scene,
    },
};
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::time::Duration;
use tokio::{task::JoinSet, time::Instant};

const CLIENTS: usize = 16;
const ALL: [Contender; 6] = [
    Contender::AxumJson,
    Contender::Binnacle,
    Contender::Juniper,
    Contender::Yoga,
    Contender::Mercurius,
    Contender::PostGraphile,
];

/// What one server did in one round.
struct Round {
    answers_a_second: f64,
    /// Processor time of the server for an answer, Postgres not counted.
    cost: f64,
    p50: f64,
    p99: f64,
}

type Found = Vec<(Contender, Vec<Round>)>;

pub async fn run(server: &Server, wanted: &Wanted) -> Result<()> {
    println!("B13 a page of {PAGE} pods of {}, their containers with them, from Postgres", scene::PODS);
    println!(
        "  answers/s to {CLIENTS} clients, ratio to plain JSON  [answers/s; ms of its processors an answer, ratio; p50 / p99 ms of 1 client]"
    );
    let scene = scene::fill(server).await?;
    let found = measure(server, wanted, &scene).await;
    server.drop(scene).await?;
    tell(&found?);
    Ok(())
}

async fn measure(server: &Server, wanted: &Wanted, scene: &Fresh) -> Result<Found> {
    let fresh = server.copy_of(scene).await?;
    let found = rounds(wanted, &fresh).await;
    server.drop(fresh).await?;
    found
}

/// All servers at once, measured in turn.
async fn rounds(wanted: &Wanted, fresh: &Fresh) -> Result<Found> {
    let mut running = Vec::new();
    for contender in ALL.into_iter().filter(|contender| wanted.asks_for(&contender.name())) {
        match contender.start(fresh).await {
            Ok(started) => running.push(started),
            Err(error) => println!("  {:32} left out: {error:#}", contender.name()),
        }
    }
    let (warm_up, window) = if wanted.quick { (500, 600) } else { (3000, 3000) };
    let (warm_up, window) = (Duration::from_millis(warm_up), Duration::from_millis(window));
    let mut content = None;
    for started in &running {
        let client = Client::new(started)?;
        let body = normal(serde_json::from_slice(&client.page().await?)?)?;
        ensure!(body.pointer("/data/pods/nodes").and_then(Value::as_array).is_some_and(|rows| rows.len() == PAGE));
        let expected = content.get_or_insert_with(|| body.clone());
        ensure!(*expected == body, "{} answers otherwise:\n{expected}\n{body}", started.contender.name());
        closed_loop(&client, CLIENTS, warm_up).await?;
    }
    let mut found: Vec<_> = running.iter().map(|started| (started.contender, Vec::new())).collect();
    for _ in 0..wanted.rounds {
        for (started, (_, rounds)) in running.iter().zip(&mut found) {
            rounds.push(round(started, window).await?);
        }
    }
    Ok(found)
}

async fn round(server: &Running, window: Duration) -> Result<Round> {
    let client = Client::new(server)?;
    let mut alone = closed_loop(&client, 1, window).await?;
    let (begun, before) = (Instant::now(), server.process.cpu_millis());
    let answers = closed_loop(&client, CLIENTS, window).await?.len() as f64;
    Ok(Round {
        answers_a_second: answers / begun.elapsed().as_secs_f64(),
        cost: (server.process.cpu_millis() - before) / answers,
        p50: quantile(&mut alone, 0.5),
        p99: quantile(&mut alone, 0.99),
    })
}

/// The times of all answers, in ms.
async fn closed_loop(client: &Client, clients: usize, length: Duration) -> Result<Vec<f64>> {
    let end = Instant::now() + length;
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let client = client.clone();
        tasks.spawn(async move {
            let mut took = Vec::new();
            while Instant::now() < end {
                let begun = Instant::now();
                client.page().await?;
                took.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            anyhow::Ok(took)
        });
    }
    let mut all = Vec::new();
    while let Some(took) = tasks.join_next().await {
        all.extend(took??);
    }
    Ok(all)
}

/// Without what may be written in several ways: what is null may be left out, a time has many forms.
fn normal(body: Value) -> Result<Value> {
    Ok(match body {
        Value::Array(items) => Value::Array(items.into_iter().map(normal).collect::<Result<_>>()?),
        Value::Object(fields) => {
            let mut kept = serde_json::Map::new();
            for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_null()) {
                let value = match (name.as_str(), &value) {
                    ("createdAt", Value::String(text)) => {
                        let time: DateTime<Utc> = text.parse().with_context(|| format!("no time: {text}"))?;
                        time.to_rfc3339().into()
                    }
                    _ => normal(value)?,
                };
                kept.insert(name, value);
            }
            Value::Object(kept)
        }
        other => other,
    })
}

fn tell(found: &Found) {
    let of = |contender: Contender| found.iter().find(|(other, _)| *other == contender).map(|(_, rounds)| rounds);
    let plain = of(Contender::AxumJson);
    for (contender, rounds) in found {
        let each = |figure: fn(&Round) -> f64| rounds.iter().map(figure).collect::<Vec<_>>();
        let ratio = |figure: fn(&Round) -> f64| {
            let pairs = rounds.iter().zip(plain.into_iter().flatten());
            pairs.map(|(it, plain)| figure(it) / figure(plain)).collect::<Vec<_>>()
        };
        println!(
            "  {:32} {}  [{}; {}, {}; {} / {}]",
            contender.name(),
            words(ratio(|round| round.answers_a_second), 2),
            words(each(|round| round.answers_a_second), 0),
            words(each(|round| round.cost), 2),
            words(ratio(|round| round.cost), 2),
            words(each(|round| round.p50), 2),
            words(each(|round| round.p99), 1),
        );
    }
    let median = |rounds: &[Round], figure: fn(&Round) -> f64| spread(rounds.iter().map(figure).collect()).0;
    let node = || Contender::NODE.into_iter().filter_map(of);
    if let (Some(ours), true) = (of(Contender::Binnacle), node().next().is_some()) {
        let fastest = node().map(|rounds| median(rounds, |it| it.answers_a_second)).fold(0.0, f64::max);
        let cheapest = node().map(|rounds| median(rounds, |it| it.cost)).fold(f64::INFINITY, f64::min);
        println!(
            "  Binnacle, of the best on Node: {:.2} times the answers/s, for {:.2} times its processor time an answer",
            median(ours, |it| it.answers_a_second) / fastest,
            median(ours, |it| it.cost) / cheapest,
        );
    }
    println!();
}
