//! Every version that an object ever had, from the audit log of the API server.

use super::{is_part, plural};
use crate::judges::{Verdict, judge};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{core::ids::OperationId, kubernetes::object::ObjectRef, operation::Intent};
use serde_json::{Value, json};
use std::{collections::HashMap, fmt::Write as _};
use tests::witness::{self, Mark};

/// A version of an object, and the request that made it.
pub struct Version {
    pub at: DateTime<Utc>,
    revision: u64,
    pub uid: String,
    kind: String,
    name: String,
    /// The whole object; of a request to the scale subresource the number of replicas only.
    object: Value,
    /// Its deletion has begun.
    pub is_going: bool,
    pub is_ours: bool,
    operation: Option<String>,
    manager: String,
    /// The `spec` that the request asked for.
    pub requested: Value,
    verdict: Option<Verdict>,
}

impl Version {
    /// Whether it still has what an effect wrote.
    pub fn keeps(&self, requested: &Value) -> bool {
        match &self.verdict {
            Some(_) => is_part(requested, &self.object["spec"]),
            None => requested["replicas"].is_null() || requested["replicas"] == self.object["spec"]["replicas"],
        }
    }

    pub fn wrote(&self, manager: &str) -> bool {
        self.manager == manager
    }

    /// Whether what `intent` requested has come true in this version.
    pub fn has(&self, intent: &Intent, effect: &Self) -> bool {
        let Some(verdict) = &self.verdict else { return false };
        let number = |pointer: &str| self.object.pointer(pointer).and_then(Value::as_i64).unwrap_or_default();
        let generation = number("/metadata/generation");
        let is_observed = number("/status/observedGeneration") >= generation
            && generation >= effect.object["metadata"]["generation"].as_i64().unwrap_or_default();
        match (self.kind.as_str(), intent) {
            ("CronJob", _) => true,
            ("Job", Intent::StopWorkload) => number("/status/active") + number("/status/terminating") == 0,
            ("Job", _) => {
                let suspended = self.object["spec"]["suspend"] == json!(true);
                suspended || !self.object["status"]["startTime"].is_null()
            }
            (_, Intent::ScaleWorkload { .. } | Intent::StartWorkload | Intent::StopWorkload) => {
                let replicas = number("/spec/replicas");
                let is_empty = replicas > 0 || number("/status/replicas") == 0;
                is_observed && is_empty && number("/status/availableReplicas") >= replicas
            }
            _ => is_observed && verdict.rollout.map_or(verdict.kstatus == "Current", |rollout| rollout == "done"),
        }
    }
}

/// A request of Binnacle that the API server refused.
struct Refused {
    at: DateTime<Utc>,
    kind: String,
    name: String,
    status: i64,
}

pub struct History {
    versions: Vec<Version>,
    refused: Vec<Refused>,
    /// When each incarnation was gone.
    gone: HashMap<String, DateTime<Utc>>,
}

