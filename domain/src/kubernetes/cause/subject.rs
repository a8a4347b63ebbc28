//! What everything that one cause stops has in common: a node, an image, a quota. It makes one problem of many victims.

use crate::core::message::{Code, Message};

/// What a cause is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// A kind of Kubernetes, or `Image`, `Registry` or `Webhook`.
    pub kind: &'static str,
    pub name: String,
    /// None if all namespaces share it.
    pub namespace: Option<String>,
}

/// What two victims must have in common to be one problem. It holds within a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKey {
    /// The same subject, whatever it does to each of them.
    Subject(Subject),
    /// The same code of a cause, and the same workload or owner.
    Workload { code: String, workload: String },
}

impl ProblemKey {
    /// The key of a victim by its cause. `workload` is the id of the victim or of its owner.
    pub fn of(cause: Option<&Message>, namespace: &str, workload: &str) -> Self {
        cause.and_then(|cause| Subject::of(cause, namespace)).map_or_else(
            || Self::Workload {
                code: cause.map(|cause| cause.code.to_string()).unwrap_or_default(),
                workload: workload.to_owned(),
            },
            Self::Subject,
        )
    }

    pub const fn subject(&self) -> Option<&Subject> {
        match self {
            Self::Subject(subject) => Some(subject),
            Self::Workload { .. } => None,
        }
    }
}

impl Subject {
    /// The subject of a cause in a namespace. None if the cause is about the workload alone.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most codes have no subject, and a test names those that do")]
    pub fn of(cause: &Message, namespace: &str) -> Option<Self> {
        let of = |kind, argument| Self::new(kind, cause.text(argument)?);
        let within = |kind, argument| Some(of(kind, argument)?.within(namespace));
        match cause.known()? {
            Code::NodeLost
            | Code::NodeShutDown
            | Code::NodeRefused
            | Code::Evicted
            | Code::NodeNotReady
            | Code::NodeUnderPressure
            | Code::NodeWithoutNetwork => of("Node", "node"),
            Code::ImageNameInvalid
            | Code::ImageNotFound
            | Code::ImagePullDenied
            | Code::ImageNeverPulled
            | Code::ImageSignatureInvalid
            | Code::ImagePullFailed => of("Image", "image"),
            Code::ImageRateLimited | Code::RegistryUnreachable => Self::new("Registry", registry(cause.text("image")?)),
            Code::QuotaExceeded | Code::QuotaNeedsLimits | Code::QuotaFull => within("ResourceQuota", "quota"),
            Code::AdmissionDenied | Code::WebhookUnreachable => of("Webhook", "webhook"),
            Code::PolicyDenied => of("ValidatingAdmissionPolicy", "policy"),
            Code::ConfigMapNotFound => within("ConfigMap", "name"),
            Code::SecretNotFound => within("Secret", "name"),
            Code::KeyNotFound if cause.text("kind") == Some("Secret") => within("Secret", "name"),
            Code::KeyNotFound => within("ConfigMap", "name"),
            Code::ClaimNotFound => within("PersistentVolumeClaim", "name"),
            Code::StorageClassNotFound => of("StorageClass", "name"),
            Code::ServiceAccountNotFound => within("ServiceAccount", "name"),
            Code::PriorityClassNotFound => of("PriorityClass", "name"),
            Code::NamespaceTerminating => Self::new("Namespace", namespace),
            _ => None,
        }
    }

    /// None without a name: nothing shows then that two causes are about the same.
    fn new(kind: &'static str, name: &str) -> Option<Self> {
        (!name.is_empty()).then(|| Self { kind, name: name.to_owned(), namespace: None })
    }

    fn within(self, namespace: &str) -> Self {
        Self { namespace: Some(namespace.to_owned()), ..self }
    }
}

