//! The invariants after a fault. Three witnesses are compared: what users and subscribers received, what the log
//! holds, and what the API server itself wrote down.

use crate::{
    canary,
    follower::Topic,
    log::{self, Log, Operation},
    traffic::{Answer, Command},
    world::{OBJECTS, World, name, within},
};
use anyhow::{Context, Result, bail, ensure};
use projections::DataKeys;
use projections::evidence::{
    Verdict,
    checkpoint::TrustedKeys,
    replay,
    verify::{self, Against},
};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};
use tests::database::sealing;
use tests::witness::{self, Effect};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// Longer than a lease, a call that is never answered and the longest pause between two tries.
const PATIENCE: Duration = Duration::from_secs(90);

/// What a world did so far, for people.
#[derive(Clone, Copy, Default)]
pub struct Figures {
    pub accepted: usize,
    pub effects: usize,
    pub events: i64,
    /// Operations whose time was over before the API server was there.
    pub timed_out: usize,
    /// How long it took until every accepted operation had ended.
    pub settled: Duration,
}

/// Waits until nothing is under way and checks everything since the world began. No command may be under way.
pub async fn judge(world: &World) -> Result<Figures> {
    let begun = Instant::now();
    settle(world).await?;
    let settled = begun.elapsed();
    let log = Log::read(&world.owner, &world.namespace.name).await?;
    let effects = witness::effects(world.begin, &world.namespace.name)?;
    let accepted = accepted_is_durable(world, &log)?;
    effects_have_older_intents(&log, &effects)?;
    one_effect_each(world, &log, &effects).await?;
    log.every_operation_ends_once()?;
    let timed_out = outcomes_are_true(world, &log, &effects)?;
    objects_are_as_the_last_effect_left_them(world, &log, &effects).await?;
    log.operations_do_not_interleave()?;
    effects_are_in_the_requested_order(&log, &effects)?;
    the_log_verifies(world).await?;
    nothing_is_missed(world).await?;
    canary::nothing_leaks(world).await?;
    let effects = effects.iter().map(|effect| &effect.operation).collect::<HashSet<_>>().len();
    Ok(Figures { accepted, effects, events: world.position().await?, timed_out, settled })
}

/// What waits for replicas that never come is superseded; then nothing is left to be done. After a long outage there is much, so it is
/// waited for as long as it becomes less.
async fn settle(world: &World) -> Result<()> {
    for object in 0..OBJECTS {
        let command = Command { object, replicas: 0, key: Uuid::new_v4() };
        world.traffic.caller.send_until_answered(command, object).await.context("no answer any more")?;
    }
    let (mut least, mut end) = (i64::MAX, Instant::now() + PATIENCE);
    loop {
        let left: Vec<String> = sqlx::query_scalar(
            "SELECT concat_ws(' ', operation_id, stage, attempts, harmless, lease_owner) FROM effects",
        )
        .fetch_all(&world.owner)
        .await?;
        if left.is_empty() {
            return Ok(());
        }
        let under_way = log::under_way(&world.owner).await?;
        if under_way < least {
            (least, end) = (under_way, Instant::now() + PATIENCE);
        }
        ensure!(Instant::now() < end, "{} effects are left, first: {}", left.len(), left[0]);
        sleep(Duration::from_millis(200)).await;
    }
}

/// I1: the log holds exactly the operations that were answered as accepted, and every command got an answer.
fn accepted_is_durable(world: &World, log: &Log) -> Result<usize> {
    let history = world.traffic.history();
    let mut accepted = HashSet::new();
    for sent in &history.sent {
        match &sent.answer {
            Some(Answer::Accepted { operation }) => {
                ensure!(accepted.insert(operation.clone()), "I1: {operation} was the answer to two commands");
                ensure!(log.operations.contains_key(operation), "I1: {operation} was accepted and is not in the log");
            }
            // Nothing was done, or it would be a phantom below.
            Some(answer) if answer.refused_for_now().is_some() => {}
            Some(Answer::Refused { code, message }) => bail!("I1: {:?} was refused: {code} {message}", sent.command),
            None => bail!("I1: {:?} was never answered; failures: {:?}", sent.command, history.failures),
        }
    }
    let phantom = log.operations.keys().find(|operation| !accepted.contains(*operation));
    ensure!(phantom.is_none(), "I1: {phantom:?} is in the log and no answer named it");
    Ok(accepted.len())
}

