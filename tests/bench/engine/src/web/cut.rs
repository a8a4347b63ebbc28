//! Subscribers whose connection is cut while changes come, and who ask again from where they were, as far as the server lets them.

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
    pub sent: usize,
    pub lost: usize,
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
        let (begun, mut sent) = (Instant::now(), 0);
        while begun.elapsed() < Duration::from_millis(millis) - QUIET {
            tally.command(client, sent * NAMESPACES % WORKLOADS, None).await?;
            sent += 1;
            sleep(PACE).await;
        }
        anyhow::Ok(sent)
    };
    let (told, sent) = tokio::try_join!(followers, commands)?;
    let mut found = Cut::default();
    for told in told {
        let distinct = told.iter().collect::<HashSet<_>>().len();
        found.sent += sent;
        found.lost += sent.saturating_sub(distinct);
        found.doubled += told.len() - distinct;
    }
    Ok(found)
}

/// What names a message: its position, or which change of which workload it is.
type Name = (usize, String);

async fn follow(server: &Running, begun: Instant, length: Duration) -> Result<Vec<Name>> {
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
    told: &mut Vec<Name>,
    after: &mut Option<String>,
) -> Result<()> {
    while let Ok(next) = timeout_at(until, follower.next()).await {
        let Told { workload, nth, position } = next?.context("the server ended")?;
        told.push((workload, position.clone().unwrap_or_else(|| nth.to_string())));
        *after = position.or(after.take());
    }
    Ok(())
}
