//! The fields of workloads that are stored in clear, by the API of Kubernetes 1.35.

use crate::kubernetes::secret;
use chrono::DateTime;
use serde_json::Value;
use uuid::Uuid;

/// What may stand at a place in clear.
pub(super) enum Form {
    /// Nothing: whatever stands there is a free leaf.
    Free,
    /// A name or a label: what people search and sort by.
    Name,
    /// An image, which may be longer than a name.
    Image,
    /// A word of the API, of letters only: `IfNotPresent`.
    Word,
    /// A number, a quantity, or a share: `3`, `500m`, `25%`.
    Number,
    Time,
    /// The id of an object or of an operation.
    Id,
    Fields(&'static [(&'static str, Self)]),
    /// Any key, with values of this form.
    Map(&'static Self),
    List(&'static Self),
}

/// Kubernetes allows 253 characters in a name, and a prefix of as many before the name of a label.
const LONGEST_NAME: usize = 317;
const LONGEST_IMAGE: usize = 1024;
const LONGEST_WORD: usize = 40;
const LONGEST_NUMBER: usize = 24;
/// Suffixes of quantities, and the sign of a share.
const SUFFIXES: [&str; 18] =
    ["", "%", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e3"];

impl Form {
    pub fn is_clear(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Name, Value::String(text)) => is_name(text, LONGEST_NAME),
            (Self::Image, Value::String(text)) => is_image(text),
            (Self::Word, Value::String(text)) => {
                text.len() <= LONGEST_WORD && text.chars().all(|c| c.is_ascii_alphabetic())
            }
            (Self::Number, Value::String(text)) => {
                let suffix = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
                text.len() <= LONGEST_NUMBER && suffix.len() < text.len() && SUFFIXES.contains(&suffix)
            }
            (Self::Time, Value::String(text)) => DateTime::parse_from_rfc3339(text).is_ok(),
            (Self::Number, Value::Number(_)) => true,
            (Self::Id, Value::String(text)) => text.parse::<Uuid>().is_ok(),
            (Self::Fields(_) | Self::Map(_), Value::Object(fields)) => fields.is_empty(),
            (Self::List(_), Value::Array(items)) => items.is_empty(),
            _ => false,
        }
    }
}

/// Whether a text has the form of the name of an image, with nothing in it that must be sealed.
pub fn is_image(text: &str) -> bool {
    is_name(text, LONGEST_IMAGE) && !secret::is_in_name(text)
}

fn is_name(text: &str, longest: usize) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "-_./:@".contains(c);
    text.len() <= longest && text.chars().all(is_sign)
}

use Form::{Fields, Free, Id, Image, List, Map, Name, Number, Time, Word};

const NAMES: Form = Map(&Name);
const NUMBERS: Form = Map(&Number);

const METADATA: Form = Fields(&[
    ("name", Name),
    ("namespace", Name),
    ("uid", Id),
    ("creationTimestamp", Time),
    ("deletionTimestamp", Time),
    ("deletionGracePeriodSeconds", Number),
    ("generation", Number),
    ("labels", NAMES),
    ("annotations", Fields(&[("binnacle.io/operation-id", Id)])),
    ("finalizers", List(&Name)),
    ("ownerReferences", List(&Fields(&[("apiVersion", Name), ("kind", Word), ("name", Name), ("uid", Id)]))),
]);

const SELECTOR: Form = Fields(&[
    ("matchLabels", NAMES),
    ("matchExpressions", List(&Fields(&[("key", Name), ("operator", Word), ("values", List(&Name))]))),
]);

const PROBE: Form = Fields(&[
    ("initialDelaySeconds", Number),
    ("periodSeconds", Number),
    ("timeoutSeconds", Number),
    ("successThreshold", Number),
    ("failureThreshold", Number),
    ("terminationGracePeriodSeconds", Number),
    (
        "httpGet",
        Fields(&[("port", PORT), ("scheme", Word), ("httpHeaders", List(&Fields(&[("name", Name), ("value", Free)])))]),
    ),
    ("tcpSocket", Fields(&[("port", PORT)])),
    ("grpc", Fields(&[("port", PORT)])),
]);

/// Its number; a name of a port is free, because anything may stand there.
const PORT: Form = Number;

const SECURITY: Form = Fields(&[
    ("runAsUser", Number),
    ("runAsGroup", Number),
    ("fsGroup", Number),
    ("fsGroupChangePolicy", Word),
    ("supplementalGroups", List(&Number)),
    ("procMount", Word),
    ("capabilities", Fields(&[("add", List(&Name)), ("drop", List(&Name))])),
    ("seccompProfile", Fields(&[("type", Word)])),
]);

const KEY: Form = Fields(&[("name", Name), ("key", Name)]);

