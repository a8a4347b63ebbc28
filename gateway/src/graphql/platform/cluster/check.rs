//! The check of a cluster before it is registered.

use super::register::RegisterClusterInput;
use crate::graphql::{
    context::{origin, services},
    engine::{error::ApiError, message::Message},
};
use async_graphql::{Context, Enum, Object, SimpleObject};
use domain::platform::cluster::check;

/// What is found at an address.
#[derive(SimpleObject)]
pub struct ClusterCheck {
    /// Whether no step failed.
    ok: bool,
    /// In the order in which they are done. After one that fails, the others are skipped.
    steps: Vec<ClusterCheckStep>,
}

#[derive(SimpleObject)]
pub struct ClusterCheckStep {
    name: ClusterCheckName,
    state: CheckState,
    /// What was found, and what to do.
    message: Message,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "check::CheckName")]
pub enum ClusterCheckName {
    Credentials,
    Address,
    Connect,
    Tls,
    Authentication,
    Rights,
    Version,
    Clock,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "check::CheckState")]
pub enum CheckState {
    Passed,
    Failed,
    Skipped,
    /// It can be registered, and something is missing.
    Warning,
}

impl From<check::Check> for ClusterCheck {
    fn from(check: check::Check) -> Self {
        let step = |step: &check::CheckStep| ClusterCheckStep {
            name: step.name.into(),
            state: step.state.into(),
            message: Message::from(&step.message),
        };
        Self { ok: check.is_ok(), steps: check.steps().iter().map(step).collect() }
    }
}

#[derive(Default)]
pub struct CheckQuery;

#[Object]
impl CheckQuery {
    /// What `registerCluster` with the same input would find, step by step. Changes nothing and records nothing. It needs the
    /// same right. By POST only.
    #[graphql(complexity = "200 + child_complexity")]
    async fn cluster_check(&self, ctx: &Context<'_>, input: RegisterClusterInput) -> Result<ClusterCheck, ApiError> {
        let mut input = input;
        let origin = origin(ctx, input.reason.take(), None)?;
        let registry = &services(ctx).registry;
        Ok(match input.registration() {
            Ok(registration) => registry.check(origin, &registration).await?.into(),
            Err(refusal) => commands::kubernetes::check::of_refusal(refusal).into(),
        })
    }
}