/// The registry of an image: its first part, if that can be a host.
fn registry(image: &str) -> &str {
    let is_host = |part: &&str| part.contains(['.', ':']) || *part == "localhost";
    image.split_once('/').map(|(first, _)| first).filter(is_host).unwrap_or("docker.io")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::borrow::Cow;
    use strum::IntoEnumIterator;

    /// The codes with a subject: its kind, the argument that names it, and whether it is of a namespace.
    const SUBJECTS: [(Code, &str, &str, bool); 28] = [
        (Code::NodeLost, "Node", "node", false),
        (Code::NodeNotReady, "Node", "node", false),
        (Code::NodeUnderPressure, "Node", "node", false),
        (Code::NodeWithoutNetwork, "Node", "node", false),
        (Code::NodeShutDown, "Node", "node", false),
        (Code::NodeRefused, "Node", "node", false),
        (Code::Evicted, "Node", "node", false),
        (Code::ImageNameInvalid, "Image", "image", false),
        (Code::ImageNotFound, "Image", "image", false),
        (Code::ImagePullDenied, "Image", "image", false),
        (Code::ImageNeverPulled, "Image", "image", false),
        (Code::ImageSignatureInvalid, "Image", "image", false),
        (Code::ImagePullFailed, "Image", "image", false),
        (Code::ImageRateLimited, "Registry", "docker.io", false),
        (Code::RegistryUnreachable, "Registry", "docker.io", false),
        (Code::QuotaExceeded, "ResourceQuota", "quota", true),
        (Code::QuotaNeedsLimits, "ResourceQuota", "quota", true),
        (Code::QuotaFull, "ResourceQuota", "quota", true),
        (Code::AdmissionDenied, "Webhook", "webhook", false),
        (Code::WebhookUnreachable, "Webhook", "webhook", false),
        (Code::PolicyDenied, "ValidatingAdmissionPolicy", "policy", false),
        (Code::ConfigMapNotFound, "ConfigMap", "name", true),
        (Code::SecretNotFound, "Secret", "name", true),
        (Code::KeyNotFound, "ConfigMap", "name", true),
        (Code::ClaimNotFound, "PersistentVolumeClaim", "name", true),
        (Code::StorageClassNotFound, "StorageClass", "name", false),
        (Code::ServiceAccountNotFound, "ServiceAccount", "name", true),
        (Code::PriorityClassNotFound, "PriorityClass", "name", false),
    ];

    /// A message whose arguments are their own names.
    fn cause(code: Code, change: &[(&'static str, &str)]) -> Message {
        let own = code.arguments().iter().map(|name| (Cow::from(*name), Value::from(*name)));
        let changed = change.iter().map(|(name, value)| (Cow::from(*name), Value::from(*value)));
        Message { code: code.as_str().into(), arguments: own.chain(changed).collect() }
    }

    fn key(cause: &Message, namespace: &str, workload: &str) -> ProblemKey {
        ProblemKey::of(Some(cause), namespace, workload)
    }

    #[test]
    fn each_code_has_its_subject_or_none() {
        for code in Code::iter().filter(|code| *code != Code::NamespaceTerminating) {
            let wanted = SUBJECTS.iter().find(|(of, ..)| *of == code).map(|(_, kind, name, of_namespace)| Subject {
                kind,
                name: (*name).to_owned(),
                namespace: of_namespace.then(|| "shop".to_owned()),
            });
            assert_eq!(Subject::of(&cause(code, &[]), "shop"), wanted, "{}", code.as_str());
        }
        let namespace = Subject { kind: "Namespace", name: "shop".to_owned(), namespace: None };
        assert_eq!(Subject::of(&cause(Code::NamespaceTerminating, &[]), "shop"), Some(namespace));
    }

    #[test]
    fn victims_of_one_subject_are_one_problem() {
        let (lost, evicted) = (cause(Code::NodeLost, &[]), cause(Code::Evicted, &[]));
        assert_eq!(key(&lost, "shop", "a"), key(&evicted, "data", "b"), "one node");
        let quota = cause(Code::QuotaExceeded, &[("used", "pods=1")]);
        assert_eq!(key(&quota, "shop", "a"), key(&cause(Code::QuotaExceeded, &[]), "shop", "b"), "one quota");
        assert_ne!(key(&quota, "shop", "a"), key(&quota, "data", "b"), "two quotas of one name");
        let secret = cause(Code::KeyNotFound, &[("kind", "Secret")]);
        assert_eq!(key(&secret, "shop", "a"), key(&cause(Code::SecretNotFound, &[]), "shop", "b"), "one Secret");
        assert_ne!(key(&secret, "shop", "a"), key(&cause(Code::KeyNotFound, &[]), "shop", "a"), "Secret and ConfigMap");
        let unreachable = |image| cause(Code::RegistryUnreachable, &[("image", image)]);
        let (web, api) = (unreachable("registry:5000/web:1"), unreachable("registry:5000/api:1"));
        assert_eq!(key(&web, "shop", "a"), key(&api, "shop", "b"), "one registry");
        assert_ne!(key(&web, "shop", "a"), key(&unreachable("team/web:1"), "shop", "a"), "two registries");
    }

    #[test]
    fn other_causes_are_problems_of_their_workload() {
        let killed = cause(Code::OomKilled, &[]);
        assert_eq!(key(&killed, "shop", "a"), key(&cause(Code::OomKilled, &[("pod", "a-2")]), "shop", "a"));
        assert_ne!(key(&killed, "shop", "a"), key(&killed, "shop", "b"));
        assert_ne!(key(&killed, "shop", "a"), key(&cause(Code::Exited, &[]), "shop", "a"));
        let nowhere = cause(Code::NodeLost, &[("node", "")]);
        assert_ne!(key(&nowhere, "shop", "a"), key(&nowhere, "shop", "b"), "a node without a name");
        assert_ne!(ProblemKey::of(None, "shop", "a"), ProblemKey::of(None, "shop", "b"));
    }
}
