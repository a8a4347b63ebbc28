//! Kinds that a cluster serves, from its discovery: type and queries. [`choose`] says which of them are recorded.

pub mod choose;

use crate::graphql::{
    context::{scope, services},
    engine::{
        connection::{Connection, SelectedParts, count, cut, page_cost, window},
        error::ApiError,
        reads::read,
        rows::Listed,
    },
};
use async_graphql::{Context, ID, Object};
use commands::kubernetes::discovery::{Discovery, Kinds, ServedKind};
use domain::{access::Scope, core::ids::ClusterId, kubernetes::resource::Resource};
use projections::models::objects;
use serde_json::Value;
use std::{collections::HashMap, sync::Arc};

/// A kind that a cluster serves.
#[derive(Clone)]
pub struct ResourceKind {
    cluster: ClusterId,
    served: Arc<ServedKind>,
    is_recorded: bool,
    /// None: it is counted when that is selected.
    counted: Option<objects::KindCount>,
}

impl Listed for ResourceKind {}

#[Object]
impl ResourceKind {
    /// Deployment, Service; with its group where that has a dot: Ingress.networking.k8s.io.
    async fn id(&self) -> ID {
        ID(self.served.resource.to_string())
    }
    /// Empty for the core group.
    async fn group(&self) -> &str {
        self.served.resource.group()
    }
    /// The version in which Binnacle reads it; empty while the cluster has not said which it serves.
    async fn version(&self) -> &str {
        &self.served.version
    }
    async fn kind(&self) -> &str {
        self.served.resource.kind()
    }
    async fn plural(&self) -> &str {
        &self.served.plural
    }
    async fn namespaced(&self) -> bool {
        self.served.namespaced
    }
    /// Whether the log records what is seen of it; false: it is read live.
    async fn recorded(&self) -> bool {
        self.is_recorded
    }
    /// Whether `recordKind` and `releaseKind` take it. Others are always recorded, or cannot be watched.
    async fn optional(&self) -> bool {
        self.served.can_be_watched() && self.served.resource.is_optional()
    }
    /// Whether a CustomResourceDefinition made it.
    async fn custom(&self) -> bool {
        self.served.is_custom
    }
    /// What the server does with it, such as list or patch. That says nothing about rights.
    async fn verbs(&self) -> &[String] {
        &self.served.verbs
    }
    async fn short_names(&self) -> &[String] {
        &self.served.short_names
    }
    async fn categories(&self) -> &[String] {
        &self.served.categories
    }
    /// The recorded objects of the kind that the viewer may see; null where it is read live.
    #[graphql(complexity = 20)]
    async fn count(&self, ctx: &Context<'_>) -> Result<Option<i32>, ApiError> {
        Ok(self.counts(ctx).await?.map(|counts| count(counts.count)))
    }
    /// Those of them that are DEGRADED or FAILED; null where it is read live.
    #[graphql(complexity = 20)]
    async fn problems(&self, ctx: &Context<'_>) -> Result<Option<i32>, ApiError> {
        Ok(self.counts(ctx).await?.map(|counts| count(counts.problems)))
    }
    /// The names of the columns of its objects, in the order in which the server prints them; null if the cluster does not
    /// say. Ages and other times are not among them.
    #[graphql(complexity = 50)]
    async fn columns(&self, ctx: &Context<'_>) -> Option<Vec<String>> {
        let names = services(ctx).live.columns(&self.cluster, &self.served).await;
        let names = names.inspect_err(|error| {
            tracing::debug!(cluster = %self.cluster, kind = %self.served.resource, %error, "kind.no_columns");
        });
        Some(names.ok()?.to_vec())
    }
}

