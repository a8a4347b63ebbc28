//! Scopes of data keys: all values of a scope are sealed under one key and forgotten together.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A namespace, an object outside namespaces, a cluster, what a cluster is reached with, or a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyScope(String);

/// Stands for the namespace in the paths of objects outside namespaces. No namespace has this name.
const NO_NAMESPACE: &str = "_";

impl KeyScope {
    /// The category of the streams that report what happened to keys.
    pub const CATEGORY: &'static str = "sealing";

    /// The scope of a stream. None if its events hold no free values.
    pub fn of_stream(stream: &str) -> Option<Self> {
        let (category, key) = stream.split_once(':')?;
        match category {
            "target" | "observed" => Some(Self::of_object(key)),
            "cluster" => Some(Self(stream.to_owned())),
            "user" | "access" => Some(Self::of_person(key)),
            _ => None,
        }
    }

    /// The scope of an object, by its path: `cluster/namespace/Kind/name`, or `cluster/_/Kind/name` outside namespaces.
    pub fn of_object(path: &str) -> Self {
        let parts: Vec<&str> = path.splitn(4, '/').collect();
        match parts[..] {
            [cluster, NO_NAMESPACE, kind, name] => Self(format!("object:{cluster}/{kind}/{name}")),
            [cluster, namespace, _, _] => Self::of_namespace(cluster, namespace),
            _ => Self(format!("object:{path}")),
        }
    }

    pub fn of_namespace(cluster: &str, namespace: &str) -> Self {
        Self(format!("namespace:{cluster}/{namespace}"))
    }

    pub fn is_person(&self) -> bool {
        self.0.starts_with("person:")
    }

    /// Cluster and namespace, if it is one.
    pub fn namespace(&self) -> Option<(&str, &str)> {
        self.0.strip_prefix("namespace:")?.split_once('/')
    }

    /// The cluster that it is a part of.
    pub fn cluster(&self) -> Option<&str> {
        let (kind, path) = self.0.split_once(':')?;
        match kind {
            "namespace" | "object" => path.split('/').next(),
            "cluster" => Some(path),
            _ => None,
        }
    }

    pub fn of_cluster(cluster: &str) -> Self {
        Self(format!("cluster:{cluster}"))
    }

    /// The scope of what a cluster is reached with. It goes when the cluster is removed.
    pub fn of_credential(cluster: &str) -> Self {
        Self(format!("credential:{cluster}"))
    }

    /// The scope of a person, by the id of the account. Everyone without an account shares one.
    pub fn of_person(user: &str) -> Self {
        Self(format!("person:{user}"))
    }

    /// The stream that reports what happened to the keys of this scope.
    pub fn reports(&self) -> String {
        format!("{}:{self}", Self::CATEGORY)
    }

    /// As it was written by [`KeyScope::as_str`].
    pub const fn stored(scope: String) -> Self {
        Self(scope)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// For people and files of lines: control characters are escaped.
impl fmt::Display for KeyScope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.escape_debug().fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_of_a_namespace_share_a_scope() {
        let of = |stream: &str| KeyScope::of_stream(stream).map(|scope| scope.to_string());
        let namespace = Some("namespace:dev/team".to_owned());
        assert_eq!(of("target:dev/team/Deployment/web"), namespace);
        assert_eq!(of("observed:dev/team/CronJob/other"), namespace);
        assert_eq!(of("observed:dev/_/Namespace/team").as_deref(), Some("object:dev/Namespace/team"));
        assert_ne!(of("observed:dev/_/Namespace/team"), of("observed:dev/_/Namespace/other"));
        assert_eq!(of("cluster:dev").as_deref(), Some("cluster:dev"));
        assert_eq!(of("access:1"), of("user:1"));
        assert_eq!(of("projection:pods"), None);
        let scope = KeyScope::of_namespace("dev", "team");
        assert_eq!((scope.namespace(), KeyScope::of_person("1").namespace()), (Some(("dev", "team")), None));
        let credential = KeyScope::of_credential("dev");
        assert_eq!((credential.as_str(), credential.cluster()), ("credential:dev", None));
    }
}
