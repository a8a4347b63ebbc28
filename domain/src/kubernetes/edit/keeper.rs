//! What else keeps an object as it wants it, so that a change by hand may not last.

use crate::kubernetes::manifest::Place;
use serde_json::Value;

/// Annotations and labels of tools, each with the name that people know and the place of what it belongs to.
const MARKS: [(&str, &str, &str); 7] = [
    ("annotations", "argocd.argoproj.io/tracking-id", "Argo CD"),
    ("labels", "argocd.argoproj.io/instance", "Argo CD"),
    ("labels", "kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("labels", "helm.toolkit.fluxcd.io/name", "Flux"),
    ("annotations", "meta.helm.sh/release-name", "Helm"),
    ("annotations", "objectset.rio.cattle.io/id", "Fleet"),
    ("labels", "olm.managed", "OLM"),
];
/// Field managers of such tools.
const MANAGERS: [(&str, &str); 3] =
    [("argocd-controller", "Argo CD"), ("kustomize-controller", "Flux"), ("helm-controller", "Flux")];

/// The name of the tool or the controller that keeps it, for people. None if none is known.
pub fn keeper(object: &Value) -> Option<String> {
    let metadata = Place::of(object).get("metadata");
    let marked = MARKS.iter().find_map(|(map, name, tool)| {
        let of = metadata.get(map).get(name).text()?;
        // The id of Argo CD names the application first.
        let of = of.split(':').next().unwrap_or_default();
        Some(if of.is_empty() || of == "true" { (*tool).to_owned() } else { format!("{tool} ({of})") })
    });
    marked.or_else(|| controller(object)).or_else(|| managed(object))
}

fn controller(object: &Value) -> Option<String> {
    let owners = object.pointer("/metadata/ownerReferences")?.as_array()?;
    let owner = owners.iter().find(|owner| owner.get("controller") == Some(&Value::Bool(true)))?;
    Some(format!("{} {}", owner.get("kind")?.as_str()?, owner.get("name")?.as_str()?))
}

fn managed(object: &Value) -> Option<String> {
    let entries = object.pointer("/metadata/managedFields")?.as_array()?;
    let of = |entry: &Value| entry.get("manager").and_then(Value::as_str).map(str::to_owned);
    let managers: Vec<String> = entries.iter().filter_map(of).collect();
    let found = MANAGERS.iter().find(|(manager, _)| managers.iter().any(|known| known == manager));
    let autoscaler = managers.iter().any(|manager| manager == "horizontal-pod-autoscaler");
    let autoscaled = autoscaler.then(|| "HorizontalPodAutoscaler".to_owned());
    found.map(|(_, tool)| (*tool).to_owned()).or(autoscaled)
}