impl ResourceKind {
    /// The kind of a row, as the cluster served it last. Makes no call: a list must not wait for the cluster.
    pub fn of(ctx: &Context<'_>, cluster: &ClusterId, kind: &Resource) -> Self {
        let discovery = services(ctx).clusters.discovery(cluster);
        let known = discovery.and_then(|discovery| {
            let served = discovery.known().get(kind)?.clone();
            Some((discovery, served))
        });
        let (served, is_recorded) = match known {
            Some((discovery, served)) => {
                let is_recorded = discovery.is_recorded(&served);
                (served, is_recorded)
            }
            None => (ServedKind::of_catalogue(kind).unwrap_or_else(|| unknown(kind)), true),
        };
        Self { cluster: cluster.clone(), served: Arc::new(served), is_recorded, counted: None }
    }

    async fn counts(&self, ctx: &Context<'_>) -> Result<Option<objects::KindCount>, ApiError> {
        if !self.is_recorded || self.counted.is_some() {
            return Ok(self.counted.clone());
        }
        let kind = &self.served.resource;
        let key = (scope(ctx)?, (self.cluster.to_string(), kind.clone()));
        let found = services(ctx).loaders.kind_counts.load_one(key).await?;
        Ok(Some(found.unwrap_or_else(|| none(kind))))
    }
}

/// A kind of which only the name is known.
fn unknown(kind: &Resource) -> ServedKind {
    ServedKind {
        resource: kind.clone(),
        version: String::new(),
        plural: String::new(),
        namespaced: kind.is_namespaced().unwrap_or(true),
        verbs: Vec::new(),
        short_names: Vec::new(),
        categories: Vec::new(),
        is_custom: false,
    }
}

fn none(kind: &Resource) -> objects::KindCount {
    objects::KindCount { kind: kind.clone(), count: 0, problems: 0 }
}

/// The recorded objects of each kind.
async fn counts(ctx: &Context<'_>, cluster: &ClusterId) -> Result<HashMap<Resource, objects::KindCount>, ApiError> {
    let scope = scope(ctx)?;
    let filter = objects::Filter { cluster: Some(cluster.to_string()), ..objects::Filter::default() };
    let found = read(ctx, |pool| objects::kinds(pool, &scope, &filter)).await?;
    Ok(found.into_iter().map(|one| (one.kind.clone(), one)).collect())
}

/// Whether the viewer may see something of the cluster.
fn is_seen(ctx: &Context<'_>, cluster: &ClusterId) -> Result<bool, ApiError> {
    Ok(scope(ctx)?.clusters().is_none_or(|seen| seen.iter().any(|one| one == cluster.as_str())))
}

/// The kind, if the cluster serves it and the log does not record it.
pub async fn unrecorded(
    ctx: &Context<'_>,
    cluster: &ClusterId,
    kind: &Resource,
) -> Result<Option<ServedKind>, ApiError> {
    let clusters = &services(ctx).clusters;
    // Without a word of the cluster: it may be dead, and what is recorded of it is shown all the same.
    let Some(discovery) = clusters.discovery(cluster).filter(|found| !found.is_known_to_be_recorded(kind)) else {
        return Ok(None);
    };
    let kinds = clusters.kinds(cluster).await?;
    if let Some(served) = kinds.get(kind).filter(|kind| kind.is_judged_by_number())
        && discovery.judged(kind).is_none()
    {
        discovery.judge(kind, number(ctx, cluster, served).await?);
    }
    Ok(not_recorded(&discovery, &kinds, kind))
}

/// The number of objects by which a custom kind is judged here: another process may watch the cluster, and has judged it.
/// What has rows was small, and is recorded however many there are now.
async fn number(ctx: &Context<'_>, cluster: &ClusterId, kind: &ServedKind) -> Result<u64, ApiError> {
    let (everything, kinds) = (Scope::everything(), vec![kind.resource.clone()]);
    let filter = objects::Filter { cluster: Some(cluster.to_string()), kinds, ..objects::Filter::default() };
    if read(ctx, |pool| objects::count(pool, &everything, &filter)).await? > 0 {
        return Ok(0);
    }
    Ok(services(ctx).live.count(cluster, kind).await?)
}

