//! Objects of any kind, workloads and pods among them: type and queries. Filters are in [`filter`], the subscription in
//! [`live`]; [`unrecorded`] reads what the log does not have.

pub mod change;
mod filter;
mod list;
pub mod live;
pub mod preview;
pub mod related;
mod unrecorded;

use super::{
    cause::{AvailableAction, Cause},
    event::{self, KubernetesEvent},
    kind::ResourceKind,
    manifest::{self, ManifestFormat},
    revision::{self, ObjectRevision},
};
use crate::graphql::{
    context::{reach, scope, services},
    engine::{
        connection::{Connection, page_cost, window},
        error::ApiError,
        message::reveal,
        reads::read,
        rows::{self, Listed, Write, written},
        scalar::{Position, object},
    },
    operation::{self, Operation},
    platform::cluster::Cluster,
};
use async_graphql::{Context, ID, Object, ScalarType};
use chrono::{DateTime, Utc};
use domain::{
    core::ids::ClusterId,
    kubernetes::{manifest::Manifest, object::ObjectRef},
    operation::object_actions,
};
use filter::Wanted;
pub use filter::{ObjectFilter, ObjectOrder, ObjectState};
use list::ObjectConnection;
use projections::models::{manifests, objects, operations, pods, workloads};
use related::{MissingObject, RelatedObject};
use serde_json::{Value, json};
use std::sync::Arc;

/// How often an object that changes meanwhile is read until its manifest is that of its version.
const READS: usize = 3;

/// An object of a cluster, of any kind.
#[derive(Clone)]
pub struct KubernetesObject {
    row: Arc<objects::ObjectRow>,
    /// Its printed columns with their sealed values opened. None: they are opened when they are selected.
    columns: Option<Value>,
    /// The manifest, if it was read with the row.
    manifest: Option<Arc<Manifest>>,
}

impl From<objects::ObjectRow> for KubernetesObject {
    fn from(mut row: objects::ObjectRow) -> Self {
        row.labels = object(row.labels);
        Arc::new(row).into()
    }
}

impl From<Arc<objects::ObjectRow>> for KubernetesObject {
    fn from(row: Arc<objects::ObjectRow>) -> Self {
        Self { row, columns: None, manifest: None }
    }
}

