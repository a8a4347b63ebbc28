//! Problems: victims grouped by cause, and the change before.

use crate::log::{Log, manifest, object, pod, requested};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::Scope,
    core::ids::OperationId,
    kubernetes::{
        observation::{Condition, ContainerState, CronJob, Details, FreeText, Job, Owner, Truth},
        observed::ObservedEvent,
        resource::Resource,
        status::State,
    },
    operation::{Intent, OperationEvent},
};
use projections::models::{
    pods,
    problems::{self, Problem, Problems},
    recorded_changes::{self, What},
    workloads,
};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

/// A Deployment without a pod: the quota of its namespace is full.
fn out_of_quota(generation: i64, since: DateTime<Utc>) -> ObservedEvent {
    let mut event = manifest("u", generation, json!({}));
    let ObservedEvent::WorkloadManifestObserved { created_at, snapshot, .. } = &mut event else { unreachable!() };
    let answer =
        "pods \"web-1\" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=4, limited: pods=4";
    let refused = Condition {
        kind: "ReplicaFailure".to_owned(),
        status: Truth::True,
        reason: "FailedCreate".to_owned(),
        message: FreeText::new(answer),
        since: Some(since),
    };
    *created_at = since;
    snapshot.workload.conditions = vec![refused];
    let Details::Deployment(own) = &mut snapshot.workload.details else { unreachable!() };
    (own.counts.replicas, own.counts.updated, own.counts.ready, own.counts.available) = (0, 0, 0, 0);
    event
}

/// A Job that failed, a run of the CronJob of that name if there is one.
fn failed_job(cron_job: Option<&str>) -> ObservedEvent {
    let mut event = manifest("u", 1, json!({}));
    let ObservedEvent::WorkloadManifestObserved { snapshot, .. } = &mut event else { unreachable!() };
    let owner =
        |name: &str| Owner { kind: "CronJob".to_owned(), name: name.to_owned(), uid: "c".to_owned(), controller: true };
    snapshot.workload.owners = cron_job.map(owner).into_iter().collect();
    snapshot.workload.conditions = vec![Condition {
        kind: "Failed".to_owned(),
        status: Truth::True,
        reason: "BackoffLimitExceeded".to_owned(),
        message: FreeText::default(),
        since: None,
    }];
    snapshot.workload.details = Details::Job(Job { parallelism: 1, failed: 1, ..Job::default() });
    event
}

/// A pod whose image was not found.
fn without_image(workload: Option<String>) -> ObservedEvent {
    let mut event = pod("u", "Pending", workload);
    let ObservedEvent::PodObserved { pod, .. } = &mut event else { unreachable!() };
    pod.conditions.iter_mut().for_each(|ready| ready.status = Truth::False);
    for container in &mut pod.containers {
        container.image = "web:typo".to_owned();
        let (reason, message) = ("ErrImagePull".to_owned(), FreeText::new("manifest unknown"));
        container.state = ContainerState::Waiting { reason, message };
    }
    event
}

async fn all(log: &Log) -> Problems {
    problems::get(log.read.pool(), &Scope::everything(), None).await.unwrap()
}

fn subject(problem: &Problem) -> (&str, &str, Option<&str>) {
    let subject = problem.key.subject().unwrap();
    (subject.kind, &subject.name, subject.namespace.as_deref())
}

