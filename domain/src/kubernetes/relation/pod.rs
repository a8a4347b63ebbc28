//! What the containers of a pod, or of a template of pods, need of other objects.

use super::found::Found;
use crate::kubernetes::{manifest::Place, resource::Resource};

const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// `pod`: the `spec` of a pod.
pub(super) fn edges(pod: Place, found: &mut Found) {
    pod.get("volumes").items().for_each(|volume| of_volume(volume, found));
    for container in CONTAINERS.iter().flat_map(|list| pod.get(list).items()) {
        of_container(container, found);
    }
    for secret in pod.get("imagePullSecrets").items() {
        found.mounts(Resource::SECRET, secret.get("name"));
    }
    // The older of the two names is still written by the server.
    for account in ["serviceAccountName", "serviceAccount"] {
        found.mounts(Resource::SERVICE_ACCOUNT, pod.get(account));
    }
}

fn of_volume(volume: Place, found: &mut Found) {
    found.mounts(Resource::CONFIG_MAP, volume.at(&["configMap", "name"]));
    found.mounts(Resource::SECRET, volume.at(&["secret", "secretName"]));
    found.mounts(Resource::CLAIM, volume.at(&["persistentVolumeClaim", "claimName"]));
    for source in volume.at(&["projected", "sources"]).items() {
        found.mounts(Resource::CONFIG_MAP, source.at(&["configMap", "name"]));
        found.mounts(Resource::SECRET, source.at(&["secret", "name"]));
    }
    // Drivers take their credentials from a Secret.
    found.mounts(Resource::SECRET, volume.at(&["azureFile", "secretName"]));
    for (_, source) in volume.fields() {
        found.mounts(Resource::SECRET, source.at(&["secretRef", "name"]));
        found.mounts(Resource::SECRET, source.at(&["nodePublishSecretRef", "name"]));
    }
}

fn of_container(container: Place, found: &mut Found) {
    for variable in container.get("env").items() {
        let from = variable.get("valueFrom");
        found.mounts(Resource::CONFIG_MAP, from.at(&["configMapKeyRef", "name"]));
        found.mounts(Resource::SECRET, from.at(&["secretKeyRef", "name"]));
    }
    for all in container.get("envFrom").items() {
        found.mounts(Resource::CONFIG_MAP, all.at(&["configMapRef", "name"]));
        found.mounts(Resource::SECRET, all.at(&["secretRef", "name"]));
    }
}
