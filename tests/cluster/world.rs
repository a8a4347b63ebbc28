//! A world with many situations on the real cluster: namespaces with rules of their own, a fake node, a registry without
//! images, and a console that watches all of it.

mod node;

use crate::situations::{Place, Situation, Step};
use anyhow::{Context, Result, ensure};
use axum::{Router, http::StatusCode};
use commands::Error;
use domain::{
    core::{ids::OperationId, refusal::Refusal},
    kubernetes::{object::ObjectRef, status::Status},
    operation::Intent,
};
use kube::{
    Api, Client,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use projections::Projections;
use serde_json::{Value, json};
use sqlx::types::Json;
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    process::Command,
    time::Duration,
};
use tests::{
    cluster::client,
    database::{Database, sealing},
    write_side::{Running, keyed, on_cluster},
};
use tokio::{
    net::TcpListener,
    sync::{Mutex, MutexGuard},
    task::JoinHandle,
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The kinds of workloads, with the group and version of their API.
pub const KINDS: [(&str, &str); 6] = [
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "ReplicaSet"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
];
const REQUESTED: Duration = Duration::from_secs(90);

/// Namespace, kind and name.
pub type Key = (String, String, String);

/// One world at a time: they take the whole node.
static ALONE: Mutex<()> = Mutex::const_new(());

/// Waits until no other world is left.
pub async fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().await
}

pub struct World {
    _alone: MutexGuard<'static, ()>,
    pub client: Client,
    pub database: Database,
    pub running: Running,
    pub run: String,
    /// Where images are asked for in vain.
    pub registry: String,
    reader: (CancellationToken, JoinHandle<()>),
}

impl World {
    pub async fn begin() -> Result<Self> {
        let alone = alone().await;
        script("kwok.sh", "up")?;
        let (client, database) = (client().await?, Database::create().await?);
        let running = on_cluster(&database).await?;
        let (ends, projections) = (CancellationToken::new(), Projections::new(database.application().await, sealing()));
        let token = ends.clone();
        let reader = tokio::spawn(async move { projections.run_projector("world".to_owned(), token).await });
        let run = Uuid::new_v4().simple().to_string()[..8].to_owned();
        let world =
            Self { _alone: alone, client, database, running, run, registry: registry().await?, reader: (ends, reader) };
        world.furnish().await?;
        Ok(world)
    }

    pub fn namespace(&self, place: Place) -> String {
        format!("test-{}-{}", self.run, place.as_str())
    }

    /// The name of the fake node, whose pods are ready at once.
    pub fn node(&self) -> String {
        format!("fake-{}", self.run)
    }