/// I2: each effect carries an operation whose intent was in the log before the API server received the call.
fn effects_have_older_intents(log: &Log, effects: &[Effect]) -> Result<()> {
    for effect in effects {
        let operation = effect.operation.as_ref().and_then(|operation| log.operations.get(operation));
        let operation = operation.with_context(|| format!("I2: nobody asked for {effect:?}"))?;
        ensure!(operation.recorded_at <= effect.received_at, "I2: {effect:?} is older than {operation:?}");
    }
    Ok(())
}

/// I3: at most one effect for an operation. Where the API server itself does not know whether a call had its effect, the
/// generation of the object tells: a scale raises it by one, or by none.
async fn one_effect_each(world: &World, log: &Log, effects: &[Effect]) -> Result<()> {
    let mut seen = HashMap::new();
    for effect in effects.iter().filter(|effect| effect.is_certain) {
        if let Some(other) = seen.insert(&effect.operation, effect) {
            let story = log.story(effect.operation.as_deref().unwrap_or_default());
            bail!("I3: two effects of one operation: {other:?} and {effect:?}{story}");
        }
    }
    for object in (0..OBJECTS).map(name) {
        let of = effects.iter().filter(|effect| effect.object == object);
        let operations: HashSet<_> = of.map(|effect| &effect.operation).collect();
        let raised = world.namespace.live(&object, "/metadata/generation").await.and_then(|found| found.as_u64());
        let raised = raised.with_context(|| format!("{object} is gone"))? as usize - 1;
        ensure!(raised <= operations.len(), "I3: {object}: {raised} effects of {} operations", operations.len());
    }
    Ok(())
}

/// I5: what succeeded or was superseded while it waited has had its effect. What failed has had none, and may fail only because
/// its time was over. Answers how many did.
fn outcomes_are_true(world: &World, log: &Log, effects: &[Effect]) -> Result<usize> {
    let done: HashSet<&str> = effects.iter().filter_map(|effect| effect.operation.as_deref()).collect();
    let mut failed = 0;
    for (id, Operation { recorded_at, ends, .. }) in &log.operations {
        let Some(end) = ends.first() else { continue };
        let is_done = done.contains(id.as_str());
        let must_be_done = end.kind == "OperationSucceeded" || end.is_superseded;
        ensure!(!must_be_done || is_done, "I5: {id} ended with {} and had no effect:{}", end.kind, log.story(id));
        if end.kind == "OperationFailed" {
            let was_in_time = end.recorded_at < *recorded_at + world.operation_timeout;
            ensure!(end.is_timed_out && !was_in_time && !is_done, "I5: {id} failed:{}", log.story(id));
            failed += 1;
        }
    }
    Ok(failed)
}

/// I5: each object carries the mark, and the replicas, of its last effect.
async fn objects_are_as_the_last_effect_left_them(world: &World, log: &Log, effects: &[Effect]) -> Result<()> {
    for object in (0..OBJECTS).map(name) {
        let of: Vec<&Effect> = effects.iter().filter(|effect| effect.object == object).collect();
        let Some(last) = of.iter().filter(|effect| effect.is_certain).max_by_key(|effect| effect.revision) else {
            continue;
        };
        let mark = world.namespace.live(&object, "/metadata/annotations/binnacle.io~1operation-id").await;
        let mark = mark.as_ref().and_then(Value::as_str).map(str::to_owned);
        let is_last = mark == last.operation || of.iter().any(|effect| !effect.is_certain && effect.operation == mark);
        ensure!(is_last, "I5: {object} carries {mark:?}, not that of {last:?}");
        let operation = mark.as_ref().and_then(|id| log.operations.get(id));
        if let Some(replicas) = operation.and_then(|operation| operation.replicas) {
            let live = world.namespace.live(&object, "/spec/replicas").await;
            ensure!(live == Some(json!(replicas)), "I5: {object} has {live:?} replicas, {mark:?} asked for {replicas}");
        }
    }
    Ok(())
}