const CONTAINER: Form = Fields(&[
    ("name", Name),
    ("image", Image),
    ("imagePullPolicy", Word),
    ("restartPolicy", Word),
    ("terminationMessagePolicy", Word),
    ("ports", List(&Fields(&[("name", Name), ("containerPort", Number), ("hostPort", Number), ("protocol", Word)]))),
    (
        "env",
        List(&Fields(&[
            ("name", Name),
            (
                "valueFrom",
                Fields(&[
                    ("secretKeyRef", KEY),
                    ("configMapKeyRef", KEY),
                    ("fieldRef", Fields(&[("apiVersion", Name), ("fieldPath", Name)])),
                    ("resourceFieldRef", Fields(&[("containerName", Name), ("resource", Name), ("divisor", Number)])),
                ]),
            ),
        ])),
    ),
    (
        "envFrom",
        List(&Fields(&[
            ("prefix", Name),
            ("secretRef", Fields(&[("name", Name)])),
            ("configMapRef", Fields(&[("name", Name)])),
        ])),
    ),
    ("resources", Fields(&[("limits", NUMBERS), ("requests", NUMBERS), ("claims", List(&Fields(&[("name", Name)])))])),
    ("volumeMounts", List(&Fields(&[("name", Name)]))),
    ("livenessProbe", PROBE),
    ("readinessProbe", PROBE),
    ("startupProbe", PROBE),
    ("securityContext", SECURITY),
]);

const SOURCE_MODE: (&str, Form) = ("defaultMode", Number);

const POD: Form = Fields(&[
    ("containers", List(&CONTAINER)),
    ("initContainers", List(&CONTAINER)),
    ("ephemeralContainers", List(&CONTAINER)),
    ("restartPolicy", Word),
    ("terminationGracePeriodSeconds", Number),
    ("activeDeadlineSeconds", Number),
    ("dnsPolicy", Word),
    ("serviceAccountName", Name),
    ("serviceAccount", Name),
    ("nodeName", Name),
    ("nodeSelector", NAMES),
    ("hostname", Name),
    ("subdomain", Name),
    ("schedulerName", Name),
    ("priorityClassName", Name),
    ("priority", Number),
    ("preemptionPolicy", Word),
    ("runtimeClassName", Name),
    ("imagePullSecrets", List(&Fields(&[("name", Name)]))),
    ("securityContext", SECURITY),
    (
        "tolerations",
        List(&Fields(&[
            ("key", Name),
            ("operator", Word),
            ("value", Name),
            ("effect", Word),
            ("tolerationSeconds", Number),
        ])),
    ),
    (
        "topologySpreadConstraints",
        List(&Fields(&[
            ("maxSkew", Number),
            ("minDomains", Number),
            ("topologyKey", Name),
            ("whenUnsatisfiable", Word),
            ("labelSelector", SELECTOR),
        ])),
    ),
    (
        "volumes",
        List(&Fields(&[
            ("name", Name),
            ("configMap", Fields(&[("name", Name), SOURCE_MODE])),
            ("secret", Fields(&[("secretName", Name), SOURCE_MODE])),
            ("persistentVolumeClaim", Fields(&[("claimName", Name)])),
            ("emptyDir", Fields(&[("medium", Word), ("sizeLimit", Number)])),
        ])),
    ),
]);

const STRATEGY: Form = Fields(&[
    ("type", Word),
    ("rollingUpdate", Fields(&[("maxSurge", Number), ("maxUnavailable", Number), ("partition", Number)])),
]);

const TEMPLATE: (&str, Form) = ("template", Fields(&[("metadata", METADATA), ("spec", POD)]));

const CLAIM: Form = Fields(&[
    ("apiVersion", Name),
    ("kind", Word),
    ("metadata", METADATA),
    (
        "spec",
        Fields(&[
            ("accessModes", List(&Word)),
            ("storageClassName", Name),
            ("volumeMode", Word),
            ("volumeName", Name),
            ("resources", Fields(&[("requests", NUMBERS), ("limits", NUMBERS)])),
        ]),
    ),
]);

/// `spec` of a workload of any kind.
const SPEC: Form = Fields(&[
    ("replicas", Number),
    ("minReadySeconds", Number),
    ("progressDeadlineSeconds", Number),
    ("revisionHistoryLimit", Number),
    ("selector", SELECTOR),
    ("strategy", STRATEGY),
    ("updateStrategy", STRATEGY),
    ("serviceName", Name),
    ("podManagementPolicy", Word),
    ("ordinals", Fields(&[("start", Number)])),
    ("persistentVolumeClaimRetentionPolicy", Fields(&[("whenDeleted", Word), ("whenScaled", Word)])),
    ("volumeClaimTemplates", List(&CLAIM)),
    ("parallelism", Number),
    ("completions", Number),
    ("completionMode", Word),
    ("backoffLimit", Number),
    ("backoffLimitPerIndex", Number),
    ("maxFailedIndexes", Number),
    ("activeDeadlineSeconds", Number),
    ("ttlSecondsAfterFinished", Number),
    ("podReplacementPolicy", Word),
    ("managedBy", Name),
    ("concurrencyPolicy", Word),
    ("timeZone", Name),
    ("startingDeadlineSeconds", Number),
    ("successfulJobsHistoryLimit", Number),
    ("failedJobsHistoryLimit", Number),
    TEMPLATE,
    (
        "jobTemplate",
        Fields(&[
            ("metadata", METADATA),
            (
                "spec",
                Fields(&[
                    ("parallelism", Number),
                    ("completions", Number),
                    ("completionMode", Word),
                    ("backoffLimit", Number),
                    ("activeDeadlineSeconds", Number),
                    ("ttlSecondsAfterFinished", Number),
                    ("selector", SELECTOR),
                    TEMPLATE,
                ]),
            ),
        ]),
    ),
]);

pub(super) const OBJECT: Form = Fields(&[("apiVersion", Name), ("kind", Word), ("metadata", METADATA), ("spec", SPEC)]);
