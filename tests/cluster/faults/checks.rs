//! What only one row has to show.

use super::{place::until, play::Play};
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use domain::{
    core::message::Code,
    kubernetes::{object::ObjectRef, resource::Resource},
};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::BTreeSet;

/// What 05-numeric-password.yaml holds.
const PASSWORD: &str = "4711081542";

type Checked<'a> = BoxFuture<'a, Result<()>>;

fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The controller of an object, by uid.
fn owner(object: &Value) -> &str {
    let owners = object.pointer("/metadata/ownerReferences").and_then(Value::as_array);
    let controller = owners.into_iter().flatten().find(|owner| owner["controller"] == true);
    controller.map_or("", |owner| text(owner, "/uid"))
}

/// Objects of a kind in the namespace of the row.
async fn listed(play: &Play<'_>, kind: &str) -> Result<Vec<Value>> {
    let namespace = play.target()?.namespace.clone().unwrap_or_default();
    let mut found = play.console.place.get(&["-n", &namespace, kind]).await?;
    match found["items"].take() {
        Value::Array(items) => Ok(items),
        _ => anyhow::bail!("no list of {kind}"),
    }
}

/// The names of the live pods below the object with this uid: its own, and those of its ReplicaSets.
async fn live_pods(play: &Play<'_>, uid: &str) -> Result<BTreeSet<String>> {
    let sets = listed(play, "replicasets").await?;
    let mut uids: Vec<&str> =
        sets.iter().filter(|set| owner(set) == uid).map(|set| text(set, "/metadata/uid")).collect();
    uids.push(uid);
    let pods = listed(play, "pods").await?;
    let is_there = |pod: &&Value| uids.contains(&owner(pod)) && pod.pointer("/metadata/deletionTimestamp").is_none();
    Ok(pods.iter().filter(is_there).map(|pod| text(pod, "/metadata/name").to_owned()).collect())
}

/// Waits until the workload shows exactly these pods as its own.
async fn until_it_has(play: &Play<'_>, id: &str, wanted: &BTreeSet<String>) -> Result<()> {
    until(&format!("{id} has the pods {wanted:?}"), || async {
        let pods = play.console.pods(id).await?;
        ensure!(pods.iter().all(|pod| pod.pointer("/workload/id") == Some(&json!(id))), "{pods:?}");
        let names: BTreeSet<String> = pods.iter().map(|pod| text(pod, "/name").to_owned()).collect();
        ensure!(names == *wanted, "{names:?}");
        Ok(Some(()))
    })
    .await
}

/// The rows of the log, of effects and of commands that hold a word in any column, as text or as bytes.
async fn rows_with(owner: &PgPool, word: &str) -> Result<i64> {
    let sql = "SELECT count(*) FROM (SELECT e::text FROM events AS e UNION ALL SELECT e::text FROM effects AS e \
        UNION ALL SELECT c::text FROM commands AS c) AS found(line) \
        WHERE position($1 IN line) > 0 OR position(encode(convert_to($1, 'UTF8'), 'hex') IN line) > 0";
    Ok(sqlx::query_scalar(sql).bind(word).fetch_one(owner).await?)
}

pub fn nothing_of_it_is_stored<'a>(play: &'a Play<'_>) -> Checked<'a> {
    Box::pin(async move {
        let owner = play.console.database.owner().await;
        // What is stored is found in that way.
        ensure!(rows_with(&owner, "ClusterRegistered").await? > 0, "no type of an event");
        ensure!(rows_with(&owner, "\"actor\":").await? > 0, "no metadata of an event");
        let found = rows_with(&owner, PASSWORD).await?;
        ensure!(found == 0, "{found} rows speak of it");
        let log = play.console.gateway.log();
        ensure!(!log.is_empty() && !log.contains(PASSWORD), "the log of the process speaks of it, or is empty");
        owner.close().await;
        Ok(())
    })
}

pub fn its_pods_are_those_of_its_uid<'a>(play: &'a Play<'_>) -> Checked<'a> {
    Box::pin(async move {
        let live = play.console.place.live(play.target()?).await?;
        let pods = live_pods(play, text(&live, "/metadata/uid")).await?;
        ensure!(pods.len() == 1, "{pods:?}");
        until_it_has(play, &play.id()?, &pods).await
    })
}

