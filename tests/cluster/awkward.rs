//! Operations on workloads that do not simply come up: what each ends with, or why it is refused.

use crate::{
    situations::{Place, pods},
    world::World,
};
use anyhow::{Context, Result, ensure};
use domain::{
    core::{
        event::Event,
        ids::OperationId,
        message::{Code, Message},
    },
    kubernetes::{object::ObjectRef, status::State},
    operation::{Failure, Intent, OperationEvent},
};
use serde_json::{Value, json};
use std::time::Duration;
use tests::write_side::cluster_id;
use tokio::time::{Instant, sleep};

const PATIENCE: Duration = Duration::from_secs(150);

/// How a request ends.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Refused(Code),
    Succeeded(Code),
    Failed(Code),
    Overtaken(Code),
}
use End::{Failed, Overtaken, Refused, Succeeded};

enum Do {
    /// Creates it by Binnacle.
    Create,
    /// Another creates it; once it is in the state, the intent is requested.
    When(State, Intent),
    /// The same, after another has patched it.
    After(State, Value, Intent),
    /// Creates it by Binnacle, while another patches it as soon as it is there.
    Disturbed(Value),
}

struct Row {
    what: &'static str,
    object: Value,
    place: Place,
    does: Do,
    /// Any of them.
    ends: Vec<End>,
}

