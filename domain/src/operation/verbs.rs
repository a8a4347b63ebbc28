//! The verbs, one file each with stages, plan and rule.

pub mod apply;
pub mod create;
pub mod delete;
pub mod edit;
pub mod pause;
pub mod remove;
pub mod restart;
pub mod resume;
pub mod scale;
mod set;
pub mod set_annotations;
pub mod set_config_map_data;
pub mod set_environment;
pub mod set_image;
pub mod set_labels;
pub mod set_resources;
pub mod set_secret_data;
pub mod start;
pub mod stop;

use super::{
    change::{self, ClearValues, Values},
    plan::{Context, Propagation, Stage, Step},
};
use crate::{
    core::{
        free_value::Free,
        message::{Code, Message},
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{
        action::{AvailableAction, Holds, Offer, Reason, Surroundings},
        edit::Change,
        manifest::Manifest,
        observation::Workload,
        observed::Seen,
        resource::Resource,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::IntoEnumIterator;

/// The maximum number of replicas of a workload. A typing error must not fill a shared cluster. Kubernetes is tested up
/// to 150,000 pods in all (kubernetes.io, "Considerations for large clusters").
pub const MAX_REPLICAS: i32 = 10_000;

/// A request of one object with its parameters. The file of its verb says what they mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::EnumIter)]
pub enum Intent {
    CreateWorkload {
        manifest: Manifest,
    },
    ScaleWorkload {
        replicas: i32,
    },
    RestartWorkload,
    StopWorkload,
    StartWorkload,
    DeleteWorkload,
    /// `awaits`: whether something has to become ready.
    ApplyManifests {
        manifest: Manifest,
        take_over: Vec<String>,
        awaits: bool,
    },
    EditObject {
        changes: Free<Vec<Change>>,
        awaits: bool,
    },
    /// Back to what it was after the event at `position`.
    RestoreObject {
        position: i64,
        changes: Free<Vec<Change>>,
        awaits: bool,
    },
    DeleteObject {
        propagation: Propagation,
        grace_period_seconds: Option<u32>,
    },
    PauseRollout,
    ResumeRollout,
    SetImage {
        container: String,
        image: String,
    },
    SetEnvironment {
        container: String,
        variables: Values,
    },
    SetResources {
        container: String,
        requests: ClearValues,
        limits: ClearValues,
    },
    SetLabels {
        labels: ClearValues,
    },
    SetAnnotations {
        annotations: Values,
    },
    SetConfigMapData {
        data: Values,
    },
    /// A keyed hash of each value. Those without one are removed.
    SetSecretData {
        keys: ClearValues,
    },
}

/// The definition of a verb.
pub(super) struct Verb {
    /// The name in the API and in the log.
    pub name: &'static str,
    /// In order; never empty.
    pub stages: &'static [Stage],
    /// One step for each stage.
    pub plan: fn(&Intent, &Context<'_>) -> Vec<Step>,
    /// Whether the object exists after the operation. None if the operation changes nothing about that.
    pub leaves: Option<bool>,
    pub rule: fn(&Request<'_>) -> Result<(), Refusal>,
    /// None if it is not requested of a workload that is there.
    pub offer: Option<Offer>,
    /// What the audit log says that somebody requested of the object.
    pub summary: fn(&Intent, object: Value) -> Message,
}

impl Intent {
    pub(super) const fn definition(&self) -> &'static Verb {
        match self {
            Self::CreateWorkload { .. } => &create::VERB,
            Self::ScaleWorkload { .. } => &scale::VERB,
            Self::RestartWorkload => &restart::VERB,
            Self::StopWorkload => &stop::VERB,
            Self::StartWorkload => &start::VERB,
            Self::DeleteWorkload => &delete::VERB,
            Self::ApplyManifests { awaits: false, .. } => &apply::VERB,
            Self::ApplyManifests { awaits: true, .. } => &apply::AWAITED,
            Self::EditObject { awaits: false, .. } => &edit::VERB,
            Self::EditObject { awaits: true, .. } => &edit::AWAITED,
            Self::RestoreObject { awaits: false, .. } => &edit::RESTORE,
            Self::RestoreObject { awaits: true, .. } => &edit::RESTORE_AWAITED,
            Self::DeleteObject { .. } => &remove::VERB,
            Self::PauseRollout => &pause::VERB,
            Self::ResumeRollout => &resume::VERB,
            Self::SetImage { .. } => &set_image::VERB,
            Self::SetEnvironment { .. } => &set_environment::VERB,
            Self::SetResources { .. } => &set_resources::VERB,
            Self::SetLabels { .. } => &set_labels::VERB,
            Self::SetAnnotations { .. } => &set_annotations::VERB,
            Self::SetConfigMapData { .. } => &set_config_map_data::VERB,
            Self::SetSecretData { .. } => &set_secret_data::VERB,
        }
    }

    /// Whether what it would write cannot be opened any more.
    pub fn is_forgotten(&self) -> bool {
        match self {
            Self::CreateWorkload { manifest } | Self::ApplyManifests { manifest, .. } => manifest.is_forgotten(),
            Self::EditObject { changes, .. } | Self::RestoreObject { changes, .. } => changes.is_forgotten(),
            Self::SetEnvironment { variables: values, .. }
            | Self::SetAnnotations { annotations: values }
            | Self::SetConfigMapData { data: values } => change::is_forgotten(values),
            Self::ScaleWorkload { .. }
            | Self::RestartWorkload
            | Self::StopWorkload
            | Self::StartWorkload
            | Self::DeleteWorkload
            | Self::DeleteObject { .. }
            | Self::PauseRollout
            | Self::ResumeRollout
            | Self::SetImage { .. }
            | Self::SetResources { .. }
            | Self::SetLabels { .. }
            | Self::SetSecretData { .. } => false,
        }
    }

    /// The verb, as shown in the API and in the log.
    pub const fn verb(&self) -> &'static str {
        self.definition().name
    }

    /// Whether it can be requested of objects of this kind at all.
    pub fn is_of(&self, kind: &Resource) -> bool {
        match self {
            Self::CreateWorkload { .. }
            | Self::ScaleWorkload { .. }
            | Self::RestartWorkload
            | Self::StopWorkload
            | Self::StartWorkload
            | Self::DeleteWorkload
            | Self::PauseRollout
            | Self::ResumeRollout
            | Self::SetImage { .. }
            | Self::SetEnvironment { .. }
            | Self::SetResources { .. } => kind.is_workload(),
            Self::ApplyManifests { .. }
            | Self::EditObject { .. }
            | Self::RestoreObject { .. }
            | Self::DeleteObject { .. }
            | Self::SetLabels { .. }
            | Self::SetAnnotations { .. } => true,
            Self::SetConfigMapData { .. } => *kind == Resource::CONFIG_MAP,
            Self::SetSecretData { .. } => *kind == Resource::SECRET,
        }
    }

    /// Whether it says more than which object. A request without parameters is written as its name alone.
    fn has_parameters(&self) -> bool {
        !matches!(serde_json::to_value(self), Ok(Value::String(_)))
    }

    /// The stages in order; never empty.
    pub const fn stages(&self) -> &'static [Stage] {
        self.definition().stages
    }

    /// Whether the object exists after the operation. None if the operation changes nothing about that.
    pub const fn leaves(&self) -> Option<bool> {
        self.definition().leaves
    }

    /// The manifest that it writes, if it writes one.
    pub const fn manifest(&self) -> Option<&Manifest> {
        match self {
            Self::CreateWorkload { manifest } | Self::ApplyManifests { manifest, .. } => Some(manifest),
            Self::ScaleWorkload { .. }
            | Self::RestartWorkload
            | Self::StopWorkload
            | Self::StartWorkload
            | Self::DeleteWorkload
            | Self::EditObject { .. }
            | Self::RestoreObject { .. }
            | Self::DeleteObject { .. }
            | Self::PauseRollout
            | Self::ResumeRollout
            | Self::SetImage { .. }
            | Self::SetEnvironment { .. }
            | Self::SetResources { .. }
            | Self::SetLabels { .. }
            | Self::SetAnnotations { .. }
            | Self::SetConfigMapData { .. }
            | Self::SetSecretData { .. } => None,
        }
    }

    /// The steps in order, one for each stage.
    pub fn plan(&self, context: &Context<'_>) -> Vec<Step> {
        (self.definition().plan)(self, context)
    }

    /// What the audit log says that somebody requested of `object`.
    pub fn summary(&self, object: String) -> Message {
        (self.definition().summary)(self, object.into())
    }
}

/// The input of a rule.
pub(super) struct Request<'a> {
    pub kind: &'a Resource,
    pub intent: &'a Intent,
    pub seen: Option<&'a Seen>,
    pub surroundings: Surroundings<'a>,
    pub is_retry: bool,
    /// Whether other operations are queued before it.
    pub is_queued: bool,
    /// Whether the object will exist after all queued operations.
    pub exists: bool,
}

impl Request<'_> {
    fn must_exist(&self) -> Result<(), Refusal> {
        if self.exists {
            return Ok(());
        }
        let code = if self.kind.is_workload() { Code::NoSuchWorkload } else { Code::NoSuchObject };
        Err(Refusal::because(ErrorCode::NotFound, "id", code.message([])))
    }

    /// Refuses what the list of available actions does not offer. An operation ahead of it may still end the reason. The
    /// executor then decides.
    fn must_be_offered(&self) -> Result<(), Refusal> {
        let Some(Reason { message, holds }) = self.reason_against() else { return Ok(()) };
        let code = match holds {
            Holds::UntilAnOperation if self.is_queued => return Ok(()),
            Holds::ForTheKind => ErrorCode::NotSupported,
            Holds::UntilAnOperation | Holds::Otherwise => ErrorCode::Invalid,
        };
        Err(Refusal::because(code, "id", message))
    }

    fn reason_against(&self) -> Option<Reason> {
        let offer = self.intent.definition().offer.as_ref()?;
        match self.seen.and_then(Seen::workload) {
            Some(workload) => offer.reason_against(workload, &self.surroundings),
            None => offer.reason_against_kind(self.kind),
        }
    }
}

