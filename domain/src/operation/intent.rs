//! The requests that users can make about one object.

use super::{
    plan::{Context, Stage, Step},
    verbs::{self, Verb},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A request with its parameters. The file of its verb says what they mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Intent {
    CreateWorkload { manifest: Value },
    ScaleWorkload { replicas: i32 },
    RestartWorkload,
    StopWorkload,
    StartWorkload,
    DeleteWorkload,
}

impl Intent {
    pub(super) const fn definition(&self) -> &'static Verb {
        match self {
            Self::CreateWorkload { .. } => &verbs::create::VERB,
            Self::ScaleWorkload { .. } => &verbs::scale::VERB,
            Self::RestartWorkload => &verbs::restart::VERB,
            Self::StopWorkload => &verbs::stop::VERB,
            Self::StartWorkload => &verbs::start::VERB,
            Self::DeleteWorkload => &verbs::delete::VERB,
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
}