impl History {
    pub fn read<'a>(begin: Mark, targets: impl Iterator<Item = &'a ObjectRef>) -> Result<Self> {
        let targets: Vec<&ObjectRef> = targets.collect();
        let namespace = targets.first().and_then(|target| target.namespace.clone()).unwrap_or_default();
        let plurals: HashMap<(String, &str), &ObjectRef> =
            targets.iter().map(|target| ((plural(target), target.name.as_str()), *target)).collect();
        let (mut versions, mut refused, mut gone) = (Vec::new(), Vec::new(), HashMap::new());
        for line in witness::lines(Some(begin))? {
            let line = line?;
            let Some(entry) = line.contains(&namespace).then(|| serde_json::from_str::<Value>(&line).ok()).flatten()
            else {
                continue;
            };
            let text = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            let key = (text("/objectRef/resource").to_owned(), text("/objectRef/name"));
            let Some(target) = plurals.get(&key) else { continue };
            if text("/objectRef/namespace") != namespace {
                continue;
            }
            let (at, uri): (DateTime<Utc>, &str) = (text("/stageTimestamp").parse()?, text("/requestURI"));
            let manager = uri.split("fieldManager=").nth(1).and_then(|rest| rest.split('&').next());
            let status = entry["responseStatus"]["code"].as_i64().unwrap_or_default();
            if status >= 400 && manager == Some("binnacle") {
                let (kind, name) = (target.kind.kind().to_owned(), target.name.clone());
                refused.push(Refused { at, kind, name, status });
            }
            if !(200..300).contains(&status) || uri.contains("dryRun") {
                continue;
            }
            let response = &entry["responseObject"];
            if response["kind"] == "Status" {
                gone.insert(text("/responseObject/details/uid").to_owned(), at);
                continue;
            }
            // The update that takes the last finalizer off an object that goes is its end.
            let is_going = !response["metadata"]["deletionTimestamp"].is_null();
            let uid = text("/responseObject/metadata/uid").to_owned();
            if is_going && response["metadata"]["finalizers"].is_null() {
                gone.insert(uid.clone(), at);
            }
            let mut object = response.clone();
            let is_whole = text("/objectRef/subresource") != "scale";
            if is_whole {
                object["apiVersion"] = target.kind.api_version().unwrap_or_default().into();
                object["kind"] = target.kind.kind().into();
            }
            let agent = || text("/userAgent").split('/').next().unwrap_or_default();
            versions.push(Version {
                at,
                revision: text("/responseObject/metadata/resourceVersion").parse().unwrap_or_default(),
                uid,
                kind: target.kind.kind().to_owned(),
                name: target.name.clone(),
                is_going,
                is_ours: manager == Some("binnacle"),
                operation: entry
                    .pointer("/requestObject/metadata/annotations/binnacle.io~1operation-id")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
                manager: manager.unwrap_or_else(agent).to_owned(),
                requested: entry["requestObject"]["spec"].clone(),
                verdict: None,
                object: if is_whole { object } else { json!({"spec": object["spec"], "metadata": {}}) },
            });
        }
        versions.sort_by_key(|version| version.revision);
        let whole = |version: &&mut Version| version.object["kind"].is_string();
        let objects: Vec<Value> = versions.iter_mut().filter(whole).map(|version| version.object.clone()).collect();
        let verdicts = judge(objects.iter())?;
        versions.iter_mut().filter(whole).zip(verdicts).for_each(|(version, said)| version.verdict = Some(said));
        Ok(Self { versions, refused, gone })
    }

    /// The version that an operation made.
    pub fn effect(&self, (kind, name): (&str, &str), operation: OperationId) -> Option<&Version> {
        let id = operation.to_string();
        let is_it = |version: &&Version| {
            version.is_ours && version.kind == kind && version.name == name && version.operation.as_ref() == Some(&id)
        };
        self.versions.iter().find(is_it)
    }

    /// Whether the object had replicas all the time from `begin` until an operation took effect. False where that is not
    /// known, or where the operation took none.
    pub fn has_replicas_before(&self, object: (&str, &str), operation: OperationId, begin: DateTime<Utc>) -> bool {
        let Some(effect) = self.effect(object, operation) else { return false };
        let is_before = |version: &&Version| version.uid == effect.uid && version.revision < effect.revision;
        let before: Vec<&Version> = self.versions.iter().filter(is_before).collect();
        // The version that was there at `begin`, or that which the object began with.
        let first = before.iter().rposition(|version| version.at < begin).unwrap_or_default();
        let replicas = |version: &Version| version.object.pointer("/spec/replicas").and_then(Value::as_i64);
        !before.is_empty() && before[first..].iter().all(|version| replicas(version).is_some_and(|number| number > 0))
    }

    /// The later versions of the same incarnation.
    pub fn after<'a>(&'a self, effect: &'a Version) -> impl Iterator<Item = &'a Version> {
        self.versions.iter().filter(|version| version.uid == effect.uid && version.revision > effect.revision)
    }

    /// Whether an incarnation is there at a time.
    pub fn is_alive(&self, uid: &str, at: DateTime<Utc>) -> bool {
        self.gone.get(uid).is_none_or(|gone| *gone > at)
    }

    /// The incarnations of an object: when each was first seen, and its end.
    fn lives(&self, (kind, name): (&str, &str)) -> impl Iterator<Item = (DateTime<Utc>, Option<DateTime<Utc>>)> {
        let mut first = HashMap::<&str, DateTime<Utc>>::new();
        for version in self.versions.iter().filter(|version| version.kind == kind && version.name == name) {
            let begin = first.entry(&version.uid).or_insert(version.at);
            *begin = version.at.min(*begin);
        }
        first.into_iter().map(move |(uid, begin)| (begin, self.gone.get(uid).copied()))
    }

    /// Whether one and the same object was there from `begin` to `end`.
    pub fn is_there_throughout(&self, object: (&str, &str), begin: DateTime<Utc>, end: DateTime<Utc>) -> bool {
        self.lives(object).any(|(first, gone)| first <= begin && gone.is_none_or(|gone| gone > end))
    }

    /// Whether an object was there at some time from `begin` to `end`.
    pub fn is_there_within(&self, object: (&str, &str), begin: DateTime<Utc>, end: DateTime<Utc>) -> bool {
        self.lives(object).any(|(first, gone)| first <= end && gone.is_none_or(|gone| gone >= begin))
    }

    /// Whether the API server refused a request of Binnacle about an object, with one of these statuses.
    pub fn is_refused(
        &self,
        (kind, name): (&str, &str),
        begin: DateTime<Utc>,
        end: DateTime<Utc>,
        statuses: &[i64],
    ) -> bool {
        let is_of = |refused: &&Refused| refused.kind == kind && refused.name == name;
        let is_then = |refused: &Refused| (begin..=end).contains(&refused.at);
        self.refused.iter().filter(is_of).any(|refused| is_then(refused) && statuses.contains(&refused.status))
    }

    pub fn changes_by(&self, is_wanted: impl Fn(&str) -> bool) -> usize {
        self.versions.iter().filter(|version| is_wanted(&version.manager)).count()
    }

    /// The versions around a time, for the eye.
    pub fn of(&self, target: &ObjectRef, at: DateTime<Utc>) -> String {
        let mut text = String::new();
        let is_near = |version: &&Version| {
            version.name == target.name
                && version.kind == target.kind.kind()
                && (version.at - at).abs() < TimeDelta::seconds(15)
        };
        for version in self.versions.iter().filter(is_near) {
            let (object, verdict) = (&version.object, version.verdict.as_ref());
            let _ = writeln!(
                text,
                "    {} {} {} by {} {:?}: generation {} spec {} paused {} suspend {} status {} {verdict:?}",
                version.at.format("%T%.3f"),
                version.revision,
                &version.uid[..version.uid.len().min(8)],
                version.manager,
                version.operation,
                object["metadata"]["generation"],
                object["spec"]["replicas"],
                object["spec"]["paused"],
                object["spec"]["suspend"],
                json!({"o": object["status"]["observedGeneration"], "r": object["status"]["replicas"],
                    "u": object["status"]["updatedReplicas"], "a": object["status"]["availableReplicas"]}),
            );
        }
        text
    }
}
