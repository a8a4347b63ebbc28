//! Namespaces: type and query.

use crate::graphql::{
    context::scope,
    engine::{
        connection::{self, Connection, window},
        error::ApiError,
        rows::Listed,
    },
    platform::cluster::Cluster,
};
use async_graphql::{Context, ID, Object};
use projections::models::namespaces;
use std::sync::Arc;

/// A namespace of a cluster.
#[derive(Clone)]
pub struct Namespace(Arc<namespaces::Namespace>);

impl From<namespaces::Namespace> for Namespace {
    fn from(row: namespaces::Namespace) -> Self {
        Self(Arc::new(row))
    }
}

impl Listed for Namespace {}

#[Object]
impl Namespace {
    pub async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }
    async fn cluster(&self, ctx: &Context<'_>) -> Result<Cluster, ApiError> {
        Cluster::of(ctx, &self.0.cluster).await
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn phase(&self) -> &str {
        &self.0.phase
    }
}

#[derive(Default)]
pub struct NamespaceQuery;

#[Object]
impl NamespaceQuery {
    async fn namespaces(
        &self,
        ctx: &Context<'_>,
        cluster: Option<ID>,
        search: Option<String>,
        #[graphql(default_with = "Some(200)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Namespace>, ApiError> {
        let (window, scope) = (window(first, 200, after)?, scope(ctx)?);
        let filter = namespaces::Filter { cluster: cluster.map(|id| id.0), search };
        let rows = |pool| namespaces::page(pool, &scope, &filter, &window);
        connection::load(ctx, &window, rows, |pool| namespaces::count(pool, &scope, &filter)).await
    }
}
