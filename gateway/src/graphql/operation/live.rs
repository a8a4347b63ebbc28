//! `operationChanged`: each event of an operation, with the operation after it.

use super::Operation;
use crate::graphql::{
    context::{Services, scope, services},
    engine::{error::ApiError, live::batches, scalar::Position},
};
use async_graphql::{Context, ID, SimpleObject, Subscription};
use async_stream::try_stream;
use domain::access::Scope;
use domain::core::{event::Event, ids::OperationId};
use futures::{Stream, StreamExt};
use projections::{Change, Topic, models::operations};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use uuid::Uuid;

#[derive(SimpleObject)]
pub struct OperationChange {
    position: Position,
    operation: Operation,
}

#[derive(Default)]
pub struct OperationSubscription;

/// The operations of a subscription.
struct Followed {
    id: Option<ID>,
    cluster: Option<ID>,
}

#[Subscription]
impl OperationSubscription {
    /// Each change of an operation the viewer may see, after a position (default: from now).
    async fn operation_changed(
        &self,
        ctx: &Context<'_>,
        id: Option<ID>,
        cluster: Option<ID>,
        after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<OperationChange, ApiError>> + use<>, ApiError> {
        Ok(follow(Arc::clone(services(ctx)), scope(ctx)?, Followed { id, cluster }, after))
    }
}

fn follow(
    services: Arc<Services>,
    scope: Scope,
    followed: Followed,
    after: Option<Position>,
) -> impl Stream<Item = Result<OperationChange, ApiError>> {
    try_stream! {
        let mut batches = batches(&services, &operations::OperationsLog, followed.topics(), after).boxed();
        while let Some(batch) = batches.next().await {
            let events: Vec<(i64, Uuid)> = batch?.iter().filter_map(|change| followed.event(change)).collect();
            let ids: BTreeSet<Uuid> = events.iter().map(|(_, id)| *id).collect();
            if ids.is_empty() {
                continue;
            }
            let rows = operations::get_many(services.pool(), &scope, &ids.into_iter().collect::<Vec<_>>()).await?;
            let rows: HashMap<Uuid, Arc<operations::Operation>> =
                rows.into_iter().map(|row| (row.id, Arc::new(row))).collect();
            for (position, id) in events {
                if let Some(row) = rows.get(&id) {
                    yield OperationChange { position: Position(position), operation: Operation(Arc::clone(row)) };
                }
            }
        }
    }
}

impl Followed {
    fn topics(&self) -> Vec<Topic> {
        let one = self.id.as_ref().and_then(|id| id.parse().ok()).map(|id| Topic::Operation(OperationId(id)));
        vec![one.unwrap_or(Topic::Everything)]
    }

    /// Position and operation, if the event belongs to an operation of the subscription.
    fn event(&self, change: &Change) -> Option<(i64, Uuid)> {
        let Event::Operation(event) = &change.recorded.event else { return None };
        let (id, object) = (event.operation(), change.object.as_ref()?);
        let is_followed = self.id.as_ref().is_none_or(|wanted| wanted.parse() == Ok(id.0))
            && self.cluster.as_ref().is_none_or(|wanted| wanted.as_str() == object.cluster.as_str());
        is_followed.then_some((change.position(), id.0))
    }
}
