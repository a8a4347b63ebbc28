//! Changes of a few fields of an object, and the patch that makes one of the object as it was just read.

use crate::core::{
    free_value::Free,
    message::{Code, Message},
    refusal::{ErrorCode, Refusal},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Values by name; those without a value are removed.
pub type Values = BTreeMap<String, Option<Free<String>>>;
/// The same for values that are stored in clear.
pub type ClearValues = BTreeMap<String, Option<String>>;

/// Bytes of all names and values of a change. Kubernetes stores no larger ConfigMap and no larger Secret.
const MAX_BYTES: usize = 1 << 20;

/// A change of one container of a pod template.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContainerChange {
    pub container: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(skip_serializing_if = "Values::is_empty")]
    pub variables: Values,
    #[serde(skip_serializing_if = "ClearValues::is_empty")]
    pub requests: ClearValues,
    #[serde(skip_serializing_if = "ClearValues::is_empty")]
    pub limits: ClearValues,
}

impl ContainerChange {
    /// Whether a value of it cannot be opened any more.
    pub fn is_forgotten(&self) -> bool {
        is_forgotten(&self.variables)
    }

    /// The merge patch of the object as it was read. It has the whole list of containers, as a merge patch replaces lists, so it
    /// holds for this revision alone.
    pub fn patch(&self, found: &Value) -> Result<Value, Message> {
        let path: &[&str] = match found.pointer("/spec/jobTemplate") {
            Some(_) => &["spec", "jobTemplate", "spec", "template", "spec"],
            None => &["spec", "template", "spec"],
        };
        let pod = path.iter().try_fold(found, |below, field| below.get(field)).unwrap_or(&Value::Null);
        let lists = ["containers", "initContainers"].map(|list| (list, pod[list].as_array()));
        let is_it = |item: &Value| item["name"] == self.container.as_str();
        let own = lists.iter().find_map(|(name, list)| Some((name, list.filter(|list| list.iter().any(is_it))?)));
        let Some((name, list)) = own else {
            let known = lists.iter().filter_map(|(_, list)| *list).flatten().filter_map(|item| item["name"].as_str());
            let arguments =
                [("container", self.container.as_str().into()), ("known", known.collect::<Vec<_>>().into())];
            return Err(Code::NoSuchContainer.message(arguments));
        };
        let changed = list.iter().map(|item| if is_it(item) { self.of(item) } else { item.clone() });
        let changed = json!({*name: changed.collect::<Vec<_>>()});
        Ok(path.iter().rev().fold(changed, |inner, field| json!({*field: inner})))
    }

    /// The container after the change.
    fn of(&self, container: &Value) -> Value {
        let mut container = container.clone();
        if let Some(image) = &self.image {
            container["image"] = image.as_str().into();
        }
        if !self.variables.is_empty() {
            container["env"] = self.environment(container["env"].as_array().map_or(&[], Vec::as_slice)).into();
        }
        for (kind, values) in [("requests", &self.requests), ("limits", &self.limits)] {
            for (name, value) in values {
                if let Some(value) = value {
                    container["resources"][kind][name] = value.as_str().into();
                } else if let Some(known) =
                    container.pointer_mut(&format!("/resources/{kind}")).and_then(Value::as_object_mut)
                {
                    known.remove(name);
                }
            }
        }
        container
    }

    /// Each variable keeps its place; new ones come last, because a value may refer to those before it.
    fn environment(&self, before: &[Value]) -> Vec<Value> {
        let name_of = |variable: &Value| variable["name"].as_str().unwrap_or_default().to_owned();
        let changed = |variable: &Value| match self.variables.get(&name_of(variable)) {
            Some(value) => Some(json!({"name": name_of(variable), "value": value.as_ref()?.get()?})),
            None => Some(variable.clone()),
        };
        let is_new = |name: &str| before.iter().all(|variable| variable["name"] != name);
        let added = self.variables.iter().filter(|(name, _)| is_new(name));
        let added = added.filter_map(|(name, value)| Some(json!({"name": name, "value": value.as_ref()?.get()?})));
        before.iter().filter_map(changed).chain(added).collect()
    }
}

/// Whether a value cannot be opened any more.
pub(super) fn is_forgotten(values: &Values) -> bool {
    values.values().flatten().any(Free::is_forgotten)
}

/// As fields of a merge patch: what has no value is null, and so removed.
pub(super) fn fields(values: &Values) -> Value {
    let value = |value: &Option<Free<String>>| {
        value.as_ref().and_then(Free::get).map_or(Value::Null, |text| text.as_str().into())
    };
    values.iter().map(|(name, text)| (name.clone(), value(text))).collect()
}

