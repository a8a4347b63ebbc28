//! What is done with the canaries on the cluster: by Binnacle, and by others.

use super::{
    manifests::{config_map, shapes_of, texts, workload},
    shapes::Canaries,
    words,
};
use crate::mutations::{mutate, until_ended};
use anyhow::{Context, Result, ensure};
use commands::kubernetes::client::api_resource;
use domain::kubernetes::resource::Resource;
use kube::{
    Api,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use tests::{cluster::Namespace, gateway::Gateway, until, write_side::CLUSTER};

/// Asks Binnacle to create it; answers the operation.
pub async fn request(gateway: &Gateway, manifest: &Value) -> Result<String> {
    let input = json!({"cluster": CLUSTER, "manifest": manifest.to_string()});
    let accepted = mutate(gateway, "createWorkload", input).await?;
    let operation = accepted.pointer("/operation/id").and_then(Value::as_str);
    Ok(operation.with_context(|| accepted.to_string())?.to_owned())
}

/// A workload of each kind and a ConfigMap with all canaries, and a Deployment whose pod and events have them in their words.
/// Binnacle creates what `by_binnacle` says, others the rest. Some of these words quote a plain secret with a canary of `masked` in it.
pub async fn fill(
    gateway: &Gateway,
    namespace: &Namespace,
    prefix: &str,
    canaries: &mut Canaries,
    masked: &mut Canaries,
    by_binnacle: impl Fn(usize) -> bool,
) -> Result<()> {
    let mut operations = Vec::new();
    for nth in 0..Resource::WORKLOADS.len() {
        let manifest = workload(nth, &namespace.name, &format!("{prefix}-{nth}"), canaries);
        let found = domain::kubernetes::secret::find(&manifest);
        ensure!(found.is_empty(), "these would be refused: {found:?}");
        if by_binnacle(nth) {
            operations.push(request(gateway, &manifest).await?);
        } else {
            create(namespace, manifest).await?;
        }
    }
    create(namespace, config_map(&namespace.name, &format!("{prefix}-map"), canaries)).await?;
    let talkative = words::talkative(&namespace.name, &format!("{prefix}-talkative"), canaries);
    create(namespace, talkative).await?;
    let indiscreet = words::indiscreet(&namespace.name, &format!("{prefix}-indiscreet"), masked);
    let found = domain::kubernetes::secret::find(&indiscreet);
    ensure!(found.is_empty(), "only its words are to be masked: {found:?}");
    create(namespace, indiscreet).await?;
    say(namespace, &format!("{prefix}-held"), canaries, masked).await?;
    for operation in operations {
        assert_eq!(until_ended(gateway, &operation).await, "SUCCEEDED");
    }
    Ok(())
}

/// A Deployment about which the cluster says much.
async fn say(namespace: &Namespace, name: &str, canaries: &mut Canaries, masked: &mut Canaries) -> Result<()> {
    create(namespace, words::held(&namespace.name, name)).await?;
    let (pods, of_it) = (api(namespace, &Resource::POD), ListParams::default().labels(&format!("app={name}")));
    let pod = until("the pod is there", || async {
        let found = pods.list(&of_it).await.ok()?.items.into_iter().next()?;
        found.metadata.name
    })
    .await;
    let status = Patch::Merge(words::status(canaries));
    pods.patch_status(&pod, &PatchParams::default(), &status).await?;
    let uid = namespace.live(name, "/metadata/uid").await.context("a uid")?;
    for event in words::events(&namespace.name, name, uid.as_str().unwrap_or_default(), canaries, masked) {
        create(namespace, event).await?;
    }
    Ok(())
}

/// What the API server refuses, by its words or by its fields; answers the operations.
pub async fn refuse(gateway: &Gateway, namespace: &Namespace, canaries: &mut Canaries) -> Result<Vec<String>> {
    let mut operations = Vec::new();
    for nth in 0..Resource::WORKLOADS.len() {
        let mut manifests = words::refused(nth, &namespace.name, canaries);
        manifests.push(words::unknown(nth, &namespace.name, canaries));
        for manifest in manifests {
            operations.push(request(gateway, &manifest).await?);
        }
    }
    for operation in &operations {
        assert_eq!(until_ended(gateway, operation).await, "FAILED");
    }
    Ok(operations)
}

/// Writes annotations to the workloads of `prefix`, in the place of those that were written so before. The name of the field
/// manager is a plain secret, with a canary of `masked` in it.
pub async fn rewrite(
    namespace: &Namespace,
    prefix: &str,
    canaries: &mut Canaries,
    masked: &mut Canaries,
) -> Result<()> {
    for (nth, kind) in Resource::WORKLOADS.iter().enumerate() {
        let annotations = texts("rewritten", shapes_of(nth), canaries);
        let patch = Patch::Merge(json!({"metadata": {"annotations": annotations}}));
        let manager = Some(format!("deploy --password=hunter{}", masked.number()));
        let by_manager = PatchParams { field_manager: manager, ..PatchParams::default() };
        api(namespace, kind).patch(&format!("{prefix}-{nth}"), &by_manager, &patch).await?;
    }
    Ok(())
}

/// Removes the workloads and the ConfigMap of `prefix`, and waits until nothing of them is there but events.
pub async fn remove(namespace: &Namespace, prefix: &str) -> Result<()> {
    for kind in Resource::WORKLOADS.iter().chain([&Resource::CONFIG_MAP]) {
        for name in names(namespace, kind, prefix).await? {
            api(namespace, kind).delete(&name, &DeleteParams::background()).await?;
        }
    }
    for kind in Resource::WORKLOADS.iter().chain([&Resource::CONFIG_MAP, &Resource::POD]) {
        until("it is gone", || async { names(namespace, kind, prefix).await.ok().filter(Vec::is_empty).map(drop) })
            .await;
    }
    Ok(())
}

/// Removes the events about what begins so, as the cluster does after an hour.
pub async fn remove_events(namespace: &Namespace, prefix: &str) -> Result<()> {
    let events = api(namespace, &Resource::EVENT);
    for event in events.list(&ListParams::default()).await?.items {
        let about = event.data.pointer("/involvedObject/name").and_then(Value::as_str).unwrap_or_default();
        if about.starts_with(prefix) {
            events.delete(&event.metadata.name.unwrap_or_default(), &DeleteParams::default()).await?;
        }
    }
    Ok(())
}

async fn names(namespace: &Namespace, kind: &Resource, prefix: &str) -> Result<Vec<String>> {
    let found = api(namespace, kind).list(&ListParams::default()).await?.items.into_iter();
    let names = found.filter(|object| object.metadata.owner_references.is_none() || *kind == Resource::POD);
    Ok(names.filter_map(|object| object.metadata.name).filter(|name| name.starts_with(prefix)).collect())
}

pub async fn create(namespace: &Namespace, object: Value) -> Result<()> {
    let kind: Resource = object["kind"].as_str().context("a kind")?.parse()?;
    api(namespace, &kind).create(&PostParams::default(), &serde_json::from_value(object)?).await?;
    Ok(())
}

fn api(namespace: &Namespace, kind: &Resource) -> Api<DynamicObject> {
    let of_version_1 = || ApiResource::from_gvk(&GroupVersionKind::gvk(kind.group(), "v1", kind.kind()));
    let resource = api_resource(kind).unwrap_or_else(of_version_1);
    Api::namespaced_with(namespace.client.clone(), &namespace.name, &resource)
}