/// I11: the effects on an object in the order of the API server are those in the order of the log.
fn effects_are_in_the_requested_order(log: &Log, effects: &[Effect]) -> Result<()> {
    let mut sorted: Vec<&Effect> = effects.iter().filter(|effect| effect.is_certain).collect();
    sorted.sort_by_key(|effect| effect.revision);
    let mut last: HashMap<&str, (i64, &Effect)> = HashMap::new();
    for effect in sorted {
        let operation = effect.operation.as_ref().and_then(|id| log.operations.get(id)).context("I2")?;
        if let Some((position, before)) = last.insert(&effect.object, (operation.position, effect)) {
            ensure!(
                position < operation.position,
                "I11: {effect:?} came after {before:?}, which was asked later:{}",
                log.story(effect.operation.as_deref().unwrap_or_default())
            );
        }
    }
    Ok(())
}

/// I6 and I7: the read tables are the fold of the log, its hashes, versions and positions are whole.
async fn the_log_verifies(world: &World) -> Result<()> {
    let application = world.database.application().await;
    let against = Against::new(TrustedKeys::new(&[])?, Vec::new());
    if let Verdict::Broken(broken) = verify::database(&application, &against).await? {
        bail!("I7: the log does not verify: {broken:?}");
    }
    within(PATIENCE, "the read side has everything and is the fold of the log", async || {
        match replay::replay(&application, &DataKeys::new(application.clone(), sealing())).await? {
            Verdict::Broken(broken) => panic!("I6: the read tables are not the fold of the log: {broken:?}"),
            Verdict::Holds(holds) => Ok(holds.position >= world.position().await?),
        }
    })
    .await?;
    application.close().await;
    Ok(())
}

/// I8 and I9: every subscriber to the feed saw every position once, in order, over all resumptions. Subscribers to a list
/// received changes in order, and know the object as it is now.
async fn nothing_is_missed(world: &World) -> Result<()> {
    let head = world.position().await?;
    for (number, follower) in world.followers.iter().enumerate() {
        within(PATIENCE, "a subscriber has caught up", async || {
            let versions = versions(world).await?;
            match &follower.topic {
                Topic::Feed => {
                    ensure!(follower.last() >= head, "subscriber {number} is at {} of {head}", follower.last())
                }
                Topic::Workload { name, .. } => {
                    let (seen, now) = (follower.version(), versions.get(name));
                    ensure!(seen.as_ref() == now, "subscriber {number} knows {seen:?} of {name}, now {now:?}");
                }
            }
            Ok(true)
        })
        .await
        .context("I9")?;
        if let Some(wrong) = follower.wrong() {
            bail!("I9: subscriber {number}: {wrong}");
        }
    }
    Ok(())
}

/// The version of each object in the read model.
async fn versions(world: &World) -> Result<HashMap<String, String>> {
    let query = "query($f: WorkloadFilter) { workloads(filter: $f, first: 100) { nodes { name version } } }";
    let filter = json!({"f": {"namespaces": [world.namespace.name]}});
    let answer = world.traffic.caller.post(query, filter, 0).await?;
    let rows = answer.pointer("/data/workloads/nodes").and_then(Value::as_array).with_context(|| answer.to_string())?;
    let text = |row: &Value, field: &str| row[field].as_str().map(str::to_owned);
    let versions: HashMap<String, String> =
        rows.iter().filter_map(|row| Some((text(row, "name")?, text(row, "version")?))).collect();
    ensure!(versions.len() == OBJECTS, "{} of {OBJECTS} workloads are shown", versions.len());
    Ok(versions)
}
