//! A user who signs out during a fault and goes on sending commands and listening with the old tokens (I12). A command of
//! theirs that is accepted without an answer is an operation that no user knows, and the check of I1 fails.

use crate::{
    traffic::{Answer, Caller, Command},
    world::{Side, World},
};
use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use sqlx::PgPool;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tests::socket::Subscription;
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use uuid::Uuid;

/// So soon a gateway that is well ends the streams of who signed out at another one, and what busy processors may add.
const STREAMS_END: Duration = Duration::from_secs(3);
const PACE: Duration = Duration::from_millis(200);
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody with a session by each gateway, who signs out of all of them at some moment of the fault.
pub struct Leaver {
    fault_is_over: Arc<AtomicBool>,
    asking: JoinHandle<Result<usize>>,
    left: watch::Receiver<Option<Instant>>,
    listening: Vec<Listening>,
    /// Where each gateway is, and the token that was its own.
    tokens: Vec<(String, String)>,
}

/// A subscription to the feed at one gateway.
struct Listening {
    task: JoinHandle<()>,
    /// When the last message came.
    heard: watch::Receiver<Instant>,
}

impl Leaver {
    /// Signs in and listens, at each gateway by a session of its own: a gateway whose clock is wrong takes only its own tokens.
    pub async fn enter(world: &mut World, leaves_after: Duration) -> Result<Self> {
        let (mut callers, mut listening, mut tokens) = (Vec::new(), Vec::new(), Vec::new());
        for Side { gateway, .. } in &world.sides {
            let token = gateway.sign_in().await?;
            listening.push(Listening::open(&gateway.url, &token).await?);
            callers.push(world.traffic.caller.with_token(token.clone()));
            world.canary.keep_secret(token.clone());
            tokens.push((gateway.url.clone(), token));
        }
        let ended = ended(&world.owner).await?;
        let (fault_is_over, (leaving, left)) = (Arc::new(AtomicBool::new(false)), watch::channel(None));
        let (owner, is_over) = (world.owner.clone(), Arc::clone(&fault_is_over));
        let asking = tokio::spawn(async move {
            sleep(leaves_after).await;
            leave(&callers, &owner, ended).await?;
            leaving.send_replace(Some(Instant::now()));
            ask_on(&callers, &is_over).await
        });
        Ok(Self { fault_is_over, asking, left, listening, tokens })
    }

    /// The fault is over and both gateways are ready: no gateway has accepted it since it left, and none sends it anything.
    /// How often it was refused.
    pub async fn must_be_out(self) -> Result<usize> {
        self.fault_is_over.store(true, Ordering::Relaxed);
        let healed = Instant::now();
        let refused = self.asking.await?.context("I12")?;
        let left = self.left.borrow().context("it has not signed out")?;
        for listening in self.listening {
            timeout(PATIENCE, listening.task).await.context("I12: who has left is still listening")??;
            let last = *listening.heard.borrow();
            ensure!(
                last < left.max(healed) + STREAMS_END,
                "I12: received a message {:?} after it had left",
                last - left
            );
        }
        // Whatever became of the streams of before: none begins.
        for (url, token) in &self.tokens {
            let refusal = Listening::open(url, token).await.err().map(|error| format!("{error:#}")).unwrap_or_default();
            ensure!(refusal.contains("4401"), "I12: who has left may listen again: {refusal:?}");
        }
        Ok(refused)
    }
}

impl Listening {
    /// Listens until its gateway ends it, or is ended itself.
    async fn open(url: &str, token: &str) -> Result<Self> {
        const FEED: &str = "subscription { auditEventRecorded { position } }";
        let mut feed = Subscription::open(url, token, FEED, json!({})).await?;
        feed.next().await?.context("the feed is silent before the fault")?;
        let (hearing, heard) = watch::channel(Instant::now());
        let task = tokio::spawn(async move {
            while let Ok(Some(_)) = feed.next().await {
                hearing.send_replace(Instant::now());
            }
        });
        Ok(Self { task, heard })
    }
}

async fn ended(owner: &PgPool) -> Result<i64> {
    let query = "SELECT count(*) FROM auth.sessions WHERE ended_at IS NOT NULL";
    Ok(sqlx::query_scalar(query).fetch_one(owner).await?)
}

/// Signs out by whichever gateway answers, until the sessions have ended.
async fn leave(callers: &[Caller], owner: &PgPool, ended_before: i64) -> Result<()> {
    let begun = Instant::now();
    while ended(owner).await.unwrap_or(ended_before) < ended_before + callers.len() as i64 {
        ensure!(begun.elapsed() < 5 * PATIENCE, "it cannot sign out");
        for (own, caller) in callers.iter().enumerate() {
            // By another one first: that its own one hears of it is what is to be seen.
            for side in (0..callers.len()).map(|nth| (own + 1 + nth) % callers.len()) {
                let _ = caller.sign_out(side).await;
            }
        }
        sleep(PACE).await;
    }
    Ok(())
}

/// Asks each gateway until the fault is over, and afterwards until each has refused. How often they did.
async fn ask_on(callers: &[Caller], fault_is_over: &AtomicBool) -> Result<usize> {
    let mut refused = 0;
    while !fault_is_over.load(Ordering::Relaxed) {
        for (side, caller) in callers.iter().enumerate() {
            refused += usize::from(is_refused(caller, side).await?);
        }
        sleep(PACE).await;
    }
    for (side, caller) in callers.iter().enumerate() {
        let end = Instant::now() + PATIENCE;
        while !is_refused(caller, side).await? {
            ensure!(Instant::now() < end, "gateway {side} does not say that the session has ended");
            sleep(PACE).await;
        }
        refused += 1;
    }
    Ok(refused)
}

/// Whether a gateway refuses the old token; while it does not answer, it does not. An error when it accepts the command.
async fn is_refused(caller: &Caller, side: usize) -> Result<bool> {
    let command = Command { object: 0, replicas: 0, key: Uuid::new_v4() };
    match caller.send(&command, side).await {
        Ok(answer @ Answer::Accepted { .. }) => bail!("gateway {side} let in who had left: {answer:?}"),
        Err(error) => Ok(error.to_string() == "UNAUTHENTICATED"),
        Ok(Answer::Refused { .. }) => Ok(false),
    }
}
