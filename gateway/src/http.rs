//! HTTP: routes, limits, headers. GraphQL is in [`graphql`] and [`socket`], health in [`health`], the embedded dashboard in
//! [`dashboard`].

pub mod dashboard;
mod graphql;
mod headers;
mod health;
mod observe;
mod origin;
pub mod server;
mod socket;

use crate::{
    graphql::engine::{error::code, guard::Gate},
    metrics::Metrics,
};
use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use observe::Observed;
pub use origin::Origins;
pub use socket::{Limits as SocketLimits, Users};
use std::{net::IpAddr, sync::Arc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_http::{CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// The maximum size of a request body in bytes.
pub const BODY_LIMIT: usize = 2 << 20;

/// State shared by the handlers. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    pub gate: Gate,
    pub metrics: Metrics,
    pub origins: Arc<Origins>,
    pub trusted_proxies: Arc<[IpAddr]>,
    /// Cancelled when the process stops accepting work.
    pub stopping: CancellationToken,
    /// The open sockets, for which a stop waits.
    pub sockets: TaskTracker,
    /// Who has how many of them.
    pub users: Arc<Users>,
    /// Whether /metrics is served here.
    pub serves_metrics: bool,
    /// Whether cookies and pages require TLS.
    pub is_secure: bool,
}

/// The routes of the main address.
pub fn router(web: Web) -> Router {
    let mut router = health_routes()
        .route("/graphql", post(graphql::handle).fallback(graphql::wrong_method).layer(web.origins.cors()))
        .route("/graphql/ws", get(socket::handle))
        .fallback(dashboard::handle);
    if web.serves_metrics {
        router = router.route("/metrics", get(health::metrics));
    }
    layered(router, web)
}

/// The routes of the address for health and metrics.
pub fn metrics_router(web: Web) -> Router {
    layered(health_routes().route("/metrics", get(health::metrics)), web)
}

/// The routes of a connection beyond the number that is served.
pub fn spare_router(web: Web) -> Router {
    layered(health_routes().fallback(crowded), web)
}

fn health_routes() -> Router<Web> {
    Router::new().route("/livez", get(health::livez)).route("/readyz", get(health::readyz))
}

async fn crowded(Extension(observed): Extension<Observed>) -> Response {
    let words = "too many connections at the moment: try again";
    json(StatusCode::SERVICE_UNAVAILABLE, &crate::graphql::engine::error::body(code::UNAVAILABLE, words, &observed.id))
}

fn layered(router: Router<Web>, web: Web) -> Router {
    let compression = CompressionLayer::new().quality(CompressionLevel::Fastest);
    router
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(compression)
        .layer(middleware::from_fn(headers::retry_after))
        .layer(middleware::from_fn_with_state(web.clone(), headers::secure))
        .layer(middleware::from_fn_with_state(web.clone(), observe::observe))
        .with_state(web)
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("request.panicked");
    json(
        StatusCode::INTERNAL_SERVER_ERROR,
        &crate::graphql::engine::error::body("INTERNAL", "something went wrong inside Binnacle", ""),
    )
}

/// A JSON response.
fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    let content = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (status, content, body.to_string()).into_response()
}