    async fn furnish(&self) -> Result<()> {
        for place in Place::ALL {
            let labels = place.labels();
            let name = self.namespace(place);
            self.create(
                &json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}),
            )
            .await?;
            for mut rule in place.rules(&self.run, &name) {
                if rule["metadata"]["name"].is_null() {
                    rule["metadata"] = json!({"name": "none", "namespace": name});
                }
                self.create(&rule).await?;
            }
        }
        for place in [Place::Policy, Place::Webhook] {
            self.until_refused(&self.namespace(place)).await?;
        }
        self.add_node(&self.node()).await
    }

    /// Waits until the API server has taken in a rule of admission that refuses every pod of the namespace.
    async fn until_refused(&self, namespace: &str) -> Result<()> {
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "probe"},
            "spec": {"containers": [{"name": "a", "image": "a"}]}});
        let pod: DynamicObject = serde_json::from_value(pod)?;
        let (pods, dry_run) =
            (self.api("v1", "Pod", Some(namespace)), PostParams { dry_run: true, ..PostParams::default() });
        tests::until("a rule of admission is in force", || async {
            let refused = |message: &str| ["denied", "webhook"].iter().any(|word| message.contains(word));
            match pods.create(&dry_run, &pod).await {
                Err(kube::Error::Api(status)) if refused(&status.message) => Some(()),
                _ => None,
            }
        })
        .await;
        Ok(())
    }

    fn api(&self, api_version: &str, kind: &str, namespace: Option<&str>) -> Api<DynamicObject> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let resource = ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind));
        match namespace {
            Some(namespace) => Api::namespaced_with(self.client.clone(), namespace, &resource),
            None => Api::all_with(self.client.clone(), &resource),
        }
    }

    pub fn api_of(&self, object: &Value) -> Api<DynamicObject> {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
        let (version, kind) = (text("/apiVersion").unwrap_or_default(), text("/kind").unwrap_or_default());
        self.api(version, kind, text("/metadata/namespace"))
    }

    pub async fn create(&self, object: &Value) -> Result<Value> {
        let body = serde_json::from_value(object.clone())?;
        let made = self.api_of(object).create(&PostParams::default(), &body).await;
        Ok(serde_json::to_value(made.with_context(|| format!("{} {}", object["kind"], object["metadata"]["name"]))?)?)
    }

    pub async fn get(&self, version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Result<Option<Value>> {
        let found = self.api(version, kind, namespace).get_opt(name).await?;
        Ok(found.map(serde_json::to_value).transpose()?)
    }

    pub async fn patch(&self, object: &Value, patch: &Value) -> Result<()> {
        let name = object["metadata"]["name"].as_str().context("a name")?;
        self.api_of(object).patch(name, &PatchParams::default(), &Patch::Merge(patch)).await?;
        Ok(())
    }

    /// Takes the next step of a situation.
    pub async fn take(&self, object: &Value, step: &Step) -> Result<()> {
        let name = object["metadata"]["name"].as_str().context("a name")?;
        match step {
            Step::Patch(patch) => self.patch(object, patch).await,
            Step::Create(other) => self.create(other).await.map(|_| ()),
            Step::Delete(policy) => {
                let parameters = DeleteParams { propagation_policy: Some(policy.clone()), ..DeleteParams::default() };
                self.api_of(object).delete(name, &parameters).await?;
                Ok(())
            }
            Step::MakeReady => {
                self.make_ready(object["metadata"]["namespace"].as_str().unwrap_or_default(), name).await
            }
            // As `kubectl create job --from` does.
            Step::Run => {
                let live = serde_json::to_value(self.api_of(object).get(name).await?)?;
                let mut job = live["spec"]["jobTemplate"].clone();
                job["apiVersion"] = "batch/v1".into();
                job["kind"] = "Job".into();
                job["metadata"] = json!({
                    "name": format!("{name}-by-hand"),
                    "namespace": live["metadata"]["namespace"],
                    "ownerReferences": [{"apiVersion": "batch/v1", "kind": "CronJob", "name": name,
                        "uid": live["metadata"]["uid"], "controller": true}],
                });
                self.create(&job).await.map(|_| ())
            }
        }
    }

    /// Requests an operation. While the log is slow, the same request is repeated under the same key.
    pub async fn request(&self, target: &ObjectRef, intent: &Intent) -> Result<Result<OperationId, Refusal>> {
        let (end, key) = (Instant::now() + REQUESTED, Uuid::new_v4());
        loop {
            let asked = match intent {
                Intent::CreateWorkload { manifest } => {
                    let (cluster, text) = (target.cluster.clone(), manifest.to_string());
                    self.running.dispatcher.create_workload(keyed(key), cluster, &text).await
                }
                intent => self.running.dispatcher.request(keyed(key), target.clone(), intent.clone(), None).await,
            };
            match asked {
                Ok(receipt) => return Ok(Ok(receipt.operation)),
                Err(Error::Refused(refusal)) => return Ok(Err(refusal)),
                Err(error) => ensure!(Instant::now() < end, "{target}: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What Binnacle says of the workloads of this world.
    pub async fn rows(&self) -> Result<HashMap<Key, Status>> {
        let sql = "SELECT namespace, kind, name, status FROM read.workloads WHERE namespace LIKE $1";
        let rows: Vec<(String, String, String, Json<Status>)> =
            sqlx::query_as(sql).bind(format!("test-{}-%", self.run)).fetch_all(&self.running.pool).await?;
        Ok(rows.into_iter().map(|(namespace, kind, name, Json(status))| ((namespace, kind, name), status)).collect())
    }

    /// The workloads that are there, without the ReplicaSets of Deployments.
    pub async fn live(&self) -> Result<BTreeMap<Key, Value>> {
        let mut found = BTreeMap::new();
        for (version, kind) in KINDS {
            for object in self.list(version, kind).await? {
                let owner = object.pointer("/metadata/ownerReferences/0/kind").and_then(Value::as_str);
                if kind == "ReplicaSet" && owner == Some("Deployment") {
                    continue;
                }
                let text = |pointer| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
                found.insert((text("/metadata/namespace"), kind.to_owned(), text("/metadata/name")), object);
            }
        }
        Ok(found)
    }

    /// Every object of a kind in the namespaces of this world.
    pub async fn list(&self, version: &str, kind: &str) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for place in Place::ALL {
            found.extend(self.list_in(place, version, kind).await?);
        }
        Ok(found)
    }

    pub async fn list_in(&self, place: Place, version: &str, kind: &str) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for object in self.api(version, kind, Some(&self.namespace(place))).list(&ListParams::default()).await? {
            let mut object = serde_json::to_value(object)?;
            object["apiVersion"] = version.into();
            object["kind"] = kind.into();
            found.push(object);
        }
        Ok(found)
    }

    /// Puts a situation into its place.
    pub async fn put(&self, situation: &mut Situation) -> Result<()> {
        situation.object["metadata"]["namespace"] = self.namespace(situation.place).into();
        self.create(&situation.object).await.map(|_| ())
    }

    /// Takes everything away again.
    pub async fn end(self) -> Result<()> {
        for object in self.live().await?.values().filter(|object| !object["metadata"]["finalizers"].is_null()) {
            let _ = self.patch(object, &json!({"metadata": {"finalizers": null}})).await;
        }
        let background = DeleteParams::background();
        for place in Place::ALL {
            let namespace = self.namespace(place);
            for rule in place.rules(&self.run, &namespace).iter().filter(|rule| !rule["metadata"]["name"].is_null()) {
                let name = rule["metadata"]["name"].as_str().unwrap_or_default();
                let _ = self.api_of(rule).delete(name, &background).await;
            }
            let pods = self.api("v1", "Pod", Some(&namespace));
            let _ = pods.delete_collection(&DeleteParams::default().grace_period(0), &ListParams::default()).await;
            let _ = self.api("v1", "Namespace", None).delete(&namespace, &background).await;
        }
        let _ = self.api("v1", "Node", None).delete(&self.node(), &background).await;
        self.reader.0.cancel();
        let _ = self.reader.1.await;
        self.running.stop().await;
        self.database.drop().await;
        Ok(())
    }
}

/// Runs a script of the development cluster; the last line that it prints.
pub fn script(name: &str, argument: &str) -> Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster").join(name);
    let done = Command::new(&path).arg(argument).output().with_context(|| path.display().to_string())?;
    ensure!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
    Ok(String::from_utf8(done.stdout)?.lines().last().unwrap_or_default().to_owned())
}

/// A registry that has no image, and refuses those called `denied`.
async fn registry() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let answer = |uri: axum::http::Uri| async move {
        if uri.path().contains("denied") { StatusCode::FORBIDDEN } else { StatusCode::NOT_FOUND }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    Ok(address)
}
