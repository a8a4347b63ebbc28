//! Ids of Kubernetes objects, and the names of their streams.

use super::resource::{Resource, is_label};
use crate::core::ids::ClusterId;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The reference to one object: cluster, kind, namespace and name. It does not identify an incarnation; the `uid` does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectRef {
    pub cluster: ClusterId,
    pub kind: Resource,
    /// None for a cluster-scoped kind.
    pub namespace: Option<String>,
    pub name: String,
}

/// The text is not the id of an object.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not the id of an object")]
pub struct NotAnObject(pub String);

impl ObjectRef {
    /// The public id: `Kind~cluster~namespace~name`. `~` is allowed in URLs and never part of a name.
    pub fn id(&self) -> String {
        format!("{}~{}~{}~{}", self.kind, self.cluster, self.namespace.as_deref().unwrap_or("_"), self.name)
    }

    /// The stream of the operations on this object.
    pub fn target_stream(&self) -> String {
        format!("target:{}", self.path())
    }

    /// The stream of what the watch observed of this object.
    pub fn observed_stream(&self) -> String {
        format!("observed:{}", self.path())
    }

    /// The object of a `target:` or `observed:` stream.
    pub fn from_stream(stream: &str) -> Option<Self> {
        let (category, path) = stream.split_once(':')?;
        if category != "target" && category != "observed" {
            return None;
        }
        let mut parts = path.splitn(4, '/');
        let (cluster, namespace, kind, name) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Self::from_parts(kind, cluster, namespace, name)
    }

    /// Its place in the names of streams: `cluster/namespace/Kind/name`.
    pub fn path(&self) -> String {
        format!("{}/{}/{}/{}", self.cluster, self.namespace.as_deref().unwrap_or("_"), self.kind, self.name)
    }

    fn from_parts(kind: &str, cluster: &str, namespace: &str, name: &str) -> Option<Self> {
        let kind: Resource = kind.parse().ok()?;
        let cluster = ClusterId::parse(cluster)?;
        let namespace = (namespace != "_").then(|| namespace.to_owned());
        Self { cluster, kind, namespace, name: name.to_owned() }.checked()
    }

    /// Returns the reference if Kubernetes could have such an object: namespace and name follow the rules of its kind.
    pub fn checked(self) -> Option<Self> {
        is_possible(&self.kind, self.namespace.as_deref(), &self.name).then_some(self)
    }
}

/// Whether Kubernetes could have such an object.
pub(crate) fn is_possible(kind: &Resource, namespace: Option<&str>, name: &str) -> bool {
    let is_placed = kind.is_namespaced().is_none_or(|namespaced| namespaced == namespace.is_some());
    is_placed && namespace.is_none_or(is_label) && kind.names().allow(name)
}

impl FromStr for ObjectRef {
    type Err = NotAnObject;

    fn from_str(id: &str) -> Result<Self, NotAnObject> {
        let parts: Vec<&str> = id.split('~').collect();
        let [kind, cluster, namespace, name] = parts[..] else { return Err(NotAnObject(id.to_owned())) };
        Self::from_parts(kind, cluster, namespace, name).ok_or_else(|| NotAnObject(id.to_owned()))
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
    use proptest::prelude::*;

    #[test]
    fn an_object_is_found_again_by_id_and_by_stream() {
        let ingress = Resource::new("networking.k8s.io", "Ingress").expect("a kind");
        for (kind, namespace) in
            [(Resource::CRON_JOB, Some("team-a")), (Resource::NAMESPACE, None), (ingress, Some("team-a"))]
        {
            let name = if namespace.is_some() { "night.ly" } else { "night" }.to_owned();
            let namespace = namespace.map(str::to_owned);
            let object = ObjectRef { cluster: ClusterId::from_name("dev"), kind, namespace, name };
            assert_eq!(object.id().parse(), Ok(object.clone()));
            assert_eq!(ObjectRef::from_stream(&object.target_stream()), Some(object.clone()));
            assert_eq!(ObjectRef::from_stream(&object.observed_stream()), Some(object));
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for id in [
            "",
            "~",
            "Deployment~dev~ns",
            "Planet~dev~ns~earth",
            "Deployment~dev~ns~a~b",
            "Deployment~dev~~a",
            "Deployment~Dev~ns~a",
            "Deployment~dev~_~a",
            "Namespace~dev~ns~a",
            "Pod~dev~ns/secrets/name?x=~y",
            "Pod~dev~ns~a/../../secrets/b",
            "Pod~dev~ns~a%2fb",
            "Pod~dev~ns~..",
            "Pod~dev~..~a",
            "Pod~dev~kube.system~a",
            "Pod~dev~ns~A",
        ] {
            assert!(id.parse::<ObjectRef>().is_err(), "{id:?} passed");
        }
    }

    proptest! {
        #[test]
        fn an_id_holds_nothing_that_means_something_in_a_url(id in "(Pod|Role.rbac.authorization.k8s.io)~dev~[a-z/.?%_-]{1,8}~\\PC{1,12}") {
            if let Ok(object) = id.parse::<ObjectRef>() {
                prop_assert_eq!(object.id(), id);
                for part in [object.namespace.unwrap_or_default(), object.name] {
                    prop_assert!(!part.contains(['/', '%', '~']) && part != ".." && part != ".", "{part:?}");
                }
            }
        }
    }
}
