//! B9: how many sockets, the memory of one, how fast changes reach all of them, and what is lost when the connection is cut.

use crate::{
    Wanted,
    peers::{Fresh, Server},
    table::words,
    web::{
        client::Client,
        contender::{Contender, Running},
        crowd::Crowd,
        cut::{Cut, cut},
        scene::{self, NAMESPACES, WORKLOADS},
    },
};
use anyhow::{Context, Result};
use std::{sync::Arc, time::Duration};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

/// Commands under way at once while all sockets receive changes.
const WRITERS: usize = 4;
/// How long nothing may come before what is missing is called so.
const PATIENCE: Duration = Duration::from_secs(5);

struct Round {
    sockets: f64,
    kilobytes: f64,
    messages_a_second: f64,
    missing: f64,
    cut: Cut,
}

pub async fn run(server: &Server, wanted: &Wanted) -> Result<()> {
    let wanted_sockets = if wanted.quick { 1000 } else { 10_000 };
    println!("B9 {wanted_sockets} sockets with a subscription each, all to the same changes");
    println!(
        "  sockets [kB of memory each]; messages/s to all [missing]; after a cut: states lost of all, messages merged and doubled of all"
    );
    let scene = scene::fill(server).await?;
    let contenders: Vec<_> = Contender::LIVE.into_iter().filter(|it| wanted.asks_for(&it.name())).collect();
    let mut found: Vec<Vec<Round>> = contenders.iter().map(|_| Vec::new()).collect();
    for _ in 0..wanted.rounds {
        for (contender, rounds) in contenders.iter().zip(&mut found) {
            match round(server, wanted, &scene, *contender, wanted_sockets).await {
                Ok(round) => rounds.push(round),
                Err(error) => println!("  {:32} left out of a round: {error:#}", contender.name()),
            }
        }
    }
    server.drop(scene).await?;
    for (contender, rounds) in contenders.iter().zip(&found) {
        let each = |figure: fn(&Round) -> f64| rounds.iter().map(figure).collect::<Vec<_>>();
        println!(
            "  {:32} {} [{}]; {} [{}]; {} of {}, {} and {} of {}",
            contender.name(),
            words(each(|round| round.sockets), 0),
            words(each(|round| round.kilobytes), 1),
            words(each(|round| round.messages_a_second), 0),
            words(each(|round| round.missing), 0),
            words(each(|round| round.cut.lost as f64), 0),
            words(each(|round| round.cut.states as f64), 0),
            words(each(|round| round.cut.merged as f64), 0),
            words(each(|round| round.cut.doubled as f64), 0),
            words(each(|round| round.cut.sent as f64), 0),
        );
    }
    println!();
    Ok(())
}

async fn round(
    server: &Server,
    wanted: &Wanted,
    scene: &Fresh,
    contender: Contender,
    wanted_sockets: usize,
) -> Result<Round> {
    let fresh = server.copy_of(scene).await?;
    let measured = async {
        if let Some(channel) = contender.channel() {
            scene::install_trigger(&fresh, channel).await?;
        }
        let running = contender.start(&fresh).await?;
        measure(wanted, &running, wanted_sockets).await
    };
    let measured = measured.await;
    server.drop(fresh).await?;
    measured
}

async fn measure(wanted: &Wanted, running: &Running, wanted_sockets: usize) -> Result<Round> {
    let client = Client::new(running)?;
    // The first ones also load what all of them share.
    let first = Crowd::open(running, 50, 1).await;
    first.wake(&client, 1).await?;
    drop(first);
    sleep(Duration::from_millis(300)).await;
    let before = running.process.memory_bytes();
    let crowd = Crowd::open(running, wanted_sockets, 1).await;
    if let Some(why) = &crowd.refused {
        println!("  {:32} took {} sockets of {wanted_sockets}: {why}", running.contender.name(), crowd.size);
    }
    sleep(Duration::from_millis(300)).await;
    let kilobytes = (running.process.memory_bytes() - before) / crowd.size as f64 / 1000.0;
    crowd.wake(&client, 1).await?;
    let messages = if wanted.quick { 30_000 } else { 300_000 };
    let commands = (messages / crowd.size).max(WRITERS);
    let (messages_a_second, missing) = burst(&client, &crowd, commands).await?;
    let sockets = crowd.size as f64;
    drop(crowd);
    let cut = cut(running, &client, if wanted.quick { 1200 } else { 4000 }).await?;
    Ok(Round { sockets, kilobytes, messages_a_second, missing, cut })
}

/// So many commands by a few writers, the change of each sent to all.
async fn burst(client: &Client, crowd: &Crowd, commands: usize) -> Result<(f64, f64)> {
    let (begun, before) = (Instant::now(), crowd.tally.seen());
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (client, tally) = (client.clone(), Arc::clone(&crowd.tally));
        writers.spawn(async move {
            for nth in (writer..commands).step_by(WRITERS) {
                tally.command(&client, of_the_first_namespace(nth), None).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = writers.join_next().await {
        done?.context("a command failed")?;
    }
    let expected = (commands * crowd.size) as u64;
    let last = crowd.tally.until_seen(before + expected, PATIENCE).await;
    let seen = crowd.tally.seen() - before;
    Ok((seen as f64 / (last - begun).as_secs_f64(), expected as f64 - seen as f64))
}

/// A workload of those that everybody here follows.
fn of_the_first_namespace(nth: usize) -> usize {
    nth * NAMESPACES % WORKLOADS
}
