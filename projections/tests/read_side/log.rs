//! A log to append to, and the read side on it.

use chrono::{DateTime, Utc};
use domain::core::canonical::canonical;
use domain::{
    core::{
        actor::Actor,
        codec::{self, Encoded},
        envelope::Metadata,
        event::Event,
        ids::{ClusterId, OperationId, SessionId, UserId},
        sealing::{DataKey, KeyId, KeyScope, Sealer, SealingKeys, data_key},
    },
    kubernetes::{
        object::ObjectRef,
        observation::{
            Condition, Container, ContainerState, Deployment, Details, FreeText, Pod, ReplicaCounts, Role, Truth,
            Workload, WorkloadSnapshot,
        },
        observed::ObservedEvent,
        resource::Resource,
    },
    operation::{Intent, OperationEvent},
};
use projections::{
    Projection, Projections,
    models::registry::{PROJECTIONS, ROWS},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::{PgPool, postgres::PgPoolOptions};
use std::{
    collections::BTreeMap, fs, io::Write, os::unix::fs::OpenOptionsExt, path::PathBuf, sync::Arc, time::Duration,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Bounds a hang: what a list takes depends on the machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The key that the tests seal by.
fn sealing() -> SealingKeys {
    SealingKeys::parse(&key_line()).unwrap()
}

fn key_line() -> String {
    format!("test {}", "5e".repeat(32))
}

/// A file with that key.
pub fn key_file() -> PathBuf {
    let path = std::env::temp_dir().join(format!("read-side-{}.sealing-key", std::process::id()));
    let file = fs::File::options().write(true).create(true).truncate(false).mode(0o600).open(&path);
    writeln!(file.unwrap(), "{}", key_line()).unwrap();
    path
}

fn sealer(key: &DataKey) -> Sealer<'_> {
    Sealer { key: Some(key), salt: *Uuid::now_v7().as_bytes() }
}

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
        let read = Projections::of(
            list,
            ROWS,
            PgPoolOptions::new().max_connections(8).connect_lazy_with(options),
            Arc::new(sealing()),
        );
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
        self.append_because(stream, events, None).await
    }

    /// The same for the reason that the person gave.
    pub async fn append_because(&self, stream: &str, events: Vec<Event>, reason: Option<&str>) -> i64 {
        let anna = Uuid::from_u128(7);
        sqlx::query(
            "WITH account AS (INSERT INTO auth.credentials (user_id, username, sealed_hash) \
                 VALUES ($1, 'anna', '') ON CONFLICT DO NOTHING) \
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
            display_name: "Anna".into(),
            session: Some(SessionId(anna)),
            source: None,
        };
        let person = self.key(&actor.key_scope().unwrap()).await;
        let metadata = Metadata { reason: reason.map(str::to_owned), ..Metadata::by(actor) };
        let metadata = canonical(&metadata).unwrap();
        let metadata = sealer(&person).seal(&codec::metadata_of(stream), metadata).unwrap();
        let own = match KeyScope::of_stream(stream) {
            Some(scope) => self.key(&scope).await,
            None => person,
        };
        let encode = |event: &Event| {
            let encoded = codec::encode(event).unwrap();
            let payload = sealer(&own).seal(&codec::payload_of(stream), encoded.payload).unwrap();
            Encoded { payload, ..encoded }
        };
        let encoded: Vec<_> = events.iter().map(encode).collect();
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

    /// The data key of a scope, made as the write side does.
    async fn key(&self, scope: &KeyScope) -> DataKey {
        let bytes: [u8; 32] = Sha256::digest(scope.as_str()).into();
        let id = KeyId([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]]);
        let wrapped = sealing().seal(&data_key::place(id, scope.as_str()), &bytes).unwrap();
        sqlx::query("INSERT INTO data_keys (id, scope, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(id.0.as_slice())
            .bind(scope.as_str())
            .bind(wrapped)
            .execute(&self.admin)
            .await
            .unwrap();
        DataKey::new(id, &bytes)
    }

    /// Deletes the data key of a scope, which an event that reports so needs; as the owner, before that event.
    pub async fn delete_key(&self, scope: &KeyScope) {
        let mut transaction = self.admin.begin().await.unwrap();
        let disable = "ALTER TABLE data_keys DISABLE TRIGGER must_be_reported";
        sqlx::query(disable).execute(&mut *transaction).await.unwrap();
        let delete = sqlx::query("DELETE FROM data_keys WHERE scope = $1").bind(scope.as_str());
        delete.execute(&mut *transaction).await.unwrap();
        let enable = "ALTER TABLE data_keys ENABLE TRIGGER must_be_reported";
        sqlx::query(enable).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// Waits until the read model has `position`.
    pub async fn projected(&self, position: i64) {
        self.read.wait_for(self.read.list(), position, PATIENCE).await.unwrap();
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
    pub async fn positions(&self) -> BTreeMap<String, i64> {
        let positions = sqlx::query_as("SELECT projection, position FROM read.checkpoints").fetch_all(&self.admin);
        positions.await.unwrap().into_iter().collect()
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
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        manifest_hash: FreeText::new(&format!("hash-{generation}")),
        manifest: json!({
            "metadata": {"labels": labels},
            "spec": {"replicas": 2, "template": {"spec": {"containers": [{"name": "a", "image": "registry/nginx:1"}]}}},
        })
        .into(),
        managers: Vec::new(),
        snapshot: Box::new(snapshot(generation, 2)),
    }
}

/// A Deployment of two, of which so many are available.
pub fn snapshot(generation: i64, available: i32) -> WorkloadSnapshot {
    let counts = ReplicaCounts { replicas: 2, updated: 2, ready: available, available, ..ReplicaCounts::default() };
    WorkloadSnapshot::alone(Workload {
        generation,
        observed_generation: Some(generation),
        deletion: None,
        owners: Vec::new(),
        conditions: Vec::new(),
        notes: Vec::new(),
        details: Details::Deployment(Deployment { replicas: 2, counts, ..Deployment::default() }),
    })
}

pub fn pod(uid: &str, phase: &str, workload: Option<String>) -> ObservedEvent {
    let container = |name: &str| Container {
        name: name.to_owned(),
        role: Role::Main,
        image: "registry/nginx:1".to_owned(),
        ready: true,
        started: true,
        restarts: 0,
        // What a container says may hold a NUL, which Postgres cannot store.
        state: ContainerState::Waiting { reason: "bad\0byte".to_owned(), message: FreeText::new("bad\0byte") },
        last: None,
        settled: false,
        overdue: false,
        ready_delay: 0,
        probes: Vec::new(),
        ..Container::default()
    };
    let ready = Condition {
        kind: "Ready".to_owned(),
        status: Truth::True,
        reason: String::new(),
        message: FreeText::default(),
        since: None,
    };
    ObservedEvent::PodObserved {
        uid: uid.to_owned(),
        resource_version: "1".to_owned(),
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        workload,
        labels: json!({"app": "web"}),
        pod: Box::new(Pod {
            phase: phase.to_owned(),
            node: Some("node-1".to_owned()),
            conditions: vec![ready],
            containers: vec![container("b"), container("a")],
            ..Pod::default()
        }),
    }
}

pub fn requested(id: u128, replicas: i32) -> OperationEvent {
    OperationEvent::OperationRequested {
        operation: OperationId(Uuid::from_u128(id)),
        intent: Intent::ScaleWorkload { replicas },
        uid: None,
        retry_of: None,
        behind: None,
    }
}