fn rows(world: &World) -> Vec<Row> {
    let fake = || pods::fake(&world.run);
    let row = |what, kind, pod, spec, does, ends| Row {
        what,
        object: pods::object(kind, what, pod, spec),
        place: Place::Plain,
        does,
        ends: vec![ends],
    };
    let gone = pods::with(pods::container("sleep 3600"), json!({"image": format!("{}/gone:1", world.registry)}));
    let gone = || pods::of(gone.clone());
    let on_delete = || json!({"updateStrategy": {"type": "OnDelete"}});
    let parted = json!({"replicas": 3, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}});
    let paused = || json!({"paused": true});
    let late = json!({"progressDeadlineSeconds": 3});
    let restart = || Intent::RestartWorkload;
    let (stop, start, delete) = (|| Intent::StopWorkload, || Intent::StartWorkload, || Intent::DeleteWorkload);
    let scale = |replicas| Intent::ScaleWorkload { replicas };
    let mut long = row("label", "StatefulSet", fake(), json!({}), Do::Create, Failed(Code::LabelTooLong));
    long.object["metadata"]["name"] = "b".repeat(59).into();
    // Whether it is seen before it goes is a matter of milliseconds.
    let ttl = json!({"ttlSecondsAfterFinished": 0});
    let vanishing = Row {
        ends: vec![Succeeded(Code::JobStarted), Succeeded(Code::JobStartedAndGone)],
        ..row("ttl", "Job", fake(), ttl, Do::Create, Succeeded(Code::JobStarted))
    };
    let full = |what, kind| Row {
        place: Place::Full,
        ..row(what, kind, pods::real("true"), json!({}), Do::Create, Failed(Code::QuotaExceeded))
    };
    let slow = json!({"replicas": 2, "minReadySeconds": 5});
    let to_one = || json!({"spec": {"replicas": 1}});
    let (zero, five) = (json!({"spec": {"replicas": 0}}), json!({"replicas": 5, "minReadySeconds": 500}));
    vec![
        long,
        row("parted", "StatefulSet", fake(), parted, Do::When(State::Running, restart()), Succeeded(Code::Partitioned)),
        row(
            "on-delete",
            "StatefulSet",
            fake(),
            on_delete(),
            Do::When(State::Running, restart()),
            Succeeded(Code::RestartsOnDelete),
        ),
        row(
            "on-delete-ds",
            "DaemonSet",
            fake(),
            on_delete(),
            Do::When(State::Running, restart()),
            Succeeded(Code::RestartsOnDelete),
        ),
        row(
            "paused",
            "Deployment",
            fake(),
            paused(),
            Do::When(State::Paused, restart()),
            Refused(Code::RolloutIsPaused),
        ),
        row("born-paused", "Deployment", fake(), paused(), Do::Create, Succeeded(Code::CreatedPaused)),
        row("late", "Deployment", gone(), late, Do::When(State::Failed, stop()), Succeeded(Code::ScaledToZero)),
        row("slow", "Deployment", fake(), slow, Do::Create, Succeeded(Code::AllAvailable)),
        row("image", "Deployment", gone(), json!({}), Do::Create, Failed(Code::ImageNotFound)),
        vanishing,
        row("active", "Job", pods::real("sleep 3600"), json!({}), Do::Create, Succeeded(Code::JobStarted)),
        row("done", "Job", fake(), json!({}), Do::When(State::Completed, stop()), Refused(Code::JobHasEnded)),
        row("done-too", "Job", fake(), json!({}), Do::When(State::Completed, start()), Refused(Code::JobHasEnded)),
        row("queue", "Job", fake(), json!({"parallelism": 3}), Do::Create, Succeeded(Code::JobStarted)),
        row(
            "job-restart",
            "Job",
            fake(),
            json!({}),
            Do::When(State::Completed, restart()),
            Refused(Code::DoesNotRollOut),
        ),
        row("idle", "Job", fake(), json!({"parallelism": 0}), Do::Create, Succeeded(Code::ScaledToZero)),
        full("full-deployment", "Deployment"),
        full("full-statefulset", "StatefulSet"),
        full("full-replicaset", "ReplicaSet"),
        row("cron", "CronJob", fake(), json!({}), Do::When(State::Running, stop()), Succeeded(Code::IsSuspended)),
        row(
            "no-scale",
            "DaemonSet",
            fake(),
            json!({}),
            Do::When(State::Running, scale(2)),
            Refused(Code::HasNoReplicas),
        ),
        row("no-stop", "DaemonSet", fake(), json!({}), Do::When(State::Running, stop()), Refused(Code::CannotStop)),
        row(
            "never-stopped",
            "Deployment",
            fake(),
            json!({"replicas": 0}),
            Do::When(State::Stopped, start()),
            Refused(Code::NothingRemembered),
        ),
        row(
            "stopped",
            "Deployment",
            fake(),
            json!({"replicas": 0}),
            Do::When(State::Stopped, stop()),
            Refused(Code::AlreadyStopped),
        ),
        row(
            "grown",
            "Deployment",
            fake(),
            json!({}),
            Do::When(State::Running, scale(3)),
            Succeeded(Code::AllAvailable),
        ),
        row("gone", "ReplicaSet", fake(), json!({}), Do::When(State::Running, delete()), Succeeded(Code::IsGone)),
        row(
            "scaled-by-another",
            "Deployment",
            fake(),
            five.clone(),
            Do::Disturbed(to_one()),
            Overtaken(Code::ReplicasChanged),
        ),
        row("stopped-by-another", "StatefulSet", fake(), five, Do::Disturbed(zero), Overtaken(Code::ReplicasChanged)),
        row(
            "restart-after-pause",
            "Deployment",
            fake(),
            json!({}),
            Do::After(State::Running, json!({"spec": {"paused": true}}), restart()),
            Refused(Code::RolloutIsPaused),
        ),
    ]
}

