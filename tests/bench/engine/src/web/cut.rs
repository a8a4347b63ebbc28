//! Subscribers whose connection is cut while changes come, and who ask again from where they were, as far as the server lets them.
//! The last changes come while they are away, so that whoever is not told of them afterwards shows what is not true any more.

use super::{
    client::Client,
    contender::Running,
    crowd::Tally,
    scene::{NAMESPACES, WORKLOADS, namespace},
    socket::{Follower, Told},
};
use anyhow::{Context, Result};
use std::{collections::HashSet, time::Duration};
use tokio::time::{Instant, sleep, timeout_at};

const SUBSCRIBERS: usize = 50;
/// Before the first command.
const QUIET: Duration = Duration::from_millis(400);
/// Between two commands.
const PACE: Duration = Duration::from_millis(10);
/// How long they are away.
const AWAY: Duration = Duration::from_millis(300);
/// How long they listen after the last command.
const PATIENCE: Duration = Duration::from_millis(1000);

/// What became of the messages of all subscribers.
#[derive(Clone, Copy, Default)]
pub struct Cut {
    /// Workloads that each of the subscribers follows, together, and those of them whose last state was not told.
    pub states: usize,
    pub lost: usize,
    /// Messages for each change to each subscriber, and those that did not come one by one.
    pub sent: usize,
    pub merged: usize,
    pub doubled: usize,
}

/// Commands for so long, with a cut in the middle.
pub async fn cut(server: &Running, client: &Client, millis: u64) -> Result<Cut> {
    let tally = Tally::default();
    let followers = async {
        let begun = Instant::now();
        let all = (0..SUBSCRIBERS).map(|_| follow(server, begun, Duration::from_millis(millis)));
        futures::future::try_join_all(all).await
    };
    let commands = async {
        // Until all of them listen.
        sleep(QUIET).await;
        let (begun, mut sent) = (Instant::now(), Vec::new());
        while begun.elapsed() < Duration::from_millis(millis / 2) + AWAY / 2 - QUIET {
            let workload = sent.len() * NAMESPACES % WORKLOADS;
            tally.command(client, workload, None).await?;
            sent.push(workload);
            sleep(PACE).await;
        }
        anyhow::Ok(sent)
    };
    let (told, sent) = tokio::try_join!(followers, commands)?;
    let mut found = Cut::default();
    let followed: HashSet<usize> = sent.iter().copied().collect();
    for told in told {
        let distinct = told.iter().map(|it| (it.workload, it.nth, &it.position)).collect::<HashSet<_>>().len();
        found.sent += sent.len();
        found.merged += sent.len().saturating_sub(distinct);
        found.doubled += told.len() - distinct;
        found.states += followed.len();
        found.lost += followed.iter().filter(|workload| !is_up_to_date(**workload, &sent, &told)).count();
    }
    Ok(found)
}

/// Whether the last that was told of a workload is the last that was asked: as many changes after the first one.
fn is_up_to_date(workload: usize, sent: &[usize], told: &[Told]) -> bool {
    let asked = sent.iter().filter(|it| **it == workload).count();
    let mut changes = told.iter().filter(|it| it.workload == workload).map(|it| it.nth);
    let first = changes.next();
    first.is_some_and(|first| changes.next_back().unwrap_or(first) + 1 == first + asked)
}

async fn follow(server: &Running, begun: Instant, length: Duration) -> Result<Vec<Told>> {
    let (mut told, mut after) = (Vec::new(), None);
    let mut follower = Follower::open(server, &namespace(0), None).await?;
    listen(&mut follower, begun + length / 2, &mut told, &mut after).await?;
    drop(follower);
    sleep(AWAY).await;
    let mut follower = Follower::open(server, &namespace(0), after.as_deref()).await.context("not again")?;
    listen(&mut follower, begun + length + PATIENCE, &mut told, &mut after).await?;
    Ok(told)
}

async fn listen(
    follower: &mut Follower,
    until: Instant,
    told: &mut Vec<Told>,
    after: &mut Option<String>,
) -> Result<()> {
    while let Ok(next) = timeout_at(until, follower.next()).await {
        let next = next?.context("the server ended")?;
        *after = next.position.clone().or(after.take());
        told.push(next);
    }
    Ok(())
}
