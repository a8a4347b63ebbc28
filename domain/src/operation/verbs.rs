//! The verbs, one file each with stages, plan and rule.

pub mod create;
pub mod delete;
pub mod restart;
pub mod scale;
pub mod start;
pub mod stop;

use super::plan::{Context, Stage, Step};
use crate::{
    core::{
        message::{Code, Message},
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{
        action::{AvailableAction, Holds, Offer, Reason, Surroundings},
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
    CreateWorkload { manifest: Manifest },
    ScaleWorkload { replicas: i32 },
    RestartWorkload,
    StopWorkload,
    StartWorkload,
    DeleteWorkload,
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
        }
    }

    /// The verb, as shown in the API and in the log.
    pub const fn verb(&self) -> &'static str {
        self.definition().name
    }

    /// The stages in order; never empty.
    pub const fn stages(&self) -> &'static [Stage] {
        self.definition().stages
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
        Err(Refusal::because(ErrorCode::NotFound, "id", Code::NoSuchWorkload.message([])))
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
        match self.seen {
            Some(seen) => offer.reason_against(&seen.workload, &self.surroundings),
            None => offer.reason_against_kind(self.kind),
        }
    }
}

/// Whether each action can be requested, in the order of [`Intent`].
pub fn available_actions(workload: &Workload, surroundings: &Surroundings<'_>) -> Vec<AvailableAction> {
    let offers = Intent::iter().filter_map(|intent| intent.definition().offer.as_ref());
    offers.map(|offer| offer.of(workload, surroundings)).collect()
}

/// A refusal because of a parameter or of the workload's state.
fn invalid(field: &str, reason: Message) -> Refusal {
    Refusal::because(ErrorCode::Invalid, field, reason)
}
