//! The verbs, one file each with stages, plan and rule.

pub mod create;
pub mod delete;
pub mod restart;
pub mod scale;
pub mod start;
pub mod stop;

use super::{
    decide::Seen,
    intent::Intent,
    plan::{Context, Stage, Step},
    queue::Target,
};
use crate::{
    core::refusal::{ErrorCode, Refusal},
    kubernetes::resource::Resource,
};

/// The maximum number of replicas of a workload. A typing error must not fill a shared cluster. Kubernetes is tested up
/// to 150,000 pods in all (kubernetes.io, "Considerations for large clusters").
pub const MAX_REPLICAS: i32 = 10_000;

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
}

/// The input of a rule.
pub(super) struct Request<'a> {
    pub target: &'a Target,
    pub kind: &'a Resource,
    pub intent: &'a Intent,
    pub seen: Option<&'a Seen>,
    pub is_retry: bool,
    /// Whether the object will exist after all queued operations.
    pub exists: bool,
}

impl Request<'_> {
    /// Whether the last observation says that the workload is stopped.
    fn is_stopped(&self) -> bool {
        let suspends = self.kind.capabilities().suspend;
        self.seen.is_some_and(|seen| if suspends { seen.suspend == Some(true) } else { seen.replicas == Some(0) })
    }

    fn must_exist(&self) -> Result<(), Refusal> {
        if self.exists {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::NotFound, "id", "there is no such workload, or it is being deleted"))
    }

    fn must_be_stoppable(&self) -> Result<(), Refusal> {
        let capabilities = self.kind.capabilities();
        if capabilities.replicas || capabilities.suspend {
            return Ok(());
        }
        let message = format!("a {} runs on every matching node: it has no stop", self.kind);
        Err(Refusal::new(ErrorCode::NotSupported, "id", message))
    }
}

/// A refusal because of a parameter or of the workload's state.
fn invalid(field: &str, message: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::Invalid, field, message)
}
