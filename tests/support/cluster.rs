//! The real development cluster: a throw-away namespace for each test, and what the API server itself wrote down.

use crate::witness;
use anyhow::{Context, Result};
use domain::core::ids::OperationId;
use kube::{
    Api, Client, Config,
    api::{DeleteParams, PostParams},
    config::{KubeConfigOptions, Kubeconfig},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use std::path::PathBuf;
use uuid::Uuid;

/// The kubeconfig of the cluster under test.
pub fn kubeconfig() -> Result<PathBuf> {
    let path = std::env::var_os("KUBECONFIG").context("KUBECONFIG is not set: run the tests by `make test`")?;
    Ok(PathBuf::from(path))
}

/// The host and port of the API server.
pub fn server() -> Result<String> {
    let address = Kubeconfig::read_from(kubeconfig()?)?.clusters.into_iter().next().and_then(|c| c.cluster?.server);
    let address = address.context("the kubeconfig names no server")?;
    Ok(address.trim_start_matches("https://").trim_end_matches('/').to_owned())
}

/// A kubeconfig like the real one, by way of another port on loopback; written to `path`.
pub fn kubeconfig_by(port: u16, path: &std::path::Path) -> Result<()> {
    let text = std::fs::read_to_string(kubeconfig()?)?;
    let changed = text.replace(&server()?, &format!("127.0.0.1:{port}"));
    anyhow::ensure!(changed != text, "the kubeconfig does not name its server plainly");
    Ok(std::fs::write(path, changed)?)
}

pub async fn client() -> Result<Client> {
    let config = Kubeconfig::read_from(kubeconfig()?)?;
    let config = Config::from_custom_kubeconfig(config, &KubeConfigOptions::default()).await?;
    Ok(Client::try_from(config)?)
}

/// A namespace that is removed with everything in it.
pub struct Namespace {
    pub name: String,
    pub client: Client,
}

impl Namespace {
    pub async fn create(purpose: &str) -> Result<Self> {
        let client = client().await?;
        let name = format!("test-{purpose}-{}", &Uuid::new_v4().simple().to_string()[..8]);
        let object = serde_json::from_value(json!({"metadata": {"name": name}}))?;
        namespaces(client.clone()).create(&PostParams::default(), &object).await?;
        Ok(Self { name, client })
    }

    pub fn deployments(&self) -> Api<DynamicObject> {
        let resource = ApiResource::from_gvk(&GroupVersionKind::gvk("apps", "v1", "Deployment"));
        Api::namespaced_with(self.client.clone(), &self.name, &resource)
    }

    /// `pointer` into the live Deployment `name`.
    pub async fn live(&self, name: &str, pointer: &str) -> Option<Value> {
        let found = self.deployments().get_opt(name).await.ok().flatten()?;
        serde_json::to_value(found).ok()?.pointer(pointer).cloned()
    }

    pub async fn drop(self) {
        let _ = namespaces(self.client).delete(&self.name, &DeleteParams::background()).await;
    }
}

fn namespaces(client: Client) -> Api<DynamicObject> {
    Api::all_with(client, &ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "Namespace")))
}

/// A Deployment whose pods start and stop within a second.
pub fn manifest(namespace: &str, name: &str, replicas: u32) -> String {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"terminationGracePeriodSeconds": 0, "containers": [{
                    "name": "main", "image": "docker.io/library/busybox:1", "imagePullPolicy": "IfNotPresent",
                    "command": ["sleep", "3600"],
                }]},
            },
        },
    })
    .to_string()
}

/// The same object with pods that no node is ever chosen for: what waits for them waits until it is told otherwise.
pub fn never_starts(manifest: &str) -> String {
    manifest.replace("\"containers\":", "\"schedulingGates\":[{\"name\":\"binnacle.test/shut\"}],\"containers\":")
}

/// The successful changes that the API server itself recorded under an operation's id: the independent witness.
pub fn effects_in_audit_log(operation: OperationId) -> Result<Vec<Value>> {
    let id = operation.to_string();
    let marked = "/requestObject/metadata/annotations/binnacle.io~1operation-id";
    recorded_by_api_server(&id, |entry| {
        let uri = entry["requestURI"].as_str().unwrap_or_default();
        // Controllers copy the annotation of a Deployment to its ReplicaSets: only our own requests count.
        let is_ours = uri.contains("fieldManager=binnacle") && !uri.contains("dryRun");
        entry.pointer(marked).and_then(Value::as_str) == Some(&id) && is_ours
    })
}

/// The deletions of a Deployment that the API server accepted from Binnacle. Controllers delete by other names.
pub fn deletes_in_audit_log(namespace: &str, name: &str) -> Result<usize> {
    let deletes = recorded_by_api_server(namespace, |entry| {
        let object = &entry["objectRef"];
        let is_it = object["resource"] == "deployments" && object["namespace"] == namespace && object["name"] == name;
        is_it && entry["verb"] == "delete"
    })?;
    Ok(deletes.len())
}

/// Of all that the API server wrote down and that holds `word`: what succeeded and is meant.
fn recorded_by_api_server(word: &str, is_meant: impl Fn(&Value) -> bool) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    for line in witness::lines(None)? {
        let line = line?;
        // The last line may still be being written; whoever must see it reads again.
        let Some(entry) = line.contains(word).then(|| serde_json::from_str::<Value>(&line).ok()).flatten() else {
            continue;
        };
        let succeeded = entry["responseStatus"]["code"].as_i64().is_some_and(|code| (200..300).contains(&code));
        if succeeded && entry["stage"] == "ResponseComplete" && is_meant(&entry) {
            found.push(entry);
        }
    }
    Ok(found)
}