/// No live pod is of a template that was restarted.
pub fn no_pod_was_replaced<'a>(play: &'a Play<'_>) -> Checked<'a> {
    Box::pin(async move {
        let app = &play.target()?.name;
        let pods = listed(play, "pods").await?;
        let ours: Vec<&Value> = pods.iter().filter(|pod| text(pod, "/metadata/labels/app") == app).collect();
        let is_new = |pod: &&&Value| pod.pointer("/metadata/annotations/binnacle.io~1restarted-by").is_some();
        ensure!(ours.len() == 2 && !ours.iter().any(|pod| is_new(&pod)), "{} pods, some of them new", ours.len());
        Ok(())
    })
}

/// The Deployment goes and leaves its ReplicaSet alone; then it comes back and adopts it.
pub fn an_adopted_set_is_no_row_and_its_pods_change_hands<'a>(play: &'a Play<'_>) -> Checked<'a> {
    Box::pin(async move {
        let (console, target) = (play.console, play.target()?);
        let uid = text(&console.place.live(target).await?, "/metadata/uid").to_owned();
        let sets = listed(play, "replicasets").await?;
        let set = sets.iter().find(|set| owner(set) == uid).context("its ReplicaSet")?;
        let (name, set_uid) = (text(set, "/metadata/name").to_owned(), text(set, "/metadata/uid"));
        let set = ObjectRef { kind: Resource::REPLICA_SET, name, ..target.clone() }.id();
        let pods = live_pods(play, &uid).await?;
        ensure!(pods.len() == 2, "{pods:?}");
        until_it_has(play, &target.id(), &pods).await?;
        ensure!(console.workload(&set, None).await?.is_null(), "it is a part of its Deployment");

        let namespace = target.namespace.as_deref().unwrap_or_default();
        console.place.kubectl(&["-n", namespace, "delete", "deployment", &target.name, "--cascade=orphan"], "").await?;
        until("the orphan is a row that runs", || async {
            Ok((console.workload(&set, None).await?["state"] == "RUNNING").then_some(()))
        })
        .await?;
        ensure!(live_pods(play, set_uid).await? == pods, "the same pods");
        until_it_has(play, &set, &pods).await?;
        until("its Deployment is gone", || async {
            Ok(console.workload(&target.id(), None).await?.is_null().then_some(()))
        })
        .await?;

        console.place.apply("32-orphan.yaml").await?;
        until("the adopted one is gone as a row", || async {
            Ok(console.workload(&set, None).await?.is_null().then_some(()))
        })
        .await?;
        let uid = text(&console.place.live(target).await?, "/metadata/uid").to_owned();
        ensure!(live_pods(play, &uid).await? == pods, "it has adopted them");
        until_it_has(play, &target.id(), &pods).await?;
        until_it_has(play, &set, &BTreeSet::new()).await?;
        let answer = console.mutate("scaleWorkload", json!({"id": set, "replicas": 1})).await?;
        ensure!(answer["code"] == "NOT_FOUND", "an operation on the row that is gone: {answer}");
        Ok(())
    })
}

/// Waits until a container of the only pod is as wanted.
async fn until_container(play: &Play<'_>, name: &str, is_wanted: impl Fn(&Value) -> bool) -> Result<()> {
    until(&format!("the container {name} is shown"), || async {
        let pods = play.console.pods(&play.id()?).await?;
        let mut containers = pods.iter().flat_map(|pod| pod["containers"].as_array().into_iter().flatten());
        let is_it = containers.any(|container| container["name"] == name && is_wanted(container));
        ensure!(is_it, "{pods:?}");
        Ok(Some(()))
    })
    .await
}

fn has_restarted(container: &Value, role: &str) -> bool {
    container["role"] == role
        && container["restarts"].as_i64() >= Some(1)
        && container.pointer("/termination/exitCode") == Some(&json!(1))
}

pub fn the_init_container_is_shown<'a>(play: &'a Play<'_>) -> Checked<'a> {
    Box::pin(until_container(play, "migrate", |container| has_restarted(container, "init")))
}

