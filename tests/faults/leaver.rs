//! Somebody who signs out in the middle of a fault and goes on asking and listening with the old token (I12). What the log
//! holds of such wishes all the same nobody was told of: that is I1.

use crate::{
    traffic::{Answer, Caller, Verb, Wish},
    world::World,
};
use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
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

/// So soon every gateway that answers wishes knows who has signed out anywhere.
const LEEWAY: Duration = Duration::from_secs(2);
const PACE: Duration = Duration::from_millis(200);
const PATIENCE: Duration = Duration::from_secs(60);

/// Who has signed in, and signs out when the fault has begun.
pub struct Leaver {
    fault_is_over: Arc<AtomicBool>,
    asking: JoinHandle<Result<usize>>,
    left: watch::Receiver<Option<Instant>>,
    listening: Vec<Listening>,
}

/// A subscription to the feed at one gateway.
struct Listening {
    task: JoinHandle<()>,
    heard: watch::Receiver<(usize, Instant)>,
}

impl Leaver {
    /// Signs in and listens to each gateway.
    pub async fn enter(world: &World) -> Result<Self> {
        let token = world.sides[0].gateway.sign_in().await?;
        let mut listening = Vec::new();
        for side in &world.sides {
            listening.push(Listening::open(&side.gateway.url, &token).await?);
        }
        let caller = world.traffic.caller.with_token(token);
        let (fault_is_over, (leaving, left)) = (Arc::new(AtomicBool::new(false)), watch::channel(None));
        let asking = tokio::spawn(leave_and_ask(caller, leaving, Arc::clone(&fault_is_over)));
        Ok(Self { fault_is_over, asking, left, listening })
    }

    /// The fault is over and both gateways are ready: nobody let it in since it left, and nobody tells it anything.
    /// How often it was refused.
    pub async fn must_be_out(self) -> Result<usize> {
        self.fault_is_over.store(true, Ordering::Relaxed);
        let healed = Instant::now();
        let refused = self.asking.await?.context("I12")?;
        let left = self.left.borrow().context("it has not signed out")?;
        for listening in self.listening {
            let (messages, last) = *listening.heard.borrow();
            ensure!(messages > 0, "I12 was not tested: who was to leave had heard nothing before");
            ensure!(last < left.max(healed) + LEEWAY, "I12: told something {:?} after it had left", last - left);
            timeout(PATIENCE, listening.task).await.context("I12: the socket of who has left stays open")??;
        }
        Ok(refused)
    }
}

impl Listening {
    async fn open(url: &str, token: &str) -> Result<Self> {
        const FEED: &str = "subscription { auditEventRecorded { position } }";
        let mut feed = Subscription::open(url, token, FEED, json!({})).await?;
        let (telling, mut heard) = watch::channel((0, Instant::now()));
        let task = tokio::spawn(async move {
            // Silence is what a fault makes; only a socket that is closed ends it.
            loop {
                match timeout(PATIENCE, feed.next()).await {
                    Ok(Ok(Some(_))) => telling.send_modify(|(messages, last)| {
                        (*messages, *last) = (*messages + 1, Instant::now());
                    }),
                    Ok(_) => return,
                    Err(_) => {}
                }
            }
        });
        timeout(PATIENCE, heard.wait_for(|(messages, _)| *messages > 0)).await.context("the feed is silent")??;
        Ok(Self { task, heard })
    }
}

/// Signs out, then asks each gateway until the fault is over, and each once more afterwards.
async fn leave_and_ask(
    caller: Caller,
    leaving: watch::Sender<Option<Instant>>,
    fault_is_over: Arc<AtomicBool>,
) -> Result<usize> {
    let refused = AtomicUsize::new(0);
    sleep(PACE).await;
    let mut side = 0;
    let begun = Instant::now();
    while !caller.sign_out(side % caller.gateways()).await.unwrap_or(false) {
        ensure!(begun.elapsed() < 5 * PATIENCE, "it cannot sign out");
        side += 1;
        sleep(PACE).await;
    }
    leaving.send_replace(Some(Instant::now()));
    sleep(LEEWAY).await;
    while !fault_is_over.load(Ordering::Relaxed) {
        for side in 0..caller.gateways() {
            is_refused(&caller, side, &refused).await?;
        }
        sleep(PACE).await;
    }
    for side in 0..caller.gateways() {
        let end = Instant::now() + PATIENCE;
        while !is_refused(&caller, side, &refused).await? {
            ensure!(Instant::now() < end, "gateway {side} does not say that the session has ended");
            sleep(PACE).await;
        }
    }
    Ok(refused.into_inner())
}

/// Whether a gateway refuses the old token; while it does not answer, it does not. An error when it takes the wish in.
async fn is_refused(caller: &Caller, side: usize, refused: &AtomicUsize) -> Result<bool> {
    let wish = Wish { object: 0, verb: Verb::Restart, key: Uuid::new_v4() };
    match caller.ask(&wish, side).await {
        Ok(answer @ Answer::Accepted { .. }) => bail!("gateway {side} let in who had left: {answer:?}"),
        Err(error) if error.to_string() == "UNAUTHENTICATED" => {
            refused.fetch_add(1, Ordering::Relaxed);
            Ok(true)
        }
        Ok(Answer::Refused { .. }) | Err(_) => Ok(false),
    }
}
