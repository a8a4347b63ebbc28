//! Operations on objects that somebody else changes at the same time. Each outcome is held against what the API server
//! itself wrote down: every version that the object ever had.
//!
//! `BINNACLE_OPERATIONS` sets how many operations there are, `BINNACLE_SEED` what happens.

mod actors;
mod history;

use crate::{situations::Place, world::World};
use actors::{Lane, Request};
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use domain::{
    core::{event::Event, message::Code, refusal::ErrorCode},
    kubernetes::object::ObjectRef,
    operation::{Failure, Intent, OperationEvent},
};
use history::{History, Version};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use tests::{
    until,
    witness::{self, Mark},
};
use tokio::time::Instant;

/// Operations in every run of the tests.
const SLICE: usize = 40;
/// How far the clocks of the log and of the API server may be apart, and how late an answer may be.
const SLACK: chrono::TimeDelta = chrono::TimeDelta::seconds(2);
const PATIENCE: Duration = Duration::from_secs(150);

/// The verbs, each of which occurs.
const VERBS: [&str; 6] =
    ["CreateWorkload", "ScaleWorkload", "RestartWorkload", "StopWorkload", "StartWorkload", "DeleteWorkload"];
/// Rounds of all lanes for what chance has left out: a verb, or a change by kubectl.
const ROUNDS_MORE: usize = 20;

/// Whether a field manager is one of those that interfere.
fn is_other(manager: &str) -> bool {
    matches!(manager, "second-actor" | "own-controller") || manager.starts_with("kubectl")
}

/// How an operation ended.
struct Ended {
    at: DateTime<Utc>,
    event: OperationEvent,
    requested_at: DateTime<Utc>,
    /// None if it never began.
    deadline: Option<DateTime<Utc>>,
    /// The incarnation that the person saw.
    uid: Option<String>,
}

/// An operation, and how it ended.
type Judged<'a> = (&'a Request, &'a Ended);