#[Object]
impl KubernetesObject {
    pub async fn id(&self) -> ID {
        ID(self.row.id.clone())
    }
    async fn cluster(&self, ctx: &Context<'_>) -> Result<Cluster, ApiError> {
        Cluster::of(ctx, &self.row.cluster).await
    }
    async fn kind(&self, ctx: &Context<'_>) -> ResourceKind {
        ResourceKind::of(ctx, &ClusterId::from_name(&self.row.cluster), &self.row.kind)
    }
    /// Null for an object outside namespaces.
    async fn namespace(&self) -> Option<&str> {
        Some(self.row.namespace.as_str()).filter(|namespace| !namespace.is_empty())
    }
    async fn name(&self) -> &str {
        &self.row.name
    }
    /// Null for what no store holds, such as a measurement.
    async fn uid(&self) -> Option<&str> {
        Some(self.row.uid.as_str()).filter(|uid| !uid.is_empty())
    }
    async fn state(&self) -> ObjectState {
        self.row.state.into()
    }
    /// The time of the event that brought its state; null while it has the state in which it was first observed.
    async fn state_since(&self) -> Option<DateTime<Utc>> {
        self.row.state_since
    }
    /// The place of its state in the order by STATE: 1 is the worst.
    async fn rank(&self) -> i32 {
        self.row.rank.into()
    }
    /// Why it is not READY; null when it is, and while no cause is known.
    async fn cause(&self) -> Option<Cause> {
        self.row.status.cause.as_ref().map(|cause| Cause::new(cause, &self.row.id))
    }
    async fn labels(&self) -> Value {
        object(self.row.labels.clone())
    }
    /// Null if the cluster does not say.
    async fn created_at(&self) -> Option<DateTime<Utc>> {
        self.made_at()
    }
    /// The server's printer columns by name. Their order is that of the columns of the kind. Ages and other times are left
    /// out.
    async fn columns(&self, ctx: &Context<'_>) -> Result<Value, ApiError> {
        match &self.columns {
            Some(columns) => Ok(columns.clone()),
            None => Ok(list::opened(ctx, std::iter::once(self.row.as_ref())).await?.pop().unwrap_or_else(|| json!({}))),
        }
    }
    /// Send it back as expectedVersion. It covers the incarnation, what was requested here, and the content.
    async fn version(&self) -> &str {
        &self.row.version
    }
    /// The live manifest without status and managed fields, secrets masked. The values of a Secret always are.
    #[graphql(complexity = 100)]
    async fn manifest(
        &self,
        ctx: &Context<'_>,
        #[graphql(default)] format: ManifestFormat,
    ) -> Result<String, ApiError> {
        let manifest = match &self.manifest {
            Some(manifest) => Value::clone(manifest),
            None => self.read_manifest(ctx).await?,
        };
        manifest::text(manifest, format).await
    }
    /// What it was at each recorded change, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn revisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(20)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<ObjectRevision>, ApiError> {
        revision::page(ctx, &self.row.id, first, after).await
    }
    /// The Kubernetes events about it and the objects that belong to it, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<KubernetesEvent>, ApiError> {
        event::about(ctx, &self.row.id, first, after).await
    }
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn operations(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Operation>, ApiError> {
        let filter = operations::Filter { target: Some(self.row.id.clone()), ..operations::Filter::default() };
        operation::page(ctx, &filter, &window(first, 50, after)?).await
    }
    /// Owners, owned, selected, mounted, routed: one step each, by relation.
    #[graphql(complexity = "50 + page_cost(first, child_complexity)")]
    async fn related(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<RelatedObject>, ApiError> {
        related::page(ctx, &self.row.id, first, after).await
    }
    /// What its manifest names and is not there, at most 100: the Service that an Ingress routes to, the class of a claim. It may
    /// work without it. Left out are kinds that are not always recorded, or that the cluster does not let be read.
    #[graphql(complexity = "20 + 10 * child_complexity")]
    async fn missing(&self, ctx: &Context<'_>) -> Result<Vec<MissingObject>, ApiError> {
        related::missing(ctx, &self.row.id).await
    }
    /// The actions that are possible now, and why others are not. EDIT is applyManifests with a base.
    async fn available_actions(&self, ctx: &Context<'_>) -> Result<Vec<AvailableAction>, ApiError> {
        let kind = &self.row.kind;
        let of_workload = match kind.is_workload() {
            true => services(ctx).loaders.actions.load_one((scope(ctx)?, self.row.id.clone())).await?,
            false => None,
        };
        let discovery = services(ctx).clusters.discovery(&ClusterId::from_name(&self.row.cluster));
        let kinds = discovery.map(|discovery| discovery.known());
        // What is not known yet is tried.
        let can = |verb: &str| kinds.as_ref().and_then(|kinds| kinds.get(kind)).is_none_or(|served| served.can(verb));
        let is_going = self.row.state == domain::kubernetes::status::object::ObjectState::Deleting;
        let actions = of_workload.unwrap_or_default().into_iter().chain(object_actions(kind, can, is_going));
        Ok(AvailableAction::all(ctx, &self.row.cluster, actions))
    }
}

impl KubernetesObject {
    /// The object with this id, recorded or read live.
    pub async fn of(ctx: &Context<'_>, id: &str) -> Result<Option<Self>, ApiError> {
        let Ok(object) = id.parse::<ObjectRef>() else { return Ok(None) };
        let scope = scope(ctx)?;
        let row = || read(ctx, |pool| objects::get(pool, &scope, id));
        let Some(mut found) = row().await? else { return unrecorded::get(ctx, &object).await };
        if found.kind.is_metadata_only() || !ctx.look_ahead().field("manifest").exists() {
            return Ok(Some(found.into()));
        }
        for _ in 0..READS {
            let manifest = read(ctx, |pool| manifests::manifest(pool, &scope, id)).await?;
            let Some(now) = row().await? else { return unrecorded::get(ctx, &object).await };
            if now.version == found.version {
                let manifest = match manifest {
                    Some(manifest) => Some(Arc::new(reveal(ctx, manifest).await?.into())),
                    None => None,
                };
                return Ok(Some(Self { manifest, ..Self::from(found) }));
            }
            found = now;
        }
        Ok(Some(found.into()))
    }

    /// When it was made. An object that was read live may not say.
    fn made_at(&self) -> Option<DateTime<Utc>> {
        Some(self.row.created_at).filter(|time| *time != DateTime::UNIX_EPOCH)
    }

    /// The manifest as it was recorded last. The log has none of pods, and of Secrets only the metadata, so that the names of
    /// their keys are read from the cluster.
    async fn read_manifest(&self, ctx: &Context<'_>) -> Result<Value, ApiError> {
        let (scope, row) = (scope(ctx)?, &self.row);
        let gone = || ApiError::new("NOT_FOUND", "the object is not there any more");
        let recorded = read(ctx, |pool| manifests::manifest(pool, &scope, &row.id)).await?;
        let is_live = recorded.is_none() || row.kind.is_metadata_only();
        let live = match row.id.parse::<ObjectRef>() {
            Ok(object) if is_live => unrecorded::manifest(ctx, &object).await,
            _ => Ok(None),
        };
        match (live, recorded) {
            (Ok(Some(live)), _) => Ok(live),
            (_, Some(recorded)) => reveal(ctx, recorded).await,
            (live, None) => live?.ok_or_else(gone),
        }
    }
}

/// What a row of a list says of its kind by itself.
struct KindOfRow {
    id: String,
    kind: String,
    group: String,
}

impl From<&KubernetesObject> for KindOfRow {
    fn from(object: &KubernetesObject) -> Self {
        let kind = &object.row.kind;
        Self { id: kind.to_string(), kind: kind.kind().to_owned(), group: kind.group().to_owned() }
    }
}

impl Listed for KindOfRow {
    fn own(field: &str, _of: Option<&rows::SelectedFields<'_>>) -> Option<Write<Self>> {
        Some(match field {
            "id" => written(|one| &one.id),
            "kind" => written(|one| &one.kind),
            "group" => written(|one| &one.group),
            _ => return None,
        })
    }
}

impl Listed for KubernetesObject {
    fn own(field: &str, of: Option<&rows::SelectedFields<'_>>) -> Option<Write<Self>> {
        Some(match field {
            "id" => written(|object| &object.row.id),
            "namespace" => Box::new(|object, text| match object.row.namespace.as_str() {
                "" => serde_json::to_writer(text, &Value::Null),
                namespace => serde_json::to_writer(text, namespace),
            }),
            "name" => written(|object| &object.row.name),
            "state" => written(|object| object.row.state.as_str()),
            "rank" => written(|object| &object.row.rank),
            "labels" => written(|object| &object.row.labels),
            "version" => written(|object| &object.row.version),
            "columns" => Box::new(|object, text| serde_json::to_writer(text, &object.columns)),
            "createdAt" => {
                Box::new(|object, text| serde_json::to_writer(text, &object.made_at().map(|time| time.to_value())))
            }
            "kind" => {
                let of = of?.plan::<KindOfRow>()?;
                Box::new(move |object, text| of.write(&object.into(), text))
            }
            _ => return None,
        })
    }
}

#[derive(Default)]
pub struct ObjectQuery;

#[Object]
impl ObjectQuery {
    /// An object of any kind; null if it does not exist or the viewer may not see it.
    async fn object(
        &self,
        ctx: &Context<'_>,
        id: ID,
        min_position: Option<Position>,
    ) -> Result<Option<KubernetesObject>, ApiError> {
        reach_all(ctx, min_position).await?;
        KubernetesObject::of(ctx, &id).await
    }

    /// Objects of any kind. Those of a kind that is not recorded are read live.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn objects(
        &self,
        ctx: &Context<'_>,
        filter: Option<ObjectFilter>,
        order_by: Option<ObjectOrder>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
        min_position: Option<Position>,
    ) -> Result<ObjectConnection, ApiError> {
        let window = window(first, 50, after)?;
        let wanted = Wanted::try_from(filter.unwrap_or_default())?;
        let order = order_by.map(objects::Order::from).unwrap_or_default();
        if let Some(kind) = unrecorded::kind_of(ctx, &wanted.filter).await? {
            return unrecorded::page(ctx, kind, &wanted, order, &window).await;
        }
        reach_all(ctx, min_position).await?;
        list::page(ctx, &wanted.filter, order, &window).await
    }
}

