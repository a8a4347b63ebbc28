//! The control of B13: a page of pods as JSON by axum alone, with the allocator of Binnacle.

#[path = "../pods.rs"]
mod pods;

use anyhow::Result;
use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    routing::get,
};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Deserialize)]
struct Parameters {
    first: i32,
}

#[derive(Serialize)]
struct Answer {
    data: Data,
}

#[derive(Serialize)]
struct Data {
    pods: pods::PodConnection,
}

async fn page(State(pool): State<PgPool>, Query(parameters): Query<Parameters>) -> Result<Json<Answer>, StatusCode> {
    let pods = pods::page(&pool, parameters.first).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(Json(Answer { data: Data { pods } }))
}

#[tokio::main]
async fn main() -> Result<()> {
    pods::serve(Router::new().route("/pods", get(page)).with_state(pods::connect().await?)).await
}
