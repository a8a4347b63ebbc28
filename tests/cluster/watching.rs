//! Watches that end, repeat themselves, come late or fall silent (F27), and lists of some time ago (F28): what happens in the
//! cluster meanwhile is in the log all the same, once, and nothing older after something newer.

use anyhow::Result;
use domain::{
    core::event::Event,
    kubernetes::{object::ObjectRef, observed::ObservedEvent, resource::Resource},
};
use kube::{
    Api,
    api::{DeleteParams, Patch, PatchParams, PostParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    answers::{Answer, Answers},
    cluster::{Namespace, client, manifest},
    database::Database,
    until,
    write_side::{Running, deployment, on_cluster_by},
};
use tokio::time::{Instant, sleep};

const DEPLOYMENTS: &str = "/apis/apps/v1/deployments";
/// A silent watch is given up within a minute, then begun anew.
const SILENCE: Duration = Duration::from_secs(90);

struct Watched {
    database: Database,
    namespace: Namespace,
    answers: Answers,
    running: Running,
}

impl Watched {
    async fn begin(purpose: &str) -> Result<Self> {
        let (database, namespace) = (Database::create().await?, Namespace::create(purpose).await?);
        let answers = Answers::default();
        let running = on_cluster_by(&database, answers.client(client().await?)).await;
        until("deployments are watched", || async { answers.has_served(DEPLOYMENTS).then_some(()) }).await;
        Ok(Self { database, namespace, answers, running })
    }

    async fn create(&self, name: &str) -> Result<()> {
        let object = serde_json::from_str(&manifest(&self.namespace.name, name, 0))?;
        self.namespace.deployments().create(&PostParams::default(), &object).await?;
        Ok(())
    }

    async fn relabel(&self, name: &str, value: &str) -> Result<()> {
        let patch = Patch::Merge(json!({"metadata": {"labels": {"round": value}}}));
        self.namespace.deployments().patch(name, &PatchParams::default(), &patch).await?;
        Ok(())
    }

    async fn delete(&self, name: &str) -> Result<()> {
        self.namespace.deployments().delete(name, &DeleteParams::background()).await?;
        until("it is gone", || async { self.namespace.live(name, "/metadata/name").await.is_none().then_some(()) })
            .await;
        Ok(())
    }

    /// What the log holds of an object, in order.
    async fn seen(&self, name: &str) -> Result<Vec<ObservedEvent>> {
        let target: ObjectRef = deployment(&self.namespace.name, name);
        let events = self.running.write_side.store().stream_after(&target.observed_stream(), 0).await?;
        Ok(events
            .into_iter()
            .filter_map(|recorded| match recorded.event {
                Event::Observed(event) => Some(event),
                Event::Operation(_)
                | Event::Batch(_)
                | Event::Cluster(_)
                | Event::User(_)
                | Event::Projection(_)
                | Event::Access(_)
                | Event::DataKey(_) => None,
            })
            .collect())
    }

    /// Waits until the log holds what is wanted of an object.
    async fn until_seen(&self, name: &str, is_wanted: impl Fn(&[ObservedEvent]) -> bool) -> Result<()> {
        let end = Instant::now() + SILENCE;
        while !is_wanted(&self.seen(name).await?) {
            anyhow::ensure!(Instant::now() < end, "{name} is not in the log: {:?}", self.seen(name).await?);
            sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    async fn until_last(&self, name: &str, is_wanted: impl Fn(&ObservedEvent) -> bool) -> Result<()> {
        self.until_seen(name, |events| events.last().is_some_and(&is_wanted)).await
    }

    /// A status may come after the manifest that is waited for.
    async fn until_round(&self, name: &str, round: &str) -> Result<()> {
        self.until_seen(name, |events| is_at_round(events, round)).await
    }

    /// No revision twice, none older after a newer one.
    async fn must_be_in_order(&self, name: &str) -> Result<()> {
        let mut last = 0;
        for event in self.seen(name).await? {
            let Some(revision) = event.resource_version() else { continue };
            let revision: u64 = revision.parse()?;
            anyhow::ensure!(revision > last, "{name}: {revision} after {last}");
            last = revision;
        }
        Ok(())
    }

    async fn end(self) {
        self.running.stop().await;
        self.namespace.drop().await;
        self.database.drop().await;
    }
}

fn is_gone(event: &ObservedEvent) -> bool {
    matches!(event, ObservedEvent::WorkloadGone { .. })
}

/// Whether `event` is a later observation of the same object, which still exists.
fn is_newer(event: &ObservedEvent, last: &ObservedEvent) -> bool {
    let revision = |event: &ObservedEvent| event.resource_version().and_then(|text| text.parse::<u64>().ok());
    // What is around a workload may change while the workload itself stays as it is.
    let is_around =
        matches!(event, ObservedEvent::WorkloadStatusObserved { .. }) && event.snapshot() != last.snapshot();
    let is_later = revision(event) > revision(last) || is_around && revision(event) == revision(last);
    event.uid() == last.uid() && revision(last).is_some() && is_later
}

/// Whether the last manifest of `events` is that of `round`.
fn is_at_round(events: &[ObservedEvent], round: &str) -> bool {
    let last = events.iter().rev().find_map(|event| match event {
        ObservedEvent::WorkloadManifestObserved { manifest, .. } => Some(manifest),
        _ => None,
    });
    last.is_some_and(|manifest| manifest.pointer("/metadata/labels/round") == Some(&json!(round)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_ends_a_watch_what_happened_meanwhile_is_seen_once() -> Result<()> {
    let watched = Watched::begin("watch-ends").await?;
    watched.create("stays").await?;
    for (round, answer) in [Answer::Expired, Answer::Gone, Answer::Empty].into_iter().enumerate() {
        let (new, round) = (format!("new-{round}"), round.to_string());
        watched.create(&new).await?;
        watched.until_last(&new, |event| !is_gone(event)).await?;
        watched.answers.set(answer);
        until("the watch was answered wrongly", || async { watched.answers.has_served(DEPLOYMENTS).then_some(()) })
            .await;
        watched.relabel("stays", &round).await?;
        watched.delete(&new).await?;
        watched.answers.set(Answer::True);
        watched.until_round("stays", &round).await?;
        watched.until_last(&new, is_gone).await?;
        let gone = watched.seen(&new).await?.into_iter().filter(is_gone).count();
        anyhow::ensure!(gone == 1, "{answer:?}: {new} is gone {gone} times");
        watched.must_be_in_order("stays").await?;
    }
    watched.end().await;
    Ok(())
}

/// An object of this namespace, made of its manifest.
async fn create_in(namespace: &Namespace, group: &str, kind: &str, manifest: Value) -> Result<()> {
    let resource = ApiResource::from_gvk(&GroupVersionKind::gvk(group, "v1", kind));
    let api: Api<DynamicObject> = Api::namespaced_with(namespace.client.clone(), &namespace.name, &resource);
    api.create(&PostParams::default(), &serde_json::from_value(manifest)?).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_before_its_replica_set_is_shown_with_the_deployment() -> Result<()> {
    let watched = Watched::begin("early-event").await?;
    let (namespace, pool) = (&watched.namespace, watched.database.owner().await);
    watched.create("web").await?;
    let web = deployment(&namespace.name, "web");
    let set = ObjectRef { kind: Resource::REPLICA_SET, name: "web-early".to_owned(), ..web.clone() };
    let until_under = async |owner: String| {
        let (pool, set, owner) = (&pool, set.id(), Some(owner));
        until("the event is under the workload", || async {
            let found = sqlx::query_scalar("SELECT owner FROM kubernetes_events WHERE object = $1").bind(&set);
            let found: Option<Option<String>> = found.fetch_optional(pool).await.ok()?;
            (found == Some(owner.clone())).then_some(())
        })
        .await;
    };
    let event = json!({
        "metadata": {"name": "early"}, "type": "Normal", "reason": "Early", "message": "it came first",
        "involvedObject": {"apiVersion": "apps/v1", "kind": "ReplicaSet", "namespace": namespace.name, "name": set.name},
    });
    create_in(namespace, "", "Event", event).await?;
    until_under(set.id()).await;

    let labels = json!({"app": "web", "pod-template-hash": "early"});
    let template =
        json!({"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": "busybox"}]}});
    let uid = namespace.live("web", "/metadata/uid").await;
    let owner = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": uid, "controller": true});
    let replica_set = json!({
        "metadata": {"name": set.name, "labels": labels, "ownerReferences": [owner]},
        "spec": {"replicas": 0, "selector": {"matchLabels": labels}, "template": template},
    });
    create_in(namespace, "apps", "ReplicaSet", replica_set).await?;
    until_under(web.id()).await;
    pool.close().await;
    watched.end().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_or_late_watch_event_changes_nothing() -> Result<()> {
    for (purpose, answer) in [("watch-twice", Answer::Twice), ("watch-late", Answer::Late)] {
        let watched = Watched::begin(purpose).await?;
        watched.create("web").await?;
        watched.until_last("web", |event| !is_gone(event)).await?;
        watched.answers.set(answer);
        until("the watch has begun anew", || async { watched.answers.has_served(DEPLOYMENTS).then_some(()) }).await;
        for round in 0..10 {
            watched.relabel("web", &round.to_string()).await?;
        }
        watched.until_round("web", "9").await?;
        watched.create("last").await?;
        watched.until_last("last", |event| !is_gone(event)).await?;
        watched.must_be_in_order("web").await?;
        anyhow::ensure!(is_at_round(&watched.seen("web").await?, "9"), "{answer:?}");
        watched.end().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watch_that_falls_silent_is_noticed() -> Result<()> {
    let watched = Watched::begin("watch-silent").await?;
    watched.answers.set(Answer::Silent);
    until("the watch is silent", || async { watched.answers.has_served(DEPLOYMENTS).then_some(()) }).await;
    let begun = Instant::now();
    watched.create("web").await?;
    watched.answers.set(Answer::True);
    watched.until_last("web", |event| !is_gone(event)).await?;
    println!("seen {:.0} s after it was created", begun.elapsed().as_secs_f64());
    watched.end().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_some_time_ago_is_not_taken_for_the_state_of_now() -> Result<()> {
    let watched = Watched::begin("list-old").await?;
    for name in ["changes", "goes", "returns"] {
        watched.create(name).await?;
        watched.until_last(name, |event| !is_gone(event)).await?;
    }
    watched.answers.keep(&watched.namespace.client, DEPLOYMENTS).await?;

    watched.relabel("changes", "new").await?;
    watched.delete("goes").await?;
    watched.delete("returns").await?;
    watched.until_last("returns", is_gone).await?;
    watched.create("returns").await?;
    watched.create("comes").await?;
    watched.until_round("changes", "new").await?;
    watched.until_last("goes", is_gone).await?;
    for name in ["returns", "comes"] {
        watched.until_last(name, |event| !is_gone(event)).await?;
    }
    let names = ["changes", "goes", "returns", "comes"];
    let mut before = Vec::new();
    for name in names {
        before.push(watched.seen(name).await?);
    }

    watched.answers.set(Answer::OldList);
    until("the old list is served", || async { watched.answers.has_served(DEPLOYMENTS).then_some(()) }).await;
    watched.create("meanwhile").await?;
    watched.answers.set(Answer::True);
    watched.until_last("meanwhile", |event| !is_gone(event)).await?;
    for (name, before) in names.into_iter().zip(before) {
        let now = watched.seen(name).await?;
        let (recorded, added) = now.split_at(before.len());
        let last = before.last();
        let goes_on = added.iter().all(|event| last.is_some_and(|last| is_newer(event, last)));
        anyhow::ensure!(recorded == before && goes_on, "{name}: {added:?} after {last:?}");
    }
    watched.end().await;
    Ok(())
}
