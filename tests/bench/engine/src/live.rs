//! B8: from a command by HTTP to the message at each subscriber, at a rate that does not wait for anybody.

use crate::{
    Wanted,
    peers::{Fresh, Server},
    table::{quantile, words},
    web::{
        client::Client,
        contender::{Contender, Running},
        crowd::Crowd,
        scene::{self, NAMESPACES, WORKLOADS},
    },
};
use anyhow::Result;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep_until},
};

const SUBSCRIBERS: usize = 1000;
const RATES: [u32; 2] = [100, 1000];
/// Commands that wait for their answer at once; one that is due waits for its turn, and that counts.
const IN_FLIGHT: usize = 256;
/// How long nothing may come before what is missing is called so.
const PATIENCE: Duration = Duration::from_secs(5);

struct Round {
    p50: f64,
    p99: f64,
    failed: f64,
    missing: f64,
}

pub async fn run(server: &Server, wanted: &Wanted) -> Result<()> {
    let each = SUBSCRIBERS / NAMESPACES;
    println!(
        "B8 a command by HTTP until a message is there: {SUBSCRIBERS} subscribers of {NAMESPACES} namespaces, {each} messages a command"
    );
    println!("  since it was due: p50 / p99 ms  [commands failed; messages missing]");
    let scene = scene::fill(server).await?;
    let mut found: Vec<_> = Contender::LIVE.into_iter().filter(|it| wanted.asks_for(&it.name())).collect();
    let mut rounds: Vec<Vec<Vec<Round>>> = found.iter().map(|_| RATES.iter().map(|_| Vec::new()).collect()).collect();
    for _ in 0..wanted.rounds {
        for (contender, rates) in found.iter().zip(&mut rounds) {
            match round(server, wanted, &scene, *contender).await {
                Ok(round) => rates.iter_mut().zip(round).for_each(|(all, one)| all.push(one)),
                Err(error) => println!("  {:32} left out of a round: {error:#}", contender.name()),
            }
        }
    }
    server.drop(scene).await?;
    for (nth, rate) in RATES.into_iter().enumerate() {
        for (contender, rates) in found.iter_mut().zip(&rounds) {
            let each = |figure: fn(&Round) -> f64| rates[nth].iter().map(figure).collect::<Vec<_>>();
            println!(
                "  {rate:4}/s  {:32} {} / {}  [{}; {}]",
                contender.name(),
                words(each(|round| round.p50), 1),
                words(each(|round| round.p99), 1),
                words(each(|round| round.failed), 0),
                words(each(|round| round.missing), 0),
            );
        }
    }
    println!();
    Ok(())
}

/// All rates, one after the other, on a database of its own.
async fn round(server: &Server, wanted: &Wanted, scene: &Fresh, contender: Contender) -> Result<Vec<Round>> {
    let fresh = server.copy_of(scene).await?;
    let measured = async {
        if let Some(channel) = contender.channel() {
            scene::install_trigger(&fresh, channel).await?;
        }
        let running = contender.start(&fresh).await?;
        measure(wanted, &running).await
    };
    let measured = measured.await;
    server.drop(fresh).await?;
    measured
}

async fn measure(wanted: &Wanted, running: &Running) -> Result<Vec<Round>> {
    let (warm_up, window) = if wanted.quick { (300, 1000) } else { (2000, 8000) };
    let client = Client::new(running)?;
    let crowd = Crowd::open(running, SUBSCRIBERS, NAMESPACES).await;
    anyhow::ensure!(crowd.size == SUBSCRIBERS, "{} sockets: {:?}", crowd.size, crowd.refused);
    crowd.wake(&client, NAMESPACES).await?;
    let mut rounds = Vec::new();
    for rate in RATES {
        let (unmeasured, measured) = (rate * warm_up / 1000, rate * window / 1000);
        let before = crowd.tally.seen();
        crowd.tally.take_late();
        let failed = open_loop(&client, &crowd, rate, unmeasured, measured).await?;
        let each = (SUBSCRIBERS / NAMESPACES) as u64;
        crowd.tally.until_seen(before + u64::from(unmeasured + measured) * each, PATIENCE).await;
        let mut late = crowd.tally.take_late();
        rounds.push(Round {
            p50: quantile(&mut late, 0.5),
            p99: quantile(&mut late, 0.99),
            failed: failed as f64,
            missing: (u64::from(measured) * each) as f64 - late.len() as f64,
        });
    }
    Ok(rounds)
}

/// Sends each command when it is due, to one workload after the other; answers how many failed.
async fn open_loop(client: &Client, crowd: &Crowd, rate: u32, unmeasured: u32, measured: u32) -> Result<usize> {
    let (begun, turns) = (Instant::now(), Arc::new(Semaphore::new(IN_FLIGHT)));
    let mut commands = JoinSet::new();
    for nth in 0..unmeasured + measured {
        let due = begun + Duration::from_secs(1) * nth / rate;
        sleep_until(due).await;
        let (client, tally, turns) = (client.clone(), Arc::clone(&crowd.tally), Arc::clone(&turns));
        commands.spawn(async move {
            let _turn = turns.acquire().await?;
            tally.command(&client, nth as usize % WORKLOADS, (nth >= unmeasured).then_some(due)).await
        });
    }
    let mut failed = 0;
    while let Some(done) = commands.join_next().await {
        if let Err(error) = done? {
            if failed == 0 {
                eprintln!("a command failed: {error:#}");
            }
            failed += 1;
        }
    }
    Ok(failed)
}
