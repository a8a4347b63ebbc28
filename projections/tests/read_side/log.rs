//! A log to append to, and the read side on it.

use chrono::{DateTime, Utc};
use domain::core::canonical::canonical;
use domain::{
    core::{
        actor::Actor,
        codec,
        envelope::Metadata,
        event::Event,
        ids::{ClusterId, OperationId, SessionId, UserId},
    },
    kubernetes::{
        object::ObjectRef,
        observed::{ContainerSnapshot, ObservedEvent, PodSnapshot, WorkloadState, WorkloadStatus},
        resource::Resource,
    },
    operation::{Intent, OperationEvent},
};
use projections::{Projection, Projections, models::registry::PROJECTIONS};
use serde_json::{Value, json};
use sqlx::{PgPool, postgres::PgPoolOptions};
use std::{collections::BTreeMap, time::Duration};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What a test works with: the owner's pool and the read side as the application has it.
#[derive(Clone)]
pub struct Log {
    pub admin: PgPool,
    pub read: Projections,
}

/// A projector and a reader of changes that run until stopped.
pub struct Running {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
    }
}

impl Log {
    pub fn new(admin: PgPool) -> Self {
        Self::of(PROJECTIONS, admin)
    }

    /// The same with other projections than those of this version.
    pub fn of(list: &'static [&'static dyn Projection], admin: PgPool) -> Self {
        Self::with(list, admin, &[])
    }

    /// The same with settings of the connections for reads.
    pub fn with(list: &'static [&'static dyn Projection], admin: PgPool, settings: &[(&str, &str)]) -> Self {
        let options = (*admin.connect_options()).clone().options([("role", "binnacle_app")]);
        let options = options.options(settings.iter().copied());
        let read = Projections::of(list, PgPoolOptions::new().max_connections(8).connect_lazy_with(options));
        Self { admin, read }
    }

    /// Starts the projector and the reader of changes.
    pub fn run(&self, owner: &str) -> Running {
        let stop = CancellationToken::new();
        let (projecting, telling) = (self.read.clone(), self.read.clone());
        let (owner, first, second) = (owner.to_owned(), stop.clone(), stop.clone());
        let tasks = vec![
            tokio::spawn(async move { projecting.run_projector(owner, first).await }),
            tokio::spawn(async move { telling.run_changes(second).await }),
        ];
        Running { stop, tasks }
    }

    /// Appends one event, answers its position.
    pub async fn append(&self, stream: &str, event: impl Into<Event>) -> i64 {
        self.append_all(stream, vec![event.into()]).await
    }

    /// Appends events to one stream, answers the position of the last.
    pub async fn append_all(&self, stream: &str, events: Vec<Event>) -> i64 {
        let anna = Uuid::from_u128(7);
        sqlx::query(
            "WITH account AS (INSERT INTO auth.credentials (user_id, username, display_name, sealed_hash) \
                 VALUES ($1, 'anna', 'Anna', '') ON CONFLICT DO NOTHING) \
             INSERT INTO auth.sessions (id, user_id, token_hash, expires_at) VALUES ($1, $1, '', 'infinity') \
             ON CONFLICT DO NOTHING",
        )
        .bind(anna)
        .execute(&self.admin)
        .await
        .unwrap();
        let actor = Actor::User {
            id: UserId(anna),
            username: "anna".to_owned(),
            display_name: "Anna".to_owned(),
            session: Some(SessionId(anna)),
            source: None,
        };
        let metadata = canonical(&Metadata::by(actor)).unwrap();
        let encoded: Vec<_> = events.iter().map(|event| codec::encode(event).unwrap()).collect();
        let position: i64 = sqlx::query_scalar(
            "SELECT positions[1] FROM append(ARRAY[$1], ARRAY[-1], ARRAY[cardinality($2::text[])], ARRAY[NULL::uuid], \
             ARRAY[NULL::bytea], ARRAY[NULL::jsonb], ARRAY[NULL::uuid], ARRAY[NULL::uuid], ARRAY[NULL::bigint], false, \
             array_fill(1, ARRAY[cardinality($2)]), \
             ARRAY(SELECT cardinality($2) - n FROM generate_series(1, cardinality($2)) n), $3, $2, \
             array_fill(1, ARRAY[cardinality($2)]), $4, array_fill($5::bytea, ARRAY[cardinality($2)]), \
             '{}', '{}', '{}', '{}', '{}')",
        )
        .bind(stream)
        .bind(encoded.iter().map(|event| event.event_type).collect::<Vec<_>>())
        .bind(encoded.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
        .bind(encoded.iter().map(|event| event.payload.clone()).collect::<Vec<_>>())
        .bind(metadata)
        .fetch_one(self.read.pool())
        .await
        .unwrap();
        self.read.hint();
        position
    }

    /// Waits until the read model has `position`.
    pub async fn projected(&self, position: i64) {
        self.read.wait_for(self.read.list(), position, Duration::from_secs(10)).await.unwrap();
    }

    /// Waits until these alarms are on, and no others.
    pub async fn alarms(&self, wanted: &[&str]) {
        let there = async {
            while self.read.alarms() != wanted {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), there).await;
        waited.unwrap_or_else(|_| panic!("{wanted:?} are wanted, there are {:?}", self.read.alarms()));
    }

    /// Where each projection stands.
    pub async fn stands(&self) -> BTreeMap<String, i64> {
        let stands = sqlx::query_as("SELECT projection, position FROM read.checkpoints").fetch_all(&self.admin);
        stands.await.unwrap().into_iter().collect()
    }

    /// A workload appears; answers its id.
    pub async fn workload(&self, namespace: &str, name: &str, labels: Value) -> String {
        let object = object(Resource::DEPLOYMENT, namespace, name);
        self.append(&object.observed_stream(), manifest("u-1", 1, labels)).await;
        object.id()
    }

    pub async fn count(&self, table: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM read.{table}"));
        sqlx::query_scalar(sql).fetch_one(&self.admin).await.unwrap()
    }
}

