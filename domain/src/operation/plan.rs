//! The steps of an operation: the stage that users see, and the call to the cluster.

use super::{
    change::ContainerChange,
    trace::{Remembered, Written},
};
use crate::{
    core::{
        free_value::Free,
        ids::OperationId,
        message::{Code, Message},
        sealing::SealedValues,
    },
    kubernetes::{
        edit::Change,
        manifest::Manifest,
        resource::Resource,
        wait::{Goal, Requested},
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::IntoEnumIterator;

/// One step of an operation that users see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::EnumIter)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Validate,
    Apply,
    Edit,
    Scale,
    Restart,
    Remember,
    Stop,
    Start,
    Delete,
    Change,
    WaitUntilObserved,
    WaitUntilReady,
    WaitUntilStopped,
    WaitUntilGone,
}

/// What a stage sends to Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Sends {
    /// A server-side apply that changes nothing.
    DryRun,
    Apply,
    Patch,
    Delete,
    Read,
}

/// What a stage is.
struct Definition {
    name: &'static str,
    code: Code,
    sends: Sends,
    waits: bool,
    keeps_remembered: bool,
}

impl Definition {
    /// A stage whose call does not set the replicas.
    const fn call(name: &'static str, code: Code, sends: Sends) -> Self {
        Self { name, code, sends, waits: false, keeps_remembered: true }
    }

    /// A stage whose call decides how many replicas there are. The last such request counts, not the state that a stop
    /// found earlier.
    const fn sets_replicas(name: &'static str, code: Code, sends: Sends) -> Self {
        Self { keeps_remembered: false, ..Self::call(name, code, sends) }
    }

    const fn wait(name: &'static str, code: Code) -> Self {
        Self { waits: true, ..Self::call(name, code, Sends::Read) }
    }
}

impl Stage {
    const fn definition(self) -> Definition {
        match self {
            Self::Validate => Definition::call("validate", Code::Validating, Sends::DryRun),
            Self::Apply => Definition::sets_replicas("apply", Code::Applying, Sends::Apply),
            Self::Edit => Definition::call("edit", Code::Editing, Sends::Patch),
            Self::Scale => Definition::sets_replicas("scale", Code::Scaling, Sends::Patch),
            Self::Restart => Definition::call("restart", Code::Restarting, Sends::Patch),
            Self::Remember => Definition::call("remember", Code::Remembering, Sends::Read),
            Self::Stop => Definition::call("stop", Code::Stopping, Sends::Patch),
            Self::Start => Definition::sets_replicas("start", Code::Starting, Sends::Patch),
            Self::Delete => Definition::sets_replicas("delete", Code::Deleting, Sends::Delete),
            Self::Change => Definition::call("change", Code::Changing, Sends::Patch),
            Self::WaitUntilObserved => Definition::wait("wait-until-observed", Code::AwaitingController),
            Self::WaitUntilReady => Definition::wait("wait-until-ready", Code::AwaitingReady),
            Self::WaitUntilStopped => Definition::wait("wait-until-stopped", Code::AwaitingStop),
            Self::WaitUntilGone => Definition::wait("wait-until-gone", Code::AwaitingEnd),
        }
    }

    /// The stable name in the log and the API.
    pub const fn as_str(self) -> &'static str {
        self.definition().name
    }

    /// The stage of a name. None for a name of a newer version.
    pub fn named(name: &str) -> Option<Self> {
        Self::iter().find(|stage| stage.as_str() == name)
    }

    /// What users read until the stage reports something else.
    pub const fn code(self) -> Code {
        self.definition().code
    }

    /// What the stage sends to Kubernetes. A stage that waits reads the object again and again.
    pub const fn sends(self) -> Sends {
        self.definition().sends
    }

    /// Whether the stage only waits for an earlier stage. Such a stage does not block the object.
    pub const fn waits(self) -> bool {
        self.definition().waits
    }
}

impl Remembered {
    /// Whether something is remembered after a stage succeeded and left `found`.
    pub fn is_kept_after(before: bool, stage: Stage, found: Option<&Self>) -> bool {
        let has_found = found.is_some_and(|found| found.replicas != Some(0));
        (before || has_found) && stage.definition().keeps_remembered
    }
}

