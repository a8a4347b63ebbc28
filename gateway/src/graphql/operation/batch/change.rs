//! Mutations that cancel or retry a batch, and the answer of those that make one.

use super::Batch;
use crate::graphql::{
    context::{READ_BACK, origin, scope, services},
    engine::{error::ApiError, scalar::Position},
    operation::result::OperationRefused,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};
use commands::{BatchReceipt, Error};
use domain::core::{
    ids::BatchId,
    message::Code,
    refusal::{ErrorCode, Refusal},
};
use projections::models::batches;
use uuid::Uuid;

#[derive(InputObject)]
pub struct BatchInput {
    id: ID,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

/// The outcome of a command about a batch: accepted, or refused by a rule.
#[derive(Union)]
pub enum BatchResult {
    Accepted(BatchAccepted),
    Refused(OperationRefused),
}

/// The command is in the log.
#[derive(SimpleObject)]
pub struct BatchAccepted {
    pub batch: Batch,
    pub position: Position,
}

#[derive(Default)]
pub struct BatchMutation;

#[Object]
impl BatchMutation {
    /// Asks for nothing more, and cancels the members that run.
    async fn cancel_batch(&self, ctx: &Context<'_>, input: BatchInput) -> Result<BatchResult, ApiError> {
        let Some(id) = input.batch() else { return Ok(no_such_batch(ctx)) };
        let origin = origin(ctx, input.reason, input.idempotency_key)?;
        answer(ctx, services(ctx).dispatcher.cancel_batch(origin, id).await).await
    }

    /// Asks again for the members that failed, as a new batch.
    async fn retry_batch(&self, ctx: &Context<'_>, input: BatchInput) -> Result<BatchResult, ApiError> {
        let Some(id) = input.batch() else { return Ok(no_such_batch(ctx)) };
        let origin = origin(ctx, input.reason, input.idempotency_key)?;
        answer(ctx, services(ctx).dispatcher.retry_batch(origin, id).await).await
    }
}

impl BatchInput {
    fn batch(&self) -> Option<BatchId> {
        self.id.parse().ok().map(BatchId)
    }
}

fn no_such_batch(ctx: &Context<'_>) -> BatchResult {
    let refusal = Refusal::because(ErrorCode::NotFound, "id", Code::NoSuchBatch.message([]));
    BatchResult::Refused(OperationRefused::new(ctx, refusal))
}

/// The answer to a command about a batch.
pub async fn answer(ctx: &Context<'_>, outcome: Result<BatchReceipt, Error>) -> Result<BatchResult, ApiError> {
    match outcome {
        Ok(receipt) => Ok(BatchResult::Accepted(accepted(ctx, &receipt).await?)),
        Err(Error::Refused(refusal)) => Ok(BatchResult::Refused(OperationRefused::new(ctx, refusal))),
        Err(error) => Err(error.into()),
    }
}

/// A batch that is in the log. A new one is made from the appended events and does not wait for the read model.
pub async fn accepted(ctx: &Context<'_>, receipt: &BatchReceipt) -> Result<BatchAccepted, ApiError> {
    tracing::info!(batch.id = %receipt.batch, position = receipt.position, "batch.accepted");
    let batch = match batches::fold(&receipt.events) {
        Some(batch) => batch,
        None => read_back(ctx, receipt).await?,
    };
    Ok(BatchAccepted { batch: batch.into(), position: Position(receipt.position) })
}

async fn read_back(ctx: &Context<'_>, receipt: &BatchReceipt) -> Result<batches::Batch, ApiError> {
    let projections = &services(ctx).projections;
    projections.wait_for(&[&batches::Batches], receipt.position, READ_BACK).await?;
    let found = batches::get(projections.pool(), &scope(ctx)?, receipt.batch.0).await?;
    found.ok_or_else(|| ApiError::new("INTERNAL", "the batch was accepted, but the read model does not know it"))
}
