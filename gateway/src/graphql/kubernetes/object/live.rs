//! `objectChanged`: each event that changed an object in the list, with the row after it.

use super::{KubernetesObject, ObjectFilter, filter::Wanted, unrecorded};
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
    kubernetes::{object::ObjectRef, resource::Resource},
};
use futures::{Stream, TryStreamExt, future::BoxFuture};
use projections::{
    Change, Projection, Topic,
    models::{objects, pods, workloads},
};
use std::{collections::BTreeMap, sync::Arc};

#[derive(SimpleObject)]
pub struct ObjectChange {
    position: Position,
    kind: ChangeKind,
    /// The id of a cluster, with REMOVED: it was removed, and all its objects left the list.
    object_id: ID,
    /// Null when the object is removed.
    object: Option<KubernetesObject>,
}

impl From<RowChange<objects::ObjectRow>> for ObjectChange {
    fn from(change: RowChange<objects::ObjectRow>) -> Self {
        let RowChange { position, kind, id, row } = change;
        Self { position: Position(position), kind, object_id: ID(id), object: row.map(KubernetesObject::from) }
    }
}

#[derive(Default)]
pub struct ObjectSubscription;

#[Subscription]
impl ObjectSubscription {
    /// Each change of a recorded object that the filter matches, after a position (default: from now). An object that no
    /// longer matches is reported as removed.
    async fn object_changed(
        &self,
        ctx: &Context<'_>,
        filter: Option<ObjectFilter>,
        after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<ObjectChange, ApiError>> + use<>, ApiError> {
        let Wanted { filter, .. } = Wanted::try_from(filter.unwrap_or_default())?;
        if let Some((_, kind)) = unrecorded::kind_of(ctx, &filter).await? {
            let words = format!("{} is read live: its changes are not recorded", kind.resource);
            return Err(ApiError::bad_input("kinds", words));
        }
        Ok(follow(Arc::clone(services(ctx)), scope(ctx)?, filter, after).map_ok(ObjectChange::from))
    }
}

impl Row for objects::ObjectRow {
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

impl List for objects::Filter {
    type Row = objects::ObjectRow;

    fn projection(&self) -> &'static dyn Projection {
        &objects::Objects
    }

    fn topics(&self) -> Vec<Topic> {
        topics_of(&self.namespaces)
    }

    fn cluster(&self) -> Option<&str> {
        self.cluster.as_deref()
    }

    fn may_hold(&self, change: &Change) -> bool {
        let Some(object) = &change.object else { return false };
        object.kind != Resource::EVENT
            && is_within(object, self.cluster.as_ref(), &self.namespaces)
            && (self.kinds.is_empty() || self.kinds.contains(&object.kind))
    }

    fn load<'a>(
        &'a self,
        services: &Services,
        scope: &'a Scope,
        ids: Vec<String>,
    ) -> BoxFuture<'a, Result<Vec<Self::Row>, projections::Error>> {
        let (pool, behind) = (services.pool().clone(), services.projections.behind());
        Box::pin(async move {
            stopped(&behind, &ids).map_or(Ok(()), Err)?;
            objects::matching(&pool, scope, &ids, self).await
        })
    }

    fn shown(&self, row: &projections::ChangedRow) -> Option<Arc<Self::Row>> {
        // Workloads and pods have tables of their own.
        let workload = || row.of::<workloads::Workload>().map(|row| Arc::new(objects::ObjectRow::from(&*row)));
        let pod = || row.of::<pods::Pod>().map(|row| Arc::new(objects::ObjectRow::from(&*row)));
        row.of::<Self::Row>().or_else(workload).or_else(pod).filter(|object| self.matches(object))
    }
}

/// The error of a list that has stopped and holds one of these objects: its row is not what the change made of it.
fn stopped(behind: &BTreeMap<String, i64>, ids: &[String]) -> Option<projections::Error> {
    let of = |list: &dyn Projection, holds: fn(&Resource) -> bool| {
        let position = behind.get(list.name())? + 1;
        let mut objects = ids.iter().filter_map(|id| id.parse::<ObjectRef>().ok());
        let is_held = objects.any(|object| holds(&object.kind));
        is_held.then(|| projections::Error::Behind { projection: list.name(), position })
    };
    of(&workloads::Workloads, Resource::is_workload).or_else(|| of(&pods::Pods, |kind| *kind == Resource::POD))
}

#[cfg(test)]
mod tests {
    use super::*;
    use projections::Error;

    #[test]
    fn a_change_of_an_object_whose_list_has_stopped_is_an_error() {
        let behind = BTreeMap::from([("pods".to_owned(), 6), ("users".to_owned(), 4)]);
        let of = |id: &str| stopped(&behind, &["ConfigMap~dev~shop~a".to_owned(), id.to_owned()]);
        assert!(matches!(of("Pod~dev~shop~a"), Some(Error::Behind { projection: "pods", position: 7 })));
        assert!(of("Deployment~dev~shop~a").is_none() && of("no id").is_none());
        assert!(stopped(&BTreeMap::new(), &["Pod~dev~shop~a".to_owned()]).is_none());
    }
}