/// Waits until all lists that hold objects have reached the requested position.
async fn reach_all(ctx: &Context<'_>, position: Option<Position>) -> Result<(), ApiError> {
    reach(ctx, &objects::Objects, position).await?;
    reach(ctx, &workloads::Workloads, position).await?;
    reach(ctx, &pods::Pods, position).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::engine::rows::{AsText, Rows, to_json};
    use async_graphql::{EmptyMutation, EmptySubscription, Request, Schema};
    use domain::kubernetes::status::object::{ObjectState, ObjectStatus};
    use std::collections::BTreeMap;

    fn row(name: &str, namespace: &str, created_at: DateTime<Utc>) -> KubernetesObject {
        let row = objects::ObjectRow {
            id: format!("ConfigMap~dev~{namespace}~{name}"),
            cluster: "dev".to_owned(),
            namespace: namespace.to_owned(),
            kind: "ConfigMap".parse().expect("a kind"),
            name: name.to_owned(),
            uid: "u-1".to_owned(),
            version: "0.a.u".to_owned(),
            state: ObjectState::Ready,
            rank: ObjectState::Ready.rank(),
            state_since: None,
            status: ObjectStatus { state: ObjectState::Ready, cause: None },
            owner: None,
            labels: if namespace.is_empty() { Value::Null } else { json!({"app": "web"}) },
            columns: BTreeMap::new(),
            created_at,
            added_position: 1,
        };
        KubernetesObject { columns: Some(json!({"Data": "2"})), ..row.into() }
    }

    fn both() -> Vec<KubernetesObject> {
        let time = DateTime::from_timestamp_millis(1_795_000_000_123).expect("a time");
        vec![row("a", "shop", time), row("b", "", DateTime::UNIX_EPOCH)]
    }

    struct Query;

    #[Object]
    impl Query {
        async fn rows(&self) -> Rows<KubernetesObject> {
            Rows(both())
        }

        async fn resolved(&self) -> Vec<KubernetesObject> {
            both()
        }
    }

    async fn answer(selection: &str) -> String {
        let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
        let answer = schema.execute(Request::new(selection).data(AsText)).await;
        assert!(answer.errors.is_empty(), "{selection}: {:?}", answer.errors);
        String::from_utf8(to_json(&answer).expect("JSON")).expect("UTF-8")
    }

    #[tokio::test]
    async fn rows_made_at_once_are_those_that_resolving_gives() {
        for selection in ["id namespace name state rank labels version columns createdAt", "id uid cause { since }"] {
            let of = async |list: &str| answer(&format!("{{ list: {list} {{ {selection} }} }}")).await;
            assert_eq!(of("rows").await, of("resolved").await, "{selection}");
        }
        let kinds = answer("{ rows { kind { id kind group } } }").await;
        let kind = r#"{"kind":{"id":"ConfigMap","kind":"ConfigMap","group":""}}"#;
        assert_eq!(kinds, format!(r#"{{"data":{{"rows":[{kind},{kind}]}}}}"#), "without discovery");
    }
}