pub fn object(kind: Resource, namespace: &str, name: &str) -> ObjectRef {
    let cluster = ClusterId::from_name("dev");
    ObjectRef { cluster, kind, namespace: Some(namespace.to_owned()), name: name.to_owned() }
}

pub fn manifest(uid: &str, generation: i64, labels: Value) -> ObservedEvent {
    ObservedEvent::WorkloadManifestObserved {
        uid: uid.to_owned(),
        resource_version: "1".to_owned(),
        generation,
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        manifest_hash: format!("hash-{generation}"),
        manifest: json!({
            "metadata": {"labels": labels},
            "spec": {"replicas": 2, "template": {"spec": {"containers": [{"name": "a", "image": "registry/nginx:1"}]}}},
        }),
        status: status(WorkloadState::Running),
    }
}

pub fn status(state: WorkloadState) -> WorkloadStatus {
    WorkloadStatus { state, reason: None, desired: Some(2), ready: Some(2) }
}

pub fn pod(uid: &str, phase: &str, workload: Option<String>) -> ObservedEvent {
    let container = |name: &str| ContainerSnapshot {
        name: name.to_owned(),
        image: "registry/nginx:1".to_owned(),
        ready: true,
        restarts: 0,
        state: "running".to_owned(),
        // What a container says may hold a NUL, which Postgres cannot store.
        reason: Some("bad\0byte".to_owned()),
    };
    ObservedEvent::PodObserved {
        uid: uid.to_owned(),
        resource_version: "1".to_owned(),
        pod: PodSnapshot {
            created_at: DateTime::<Utc>::UNIX_EPOCH,
            workload,
            labels: json!({"app": "web"}),
            phase: phase.to_owned(),
            ready: true,
            restarts: 0,
            reason: None,
            node: Some("node-1".to_owned()),
            containers: vec![container("b"), container("a")],
        },
    }
}

pub fn requested(id: u128, replicas: i32) -> OperationEvent {
    OperationEvent::OperationRequested {
        operation: OperationId(Uuid::from_u128(id)),
        intent: Intent::ScaleWorkload { replicas },
        uid: None,
        retry_of: None,
    }
}
