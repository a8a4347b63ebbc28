//! What others create is among the latest changes, with who did it.

use crate::log::{Log, manifest, object};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::Scope,
    kubernetes::{
        observation::{FIELD_MANAGER, FieldManager, Owner, Part},
        observed::ObservedEvent,
        resource::Resource,
    },
};
use projections::models::recorded_changes::{self, RecordedChange, What};
use serde_json::json;
use sqlx::PgPool;

/// A Deployment that somebody made then.
fn made(uid: &str, created: DateTime<Utc>, by: &str) -> ObservedEvent {
    let mut event = manifest(uid, 1, json!({}));
    let ObservedEvent::WorkloadManifestObserved { created_at, managers, .. } = &mut event else { unreachable!() };
    *created_at = created;
    let parts = vec![Part::Mark, Part::Template];
    *managers = vec![FieldManager { manager: by.to_owned(), subresource: String::new(), at: Some(created), parts }];
    event
}

/// The same as a run of a CronJob.
fn run(cron_job: &str) -> ObservedEvent {
    let mut event = made("u", Utc::now(), "kube-controller-manager");
    let ObservedEvent::WorkloadManifestObserved { snapshot, .. } = &mut event else { unreachable!() };
    let (kind, name, uid) = ("CronJob".to_owned(), cron_job.to_owned(), "c".to_owned());
    snapshot.workload.owners = vec![Owner { kind, name, uid, controller: true }];
    event
}

/// The same by an operation of Binnacle.
fn requested_here() -> ObservedEvent {
    let mut event = made("u", Utc::now(), FIELD_MANAGER);
    let ObservedEvent::WorkloadManifestObserved { manifest, .. } = &mut event else { unreachable!() };
    let operation = "00000000-0000-0000-0000-000000000001";
    *manifest = json!({"metadata": {"annotations": {"binnacle.io/operation-id": operation}}, "spec": {}}).into();
    event
}

async fn latest(log: &Log, scope: &Scope) -> Vec<RecordedChange> {
    recorded_changes::latest(log.read.pool(), scope, None, 20).await.unwrap()
}

/// The objects of changes that are creations, each with who made it.
fn creations(changes: &[RecordedChange]) -> Vec<(String, String)> {
    let creation = |change: &RecordedChange| match &change.what {
        What::ByOthers(revision) if revision.changes.is_empty() => {
            Some((change.object.clone(), revision.writers().join(", ")))
        }
        What::ByOthers(_) | What::Operation(_) | What::Deletion => None,
    };
    changes.iter().filter_map(creation).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn what_others_create_is_a_change(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let stream = |kind, namespace, name| object(kind, namespace, name).observed_stream();
    let (web, api) = (stream(Resource::DEPLOYMENT, "shop", "web"), stream(Resource::DEPLOYMENT, "data", "api"));
    log.append(&web, made("u", Utc::now(), "kubectl-create")).await;
    log.append(&api, made("u", Utc::now(), "argocd-controller")).await;
    let long_ago = Utc::now() - TimeDelta::minutes(2);
    log.append(&stream(Resource::DEPLOYMENT, "shop", "old"), made("u", long_ago, "kubectl-create")).await;
    log.append(&stream(Resource::JOB, "shop", "nightly-1"), run("nightly")).await;
    let ours = log.append(&stream(Resource::DEPLOYMENT, "shop", "ours"), requested_here()).await;
    log.projected(ours).await;

    let everything = Scope::everything();
    let creation = |object: &str, by: &str| (object.to_owned(), by.to_owned());
    let of_web = |by| creation("Deployment~dev~shop~web", by);
    let of_api = creation("Deployment~dev~data~api", "argocd-controller");
    let found = latest(&log, &everything).await;
    assert_eq!(creations(&found), [of_api.clone(), of_web("kubectl-create")], "the newest first, and no other");
    assert_eq!(found.len(), 2, "{found:?}");
    let scope = Scope::only(vec![Scope::of("dev", Some("shop"))]);
    assert_eq!(creations(&latest(&log, &scope).await), [of_web("kubectl-create")]);

    // Another of its name is another creation, and the one that is gone is none any more.
    log.append(&web, ObservedEvent::WorkloadGone { uid: "u".to_owned() }).await;
    log.projected(log.append(&web, made("v", Utc::now(), "helm")).await).await;
    assert_eq!(creations(&latest(&log, &everything).await), [of_web("helm"), of_api]);
    running.stop().await;
    log.read.close().await;
}
