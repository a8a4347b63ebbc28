//! Mutations that cancel or retry an operation.

use crate::graphql::{
    context::{READ_BACK, origin, scope, services},
    engine::error::ApiError,
    operation::result::{self, OperationResult},
};
use async_graphql::{Context, ID, InputObject, Object};
use domain::{
    core::{ids::OperationId, message::Code},
    kubernetes::object::ObjectRef,
};
use projections::models::operations;
use uuid::Uuid;

#[derive(InputObject)]
pub struct OperationInput {
    id: ID,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

#[derive(Default)]
pub struct OperationMutation;

#[Object]
impl OperationMutation {
    async fn cancel_operation(&self, ctx: &Context<'_>, input: OperationInput) -> Result<OperationResult, ApiError> {
        let Some((id, target)) = find(ctx, &input.id).await? else {
            return Ok(result::not_found(ctx, Code::NoSuchOperation));
        };
        let origin = origin(ctx, input.reason, input.idempotency_key)?;
        result::answer(ctx, services(ctx).dispatcher.cancel(origin, target, id).await).await
    }

    /// Retries a failed or cancelled operation, as a new operation with the same intent.
    async fn retry_operation(&self, ctx: &Context<'_>, input: OperationInput) -> Result<OperationResult, ApiError> {
        let Some((id, target)) = find(ctx, &input.id).await? else {
            return Ok(result::not_found(ctx, Code::NoSuchOperation));
        };
        let origin = origin(ctx, input.reason, input.idempotency_key)?;
        result::answer(ctx, services(ctx).dispatcher.retry(origin, target, id).await).await
    }
}

/// The target of the operation. The read model may not have a new operation yet, so this waits for it once.
async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<(OperationId, ObjectRef)>, ApiError> {
    let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
    let projections = &services(ctx).projections;
    if let Some(target) = target(ctx, id).await? {
        return Ok(Some((OperationId(id), target)));
    }
    projections.wait_for(&[&operations::OperationsLog], projections.head().await?, READ_BACK).await?;
    Ok(target(ctx, id).await?.map(|target| (OperationId(id), target)))
}

async fn target(ctx: &Context<'_>, id: Uuid) -> Result<Option<ObjectRef>, ApiError> {
    let found = operations::get(services(ctx).pool(), &scope(ctx)?, id).await?;
    Ok(found.and_then(|operation| operation.target.parse().ok()))
}
