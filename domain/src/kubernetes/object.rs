//! Names of Kubernetes objects, and of the streams that are about them.

use crate::core::ids::ClusterId;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The kinds that are watched. The first six are workloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    Deployment,
    StatefulSet,
    DaemonSet,
    ReplicaSet,
    Job,
    CronJob,
    Pod,
    Namespace,
}

impl Kind {
    pub const WORKLOADS: [Self; 6] =
        [Self::Deployment, Self::StatefulSet, Self::DaemonSet, Self::ReplicaSet, Self::Job, Self::CronJob];

    /// The name Kubernetes gives it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::ReplicaSet => "ReplicaSet",
            Self::Job => "Job",
            Self::CronJob => "CronJob",
            Self::Pod => "Pod",
            Self::Namespace => "Namespace",
        }
    }

    pub fn is_workload(self) -> bool {
        Self::WORKLOADS.contains(&self)
    }

    /// Whether it has `spec.replicas`.
    pub const fn has_replicas(self) -> bool {
        matches!(self, Self::Deployment | Self::StatefulSet | Self::ReplicaSet)
    }

    /// Whether it has `spec.suspend`.
    pub const fn has_suspend(self) -> bool {
        matches!(self, Self::Job | Self::CronJob)
    }

    /// Whether a changed pod template replaces its pods one after the other.
    pub const fn rolls_out(self) -> bool {
        matches!(self, Self::Deployment | Self::StatefulSet | Self::DaemonSet)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = NotAnObject;

    fn from_str(text: &str) -> Result<Self, NotAnObject> {
        Self::WORKLOADS
            .into_iter()
            .chain([Self::Pod, Self::Namespace])
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| NotAnObject(text.to_owned()))
    }
}

/// The place of one object: cluster, kind, namespace, name. Not its incarnation: that is the `uid`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectRef {
    pub cluster: ClusterId,
    pub kind: Kind,
    /// None for a kind that lives outside namespaces.
    pub namespace: Option<String>,
    pub name: String,
}

/// The text is no id of an object.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not the id of an object")]
pub struct NotAnObject(pub String);

impl ObjectRef {
    /// The public id: `Kind~cluster~namespace~name`. `~` may stand in a URL and never stands in a name.
    pub fn id(&self) -> String {
        format!("{}~{}~{}~{}", self.kind, self.cluster, self.namespace.as_deref().unwrap_or("_"), self.name)
    }

    /// The stream of the operations on this object.
    pub fn target_stream(&self) -> String {
        format!("target:{}", self.path())
    }

    /// The stream of what the watch saw of this object.
    pub fn observed_stream(&self) -> String {
        format!("observed:{}", self.path())
    }

    /// The object that a `target:` or `observed:` stream is about.
    pub fn from_stream(stream: &str) -> Option<Self> {
        let (category, path) = stream.split_once(':')?;
        if category != "target" && category != "observed" {
            return None;
        }
        let mut parts = path.splitn(4, '/');
        let (cluster, namespace, kind, name) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Self::from_parts(kind, cluster, namespace, name).ok()
    }

    fn path(&self) -> String {
        format!("{}/{}/{}/{}", self.cluster, self.namespace.as_deref().unwrap_or("_"), self.kind, self.name)
    }

    fn from_parts(kind: &str, cluster: &str, namespace: &str, name: &str) -> Result<Self, NotAnObject> {
        if cluster.is_empty() || namespace.is_empty() || name.is_empty() || name.contains(['~', '/']) {
            return Err(NotAnObject(name.to_owned()));
        }
        Ok(Self {
            cluster: ClusterId::from_name(cluster),
            kind: kind.parse()?,
            namespace: (namespace != "_").then(|| namespace.to_owned()),
            name: name.to_owned(),
        })
    }
}

impl FromStr for ObjectRef {
    type Err = NotAnObject;

    fn from_str(id: &str) -> Result<Self, NotAnObject> {
        let parts: Vec<&str> = id.split('~').collect();
        match parts[..] {
            [kind, cluster, namespace, name] => Self::from_parts(kind, cluster, namespace, name),
            _ => Err(NotAnObject(id.to_owned())),
        }
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(formatter, "{} {}/{}", self.kind, namespace, self.name),
            None => write!(formatter, "{} {}", self.kind, self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_found_again_by_id_and_by_stream() {
        for (kind, namespace) in [(Kind::CronJob, Some("team-a".to_owned())), (Kind::Namespace, None)] {
            let object =
                ObjectRef { cluster: ClusterId::from_name("dev"), kind, namespace, name: "night.ly".to_owned() };
            assert_eq!(object.id().parse(), Ok(object.clone()));
            assert_eq!(ObjectRef::from_stream(&object.target_stream()), Some(object.clone()));
            assert_eq!(ObjectRef::from_stream(&object.observed_stream()), Some(object));
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for id in ["", "~", "Deployment~dev~ns", "Planet~dev~ns~earth", "Deployment~dev~ns~a~b", "Deployment~dev~~a"] {
            assert!(id.parse::<ObjectRef>().is_err(), "{id:?} passed");
        }
    }
}
