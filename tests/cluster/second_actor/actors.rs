//! Who requests operations, and who interferes.

use crate::{
    situations::{Place, pods},
    world::{World, script},
};
use anyhow::{Context, Result, bail};
use domain::{
    core::ids::OperationId,
    kubernetes::{object::ObjectRef, resource::Resource},
    operation::Intent,
};
use fastrand::Rng;
use kube::api::{DeleteParams, Patch, PatchParams};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tests::write_side::cluster_id;
use tokio::{
    process::Command,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

const KINDS: [Resource; 10] = [
    Resource::DEPLOYMENT,
    Resource::DEPLOYMENT,
    Resource::DEPLOYMENT,
    Resource::DEPLOYMENT,
    Resource::STATEFUL_SET,
    Resource::STATEFUL_SET,
    Resource::DAEMON_SET,
    Resource::REPLICA_SET,
    Resource::JOB,
    Resource::CRON_JOB,
];
/// The lane whose object an autoscaler keeps at two or three replicas.
const AUTOSCALED: usize = 1;
/// The lane whose object a controller of this test keeps at three replicas at most.
const CONTROLLED: usize = 2;
/// The lanes whose objects kubectl changes as well: a Deployment, a StatefulSet, a DaemonSet and a Job.
const BY_KUBECTL: [usize; 4] = [0, 4, 6, 8];
const PATIENCE: Duration = Duration::from_secs(90);

/// An operation that was accepted.
pub struct Request {
    pub target: ObjectRef,
    pub operation: OperationId,
    pub intent: Intent,
}

/// One object, with those who change it.
pub struct Lane {
    pub target: ObjectRef,
    number: usize,
    manifest: Value,
    random: Rng,
    has_autoscaler: bool,
    /// None where it changes nothing.
    kubectl: Option<PathBuf>,
    /// How many versions of the object it made.
    pub by_kubectl: usize,
}

impl Lane {
    pub fn all(world: &World, seed: u64) -> Result<Vec<Self>> {
        let kubectl = Path::new(&script("build.sh", "kubernetes")?).join("kubectl");
        let of = |(number, kind): (usize, Resource)| {
            let (name, namespace) = (format!("lane-{number}"), world.namespace(Place::Plain));
            let pod = if kind == Resource::JOB { pods::real("sleep 3600") } else { pods::fake(&world.run) };
            let mut manifest = pods::object(kind.kind(), &name, pod, json!({}));
            manifest["metadata"]["namespace"] = namespace.clone().into();
            let target = ObjectRef { cluster: cluster_id(), kind, namespace: Some(namespace), name };
            Self {
                target,
                number,
                manifest,
                random: Rng::with_seed(seed.wrapping_add(number as u64)),
                has_autoscaler: false,
                kubectl: BY_KUBECTL.contains(&number).then(|| kubectl.clone()),
                by_kubectl: 0,
            }
        };
        Ok(KINDS.into_iter().enumerate().map(of).collect())
    }

    /// Requests so many operations while others interfere. It ends after the last answer to any of them.
    pub async fn run(&mut self, world: &World, operations: usize) -> Result<Vec<Request>> {
        if self.number == AUTOSCALED && !std::mem::replace(&mut self.has_autoscaler, true) {
            self.autoscale(world).await?;
        }
        let (meddling, has_ended) = (self.random.fork(), CancellationToken::new());
        let (target, number, kubectl) = (identity(&self.manifest), self.number, self.kubectl.clone());
        let requested = async {
            let requests = self.requests(world, operations).await?;
            has_ended.cancel();
            anyhow::Ok(requests)
        };
        let meddled = meddle(world, &target, number, kubectl.as_deref(), meddling, &has_ended);
        let (requests, by_kubectl) = tokio::try_join!(requested, meddled)?;
        self.by_kubectl += by_kubectl;
        Ok(requests)
    }

    /// Requests so many operations, most of them after the one before has ended.
    async fn requests(&mut self, world: &World, operations: usize) -> Result<Vec<Request>> {
        let mut requests = Vec::new();
        for _ in 0..operations {
            let request = self.request(world).await?;
            if self.random.u8(..100) < 85 {
                super::ended(world, &request).await?;
            }
            requests.push(request);
        }
        Ok(requests)
    }

    async fn request(&mut self, world: &World) -> Result<Request> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let intent = self.intent();
            if let Ok(operation) = world.request(&self.target, &intent).await? {
                return Ok(Request { target: self.target.clone(), operation, intent });
            }
            // What is not possible now may be in a moment; most often another verb is.
            sleep(Duration::from_millis(self.random.u64(5..50))).await;
        }
        bail!("nothing can be requested of {}", self.target)
    }

    fn intent(&mut self) -> Intent {
        match self.random.u8(..12) {
            0 => Intent::DeleteWorkload,
            1 | 2 => Intent::StopWorkload,
            3 | 4 => Intent::StartWorkload,
            5 | 6 => Intent::RestartWorkload,
            7 | 8 => Intent::CreateWorkload { manifest: self.manifest.clone().into() },
            _ => Intent::ScaleWorkload { replicas: self.random.i32(0..5) },
        }
    }

    async fn autoscale(&self, world: &World) -> Result<()> {
        let (name, namespace) = (&self.target.name, &self.target.namespace);
        let cpu = json!({"type": "Utilization", "averageUtilization": 90});
        world
            .create(&json!({
                "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
                "metadata": {"name": name, "namespace": namespace},
                "spec": {
                    "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
                    "minReplicas": 2, "maxReplicas": 3,
                    "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": cpu}}],
                },
            }))
            .await
            .map(|_| ())
    }
}