/// The name of every verb, in the order of [`Intent`].
pub fn verb_names() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<_> = Intent::iter().map(|intent| intent.verb()).collect();
    // An edit is requested by the same name as an apply.
    names.dedup();
    names.into_iter()
}

/// Whether each action can be requested, in the order of [`Intent`].
pub fn available_actions(workload: &Workload, surroundings: &Surroundings<'_>) -> Vec<AvailableAction> {
    let offered = Intent::iter().filter_map(|intent| {
        let Verb { name, offer, .. } = intent.definition();
        Some(offer.as_ref()?.of(name, intent.has_parameters(), workload, surroundings))
    });
    offered.collect()
}

/// What can be requested of an object of any kind, besides the actions of workloads. `can`: whether the server has a verb for
/// the kind.
pub fn object_actions(kind: &Resource, can: impl Fn(&str) -> bool, is_going: bool) -> Vec<AvailableAction> {
    let of = |action: &'static str, verb: &Verb, needs: &str| {
        let never = || Code::CannotBeDone.message([("kind", kind.to_string().into())]);
        let reason = match (can(needs), is_going) {
            (false, _) => Some(Reason { message: never(), holds: Holds::ForTheKind }),
            (true, true) => Some(Reason::until_an_operation(Code::BeingDeleted)),
            (true, false) => None,
        };
        AvailableAction { action, verb: verb.name, has_parameters: true, reason, caution: None }
    };
    let mut actions = vec![of("EDIT", &edit::VERB, "patch"), of("RESTORE", &edit::RESTORE, "patch")];
    // Workloads have an action of that name already.
    if !kind.is_workload() {
        actions.push(of("DELETE", &remove::VERB, "delete"));
    }
    actions
}

/// A refusal because of a parameter or of the workload's state.
fn invalid(field: &str, reason: Message) -> Refusal {
    Refusal::because(ErrorCode::Invalid, field, reason)
}
