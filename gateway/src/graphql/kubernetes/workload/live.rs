//! `workloadChanged`: each event that changed a workload in the list, with the row after it.

use super::{Workload, WorkloadFilter};
use crate::graphql::{
    context::{Services, scope, services},
    engine::{
        error::ApiError,
        live::{ChangeKind, List, Row, RowChange, follow, is_within, topics_of},
        scalar::Position,
    },
};
use async_graphql::{Context, ID, SimpleObject, Subscription};
use domain::access::Scope;
use futures::{Stream, TryStreamExt, future::BoxFuture};
use projections::{Change, Projection, Topic, models::workloads};
use std::sync::Arc;

#[derive(SimpleObject)]
pub struct WorkloadChange {
    position: Position,
    kind: ChangeKind,
    /// The id of a cluster, with REMOVED: it was removed, and all its objects left the list.
    workload_id: ID,
    /// Null when the workload is removed.
    workload: Option<Workload>,
}

impl From<RowChange<workloads::Workload>> for WorkloadChange {
    fn from(change: RowChange<workloads::Workload>) -> Self {
        let RowChange { position, kind, id, row } = change;
        Self { position: Position(position), kind, workload_id: ID(id), workload: row.map(Workload) }
    }
}

#[derive(Default)]
pub struct WorkloadSubscription;

#[Subscription]
impl WorkloadSubscription {
    /// Each change of a workload that the filter matches, after a position (default: from now). A workload that no
    /// longer matches is reported as removed.
    async fn workload_changed(
        &self,
        ctx: &Context<'_>,
        filter: Option<WorkloadFilter>,
        after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<WorkloadChange, ApiError>> + use<>, ApiError> {
        let filter: workloads::Filter = filter.unwrap_or_default().try_into()?;
        Ok(follow(Arc::clone(services(ctx)), scope(ctx)?, filter, after).map_ok(WorkloadChange::from))
    }
}

impl Row for workloads::Workload {
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

impl List for workloads::Filter {
    type Row = workloads::Workload;

    fn projection(&self) -> &'static dyn Projection {
        &workloads::Workloads
    }

    fn topics(&self) -> Vec<Topic> {
        topics_of(&self.namespaces)
    }

    fn cluster(&self) -> Option<&str> {
        self.cluster.as_deref()
    }

    fn may_hold(&self, change: &Change) -> bool {
        let Some(object) = &change.object else { return false };
        object.kind.is_workload()
            && is_within(object, self.cluster.as_ref(), &self.namespaces)
            && (self.kinds.is_empty() || self.kinds.contains(&object.kind))
    }

    fn load<'a>(
        &'a self,
        services: &Services,
        scope: &'a Scope,
        ids: Vec<String>,
    ) -> BoxFuture<'a, Result<Vec<Self::Row>, projections::Error>> {
        let pool = services.pool().clone();
        Box::pin(async move { workloads::matching(&pool, scope, &ids, self).await })
    }

    fn shown(&self, row: &projections::ChangedRow) -> Option<Arc<Self::Row>> {
        row.of::<Self::Row>().filter(|workload| self.matches(workload))
    }
}