fn identity(manifest: &Value) -> Value {
    json!({"apiVersion": manifest["apiVersion"], "kind": manifest["kind"], "metadata": manifest["metadata"]})
}

/// Changes the object at random until the lane has ended. A change that has begun is finished. How many
/// versions of it kubectl made.
async fn meddle(
    world: &World,
    target: &Value,
    number: usize,
    kubectl: Option<&Path>,
    mut random: Rng,
    has_ended: &CancellationToken,
) -> Result<usize> {
    let text = |pointer: &str| target.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (kind, name, namespace) = (text("/kind"), text("/metadata/name"), text("/metadata/namespace"));
    let mut by_kubectl = 0;
    while has_ended.run_until_cancelled(sleep(Duration::from_millis(random.u64(100..2500)))).await.is_some() {
        if let Some(kubectl) = kubectl.filter(|_| random.bool()) {
            let words = words(kind, name, &mut random);
            let is_done = call(kubectl, namespace, &words).await?;
            // A deletion makes no version.
            by_kubectl += usize::from(is_done && words[0] != "delete");
            continue;
        }
        let api = world.api_of(target);
        let (manager, patch) = if number == CONTROLLED && random.bool() {
            let Ok(Some(live)) = api.get_opt(name).await else { continue };
            let replicas = live.data.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or_default();
            if replicas <= 3 {
                continue;
            }
            ("own-controller", json!({"spec": {"replicas": 3}}))
        } else {
            ("second-actor", change(kind, &mut random))
        };
        // It may not be there, or may be changing: then nothing happens.
        if patch.is_null() {
            let _ = api.delete(name, &DeleteParams::background()).await;
        } else {
            let parameters = PatchParams { field_manager: Some(manager.to_owned()), ..PatchParams::default() };
            let _ = api.patch(name, &parameters, &Patch::Merge(patch)).await;
        }
    }
    Ok(by_kubectl)
}

/// Calls kubectl; whether that succeeded. Like every change by others it may meet nothing, and then nothing happens.
async fn call(kubectl: &Path, namespace: &str, words: &[String]) -> Result<bool> {
    let mut command = Command::new(kubectl);
    command.args(["-n", namespace]).args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let ended = command.kill_on_drop(true).status();
    let status = timeout(PATIENCE, ended).await.context("kubectl does not end")?.context("kubectl")?;
    Ok(status.success())
}

/// A call of kubectl at random.
fn words(kind: &str, name: &str, random: &mut Rng) -> Vec<String> {
    let touched = format!("touched={}", random.u32(..));
    let replicas = format!("--replicas={}", random.i32(0..5));
    let suspend = json!({"spec": {"suspend": random.bool()}}).to_string();
    let (touched, replicas, suspend) = (touched.as_str(), replicas.as_str(), suspend.as_str());
    let words: &[&str] = match (random.u8(..10), kind) {
        (0, _) => &["delete", kind, name, "--wait=false"],
        (1, _) => &["label", kind, name, touched, "--overwrite"],
        (2, _) => &["annotate", kind, name, touched, "--overwrite"],
        (3 | 4, "Deployment" | "StatefulSet" | "DaemonSet") => &["rollout", "restart", kind, name],
        (_, "Deployment" | "StatefulSet" | "ReplicaSet") => &["scale", kind, name, replicas],
        (_, "Job" | "CronJob") => &["patch", kind, name, "--type=merge", "-p", suspend],
        _ => &["annotate", kind, name, touched, "--overwrite"],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A patch at random; null for a deletion.
fn change(kind: &str, random: &mut Rng) -> Value {
    let label = json!({"metadata": {"labels": {"touched": random.u32(..).to_string()}}});
    let annotation = json!({"metadata": {"annotations": {"touched": random.u32(..).to_string()}}});
    let template = |metadata: Value| json!({"spec": {"template": {"metadata": {"annotations": metadata}}}});
    match (random.u8(..16), kind) {
        (0, _) => Value::Null,
        (1 | 2, _) => label,
        (3, _) => annotation,
        (_, "Job" | "CronJob") => json!({"spec": {"suspend": random.bool()}}),
        (4..=6, "Deployment" | "StatefulSet" | "DaemonSet") => template(json!({"touched": random.u32(..).to_string()})),
        (7, "Deployment" | "StatefulSet" | "DaemonSet") => template(json!({"binnacle.io/restarted-by": null})),
        (8, "Deployment") => json!({"spec": {"paused": true}}),
        (9..=11, "Deployment") => json!({"spec": {"paused": null}}),
        (_, "DaemonSet") => label,
        _ => json!({"spec": {"replicas": random.i32(0..5)}}),
    }
}