async fn until_state(world: &World, key: &(String, String, String), state: State) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while world.rows().await?.get(key).is_none_or(|said| said.state != state) {
        ensure!(Instant::now() < end, "{key:?} is not {}", state.as_str());
        sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

/// The code of the reason where it is refused.
async fn request(world: &World, target: &ObjectRef, intent: &Intent) -> Result<Result<OperationId, Code>> {
    match world.request(target, intent).await? {
        Ok(operation) => Ok(Ok(operation)),
        Err(refusal) => {
            let code = refusal.reason.as_deref().and_then(Message::known);
            Ok(Err(code.with_context(|| format!("refused without a code: {refusal}"))?))
        }
    }
}

async fn create(world: &World, target: &ObjectRef, object: &Value) -> Result<OperationId> {
    let (end, intent) = (Instant::now() + PATIENCE, Intent::CreateWorkload { manifest: object.clone().into() });
    loop {
        match world.request(target, &intent).await? {
            Ok(operation) => return Ok(operation),
            // The namespace may not have been observed yet.
            Err(refusal) => ensure!(Instant::now() < end, "{refusal}"),
        }
        sleep(Duration::from_millis(100)).await;
    }
}

async fn ended(world: &World, target: &ObjectRef, operation: OperationId) -> Result<End> {
    let end = Instant::now() + PATIENCE;
    loop {
        let mut last = None;
        for recorded in world.running.write_side.store().stream_after(&target.target_stream(), 0).await? {
            let Event::Operation(event) = recorded.event else { continue };
            let known = |message: &Message| message.known().context("an unknown code");
            match event {
                OperationEvent::OperationStageSucceeded { operation: of, message, .. } if of == operation => {
                    last = message
                }
                OperationEvent::OperationSucceeded { operation: of } if of == operation => {
                    return Ok(Succeeded(known(&last.context("no message")?)?));
                }
                OperationEvent::OperationFailed { operation: of, failure, .. } if of == operation => {
                    let Failure { message, cause, .. } = failure;
                    return Ok(Failed(known(&cause.map_or(message, |cause| cause.message))?));
                }
                OperationEvent::OperationOvertaken { operation: of, overtaken, .. } if of == operation => {
                    return Ok(Overtaken(known(&overtaken.change)?));
                }
                _ => {}
            }
        }
        ensure!(Instant::now() < end, "{operation} of {target} does not end");
        sleep(Duration::from_millis(200)).await;
    }
}

async fn play(world: &World, mut row: Row) -> Result<String> {
    let namespace = world.namespace(row.place);
    row.object["metadata"]["namespace"] = namespace.clone().into();
    let text = |pointer: &str| row.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (kind, name) = (text("/kind"), text("/metadata/name"));
    let key = (namespace.clone(), kind.clone(), name.clone());
    let target = ObjectRef { cluster: cluster_id(), kind: kind.parse()?, namespace: Some(namespace), name };
    let requested = match &row.does {
        Do::Create => Ok(create(world, &target, &row.object).await?),
        Do::Disturbed(patch) => {
            let operation = create(world, &target, &row.object).await?;
            let end = Instant::now() + PATIENCE;
            while world.patch(&row.object, patch).await.is_err() {
                ensure!(Instant::now() < end, "{target} is not there");
                sleep(Duration::from_millis(100)).await;
            }
            Ok(operation)
        }
        Do::When(state, intent) => {
            world.create(&row.object).await?;
            until_state(world, &key, *state).await?;
            request(world, &target, intent).await?
        }
        Do::After(state, patch, intent) => {
            world.create(&row.object).await?;
            until_state(world, &key, *state).await?;
            world.patch(&row.object, patch).await?;
            until_state(world, &key, State::Paused).await?;
            request(world, &target, intent).await?
        }
    };
    let end = match requested {
        Ok(operation) => ended(world, &target, operation).await?,
        Err(code) => Refused(code),
    };
    ensure!(row.ends.contains(&end), "{} {kind}: {end:?}, not {:?}", row.what, row.ends);
    Ok(format!("{:20} {kind:12} {end:?}", row.what))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_on_awkward_workloads_end_as_they_are_meant_to() -> Result<()> {
    let world = World::begin().await?;
    let played = futures::future::join_all(rows(&world).into_iter().map(|row| play(&world, row))).await;
    world.end().await?;
    let (fine, wrong): (Vec<_>, Vec<_>) = played.into_iter().partition(Result::is_ok);
    fine.into_iter().flatten().for_each(|line| println!("{line}"));
    let wrong: Vec<String> = wrong.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