pub fn the_sidecar_is_shown<'a>(play: &'a Play<'_>) -> Checked<'a> {
    Box::pin(until_container(play, "shipper", |container| has_restarted(container, "sidecar")))
}

pub fn the_container_waits_after_it_was_out_of_memory<'a>(play: &'a Play<'_>) -> Checked<'a> {
    Box::pin(until_container(play, "main", |container| {
        let end = &container["termination"];
        container["reason"] == "CrashLoopBackOff" && end["reason"] == "OOMKilled" && end["exitCode"] == 137
    }))
}

/// And not the deadline, which is only what came of it.
pub fn the_cause_is_the_image<'a>(play: &'a Play<'_>) -> Checked<'a> {
    Box::pin(async move {
        let row = play.console.workload(&play.id()?, None).await?;
        let is_image = text(&row, "/cause/message/arguments/image") == "docker.io/library/nothing:1";
        ensure!(is_image && row["cause"]["message"]["code"] != Code::ProgressDeadlineExceeded.as_str(), "{row}");
        Ok(())
    })
}

/// It went as soon as it was done, and how it ended is still known.
pub fn the_end_of_the_job_is_in_the_log<'a>(play: &'a Play<'_>) -> Checked<'a> {
    Box::pin(async move {
        let id = play.id()?;
        let query =
            "query($t: ID!) { auditEvents(first: 100, filter: {target: $t}) { nodes { type summary payload } } }";
        until("the audit log shows its end", || async {
            let found = play.console.gateway.data(query, json!({"t": id})).await?;
            let nodes = found.pointer("/auditEvents/nodes").and_then(Value::as_array).context("events")?;
            let is_complete = |event: &Value| {
                let conditions = event.pointer("/payload/snapshot/conditions").and_then(Value::as_array);
                let mut conditions = conditions.into_iter().flatten();
                conditions.any(|condition| condition["type"] == "Complete" && condition["status"] == "True")
            };
            let is_said = |event: &Value| text(event, "/summary").ends_with(" is completed");
            ensure!(nodes.iter().any(is_complete) && nodes.iter().any(is_said), "{nodes:?}");
            Ok(Some(()))
        })
        .await
    })
}

pub fn its_run_and_the_pods_of_that_are_found_by_owner<'a>(play: &'a Play<'_>) -> Checked<'a> {
    Box::pin(async move {
        let (console, id) = (play.console, play.id()?);
        let query = "query($id: ID!) { workload(id: $id) { owned(first: 5) { nodes { id owner { id } } } } }";
        let (run, above) = until("the clock has started a run", || async {
            let found = console.gateway.data(query, json!({"id": id})).await?;
            let run = found.pointer("/workload/owned/nodes/0").cloned();
            Ok(run.map(|run| (text(&run, "/id").to_owned(), text(&run, "/owner/id").to_owned())))
        })
        .await?;
        ensure!(above == id, "{above}");
        let job = run.parse::<ObjectRef>()?;
        let uid = text(&console.place.live(&job).await?, "/metadata/uid").to_owned();
        until("the run has its pod", || async {
            let pods = live_pods(play, &uid).await?;
            ensure!(pods.len() == 1, "{pods:?}");
            Ok(Some(()))
        })
        .await?;
        until_it_has(play, &run, &live_pods(play, &uid).await?).await
    })
}

pub fn its_last_run_stands_beside_its_schedule<'a>(play: &'a Play<'_>) -> Checked<'a> {
    Box::pin(async move {
        let (console, id, target) = (play.console, play.id()?, play.target()?);
        let time = |object: &Value, pointer: &str| -> Result<DateTime<Utc>> { Ok(text(object, pointer).parse()?) };
        until("its last run is shown as the cluster reports it", || async {
            let shown = console.workload(&id, None).await?["schedule"].take();
            let live = console.place.live(target).await?;
            for (ours, theirs) in [("/expression", "/spec/schedule"), ("/timeZone", "/spec/timeZone")] {
                ensure!(text(&shown, ours) == text(&live, theirs), "{shown}");
            }
            ensure!(time(&shown, "/lastRunAt")? == time(&live, "/status/lastScheduleTime")?, "{shown}");
            Ok(Some(()))
        })
        .await
    })
}
