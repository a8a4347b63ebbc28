//! `podChanged`: each event that changed a pod in the list, with the row after it.

use super::{Pod, PodFilter};
use crate::graphql::{
    context::{Services, scope, services},
    engine::{
        error::ApiError,
        live::{ChangeKind, List, Row, RowChange, follow, is_within, topics_of},
        scalar::Position,
    },
};
use async_graphql::{Context, ID, SimpleObject, Subscription};
use domain::{
    access::Scope,
    core::event::Event,
    kubernetes::{object::ObjectRef, observed::ObservedEvent, resource::Resource},
};
use futures::{Stream, TryStreamExt, future::BoxFuture};
use projections::{Change, Projection, Topic, models::pods};
use std::sync::Arc;

#[derive(SimpleObject)]
pub struct PodChange {
    position: Position,
    kind: ChangeKind,
    /// The id of a cluster, with REMOVED: it was removed, and all its objects left the list.
    pod_id: ID,
    /// Null when the pod is removed.
    pod: Option<Pod>,
}

impl From<RowChange<pods::Pod>> for PodChange {
    fn from(change: RowChange<pods::Pod>) -> Self {
        let RowChange { position, kind, id, row } = change;
        Self {
            position: Position(position),
            kind,
            pod_id: ID(id),
            pod: row.map(|row| Pod::from(Arc::unwrap_or_clone(row))),
        }
    }
}

#[derive(Default)]
pub struct PodSubscription;

#[Subscription]
impl PodSubscription {
    /// Each change of a pod that the filter matches, after a position (default: from now). A pod that no longer matches
    /// is reported as removed.
    async fn pod_changed(
        &self,
        ctx: &Context<'_>,
        filter: Option<PodFilter>,
        after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<PodChange, ApiError>> + use<>, ApiError> {
        let filter: pods::Filter = filter.unwrap_or_default().try_into()?;
        Ok(follow(Arc::clone(services(ctx)), scope(ctx)?, filter, after).map_ok(PodChange::from))
    }
}

impl Row for pods::Pod {
    fn id(&self) -> &str {
        &self.id
    }

    fn added_position(&self) -> i64 {
        self.added_position
    }

    fn is_in(&self, scope: &Scope) -> bool {
        scope.contains(&self.cluster, Some(&self.namespace))
    }
}

impl List for pods::Filter {
    type Row = pods::Pod;

    fn projection(&self) -> &'static dyn Projection {
        &pods::Pods
    }

    fn topics(&self) -> Vec<Topic> {
        match self.workload.as_ref().and_then(|id| id.parse::<ObjectRef>().ok()) {
            Some(owner) => topics_of(owner.namespace.as_slice()),
            None => topics_of(&self.namespaces),
        }
    }

    fn cluster(&self) -> Option<&str> {
        self.cluster.as_deref()
    }

    fn may_hold(&self, change: &Change) -> bool {
        change.object.as_ref().is_some_and(|object| may_match(object, self)) && is_of(change, self)
    }

    fn load<'a>(
        &'a self,
        services: &Services,
        scope: &'a Scope,
        ids: Vec<String>,
    ) -> BoxFuture<'a, Result<Vec<Self::Row>, projections::Error>> {
        let pool = services.pool().clone();
        Box::pin(async move { pods::matching(&pool, scope, &ids, self).await })
    }

    fn shown(&self, row: &projections::ChangedRow) -> Option<Arc<Self::Row>> {
        row.of::<Self::Row>().filter(|pod| self.matches(pod))
    }
}

/// Whether the filter matches, as far as the name of the object shows.
pub(super) fn may_match(object: &ObjectRef, filter: &pods::Filter) -> bool {
    let owner = filter.workload.as_ref().and_then(|id| id.parse::<ObjectRef>().ok());
    object.kind == Resource::POD
        && is_within(object, filter.cluster.as_ref(), &filter.namespaces)
        && owner.is_none_or(|owner| owner.cluster == object.cluster && owner.namespace == object.namespace)
}

/// Whether the pod may belong to the workload of the filter. A pod that another workload adopts is not removed live.
fn is_of(change: &Change, filter: &pods::Filter) -> bool {
    match (&change.recorded.event, &filter.workload) {
        (Event::Observed(ObservedEvent::PodObserved { workload, .. }), Some(wanted)) => {
            workload.as_ref() == Some(wanted)
        }
        _ => true,
    }
}
