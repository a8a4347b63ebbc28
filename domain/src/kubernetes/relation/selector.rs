//! Label selectors, as manifests hold them.

use crate::kubernetes::{cause::is_key, manifest::Place};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Characters of the value of a label, at most.
const LONGEST_VALUE: usize = 63;

/// What labels an object must have. All of it must hold; an empty selector selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelSelector {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub match_labels: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<Requirement>,
}

/// One condition on a label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Requirement {
    pub key: String,
    pub operator: Operator,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// How a label is compared, in the words of Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Operator {
    /// It has one of the values.
    In,
    /// It has none of the values, or does not exist.
    NotIn,
    Exists,
    DoesNotExist,
}

impl LabelSelector {
    /// The selector at a place. None if there is none, or if Kubernetes does not allow it: a selector that is read in part
    /// would select more.
    pub(super) fn read(place: Place) -> Option<Self> {
        place.value()?.as_object()?;
        let (labels, expressions) = (place.get("matchLabels"), place.get("matchExpressions"));
        if labels.is_closed() || expressions.is_closed() {
            return None;
        }
        Some(Self {
            match_labels: Self::labels(labels)?,
            match_expressions: expressions.items().map(requirement).collect::<Option<_>>()?,
        })
    }

    /// The selector that is a map of labels, as that of a Service. An empty one selects nothing.
    pub(super) fn of_labels(place: Place) -> Option<Self> {
        let match_labels = Self::labels(place)?;
        (!match_labels.is_empty()).then(|| Self { match_labels, match_expressions: Vec::new() })
    }

    fn labels(place: Place) -> Option<BTreeMap<String, String>> {
        place.fields().map(|(key, value)| Some((name(key)?, label(value)?))).collect()
    }
}

fn requirement(place: Place) -> Option<Requirement> {
    let operator = match place.get("operator").text()? {
        "In" => Operator::In,
        "NotIn" => Operator::NotIn,
        "Exists" => Operator::Exists,
        "DoesNotExist" => Operator::DoesNotExist,
        _ => return None,
    };
    let values = place.get("values");
    if values.is_closed() {
        return None;
    }
    Some(Requirement {
        key: name(place.get("key").text()?)?,
        operator,
        values: values.items().map(label).collect::<Option<_>>()?,
    })
}

fn name(key: &str) -> Option<String> {
    is_key(key).then(|| key.to_owned())
}

fn label(place: Place) -> Option<String> {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    place.text().filter(|value| value.len() <= LONGEST_VALUE && value.chars().all(is_sign)).map(str::to_owned)
}
