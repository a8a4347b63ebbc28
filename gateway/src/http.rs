//! HTTP: routes, limits, headers. GraphQL is in [`graphql`] and [`socket`], health in [`health`], the embedded dashboard in
//! [`dashboard`].

pub mod dashboard;
mod graphql;
mod headers;
mod health;
mod observe;
mod operation;
mod origin;
pub mod server;
mod site;
mod socket;

use crate::{
    graphql::engine::{error::code, guard::GuardedSchema},
    metrics::Metrics,
};
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use futures::FutureExt;
use observe::Observed;
pub use origin::Origins;
pub use site::Site;
pub use socket::{Limits as SocketLimits, Users};
use std::{net::IpAddr, panic::AssertUnwindSafe, sync::Arc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// The maximum size of a request body in bytes.
pub const BODY_LIMIT: usize = 2 << 20;

/// The maximum without a viewer, in a body or on a socket: signing in needs no more.
const STRANGERS_LIMIT: usize = 16 << 10;

/// State shared by the handlers. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    pub graphql: GuardedSchema,
    pub metrics: Metrics,
    pub origins: Arc<Origins>,
    pub trusted_proxies: Arc<[IpAddr]>,
    /// Cancelled when the process stops accepting work.
    pub stopping: CancellationToken,
    /// The open sockets. A stop waits for them.
    pub sockets: TaskTracker,
    /// The number of sockets of each user.
    pub users: Arc<Users>,
    /// Whether /metrics is served here.
    pub serves_metrics: bool,
    pub site: Arc<Site>,
}

/// The routes of the main address.
pub fn router(web: Web) -> Router {
    let mut router = health_routes()
        .route("/graphql", graphql::routes().layer(web.origins.cors()))
        .route("/graphql/ws", get(socket::handle))
        .fallback(dashboard::handle);
    if web.serves_metrics {
        router = router.route("/metrics", get(health::metrics));
    }
    layered(router.layer(from_fn_with_state(web.clone(), site::check_host)), web)
}

/// The routes of the address for health and metrics.
pub fn metrics_router(web: Web) -> Router {
    layered(health_routes().route("/metrics", get(health::metrics)).layer(from_fn(site::check_form)), web)
}

/// The routes of a spare connection, beyond the limit.
pub fn spare_router(web: Web) -> Router {
    layered(health_routes().fallback(crowded).layer(from_fn(site::check_form)), web)
}

/// Health and metrics, served under every host name.
const HEALTH: [&str; 3] = ["/livez", "/readyz", "/metrics"];

fn health_routes() -> Router<Web> {
    let [livez, readyz, _] = HEALTH;
    Router::new().route(livez, get(health::livez)).route(readyz, get(health::readyz))
}

async fn crowded(Extension(observed): Extension<Observed>) -> Response {
    let words = "too many connections at the moment: try again";
    json(StatusCode::SERVICE_UNAVAILABLE, &crate::graphql::engine::error::body(code::UNAVAILABLE, words, &observed.id))
}

fn layered(router: Router<Web>, web: Web) -> Router {
    let compression = CompressionLayer::new().quality(CompressionLevel::Fastest);
    router
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(catch_panic))
        .layer(compression)
        .layer(from_fn(headers::remedy))
        .layer(from_fn(headers::secure))
        .layer(from_fn_with_state(web.clone(), observe::observe))
        .with_state(web)
}

async fn catch_panic(Extension(observed): Extension<Observed>, request: Request, next: Next) -> Response {
    AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!("request.panicked");
        let words = "something went wrong inside Binnacle";
        json(
            StatusCode::INTERNAL_SERVER_ERROR,
            &crate::graphql::engine::error::body(code::INTERNAL, words, &observed.id),
        )
    })
}

/// A JSON response.
fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    let content = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (status, content, body.to_string()).into_response()
}