/// One step: the stage that users see, and its call to the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub stage: Stage,
    pub action: Call,
}

/// The input of a plan, besides the intent.
pub struct Context<'a> {
    pub operation: OperationId,
    pub kind: &'a Resource,
    /// The incarnation that the user saw. None if the object did not exist.
    pub uid: Option<&'a str>,
    /// The state of the object before it was stopped.
    pub remembered: Option<&'a Remembered>,
    /// The operation that this one retries.
    pub retry_of: Option<OperationId>,
    /// What its call wrote. None before.
    pub written: Option<&'a Written>,
}

impl Context<'_> {
    /// What is waited for after the call.
    pub(super) fn requested(&self, goal: Goal) -> Requested {
        Requested {
            goal,
            uid: self.written.map(|written| written.uid.clone()),
            generation: self.written.map_or(0, |written| written.generation),
            at: self.written.map_or(DateTime::<Utc>::UNIX_EPOCH, |written| written.at),
            replicas: None,
            suspend: None,
            paused: false,
            fields: self.written.and_then(|written| written.fields.clone()),
            may_vanish: false,
        }
    }
}

/// What becomes of the objects that belong to a deleted one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Propagation {
    /// They go first.
    #[default]
    Foreground,
    /// They go after it.
    Background,
    /// They stay, without an owner.
    Orphan,
}

impl Propagation {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The narrowest call that performs the step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Call {
    /// Dry run of the manifest. Also checks that the name is free.
    DryRun {
        manifest: Manifest,
        /// An object with this operation's id may exist already: the retried operation applied it.
        #[serde(default)]
        retry_of: Option<OperationId>,
    },
    /// Server-side apply of the manifest.
    Apply {
        manifest: Manifest,
        #[serde(default)]
        retry_of: Option<OperationId>,
    },
    /// Dry run of [`Self::ApplyOver`].
    TryApply { manifest: Manifest, take_over: Vec<String> },
    /// Server-side apply of the manifest, whether or not the object is there. Of the fields of others it takes those that
    /// `take_over` names, and leaves the rest to them.
    ApplyOver { manifest: Manifest, take_over: Vec<String> },
    /// Dry run of [`Self::Edit`].
    TryEdit { changes: Free<Vec<Change>> },
    /// One merge patch with these changes, as far as others left their places as they were.
    Edit { changes: Free<Vec<Change>> },
    /// One merge patch of the spec. It also sets the annotation with the operation id.
    Patch { spec: Value },
    /// One merge patch of the object. It also sets the annotation with the operation id.
    Merge { patch: Manifest },
    /// The same for one container of the pod template.
    Container(ContainerChange),
    /// One merge patch of the data of a Secret. The values are added where the effect is stored; the log has none of them.
    SecretData {
        removed: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        values: Option<SealedValues>,
        /// Whether it needs no values.
        is_removal: bool,
    },
    /// Reads what a later start must restore.
    Remember,
    /// Deletes exactly this incarnation.
    Delete {
        uid: String,
        #[serde(default, skip_serializing_if = "Propagation::is_default")]
        propagation: Propagation,
        /// None: that of the object.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grace_period_seconds: Option<u32>,
    },
    /// Waits until what was requested is there.
    Await(Requested),
    /// No call would be correct. The operation fails with this message.
    Impossible { message: Message },
}

impl Call {
    /// Whether what it would write cannot be opened any more.
    pub fn is_forgotten(&self) -> bool {
        match self {
            Self::DryRun { manifest, .. }
            | Self::Apply { manifest, .. }
            | Self::TryApply { manifest, .. }
            | Self::ApplyOver { manifest, .. } => manifest.is_forgotten(),
            Self::TryEdit { changes } | Self::Edit { changes } => changes.is_forgotten(),
            Self::Merge { patch } => patch.is_forgotten(),
            Self::Container(change) => change.is_forgotten(),
            Self::Patch { .. }
            | Self::SecretData { .. }
            | Self::Remember
            | Self::Delete { .. }
            | Self::Await(_)
            | Self::Impossible { .. } => false,
        }
    }

    pub(super) fn impossible(code: Code) -> Self {
        Self::Impossible { message: code.message([]) }
    }
}
