//! Causes of a state, and the actions that are possible.

use crate::graphql::{
    context::{language, services},
    engine::message::Message,
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::{
    core::{ids::ClusterId, message::Code},
    kubernetes::{action, cause, object::ObjectRef, resource::Resource},
};

/// The cause of a state: the deepest one that Binnacle knows.
pub struct Cause {
    cause: cause::Cause,
    /// The explained object. Others of its cause are in its namespace, or outside namespaces.
    near: Option<ObjectRef>,
}

impl Cause {
    /// A cause in the cluster and namespace of the object with this id.
    pub fn new(cause: &cause::Cause, near: &str) -> Self {
        Self { cause: cause.clone(), near: near.parse().ok() }
    }
}

#[Object]
impl Cause {
    async fn message(&self) -> Message {
        (&self.cause.message).into()
    }
    /// Since when, if the cluster reports it.
    async fn since(&self) -> Option<DateTime<Utc>> {
        self.cause.since
    }
    /// The observations behind it, the most relevant first.
    async fn evidence(&self, #[graphql(default_with = "Some(10)")] first: Option<i32>) -> Vec<Evidence> {
        let first = usize::try_from(first.unwrap_or(10)).unwrap_or_default();
        self.cause.evidence.iter().take(first).map(|evidence| Evidence::new(evidence, self.near.as_ref())).collect()
    }
}

/// One observation behind a cause.
#[derive(SimpleObject)]
pub struct Evidence {
    kind: EvidenceKind,
    message: Message,
    at: Option<DateTime<Utc>>,
    /// The object of the observation.
    object_id: Option<ID>,
    container: Option<String>,
}

impl Evidence {
    fn new(evidence: &cause::Evidence, near: Option<&ObjectRef>) -> Self {
        let object = evidence.object.as_ref().zip(near).and_then(|(object, near)| {
            let (cluster, kind): (_, Resource) = (near.cluster.clone(), object.kind.parse().ok()?);
            let namespace = near.namespace.clone().filter(|_| kind.is_namespaced() != Some(false));
            ObjectRef { cluster, kind, namespace, name: object.name.clone() }.checked()
        });
        Self {
            kind: evidence.kind.into(),
            message: (&evidence.message).into(),
            at: evidence.at,
            object_id: object.map(|object| ID(object.id())),
            container: evidence.container.clone(),
        }
    }
}

/// The source of an observation.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "cause::EvidenceKind")]
pub enum EvidenceKind {
    Container,
    Condition,
    Event,
    Log,
    Metric,
    Change,
    Admission,
}

/// An action that is possible now, or the reason why it is not.
pub struct AvailableAction(action::AvailableAction);

impl AvailableAction {
    /// The actions of an object. None is possible where its cluster takes no command.
    pub fn all(
        ctx: &Context<'_>,
        cluster: &str,
        actions: impl Iterator<Item = action::AvailableAction>,
    ) -> Vec<AvailableAction> {
        let closed = services(ctx).clusters.closed(&ClusterId::from_name(cluster));
        let closed = closed.map(|message| action::Reason { message, holds: action::Holds::Otherwise });
        actions
            .map(|action| Self(action::AvailableAction { reason: action.reason.or(closed.clone()), ..action }))
            .collect()
    }
}

#[Object]
impl AvailableAction {
    /// The verb, for example SCALE for scaleWorkload.
    async fn action(&self) -> &str {
        self.0.action
    }
    /// The verb of its operations, for example ScaleWorkload. Its mutation has the same name with a small first letter.
    async fn verb(&self) -> &str {
        self.0.verb
    }
    /// Whether the input of its mutation says more than which object.
    async fn has_parameters(&self) -> bool {
        self.0.has_parameters
    }
    /// What it is called.
    async fn label(&self, ctx: &Context<'_>) -> String {
        language(ctx).text(&Code::ActionLabel.message([("verb", self.0.verb.into())]))
    }
    /// What it does, without a full stop.
    async fn effect(&self, ctx: &Context<'_>) -> String {
        language(ctx).text(&Code::ActionEffect.message([("verb", self.0.verb.into())]))
    }
    /// Whether workloads of its kind can do it at all.
    async fn supported(&self) -> bool {
        self.0.is_supported()
    }
    async fn allowed(&self) -> bool {
        self.0.is_allowed()
    }
    /// Why it is not allowed.
    async fn reason(&self) -> Option<Message> {
        self.0.reason.as_ref().map(|reason| Message::from(&reason.message))
    }
    /// A warning before the request, for example that an autoscaler sets the replicas.
    async fn caution(&self) -> Option<Message> {
        self.0.caution.as_ref().map(Message::from)
    }
}
