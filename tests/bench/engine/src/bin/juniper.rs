//! A peer of B13: juniper behind axum, with the allocator of Binnacle.

#[path = "../pods.rs"]
mod pods;

use anyhow::Result;
use axum::{Json, Router, extract::State, routing::post};
use juniper::{
    EmptyMutation, EmptySubscription, FieldResult, RootNode, graphql_object,
    http::{GraphQLRequest, GraphQLResponse},
};
use sqlx::PgPool;
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Database(PgPool);

impl juniper::Context for Database {}

struct Query;

#[graphql_object(context = Database)]
impl Query {
    async fn pods(first: i32, context: &Database) -> FieldResult<pods::PodConnection> {
        Ok(pods::page(&context.0, first).await?)
    }
}

type Schema = RootNode<Query, EmptyMutation<Database>, EmptySubscription<Database>>;

#[derive(Clone)]
struct Shared(Arc<(Schema, Database)>);

async fn answer(State(Shared(shared)): State<Shared>, Json(question): Json<GraphQLRequest>) -> Json<GraphQLResponse> {
    let (schema, database) = &*shared;
    Json(question.execute(schema, database).await)
}

#[tokio::main]
async fn main() -> Result<()> {
    let schema = Schema::new(Query, EmptyMutation::new(), EmptySubscription::new());
    let shared = Shared(Arc::new((schema, Database(pods::connect().await?))));
    pods::serve(Router::new().route("/graphql", post(answer)).with_state(shared)).await
}
