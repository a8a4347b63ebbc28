//! The page of B13 for the servers in Rust that are no part of Binnacle: the columns that are asked for and no others, in the
//! words that the servers on Node ask Postgres with.

use chrono::{DateTime, Utc};
use juniper::GraphQLObject;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgPool, postgres::PgPoolOptions};

#[derive(GraphQLObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodConnection {
    pub nodes: Vec<Pod>,
    pub page_info: PageInfo,
}

#[derive(GraphQLObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    pub has_next_page: bool,
}

#[derive(FromRow, GraphQLObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pod {
    id: String,
    namespace: String,
    name: String,
    phase: String,
    ready: bool,
    restarts: i32,
    reason: Option<String>,
    node: Option<String>,
    created_at: DateTime<Utc>,
    #[sqlx(json)]
    containers: Vec<Container>,
}

#[derive(GraphQLObject, Serialize, Deserialize)]
pub struct Container {
    name: String,
    image: String,
    ready: bool,
    restarts: i32,
    state: String,
    reason: Option<String>,
}

/// The database that the environment names.
pub async fn connect() -> sqlx::Result<PgPool> {
    PgPoolOptions::new().max_connections(12).connect_with(Default::default()).await
}

/// Listens where the environment says.
pub async fn serve(router: axum::Router) -> anyhow::Result<()> {
    let port: u16 = std::env::var("PORT")?.parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    Ok(axum::serve(listener, router).await?)
}

pub async fn page(pool: &PgPool, first: i32) -> sqlx::Result<PodConnection> {
    let mut nodes: Vec<Pod> = sqlx::query_as(
        "SELECT id, namespace, name, phase, ready, restarts, reason, node, created_at, containers \
         FROM read.pods ORDER BY name, id LIMIT $1",
    )
    .bind(i64::from(first) + 1)
    .fetch_all(pool)
    .await?;
    let has_next_page = nodes.len() > first as usize;
    nodes.truncate(first as usize);
    Ok(PodConnection { nodes, page_info: PageInfo { has_next_page } })
}