/// The same, as far as it is known without a call.
pub fn known_unrecorded(ctx: &Context<'_>, cluster: &ClusterId, kind: &Resource) -> Option<ServedKind> {
    let discovery = services(ctx).clusters.discovery(cluster).filter(|found| !found.is_known_to_be_recorded(kind))?;
    not_recorded(&discovery, &discovery.known(), kind)
}

fn not_recorded(discovery: &Discovery, kinds: &Kinds, kind: &Resource) -> Option<ServedKind> {
    kinds.get(kind).filter(|served| !discovery.is_recorded(served)).cloned()
}

/// The kind as the cluster serves it. None if it does not.
pub async fn served(ctx: &Context<'_>, cluster: &ClusterId, kind: &Resource) -> Result<Option<ServedKind>, ApiError> {
    Ok(services(ctx).clusters.kinds(cluster).await?.get(kind).cloned())
}

#[derive(Default)]
pub struct KindQuery;

#[Object]
impl KindQuery {
    /// The kinds of a cluster whose objects can be listed, by group and name.
    #[graphql(complexity = "page_cost(first.or(Some(500)), child_complexity)")]
    async fn kinds(
        &self,
        ctx: &Context<'_>,
        cluster: ID,
        #[graphql(default_with = "Some(500)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<ResourceKind>, ApiError> {
        let (window, selected) = (window(first, 500, after)?, SelectedParts::of(ctx));
        let cluster = ClusterId::from_name(&cluster);
        if !is_seen(ctx, &cluster)? {
            return Err(ApiError::new("NOT_FOUND", format!("there is no cluster {cluster}")));
        }
        let clusters = &services(ctx).clusters;
        let kinds = clusters.kinds(&cluster).await?;
        let has_counts = selects_counts(ctx);
        let mut counts = if has_counts { counts(ctx, &cluster).await? } else { HashMap::new() };
        let discovery = clusters.discovery(&cluster);
        let kind = |served: &ServedKind| {
            let is_recorded = discovery.as_ref().is_some_and(|discovery| discovery.is_recorded(served));
            let counted = || counts.remove(&served.resource).unwrap_or_else(|| none(&served.resource));
            ResourceKind {
                cluster: cluster.clone(),
                served: Arc::new(served.clone()),
                is_recorded,
                counted: (is_recorded && has_counts).then(counted),
            }
        };
        let all: Vec<ResourceKind> = kinds.all().filter(|served| served.can("list")).map(kind).collect();
        let total = i64::try_from(all.len()).unwrap_or_default();
        let page = cut(all, &window, |kind| kind.served.resource.to_string())?;
        Ok(Connection::of(page, window.after.is_some(), total, selected))
    }

    /// The JSON schema of a kind, cut out of the cluster's own OpenAPI: what it refers to is in `definitions`. Null if the
    /// cluster does not serve the kind, or publishes no schema of it.
    #[graphql(complexity = 200)]
    async fn kind_schema(&self, ctx: &Context<'_>, cluster: ID, kind: ID) -> Result<Option<Value>, ApiError> {
        let cluster = ClusterId::from_name(&cluster);
        let Ok(kind) = kind.parse::<Resource>() else { return Ok(None) };
        if !is_seen(ctx, &cluster)? {
            return Ok(None);
        }
        let Some(served) = served(ctx, &cluster, &kind).await? else { return Ok(None) };
        let schema = services(ctx).schemas.get(&cluster, &served).await?;
        Ok(schema.map(|schema| Value::clone(&schema)))
    }
}

fn selects_counts(ctx: &Context<'_>) -> bool {
    let ahead = ctx.look_ahead();
    let of_edges = ahead.field("edges").field("node");
    let rows = [of_edges, ahead.field("nodes")];
    rows.iter().any(|row| row.field("count").exists() || row.field("problems").exists())
}
