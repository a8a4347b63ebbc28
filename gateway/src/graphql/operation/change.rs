//! Cancelling an operation, and asking for one again.

use crate::graphql::{
    context::{READ_BACK, origin, scope, services},
    engine::error::Fault,
    operation::result::{self, OperationResult},
};
use async_graphql::{Context, ID, InputObject, Object};
use domain::{core::ids::OperationId, kubernetes::object::ObjectRef};
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
    async fn cancel_operation(&self, ctx: &Context<'_>, input: OperationInput) -> Result<OperationResult, Fault> {
        let Some((id, target)) = find(ctx, &input.id).await? else { return Ok(result::not_found("operation")) };
        let origin = origin(ctx, input.reason, input.idempotency_key)?;
        result::answer(ctx, services(ctx).dispatcher.cancel(origin, target, id).await).await
    }

    /// A failed or cancelled operation, asked again as a new operation with the same intent.
    async fn retry_operation(&self, ctx: &Context<'_>, input: OperationInput) -> Result<OperationResult, Fault> {
        let Some((id, target)) = find(ctx, &input.id).await? else { return Ok(result::not_found("operation")) };
        let origin = origin(ctx, input.reason, input.idempotency_key)?;
        result::answer(ctx, services(ctx).dispatcher.retry(origin, target, id).await).await
    }
}

/// What the operation is about. It may be so new that the read model has to be waited for once.
async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<(OperationId, ObjectRef)>, Fault> {
    let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
    let projections = &services(ctx).projections;
    if let Some(target) = target(ctx, id).await? {
        return Ok(Some((OperationId(id), target)));
    }
    projections.wait_for(&[&operations::OperationsLog], projections.head().await?, READ_BACK).await?;
    Ok(target(ctx, id).await?.map(|target| (OperationId(id), target)))
}

async fn target(ctx: &Context<'_>, id: Uuid) -> Result<Option<ObjectRef>, Fault> {
    let found = operations::get(services(ctx).pool(), &scope(ctx)?, id).await?;
    Ok(found.and_then(|operation| operation.target.parse().ok()))
}
