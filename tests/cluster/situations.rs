//! Situations that workloads get into: how each is brought about, and what Binnacle has to say of it.

mod failing;
pub mod pods;
mod working;

use domain::{core::message::Code, kubernetes::status::State};
use kube::api::PropagationPolicy;
use serde_json::{Value, json};

pub use failing::failing;
pub use working::working;

/// A namespace by its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// No rules.
    Plain,
    /// A quota without room.
    Full,
    /// A quota with room for one pod.
    Nearly,
    /// A quota without room for Jobs.
    NoJobs,
    /// An admission webhook that does not answer.
    Webhook,
    /// An admission policy that refuses every pod.
    Policy,
    /// The restricted level of pod security.
    Restricted,
    /// A limit of memory for each container.
    Limited,
}

impl Place {
    pub const ALL: [Self; 8] = [
        Self::Plain,
        Self::Full,
        Self::Nearly,
        Self::NoJobs,
        Self::Webhook,
        Self::Policy,
        Self::Restricted,
        Self::Limited,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Full => "full",
            Self::Nearly => "nearly",
            Self::NoJobs => "no-jobs",
            Self::Webhook => "webhook",
            Self::Policy => "policy",
            Self::Restricted => "restricted",
            Self::Limited => "limited",
        }
    }

    pub fn labels(self) -> Value {
        if self == Self::Restricted { json!({"pod-security.kubernetes.io/enforce": "restricted"}) } else { json!({}) }
    }

    /// The objects that make its rules. One without a name is called `none` and stands in the namespace itself.
    pub fn rules(self, run: &str, namespace: &str) -> Vec<Value> {
        let selector = json!({"matchLabels": {"kubernetes.io/metadata.name": namespace}});
        let pods = json!([{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]);
        let quota = |hard: Value| {
            vec![json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {}, "spec": {"hard": hard}})]
        };
        match self {
            Self::Plain | Self::Restricted => Vec::new(),
            Self::Full => quota(json!({"pods": "0"})),
            Self::Nearly => quota(json!({"pods": "1"})),
            Self::NoJobs => quota(json!({"count/jobs.batch": "0"})),
            Self::Webhook => vec![json!({
                "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
                "metadata": {"name": format!("dead-{run}")},
                "webhooks": [{
                    "name": "dead.binnacle.test", "rules": pods, "namespaceSelector": selector, "sideEffects": "None",
                    "failurePolicy": "Fail", "timeoutSeconds": 1, "admissionReviewVersions": ["v1"],
                    "clientConfig": {"url": "https://127.0.0.1:1/"},
                }],
            })],
            Self::Policy => vec![
                json!({
                    "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
                    "metadata": {"name": format!("refuse-{run}")},
                    "spec": {
                        "matchConstraints": {"resourceRules": pods},
                        "validations": [{"expression": "false", "message": "no pods here"}],
                    },
                }),
                json!({
                    "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding",
                    "metadata": {"name": format!("refuse-{run}")},
                    "spec": {
                        "policyName": format!("refuse-{run}"), "validationActions": ["Deny"],
                        "matchResources": {"namespaceSelector": selector},
                    },
                }),
            ],
            Self::Limited => vec![json!({
                "apiVersion": "v1", "kind": "LimitRange", "metadata": {},
                "spec": {"limits": [{"type": "Container", "max": {"memory": "8Mi"}}]},
            })],
        }
    }
}

/// What is done when a situation has come to a state.
#[derive(Clone, Debug)]
pub enum Step {
    /// A merge patch of the object.
    Patch(Value),
    Create(Value),
    Delete(PropagationPolicy),
    /// Starts a Job of a CronJob by hand.
    Run,
    /// Reports its pods as ready, as their node would.
    MakeReady,
}

/// One workload, from its creation to the state that it stays in.
#[derive(Clone, Debug)]
pub struct Situation {
    pub what: String,
    pub place: Place,
    pub object: Value,
    /// Each step is taken when Binnacle says that the object is in that state.
    pub steps: Vec<(State, Step)>,
    /// None: it is no workload any more.
    pub state: Option<State>,
    pub cause: Option<Code>,
    /// Arguments of the cause, which name what is wrong.
    pub names: Vec<(&'static str, Value)>,
}

impl Situation {
    pub fn new(what: &str, object: Value, state: State) -> Self {
        let (what, place) = (what.to_owned(), Place::Plain);
        Self { what, place, object, steps: Vec::new(), state: Some(state), cause: None, names: Vec::new() }
    }

    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    pub fn then(mut self, state: State, step: Step) -> Self {
        self.steps.push((state, step));
        self
    }

    pub fn because(mut self, code: Code, names: &[(&'static str, Value)]) -> Self {
        (self.cause, self.names) = (Some(code), names.to_vec());
        self
    }

    pub fn no_workload(mut self) -> Self {
        self.state = None;
        self
    }

    pub fn kind(&self) -> &str {
        self.object["kind"].as_str().unwrap_or_default()
    }

    pub fn name(&self) -> &str {
        self.object["metadata"]["name"].as_str().unwrap_or_default()
    }
}