/// The names and the sealed values of a change, for the rules of names.
pub(super) fn open(values: &Values) -> impl Iterator<Item = (&String, Option<&str>)> {
    values.iter().map(|(name, value)| (name, value.as_ref().and_then(Free::get).map(String::as_str)))
}

/// The same for values that are stored in clear.
pub(super) fn clear(values: &ClearValues) -> impl Iterator<Item = (&String, Option<&str>)> {
    values.iter().map(|(name, value)| (name, value.as_deref()))
}

/// Names and values are not longer than Kubernetes stores.
pub fn size_rule(field: &str, sizes: impl Iterator<Item = usize>) -> Result<(), Refusal> {
    match sizes.sum::<usize>() {
        bytes if bytes > MAX_BYTES => Err(Refusal::because(
            ErrorCode::Invalid,
            field,
            Code::TooMuchToSet.message([("bytes", bytes.into()), ("most", MAX_BYTES.into())]),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, Option<&str>)]) -> ContainerChange {
        let free = |value: &&str| Free::from((*value).to_owned());
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), value.as_ref().map(free)));
        let (container, variables) = ("web".to_owned(), variables.collect());
        ContainerChange { container, variables, ..ContainerChange::default() }
    }

    fn found() -> Value {
        json!({"spec": {"replicas": 2, "template": {"spec": {
            "initContainers": [{"name": "setup", "image": "setup:1"}],
            "containers": [
                {"name": "proxy", "image": "proxy:1", "env": [{"name": "A", "value": "other"}]},
                {"name": "web", "image": "web:1", "ports": [{"containerPort": 80}],
                 "env": [{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
                 "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}},
            ],
        }}}})
    }

    #[test]
    fn a_patch_changes_one_container_and_keeps_the_list_as_it_was_read() {
        let change = ContainerChange { image: Some("web:2".to_owned()), ..of(&[]) };
        let mut expected = found()["spec"]["template"]["spec"]["containers"].clone();
        expected[1]["image"] = "web:2".into();
        let wanted = json!({"spec": {"template": {"spec": {"containers": expected}}}});
        assert_eq!(change.patch(&found()), Ok(wanted));
        let setup = ContainerChange { container: "setup".to_owned(), ..change.clone() };
        let wanted = json!({"spec": {"template": {"spec": {"initContainers": [{"name": "setup", "image": "web:2"}]}}}});
        assert_eq!(setup.patch(&found()), Ok(wanted), "an init container");
        let missing = ContainerChange { container: "db".to_owned(), ..change.clone() }.patch(&found());
        let message = missing.expect_err("no such container");
        assert_eq!(message.arguments.get("known"), Some(&json!(["proxy", "web", "setup"])));
        let job = json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "web"}]}}}}}});
        let patch = change.patch(&job).expect("a patch");
        assert_eq!(patch.pointer("/spec/jobTemplate/spec/template/spec/containers/0/image"), Some(&json!("web:2")));
    }

    #[test]
    fn variables_keep_their_places_and_new_ones_come_last() {
        let change = of(&[("B", Some("2")), ("A", None), ("C", Some("3"))]);
        let patch = change.patch(&found()).expect("a patch");
        let environment = patch.pointer("/spec/template/spec/containers/1/env");
        assert_eq!(environment, Some(&json!([{"name": "B", "value": "2"}, {"name": "C", "value": "3"}])));
        assert_eq!(patch.pointer("/spec/template/spec/containers/0/env/0/value"), Some(&json!("other")));
    }

    #[test]
    fn resources_are_set_and_removed_by_name() {
        let values = |pairs: &[(&str, Option<&str>)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned))).collect()
        };
        let (requests, limits) =
            (values(&[("cpu", None), ("memory", Some("2Gi"))]), values(&[("memory", Some("4Gi"))]));
        let patch = ContainerChange { requests, limits, ..of(&[]) }.patch(&found()).expect("a patch");
        let resources = patch.pointer("/spec/template/spec/containers/1/resources");
        assert_eq!(resources, Some(&json!({"requests": {"memory": "2Gi"}, "limits": {"memory": "4Gi"}})));
        let nothing = ContainerChange { limits: values(&[("cpu", None)]), ..of(&[]) };
        let patch = nothing.patch(&json!({"spec": {"template": {"spec": {"containers": [{"name": "web"}]}}}}));
        assert!(patch.is_ok_and(|patch| patch.pointer("/spec/template/spec/containers/0/resources/limits").is_none()));
    }
}
