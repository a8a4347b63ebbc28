//! Subscribers whose connection is cut while changes come, and who resume at their position, as far as the server lets them.
//! The last changes come while they are away. A subscriber that does not receive them afterwards shows an outdated state.

use super::{
    client::Client,
    contender::Running,
    crowd::Tally,
    scene::{NAMESPACES, WORKLOADS, namespace},
    socket::{Follower, ReceivedChange},
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
    /// Workloads that the subscribers follow, each counted, and those of them whose last state was not received.
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
    let (received, sent) = tokio::try_join!(followers, commands)?;
    let mut found = Cut::default();
    let followed: HashSet<usize> = sent.iter().copied().collect();
    for received in received {
        let distinct = received.iter().map(|it| (it.workload, it.nth, &it.position)).collect::<HashSet<_>>().len();
        found.sent += sent.len();
        found.merged += sent.len().saturating_sub(distinct);
        found.doubled += received.len() - distinct;
        found.states += followed.len();
        found.lost += followed.iter().filter(|workload| !is_up_to_date(**workload, &sent, &received)).count();
    }
    Ok(found)
}

/// Whether the last change received of a workload is that of the last command: as many changes after the first one.
fn is_up_to_date(workload: usize, sent: &[usize], received: &[ReceivedChange]) -> bool {
    let commands = sent.iter().filter(|it| **it == workload).count();
    let mut changes = received.iter().filter(|it| it.workload == workload).map(|it| it.nth);
    let first = changes.next();
    first.is_some_and(|first| changes.next_back().unwrap_or(first) + 1 == first + commands)
}

async fn follow(server: &Running, begun: Instant, length: Duration) -> Result<Vec<ReceivedChange>> {
    let (mut received, mut after) = (Vec::new(), None);
    let mut follower = Follower::open(server, &namespace(0), None).await?;
    listen(&mut follower, begun + length / 2, &mut received, &mut after).await?;
    drop(follower);
    sleep(AWAY).await;
    let mut follower = Follower::open(server, &namespace(0), after.as_deref()).await.context("not again")?;
    listen(&mut follower, begun + length + PATIENCE, &mut received, &mut after).await?;
    Ok(received)
}

async fn listen(
    follower: &mut Follower,
    until: Instant,
    received: &mut Vec<ReceivedChange>,
    after: &mut Option<String>,
) -> Result<()> {
    while let Ok(next) = timeout_at(until, follower.next()).await {
        let next = next?.context("the server ended")?;
        *after = next.position.clone().or(after.take());
        received.push(next);
    }
    Ok(())
}
