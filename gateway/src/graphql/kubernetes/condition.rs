//! Conditions of the status of an object.

use crate::graphql::engine::{error::ApiError, message::reveal_text};
use async_graphql::{ComplexObject, Context, Enum, SimpleObject};
use chrono::{DateTime, Utc};
use domain::{core::free_text::FreeText, kubernetes::observation};

/// A condition of the status of an object, as last observed.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Condition {
    /// For example Available or Progressing.
    #[graphql(name = "type")]
    kind: String,
    status: ConditionStatus,
    /// A code; null if there is none.
    reason: Option<String>,
    /// When its status last changed; null if the cluster does not report it.
    since: Option<DateTime<Utc>>,
    #[graphql(skip)]
    said: FreeText,
}

#[ComplexObject]
impl Condition {
    /// In the words of who reported it. May be empty.
    async fn message(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        reveal_text(ctx, &self.said).await
    }
}

impl From<observation::Condition> for Condition {
    fn from(observed: observation::Condition) -> Self {
        let observation::Condition { kind, status, reason, message, since } = observed;
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        Self { kind, status: status.into(), reason, since, said: message }
    }
}

/// Whether a condition holds.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "observation::Truth")]
pub enum ConditionStatus {
    True,
    False,
    Unknown,
}
