//! Which kinds of a cluster the log records, as an administrator wants it.

use super::ResourceKind;
use crate::graphql::{
    context::{origin, services},
    engine::{error::ApiError, scalar::Position},
    operation::result::OperationRefused,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};
use commands::Error;
use domain::{
    core::{
        ids::ClusterId,
        message::Code,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::resource::Resource,
};
use uuid::Uuid;

#[derive(InputObject)]
pub struct KindInput {
    cluster: ID,
    kind: ID,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

#[derive(Union)]
pub enum KindResult {
    Accepted(KindAccepted),
    Refused(OperationRefused),
}

/// The command is in the log.
#[derive(SimpleObject)]
pub struct KindAccepted {
    kind: ResourceKind,
    position: Position,
}

#[derive(Default)]
pub struct KindMutation;

#[Object]
impl KindMutation {
    /// Records the objects of a kind from now on, however many there are. It may take seconds until all are in the lists.
    async fn record_kind(&self, ctx: &Context<'_>, input: KindInput) -> Result<KindResult, ApiError> {
        choose(ctx, input, true).await
    }

    /// Records the objects of a kind no longer. They leave the lists of what is recorded, and are read live from then on. What was
    /// recorded of them stays.
    async fn release_kind(&self, ctx: &Context<'_>, input: KindInput) -> Result<KindResult, ApiError> {
        choose(ctx, input, false).await
    }
}

async fn choose(ctx: &Context<'_>, input: KindInput, is_recorded: bool) -> Result<KindResult, ApiError> {
    let origin = origin(ctx, input.reason, input.idempotency_key)?;
    let cluster = ClusterId::from_name(&input.cluster);
    let Ok(kind) = input.kind.parse::<Resource>() else {
        let kind = input.kind.chars().take(80).collect::<String>();
        let reason = Code::KindUnknown.message([("kind", kind.into()), ("cluster", cluster.as_str().into())]);
        let refusal = Refusal::because(ErrorCode::NotSupported, "kind", reason);
        return Ok(KindResult::Refused(OperationRefused::new(ctx, refusal)));
    };
    match services(ctx).registry.choose_kind(origin, &cluster, kind.clone(), is_recorded).await {
        Ok(executed) => {
            let kind = ResourceKind::of(ctx, &cluster, &kind);
            Ok(KindResult::Accepted(KindAccepted { kind, position: Position(executed.position) }))
        }
        Err(Error::Refused(refusal)) => Ok(KindResult::Refused(OperationRefused::new(ctx, refusal))),
        Err(error) => Err(error.into()),
    }
}
