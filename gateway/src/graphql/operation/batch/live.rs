//! `batchChanged`: each event of a batch or of one of its operations, with the batch after it.

use super::Batch;
use crate::graphql::{
    context::{READ_BACK, Services, scope, services},
    engine::{error::ApiError, live::batches as in_batches, scalar::Position},
};
use async_graphql::{Context, ID, SimpleObject, Subscription};
use async_stream::try_stream;
use domain::{
    access::Scope,
    core::{
        event::Event,
        ids::{BatchId, OperationId},
    },
};
use futures::{Stream, StreamExt};
use projections::{Change, Topic, models::batches};
use std::{collections::HashSet, sync::Arc};
use uuid::Uuid;

#[derive(SimpleObject)]
pub struct BatchChange {
    position: Position,
    batch: Batch,
}

#[derive(Default)]
pub struct BatchSubscription;

#[Subscription]
impl BatchSubscription {
    /// Each change of a batch the viewer may see, after a position (default: from now). Changes that come together are one.
    async fn batch_changed(
        &self,
        ctx: &Context<'_>,
        id: ID,
        after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<BatchChange, ApiError>> + use<>, ApiError> {
        let (services, scope) = (Arc::clone(services(ctx)), scope(ctx)?);
        let id = id.parse().map_err(|_| ApiError::bad_input("id", "this is not the id of a batch".to_owned()))?;
        let operations = operations_of(&services, &scope, id).await?;
        Ok(follow(services, scope, id, operations, after))
    }
}

/// The operations of the batch, whether they are requested already or not. The read model may not have a new batch yet, so this
/// waits for it once.
async fn operations_of(services: &Services, scope: &Scope, id: Uuid) -> Result<HashSet<OperationId>, ApiError> {
    let mut found = batches::members(services.pool(), scope, id).await?;
    if found.is_empty() {
        let head = services.projections.head().await?;
        services.projections.wait_for(&[&batches::Batches], head, READ_BACK).await?;
        found = batches::members(services.pool(), scope, id).await?;
    }
    Ok(found.into_iter().map(OperationId).collect())
}

fn follow(
    services: Arc<Services>,
    scope: Scope,
    id: Uuid,
    operations: HashSet<OperationId>,
    after: Option<Position>,
) -> impl Stream<Item = Result<BatchChange, ApiError>> {
    let own = BatchId(id).as_operation();
    let topics = operations.iter().copied().chain([own]).map(Topic::Operation).collect();
    try_stream! {
        let mut changes = in_batches(&services, &batches::Batches, topics, after).boxed();
        while let Some(changed) = changes.next().await {
            let changed = changed?;
            let last = changed.iter().rev().find(|change| is_of(change, BatchId(id), &operations));
            let Some(position) = last.map(|change| change.position()) else { continue };
            if let Some(batch) = batches::get(services.pool(), &scope, id).await? {
                yield BatchChange { position: Position(position), batch: batch.into() };
            }
        }
    }
}

fn is_of(change: &Change, batch: BatchId, operations: &HashSet<OperationId>) -> bool {
    match &change.recorded.event {
        Event::Batch(event) => event.batch() == batch,
        Event::Operation(event) => operations.contains(&event.operation()),
        _ => false,
    }
}
