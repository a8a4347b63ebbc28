//! Kubernetes events: type and query.

use crate::graphql::{
    context::scope,
    engine::{
        connection::{self, Connection, page_cost, window},
        error::ApiError,
        message::reveal_text,
        rows::Listed,
    },
};
use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::core::free_text::FreeText;
use projections::{Window, models::kubernetes_events as events};

/// A Kubernetes event, kept after the cluster has forgotten it.
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub struct KubernetesEvent {
    id: ID,
    /// Normal or Warning.
    #[graphql(name = "type")]
    event_type: String,
    reason: String,
    count: i32,
    first_seen: DateTime<Utc>,
    last_seen: DateTime<Utc>,
    /// The component that reported it, for example kubelet.
    source: Option<String>,
    /// The object that it is about.
    object_id: ID,
    /// The container of a pod that it is about.
    container: Option<String>,
    #[graphql(skip)]
    said: FreeText,
}

#[ComplexObject]
impl KubernetesEvent {
    async fn message(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        reveal_text(ctx, &self.said).await
    }
}

impl From<events::KubernetesEvent> for KubernetesEvent {
    fn from(row: events::KubernetesEvent) -> Self {
        Self {
            id: ID(row.id()),
            event_type: row.event_type,
            reason: row.reason,
            said: row.message,
            count: row.count,
            first_seen: row.first_seen,
            last_seen: row.last_seen,
            source: Some(row.source).filter(|source| !source.is_empty()),
            object_id: ID(row.object.unwrap_or_default()),
            container: row.container,
        }
    }
}

impl Listed for KubernetesEvent {}

/// The two types of Kubernetes events.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum KubernetesEventType {
    Normal,
    Warning,
}

/// Which Kubernetes events.
#[derive(InputObject, Default)]
pub struct KubernetesEventFilter {
    /// The object that they are about, its workload or owner, or the namespace that it is in.
    about: Option<ID>,
    /// Part of the reason, of the name of the object, of the component or of the container. Messages are sealed, and not
    /// searched.
    search: Option<String>,
    #[graphql(name = "type")]
    event_type: Option<KubernetesEventType>,
}

/// One window of the events that the filter matches, newest first.
async fn page(
    ctx: &Context<'_>,
    filter: &events::Filter,
    window: &Window,
) -> Result<Connection<KubernetesEvent>, ApiError> {
    let scope = scope(ctx)?;
    let rows = |pool| events::page(pool, &scope, filter, window);
    connection::load(ctx, window, rows, |pool| events::count(pool, &scope, filter)).await
}

/// One window of the events about an object and the objects that belong to it, newest first.
pub async fn about(
    ctx: &Context<'_>,
    id: &str,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<KubernetesEvent>, ApiError> {
    let filter = events::Filter { about: Some(id.to_owned()), ..events::Filter::default() };
    page(ctx, &filter, &window(first, 50, after)?).await
}

#[derive(Default)]
pub struct EventQuery;

#[Object]
impl EventQuery {
    /// The Kubernetes events of the last days, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn kubernetes_events(
        &self,
        ctx: &Context<'_>,
        filter: Option<KubernetesEventFilter>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<KubernetesEvent>, ApiError> {
        let filter = filter.unwrap_or_default();
        let event_type = filter.event_type.map(|one| match one {
            KubernetesEventType::Normal => "Normal".to_owned(),
            KubernetesEventType::Warning => "Warning".to_owned(),
        });
        let search = filter.search.filter(|search| !search.trim().is_empty());
        let filter = events::Filter { about: filter.about.map(|id| id.0), event_type, search };
        page(ctx, &filter, &window(first, 50, after)?).await
    }
}
