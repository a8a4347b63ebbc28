//! A cause with its evidence, and the parts that all files here make it of.

use crate::{
    core::message::{Code, FREE_TEXT, Message},
    kubernetes::observation::{Condition, Container, FreeText, Note, Object, Pod},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;

/// Evidence of one cause, at most.
pub const EVIDENCE_LIMIT: usize = 10;

/// The cause of a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    pub message: Message,
    /// Since when, as far as the cluster says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// What it is read from, the most telling first, at most [`EVIDENCE_LIMIT`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

/// One observation that a cause is read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub kind: EvidenceKind,
    pub message: Message,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The object that showed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
}

/// Where evidence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EvidenceKind {
    Container,
    Condition,
    Event,
    Log,
    Metric,
    Change,
    Admission,
}

/// An object in the namespace and cluster of the one that is explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectName {
    pub kind: String,
    pub name: String,
}

impl ObjectName {
    pub fn new(kind: &str, name: &str) -> Self {
        Self { kind: kind.to_owned(), name: name.to_owned() }
    }
}

/// How near a cause is to what broke. Of several causes of one workload the deepest is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Depth {
    /// Kubernetes only says that it gave up.
    Verdict,
    /// A pod was not made.
    Creation,
    /// A pod has no node.
    Scheduling,
    /// The node, or somebody who needs it, ended the pod.
    Node,
    /// The pod has a node and no sandbox or volume yet.
    Preparation,
    /// A container runs and does not answer.
    Readiness,
    /// A container cannot be made.
    Configuration,
    /// A container was made and ended.
    Container,
}

/// A cause as one pod or one attempt shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    pub depth: Depth,
    /// Whether it keeps the pod from working. One that does not may pass by itself within moments.
    pub blocks: bool,
    pub cause: Cause,
    /// The pods that show the same cause, as far as they were compared.
    pub pods: Vec<String>,
}

/// The argument that names the pod.
const POD: &str = "pod";

impl Cause {
    /// Whether another pod shows the same: the same code of the same container, image or whatever it names.
    pub(crate) fn is_same(&self, other: &Message) -> bool {
        fn named(of: &Message) -> impl Iterator<Item = (&Cow<'static, str>, &Value)> {
            of.arguments.iter().filter(|(name, _)| *name != POD && *name != FREE_TEXT)
        }
        self.message.code == other.code && named(&self.message).eq(named(other))
    }
}

impl Finding {
    pub fn new(depth: Depth, message: Message) -> Self {
        let pods = message.text(POD).map(str::to_owned).into_iter().collect();
        Self { depth, blocks: true, cause: Cause { message, since: None, evidence: Vec::new() }, pods }
    }

    pub fn passing(mut self) -> Self {
        self.blocks = false;
        self
    }

    pub fn since(mut self, since: Option<DateTime<Utc>>) -> Self {
        self.cause.since = since;
        self
    }

    pub fn with(mut self, evidence: Evidence) -> Self {
        self.cause.evidence.push(evidence);
        self
    }
}

/// The arguments that name a container, and what was said about it.
pub(crate) fn place(pod: &Object<Pod>, container: &Container, detail: &FreeText) -> [(&'static str, Value); 4] {
    [
        ("pod", pod.name.into()),
        ("container", container.name.as_str().into()),
        ("role", container.role.as_str().into()),
        (FREE_TEXT, detail.into()),
    ]
}

/// The same with one argument more.
pub(crate) fn with<T>([a, b, c, d]: [T; 4], e: T) -> [T; 5] {
    [a, b, c, d, e]
}

/// The events about one container, and those that name none.
pub(crate) fn notes_of<'a>(pod: &'a Object<'a, Pod>, container: &'a Container) -> impl Iterator<Item = &'a Note> {
    pod.facts.notes.iter().filter(|note| note.container.as_ref().is_none_or(|name| *name == container.name))
}

pub(crate) fn event_evidence(note: &Note, object: ObjectName) -> Evidence {
    Evidence {
        kind: EvidenceKind::Event,
        message: Code::EventReported.message([
            ("reason", note.reason.as_str().into()),
            ("count", note.count.into()),
            ("detail", (&note.message).into()),
        ]),
        at: Some(note.last),
        object: Some(object),
        container: note.container.clone(),
    }
}

pub(crate) fn condition_evidence(condition: &Condition, object: ObjectName) -> Evidence {
    Evidence {
        kind: EvidenceKind::Condition,
        message: Code::ConditionReported.message([
            ("type", condition.kind.as_str().into()),
            ("status", format!("{:?}", condition.status).into()),
            ("reason", condition.reason.as_str().into()),
            ("detail", (&condition.message).into()),
        ]),
        at: condition.since,
        object: Some(object),
        container: None,
    }
}

/// A name that was cut out of a text, if it can be one: an argument stands in clear, and the text may quote anything.
pub(crate) fn name(text: &str) -> Option<&str> {
    let is_sign = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    (!text.is_empty() && text.len() <= 253 && text.chars().all(is_sign)).then_some(text)
}

/// Whether a text can be a key of a ConfigMap, or a resource such as `example.com/gpu`.
pub(crate) fn is_key(text: &str) -> bool {
    !text.is_empty() && text.len() <= 317 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
}

/// Resources with quantities, as a quota lists them: `cpu=2,requests.memory=1Gi`.
pub(crate) fn quantities(text: &str) -> Option<&str> {
    let is_pair = |pair: &str| {
        let is_quantity = |text: &str| {
            let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            unit.len() < text.len() && unit.len() <= 2 && unit.chars().all(|c| c.is_ascii_alphabetic())
        };
        pair.split_once('=').is_some_and(|(name, quantity)| is_key(name) && is_quantity(quantity))
    };
    (text.len() <= 1024 && text.split(',').all(is_pair)).then_some(text)
}

/// The text between two marks, where both are there.
pub(crate) fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(found, _)| found)
}

/// The text after a mark, up to the end.
pub(crate) fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.split_once(mark).map(|(_, rest)| rest)
}