#[sqlx::test(migrations = "../migrations")]
async fn one_cause_is_one_problem_with_its_victims(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let now = Utc::now();
    log.workload("shop", "healthy", json!({})).await;
    for (name, minutes) in [("api", 5), ("web", 9)] {
        let stream = object(Resource::DEPLOYMENT, "shop", name).observed_stream();
        log.append(&stream, out_of_quota(1, now - TimeDelta::minutes(minutes))).await;
    }
    log.append(&object(Resource::DEPLOYMENT, "data", "db").observed_stream(), out_of_quota(1, now)).await;
    let mut last = 0;
    for (name, workload) in [("lone-1", None), ("lone-2", None), ("owned", Some("Deployment~dev~shop~web".to_owned()))]
    {
        last = log.append(&object(Resource::POD, "jobs", name).observed_stream(), without_image(workload)).await;
    }
    log.projected(last).await;

    let found = all(&log).await;
    assert!(!found.has_more);
    let subjects: Vec<_> = found.rows.iter().map(subject).collect();
    let quota = |namespace| ("ResourceQuota", "compute", Some(namespace));
    assert_eq!(subjects, [quota("shop"), ("Image", "web:typo", None), quota("data")]);
    let victims = |problem: &Problem| problem.victims.iter().map(|victim| victim.name.clone()).collect::<Vec<_>>();
    assert_eq!(victims(&found.rows[0]), ["api", "web"]);
    assert_eq!(victims(&found.rows[1]), ["lone-1", "lone-2"]);
    assert_eq!(found.rows[0].states, [(State::Unavailable, 2)]);
    let since = found.rows[0].since.unwrap();
    assert!((since - (now - TimeDelta::minutes(9))).abs() < TimeDelta::seconds(1), "of the first victim: {since}");
    for problem in &found.rows {
        let cause = problem.cause.as_ref().unwrap();
        assert!(!cause.evidence.is_empty(), "{cause:?}");
    }

    for (within, count) in [(Scope::of("dev", Some("shop")), 1), (Scope::of("dev", Some("shops")), 0)] {
        let scope = Scope::only(vec![within]);
        let seen = problems::get(log.read.pool(), &scope, None).await.unwrap();
        assert_eq!(seen.rows.len(), count, "{seen:?}");
    }
    assert_eq!(problems::get(log.read.pool(), &Scope::everything(), Some("other")).await.unwrap(), Problems::default());
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_rollout_that_is_stuck_behind_a_version_that_serves_is_a_problem(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let mut event = out_of_quota(2, Utc::now());
    let ObservedEvent::WorkloadManifestObserved { snapshot, .. } = &mut event else { unreachable!() };
    let Details::Deployment(own) = &mut snapshot.workload.details else { unreachable!() };
    let serves = own.replicas;
    (own.counts.replicas, own.counts.ready, own.counts.available) = (serves, serves, serves);
    let web = object(Resource::DEPLOYMENT, "shop", "web").observed_stream();
    log.projected(log.append(&web, event).await).await;
    let found = all(&log).await;
    assert_eq!(found.rows.iter().map(subject).collect::<Vec<_>>(), [("ResourceQuota", "compute", Some("shop"))]);
    assert_eq!(found.rows[0].states, [(State::RolloutStuck, 1)]);
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_workload_has_its_conditions_with_sealed_words(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = object(Resource::DEPLOYMENT, "shop", "web");
    log.projected(log.append(&web.observed_stream(), out_of_quota(1, Utc::now())).await).await;

    let (pool, id) = (log.read.pool(), web.id());
    let found = workloads::conditions(pool, &Scope::everything(), &id).await.unwrap();
    let [refused] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((refused.kind.as_str(), refused.status), ("ReplicaFailure", Truth::True));
    assert_eq!((refused.reason.as_str(), refused.message.as_str()), ("FailedCreate", ""));
    assert!(log.read.keys().reveal_text(&refused.message).await.unwrap().contains("exceeded quota: compute"));
    for (scope, id) in [(Scope::only(vec![Scope::of("dev", Some("data"))]), id.as_str()), (Scope::everything(), "x")] {
        assert!(workloads::conditions(pool, &scope, id).await.unwrap().is_empty(), "{id}");
    }
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_cron_job_has_its_schedule_with_its_last_run(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let nightly = object(Resource::CRON_JOB, "shop", "nightly");
    let mut own =
        CronJob { schedule: "0 3 * * *".to_owned(), time_zone: Some("Europe/Berlin".to_owned()), ..CronJob::default() };
    let everything = Scope::everything();
    for last_schedule in [None, Some(Utc::now())] {
        own.last_schedule = last_schedule;
        let mut event = manifest("u", 1, json!({}));
        let ObservedEvent::WorkloadManifestObserved { snapshot, .. } = &mut event else { unreachable!() };
        snapshot.workload.details = Details::CronJob(own.clone());
        log.projected(log.append(&nightly.observed_stream(), event).await).await;
        let found = workloads::cron_job(log.read.pool(), &everything, &nightly.id()).await.unwrap();
        assert_eq!(found.as_ref(), Some(&own));
    }
    let web = object(Resource::DEPLOYMENT, "shop", "web");
    log.projected(log.append(&web.observed_stream(), manifest("v", 1, json!({}))).await).await;
    let elsewhere = Scope::only(vec![Scope::of("dev", Some("data"))]);
    for (scope, object) in [(elsewhere, nightly), (everything, web)] {
        assert_eq!(workloads::cron_job(log.read.pool(), &scope, &object.id()).await.unwrap(), None);
    }
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pod_has_its_conditions_with_sealed_words(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let (words, since) = ("containers with unready status: [a b]", DateTime::from_timestamp(1_767_225_600, 0));
    let mut event = without_image(None);
    let ObservedEvent::PodObserved { pod, .. } = &mut event else { unreachable!() };
    pod.conditions.push(Condition {
        kind: "ContainersReady".to_owned(),
        status: Truth::False,
        reason: "ContainersNotReady".to_owned(),
        message: FreeText::new(words),
        since,
    });
    let web = object(Resource::POD, "shop", "web-1");
    log.projected(log.append(&web.observed_stream(), event).await).await;

    let (pool, id) = (log.read.pool(), web.id());
    let of = async |scope: Scope, id: &str| pods::conditions(pool, &scope, id).await.unwrap();
    let found = of(Scope::everything(), &id).await;
    let [ready, containers] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((ready.kind.as_str(), ready.status, ready.since), ("Ready", Truth::False, None));
    assert_eq!((containers.reason.as_str(), containers.message.as_str()), ("ContainersNotReady", ""));
    assert_eq!((containers.status, containers.since), (Truth::False, since));
    assert_eq!(log.read.keys().reveal_text(&containers.message).await.unwrap(), words);
    assert!(of(Scope::only(vec![Scope::of("dev", Some("data"))]), &id).await.is_empty());
    assert!(of(Scope::everything(), "x").await.is_empty());

    let gone = ObservedEvent::PodGone { uid: "u".to_owned() };
    log.projected(log.append(&web.observed_stream(), gone).await).await;
    assert!(of(Scope::everything(), &id).await.is_empty());
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_failed_run_of_a_cron_job_stands_below_what_is_down(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    for (name, cron_job) in [("nightly-1", Some("nightly")), ("nightly-2", Some("nightly")), ("once", None)] {
        log.append(&object(Resource::JOB, "jobs", name).observed_stream(), failed_job(cron_job)).await;
    }
    let down = object(Resource::DEPLOYMENT, "shop", "web").observed_stream();
    log.projected(log.append(&down, out_of_quota(1, Utc::now())).await).await;

    let found = all(&log).await;
    let rows = found.rows.iter().map(|problem| (problem.victims[0].name.as_str(), problem.severity()));
    assert_eq!(rows.collect::<Vec<_>>(), [("once", 1), ("web", 2), ("nightly-1", 4)]);
    assert_eq!(found.rows[2].states, [(State::Failed, 2)], "its state is said as it is");
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn many_problems_have_an_end_and_say_so(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let mut last = 0;
    for number in 0..=problems::PROBLEMS {
        let stream = object(Resource::DEPLOYMENT, &format!("team-{number}"), "web").observed_stream();
        last = log.append(&stream, out_of_quota(1, Utc::now())).await;
    }
    for number in 0..=problems::VICTIMS {
        let stream = object(Resource::DEPLOYMENT, "shop", &format!("web-{number}")).observed_stream();
        last = log.append(&stream, out_of_quota(1, Utc::now())).await.max(last);
    }
    log.projected(last).await;
    let found = all(&log).await;
    assert_eq!((found.rows.len(), found.has_more), (problems::PROBLEMS, true));
    let (victims, first) = (problems::VICTIMS, &found.rows[0]);
    assert_eq!((first.victims.len(), first.victim_count()), (victims, victims as i64 + 1));
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_latest_change_before_a_problem_is_a_hint(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let (scaled, changed, old) = ("scaled", "changed", "old");
    let stream = |name| object(Resource::DEPLOYMENT, name, "web").observed_stream();
    let soon = Utc::now() + TimeDelta::minutes(1);
    for name in [scaled, changed] {
        log.append(&stream(name), manifest("u", 1, json!({}))).await;
    }
    log.append(&object(Resource::DEPLOYMENT, scaled, "web").target_stream(), requested(1, 3)).await;
    // The second is what the controller notes about the first.
    for (generation, noted) in [(2, "1"), (3, "2")] {
        let mut event = out_of_quota(generation, soon);
        let ObservedEvent::WorkloadManifestObserved { manifest: body, created_at, .. } = &mut event else {
            unreachable!()
        };
        *created_at = DateTime::UNIX_EPOCH;
        let annotations = json!({"deployment.kubernetes.io/revision": noted});
        *body = json!({"metadata": {"annotations": annotations}, "spec": {"replicas": 4}}).into();
        log.append(&stream(changed), event).await;
    }
    let status = |name: &'static str, generation, since| {
        let ObservedEvent::WorkloadManifestObserved {
            uid, resource_version, created_at, manifest_hash, snapshot, ..
        } = out_of_quota(generation, since)
        else {
            unreachable!()
        };
        let event =
            ObservedEvent::WorkloadStatusObserved { uid, resource_version, created_at, manifest_hash, snapshot };
        (stream(name), event)
    };
    let (to, event) = status(scaled, 1, soon);
    log.append(&to, event).await;
    log.append(&stream(old), out_of_quota(1, Utc::now() - TimeDelta::days(1))).await;
    let target = object(Resource::DEPLOYMENT, old, "web").target_stream();
    let last = log.append(&target, requested(2, 3)).await;
    log.projected(last).await;

    let found = all(&log).await;
    let change = |namespace: &str| {
        let of = |problem: &&Problem| subject(problem).2 == Some(namespace);
        found.rows.iter().find(of).unwrap().latest_change.clone()
    };
    let of_scaled = change(scaled).unwrap();
    assert_eq!(
        (of_scaled.what, of_scaled.object.as_str()),
        (What::Operation(Uuid::from_u128(1)), "Deployment~dev~scaled~web")
    );
    let What::ByOthers(revision) = change(changed).unwrap().what else { panic!("an operation") };
    assert_eq!((revision.generation, revision.operation), (2, None));
    assert!(!revision.changes.is_empty());
    assert_eq!(change(old), None, "what came after is no hint");

    let (pool, everything) = (log.read.pool(), Scope::everything());
    for problem in &found.rows {
        let (victim, since) = (&problem.victims[0], problem.since.unwrap());
        let of_victim = recorded_changes::before_cause(pool, &everything, &victim.id, since, victim.created_at);
        assert_eq!(of_victim.await.unwrap(), problem.latest_change, "one rule for a problem and for its victim");
    }
    let latest = recorded_changes::latest(pool, &everything, None, 20).await.unwrap();
    let objects: Vec<&str> = latest.iter().map(|change| change.object.as_str()).collect();
    let id = |namespace: &str| format!("Deployment~dev~{namespace}~web");
    assert_eq!(objects, [id(old), id(changed), id(scaled)], "newest first, without what only appeared");
    assert_eq!(recorded_changes::latest(pool, &everything, None, 1).await.unwrap().len(), 1);
    let scope = Scope::only(vec![Scope::of("dev", Some(changed))]);
    assert_eq!(recorded_changes::latest(pool, &scope, None, 20).await.unwrap().len(), 1);

    // One is deleted by others, one with its namespace, one as requested, and by others when it is there again.
    let gone = || ObservedEvent::WorkloadGone { uid: "u".to_owned() };
    let deletion = OperationEvent::OperationRequested {
        operation: OperationId(Uuid::from_u128(3)),
        intent: Intent::DeleteWorkload,
        uid: Some("u".to_owned()),
        retry_of: None,
        behind: None,
    };
    let place = |phase: &str| ObservedEvent::NamespaceObserved {
        uid: "n".to_owned(),
        resource_version: phase.to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        phase: phase.to_owned(),
    };
    for (name, phase) in [(changed, "Active"), (scaled, "Active"), (old, "Terminating")] {
        log.append(&format!("observed:dev/_/Namespace/{name}"), place(phase)).await;
    }
    log.append(&stream(old), gone()).await;
    log.append(&stream(changed), gone()).await;
    log.append(&object(Resource::DEPLOYMENT, scaled, "web").target_stream(), deletion).await;
    log.projected(log.append(&stream(scaled), gone()).await).await;
    let deleted = || async {
        let found = recorded_changes::latest(pool, &everything, None, 20).await.unwrap();
        found.into_iter().filter(|change| change.what == What::Deletion).map(|change| change.object).collect::<Vec<_>>()
    };
    assert_eq!(deleted().await, [id(changed)]);
    log.append(&stream(scaled), manifest("v", 1, json!({}))).await;
    log.projected(log.append(&stream(scaled), gone()).await).await;
    assert_eq!(deleted().await, [id(scaled), id(changed)]);
    let namespace = ObservedEvent::NamespaceGone { uid: "n".to_owned() };
    log.projected(log.append(&format!("observed:dev/_/Namespace/{old}"), namespace).await).await;
    assert_eq!(deleted().await[0], format!("Namespace~dev~_~{old}"));
    running.stop().await;
    log.read.close().await;
}
