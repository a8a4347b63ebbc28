//! How Kubernetes tells the items of a list apart: by keys, as a set, or not at all.

use super::path::{Step, key_of};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// The keys of the lists of Kubernetes' own kinds, by the name of their field. Where a name has several, the first one counts
/// that all items have.
const KNOWN: [(&str, &[&[&str]]); 19] = [
    ("conditions", &[&["type"]]),
    ("containers", &[&["name"]]),
    ("env", &[&["name"]]),
    ("ephemeralContainers", &[&["name"]]),
    ("hostAliases", &[&["ip"]]),
    ("imagePullSecrets", &[&["name"]]),
    ("initContainers", &[&["name"]]),
    ("listeners", &[&["name"]]),
    ("matchConditions", &[&["name"]]),
    ("ownerReferences", &[&["uid"]]),
    ("ports", &[&["containerPort", "protocol"], &["port", "protocol"]]),
    ("resourceClaims", &[&["name"]]),
    ("secrets", &[&["name"]]),
    ("topologySpreadConstraints", &[&["topologyKey", "whenUnsatisfiable"]]),
    ("variables", &[&["name"]]),
    ("volumeDevices", &[&["devicePath"]]),
    ("volumeMounts", &[&["mountPath"]]),
    ("volumes", &[&["name"]]),
    ("webhooks", &[&["name"]]),
];
const SETS: [&str; 1] = ["finalizers"];

/// How the lists of a kind are keyed.
#[derive(Clone, Copy, Debug)]
pub enum Lists<'a> {
    /// As those of Kubernetes itself, by the names of their fields.
    Known,
    /// As a JSON schema with Kubernetes' own keywords says it. `here` is the schema of a place, if it has one.
    Schema { root: &'a Value, here: Option<&'a Value> },
}

/// The items of a list, each by the step that leads to it.
pub(super) type Items<'v> = Vec<(Step, &'v Value)>;

impl<'a> Lists<'a> {
    pub const fn of_schema(root: &'a Value) -> Self {
        Self::Schema { root, here: Some(root) }
    }

    /// Those below a field.
    pub(super) fn field(self, name: &str) -> Self {
        let Self::Schema { root, here } = self else { return self };
        let here = here.and_then(|here| {
            let properties = here.get("properties").and_then(|properties| properties.get(name));
            properties.or_else(|| here.get("additionalProperties"))
        });
        // What every object has is not in the schemas of custom kinds.
        if here.is_none() && name == "metadata" {
            return Self::Known;
        }
        Self::Schema { root, here: here.map(|here| resolved(root, here)) }
    }

    /// Those below the items of a list.
    pub(super) fn items(self) -> Self {
        let Self::Schema { root, here } = self else { return self };
        let items = here.and_then(|here| here.get("items"));
        Self::Schema { root, here: items.map(|items| resolved(root, items)) }
    }

    /// The items of two versions of the list in the field `name`. None if it is one value as a whole.
    pub(super) fn told_apart<'v>(self, name: &str, lists: [&'v [Value]; 2]) -> Option<[Items<'v>; 2]> {
        match self {
            Self::Known if SETS.contains(&name) => members(lists),
            Self::Known => {
                let (_, candidates) = KNOWN.iter().find(|(known, _)| *known == name)?;
                candidates.iter().find_map(|keys| keyed(keys, lists))
            }
            Self::Schema { here, .. } => {
                let here = here?;
                match here.get("x-kubernetes-list-type")?.as_str()? {
                    "set" => members(lists),
                    "map" => {
                        let keys = here.get("x-kubernetes-list-map-keys")?.as_array()?;
                        let keys: Vec<&str> = keys.iter().filter_map(Value::as_str).collect();
                        keyed(&keys, lists)
                    }
                    _ => None,
                }
            }
        }
    }
}

/// The schema that another one refers to.
fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let alone = schema.get("allOf").and_then(Value::as_array).and_then(|all| all.first());
    let reference = schema.get("$ref").or_else(|| alone?.get("$ref")).and_then(Value::as_str);
    let name = reference.and_then(|reference| reference.strip_prefix("#/definitions/"));
    let found = name.and_then(|name| root.get("definitions")?.get(name));
    // A reference to a reference is not followed: the lists below are then one value as a whole.
    found.unwrap_or(schema)
}

/// None if an item lacks a key, or two items have the same.
fn keyed<'v>(keys: &[&str], lists: [&'v [Value]; 2]) -> Option<[Items<'v>; 2]> {
    let step = |item: &Value| {
        let values = keys.iter().map(|key| Some(((*key).to_owned(), key_of(item, key)?)));
        Some(Step::Item(values.collect::<Option<BTreeMap<_, _>>>()?))
    };
    both(lists, step)
}

fn members(lists: [&[Value]; 2]) -> Option<[Items<'_>; 2]> {
    both(lists, |item| (!item.is_object() && !item.is_array()).then(|| Step::Member(item.clone())))
}

fn both<'v>(lists: [&'v [Value]; 2], step: impl Fn(&Value) -> Option<Step>) -> Option<[Items<'v>; 2]> {
    let of = |list: &'v [Value]| {
        let items: Items<'v> = list.iter().map(|item| Some((step(item)?, item))).collect::<Option<_>>()?;
        let texts: HashSet<String> = items.iter().map(|(step, _)| format!("{step:?}")).collect();
        (texts.len() == items.len()).then_some(items)
    };
    let [first, second] = lists;
    Some([of(first)?, of(second)?])
}