async fn ended(world: &World, request: &Request) -> Result<Ended> {
    let end = Instant::now() + PATIENCE;
    loop {
        let stream = request.target.target_stream();
        let events = world.running.write_side.store().stream_after(&stream, 0).await?;
        let (mut uid, mut deadline, mut requested_at) = (None, None, None);
        for recorded in events {
            let Event::Operation(event) = recorded.event else { continue };
            match &event {
                OperationEvent::OperationRequested { operation, uid: seen, .. } if *operation == request.operation => {
                    uid = seen.clone();
                    requested_at = Some(recorded.recorded_at);
                }
                OperationEvent::OperationStarted { operation, deadline: end } if *operation == request.operation => {
                    deadline = Some(*end);
                }
                event if event.operation() == request.operation && event.is_terminal() => {
                    let requested_at = requested_at.context("it ended before it was requested")?;
                    return Ok(Ended { at: recorded.recorded_at, event: event.clone(), requested_at, deadline, uid });
                }
                _ => {}
            }
        }
        ensure!(Instant::now() < end, "{} of {} does not end", request.operation, request.target);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What is wrong about an outcome; None if it is true. `before` are the operations requested before it.
fn falsehood(history: &History, (request, ended): Judged<'_>, before: &[Judged<'_>], is_last: bool) -> Option<String> {
    let object = (request.target.kind.kind(), request.target.name.as_str());
    let until = ended.at + SLACK;
    if matches!(request.intent, Intent::DeleteWorkload) {
        return match &ended.event {
            OperationEvent::OperationSucceeded { .. } => {
                let uid = ended.uid.as_deref().unwrap_or_default();
                history.is_alive(uid, until).then(|| "it is said to be gone, and it lives".to_owned())
            }
            OperationEvent::OperationCancelled { .. } => is_last.then(|| "nothing superseded it".to_owned()),
            OperationEvent::OperationFailed { failure, .. } => {
                Some(format!("nothing kept it from going: {:?}", failure.message))
            }
            event => Some(format!("no outcome of a deletion: {event:?}")),
        };
    }
    let effect = history.effect(object, request.operation);
    let Some(effect) = effect else {
        return match &ended.event {
            OperationEvent::OperationFailed { failure, .. } => unfounded(history, (request, ended), before, failure),
            OperationEvent::OperationCancelled { .. } => is_last.then(|| "nothing superseded it".to_owned()),
            OperationEvent::OperationOvertaken { overtaken, .. }
                if overtaken.change == Code::ReplacedByAnother.message([]) =>
            {
                let is_there = ended.uid.as_deref().is_none_or(|uid| history.is_alive(uid, until));
                is_there.then(|| "nothing replaced the object that it was for".to_owned())
            }
            event => Some(format!("without any effect: {event:?}")),
        };
    };
    let later: Vec<&Version> = history.after(effect).filter(|version| version.at <= until).collect();
    let is_kept = |version: &&Version| version.keeps(&effect.requested) && !version.is_going;
    let was_there = || {
        let versions = std::iter::once(effect).chain(later.iter().copied());
        versions.take_while(is_kept).any(|version| version.has(&request.intent, effect))
    };
    let is_there = || {
        let last = later.iter().copied().rfind(|version| version.at <= ended.at).unwrap_or(effect);
        is_kept(&last) && last.has(&request.intent, effect) && history.is_alive(&effect.uid, ended.at)
    };
    match &ended.event {
        OperationEvent::OperationSucceeded { .. } => {
            (!was_there()).then(|| "no version of the object has what it requested".to_owned())
        }
        OperationEvent::OperationOvertaken { overtaken, .. } => {
            let changes: Vec<&&Version> = later.iter().filter(|version| !is_kept(version)).collect();
            let is_gone = !history.is_alive(&effect.uid, until);
            if changes.is_empty() && !is_gone {
                return Some(format!("nobody changed what it requested: {overtaken:?}"));
            }
            let named = overtaken.manager.as_deref().filter(|_| !is_gone)?;
            let is_another = later.iter().any(|version| !version.is_ours && version.wrote(named));
            (!is_another).then(|| format!("{named} changed nothing"))
        }
        OperationEvent::OperationFailed { failure: Failure { message, .. }, .. } => {
            is_there().then(|| format!("it is there, and it failed: {message:?}"))
        }
        OperationEvent::OperationCancelled { .. } => is_last.then(|| "nothing superseded it".to_owned()),
        event => Some(format!("no outcome: {event:?}")),
    }
}

/// What is wrong about a failure before any effect; None if something confirms it. Times of two clocks are compared: what is
/// within their difference counts as confirmed.
fn unfounded(
    history: &History,
    (request, ended): Judged<'_>,
    before: &[Judged<'_>],
    failure: &Failure,
) -> Option<String> {
    let object = (request.target.kind.kind(), request.target.name.as_str());
    let (begin, end) = (ended.requested_at - SLACK, ended.at + SLACK);
    let is_refused = |statuses: &[i64]| history.is_refused(object, begin, end, statuses);
    let is_confirmed = match failure.code {
        ErrorCode::NotFound => !history.is_there_throughout(object, begin, end),
        ErrorCode::AlreadyExists => history.is_there_within(object, begin, end),
        // Of a server-side apply: a patch is repeated.
        ErrorCode::Conflict => is_refused(&[409]),
        ErrorCode::Invalid if failure.message.is(Code::NothingRemembered) => {
            matches!(request.intent, Intent::StartWorkload) && !has_remembered(history, request, before)
        }
        ErrorCode::Invalid => is_refused(&[400, 415, 422, 500]),
        ErrorCode::Forbidden => is_refused(&[403]),
        ErrorCode::TimedOut => ended.deadline.is_some_and(|deadline| end >= deadline),
        // None of these may come of what this test does: nobody refuses Binnacle, and only what was changed is waited for.
        ErrorCode::Unauthenticated
        | ErrorCode::Refused
        | ErrorCode::NotSupported
        | ErrorCode::Unavailable
        | ErrorCode::NotReady
        | ErrorCode::Internal => false,
    };
    (!is_confirmed).then(|| format!("nothing confirms {}: {:?}", failure.code, failure.message))
}

/// Whether a start certainly had something to bring back: an operation before it stopped the object while that had
/// replicas, and none in between may have used that up. Only a restart and another stop never do. What suspends needs
/// nothing.
fn has_remembered(history: &History, start: &Request, before: &[Judged<'_>]) -> bool {
    let object = (start.target.kind.kind(), start.target.name.as_str());
    let stopped = |(request, ended): &Judged<'_>| {
        matches!(request.intent, Intent::StopWorkload)
            && history.has_replicas_before(object, request.operation, ended.requested_at - SLACK)
    };
    let of_it = before.iter().rev().filter(|(request, _)| request.target == start.target);
    let mut since =
        of_it.take_while(|(request, _)| matches!(request.intent, Intent::StopWorkload | Intent::RestartWorkload));
    start.target.kind.capabilities().suspend || since.any(stopped)
}

const fn outcome(event: &OperationEvent) -> &'static str {
    match event {
        OperationEvent::OperationSucceeded { .. } => "SUCCEEDED",
        OperationEvent::OperationFailed { .. } => "FAILED",
        OperationEvent::OperationCancelled { .. } => "CANCELLED",
        OperationEvent::OperationOvertaken { .. } => "OVERTAKEN",
        _ => "none",
    }
}

fn number(name: &str) -> Result<Option<u64>> {
    std::env::var(name).ok().map(|text| text.parse().with_context(|| format!("{name} is no number"))).transpose()
}

async fn meddle_and_judge(world: &World) -> Result<()> {
    let operations = number("BINNACLE_OPERATIONS")?.map_or(Ok(SLICE), usize::try_from)?;
    let seed = number("BINNACLE_SEED")?.unwrap_or_else(|| fastrand::u64(..));
    println!("{operations} operations by seed {seed}");
    let begin = witness::now()?;
    let mut lanes = Lane::all(world, seed)?;
    let share = operations.div_ceil(lanes.len());
    let requests = futures::future::try_join_all(lanes.iter_mut().map(|lane| lane.run(world, share))).await?;
    let mut requests: Vec<Request> = requests.into_iter().flatten().collect();
    let missing = |requests: &[Request]| {
        let is_missing = |verb: &&&str| !requests.iter().any(|request| request.intent.verb() == **verb);
        VERBS.iter().filter(is_missing).copied().collect::<Vec<_>>()
    };
    for _ in 0..ROUNDS_MORE {
        if missing(&requests).is_empty() && lanes.iter().any(|lane| lane.by_kubectl > 0) {
            break;
        }
        let more = futures::future::try_join_all(lanes.iter_mut().map(|lane| lane.run(world, 1))).await?;
        requests.extend(more.into_iter().flatten());
    }
    ensure!(missing(&requests).is_empty(), "no operation was {:?}", missing(&requests));
    let mut ends = Vec::new();
    for request in &requests {
        ends.push(ended(world, request).await?);
    }
    until_written_down(world, begin).await?;
    let history = History::read(begin, lanes.iter().map(|lane| &lane.target))?;
    let last: BTreeMap<String, usize> =
        requests.iter().enumerate().map(|(at, request)| (request.target.id(), at)).collect();
    let (mut outcomes, mut false_ones) = (BTreeMap::<(&str, &str), usize>::new(), Vec::new());
    let judged: Vec<Judged<'_>> = requests.iter().zip(&ends).collect();
    for (at, &(request, ended)) in judged.iter().enumerate() {
        *outcomes.entry((request.intent.verb(), outcome(&ended.event))).or_default() += 1;
        let is_last = last.get(&request.target.id()) == Some(&at);
        if let Some(falsehood) = falsehood(&history, (request, ended), &judged[..at], is_last) {
            let (target, what) = (&request.target, outcome(&ended.event));
            false_ones.push(format!(
                "{} {:?} of {target} {what} at {}: {falsehood}\n{}",
                request.operation,
                request.intent,
                ended.at,
                history.of(&request.target, ended.at)
            ));
        }
    }
    for ((verb, outcome), times) in outcomes {
        println!("{times:4}  {verb} {outcome}");
    }
    let (others, kubectl) =
        (history.changes_by(is_other), history.changes_by(|manager| manager.starts_with("kubectl")));
    println!(
        "{} operations, {others} changes by others, {kubectl} of them by kubectl, {} false outcomes",
        requests.len(),
        false_ones.len()
    );
    ensure!(false_ones.is_empty(), "by seed {seed}:\n{}", false_ones.join("\n"));
    ensure!(requests.len() >= operations, "only {} operations", requests.len());
    ensure!(others > kubectl && kubectl > 0, "{others} changes by others, {kubectl} of them by kubectl");
    Ok(())
}

/// The API server writes a change down when it has answered it: waits for a last one, whose answer comes after all others.
async fn until_written_down(world: &World, begin: Mark) -> Result<()> {
    let (name, namespace) = ("written-down", world.namespace(Place::Plain));
    let last = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}});
    world.create(&last).await?;
    let is_written =
        |line: std::io::Result<String>| line.is_ok_and(|line| line.contains(name) && line.contains(&namespace));
    let is_last_there =
        || async { witness::lines(Some(begin)).is_ok_and(|mut lines| lines.any(is_written)).then_some(()) };
    until("the API server has written down the last change", is_last_there).await;
    Ok(())
}

/// Whether everything in `part` is in `whole`, which may have more fields.
fn is_part(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            part.iter().all(|(name, value)| whole.get(name).is_some_and(|whole| is_part(value, whole)))
        }
        (Value::Array(part), Value::Array(whole)) => {
            part.len() == whole.len() && part.iter().zip(whole).all(|(part, whole)| is_part(part, whole))
        }
        (part, whole) => part == whole,
    }
}

/// The name of a kind as the API server's paths have it.
fn plural(target: &ObjectRef) -> String {
    format!("{}s", target.kind.kind().to_lowercase())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_outcome_is_false_while_others_change_the_object() -> Result<()> {
    let world = World::begin().await?;
    let judged = meddle_and_judge(&world).await;
    world.end().await?;
    judged
}
