//! The fold of observed pods into rows. It evaluates reason and cause, so that a rebuild corrects them after a rule has
//! improved.

use super::{Container, Pod, Requests, Resources};
use crate::{
    Error,
    engine::{
        projection::{Projection, Table},
        rows::{self, Fold},
    },
    models::{
        forgotten::{CATEGORY, CLUSTERS, Gone, parts, remove_cluster},
        object_state::of_pod,
    },
};
use chrono::{DateTime, Utc};
use domain::{
    core::{
        event::{Event, Recorded},
        sealing::{KeyScope, Ring},
    },
    kubernetes::{
        object::ObjectRef,
        observation::{self, Condition, Object},
        observed::ObservedEvent,
        status,
    },
};
use futures::future::BoxFuture;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use sqlx::{FromRow, PgConnection};
use std::sync::Arc;

const PODS: Table = Table { name: "pods", key: &["id"], of_objects: true };

pub struct Pods;

impl Projection for Pods {
    fn name(&self) -> &'static str {
        "pods"
    }

    fn version(&self) -> i32 {
        12
    }

    fn tables(&self) -> &'static [Table] {
        &[PODS]
    }

    fn categories(&self) -> &'static [&'static str] {
        &["observed", CATEGORY, CLUSTERS]
    }

    fn apply<'a>(
        &self,
        db: &'a mut PgConnection,
        _keys: &'a Ring,
        events: &'a [Arc<Recorded>],
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(apply(db, events))
    }
}

async fn apply(db: &mut PgConnection, events: &[Arc<Recorded>]) -> Result<(), Error> {
    for (part, gone) in parts(events) {
        rows::take_in::<Pods>(db, part).await?;
        if let Some((cluster, namespace)) = gone.and_then(Gone::values).and_then(KeyScope::namespace) {
            let delete = sqlx::query("DELETE FROM pods WHERE scope = $1").bind(format!("{cluster}/{namespace}"));
            delete.execute(&mut *db).await?;
        }
        if let Some(cluster) = gone.and_then(Gone::cluster) {
            remove_cluster(db, &[PODS], cluster).await?;
        }
    }
    Ok(())
}

/// The part of the previous observation that a new one needs.
#[derive(FromRow)]
pub struct Incarnation {
    id: String,
    uid: String,
    added_position: i64,
}

impl Fold for Pods {
    type Key = String;
    type Before = Incarnation;
    type Row<'a> = Last<'a>;
    const TABLE: Table = PODS;
    const LOADED: &'static str = "id, uid, added_position";

    fn key(event: &Recorded) -> Option<String> {
        match &event.event {
            Event::Observed(ObservedEvent::PodObserved { .. } | ObservedEvent::PodGone { .. }) => {
                Some(ObjectRef::from_stream(&event.stream)?.id())
            }
            _ => None,
        }
    }

    fn key_of(before: &Incarnation) -> String {
        before.id.clone()
    }

    fn fold<'a>(before: Option<Incarnation>, event: &'a Recorded) -> Option<Last<'a>> {
        let Event::Observed(ObservedEvent::PodObserved { uid, created_at, workload, labels, pod, .. }) = &event.event
        else {
            return None;
        };
        let object = ObjectRef::from_stream(&event.stream)?;
        let same = before.filter(|before| before.uid == *uid);
        let added = same.map_or(event.position, |before| before.added_position);
        let workload = workload.as_deref();
        Some(Last {
            object,
            uid,
            created_at: *created_at,
            workload,
            labels,
            facts: pod,
            added,
            position: event.position,
        })
    }

    fn before(row: Last<'_>) -> Incarnation {
        Incarnation { id: row.object.id(), uid: row.uid.to_owned(), added_position: row.added }
    }
}

/// The last observation of a pod in a batch. Only the last one becomes a row.
pub struct Last<'a> {
    object: ObjectRef,
    uid: &'a str,
    created_at: DateTime<Utc>,
    workload: Option<&'a str>,
    labels: &'a Value,
    facts: &'a observation::Pod,
    added: i64,
    position: i64,
}

impl Serialize for Last<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.row().serialize(serializer)
    }
}

/// A row of the table.
#[derive(Serialize)]
struct Stored<'a> {
    #[serde(flatten)]
    pod: Pod,
    /// Its place in lists of all kinds.
    object_rank: i16,
    /// The text for searches.
    images: Vec<&'a str>,
    /// Apart from the row of lists, which do not show them.
    conditions: &'a [Condition],
    /// For the sums of workloads.
    cpu_request: Option<i64>,
    memory_request: Option<i64>,
    /// For the capacity of clusters.
    cpu_reserved: i64,
    memory_reserved: i64,
    /// The position of the last event that changed the row.
    position: i64,
}

impl<'a> Last<'a> {
    fn row(&self) -> Stored<'a> {
        let Self { object, uid, created_at, workload, labels, facts, added, position } = self;
        let seen = Object { name: &object.name, uid, created_at: *created_at, facts: *facts };
        let phase = if facts.deletion.is_some() { "Terminating" } else { facts.phase.as_str() };
        let reason = status::pod::reason(facts);
        let cause = status::pod::cause(&seen);
        let rank = match status::pod::severity(&seen) {
            Some((true, _)) => 1,
            Some((false, _)) => 2,
            None => 3,
        };
        let pod = Pod {
            id: object.id(),
            uid: (*uid).to_owned(),
            workload: workload.map(str::to_owned),
            phase: if phase.is_empty() { "Unknown" } else { phase }.to_owned(),
            ready: status::pod::is_ready(facts),
            restarts: status::pod::restarts(facts),
            reason: Some(reason.into_owned()).filter(|reason| reason != phase && !reason.is_empty()),
            cause,
            rank,
            node: facts.node.clone(),
            labels: if labels.is_object() { (*labels).clone() } else { json!({}) },
            containers: facts.containers.iter().map(Container::from).collect(),
            created_at: *created_at,
            added_position: *added,
            cluster: object.cluster.to_string(),
            namespace: object.namespace.clone().unwrap_or_default(),
            name: object.name.clone(),
        };
        let mut images: Vec<&str> = facts.containers.iter().map(|container| container.image.as_str()).collect();
        images.dedup();
        let Resources { cpu_request, memory_request, .. } = pod.resources();
        let Requests { cpu: cpu_reserved, memory: memory_reserved } = Requests::of(&pod.containers);
        let object_rank = of_pod(&pod.phase, pod.ready, pod.cause.is_some()).rank();
        let position = *position;
        let conditions = facts.conditions.as_slice();
        Stored {
            pod,
            object_rank,
            images,
            conditions,
            cpu_request,
            memory_request,
            cpu_reserved,
            memory_reserved,
            position,
        }
    }
}
