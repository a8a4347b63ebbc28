//! One connection, from accept to close. A connection that waits too long for its client is closed.

use super::{
    Times,
    activity::Work,
    body::{Download, Upload},
    connections::Slot,
};
use axum::{Router, extract::ConnectInfo};
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use std::{convert::Infallible, net::SocketAddr, pin::pin, time::Duration};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// Maximum bytes of a head, and of an answer on its way to the kernel.
const BUFFER: usize = 32 << 10;
/// Concurrent requests on one HTTP/2 connection.
const STREAMS: u32 = 100;

/// The settings of a connection.
#[derive(Clone)]
pub struct Manner {
    pub router: Router,
    pub times: Times,
    /// Whether the connection is closed after its first answer.
    pub is_once: bool,
}

/// Serves until the client or this side closes the connection, or until it becomes a WebSocket. Returns why this side
/// closed it.
pub async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    slot: Slot,
    manner: Manner,
    stopping: &CancellationToken,
) -> Option<&'static str> {
    let Manner { router, times, is_once } = manner;
    let service = service_fn(|request| answer(router.clone(), peer, slot.clone(), times, request));
    let builder = builder(is_once);
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
    let why = tokio::select! {
        // The client closed the connection or caused an error.
        _ = connection.as_mut() => return None,
        () = slot.idle(|activity| if activity.has_request() { times.idle } else { times.first_request }) => "idle",
        () = slot.gives_way() => "gave_way",
        () = stopping.cancelled() => "stopping",
    };
    // A connection that must make room closes at once, unless the server works for it.
    let is_urgent = why == "gave_way" && slot.idle_for().is_some();
    let farewell = if is_urgent { Duration::ZERO } else { times.farewell };
    slot.progress();
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        _ = connection => {}
        () = slot.idle(|_| farewell) => {}
    }
    Some(why)
}

fn builder(is_once: bool) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().keep_alive(!is_once).max_buf_size(BUFFER);
    let list = u32::try_from(BUFFER).unwrap_or(u32::MAX);
    builder.http2().max_concurrent_streams(STREAMS).max_header_list_size(list).max_send_buf_size(BUFFER);
    builder
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    slot: Slot,
    times: Times,
    request: Request<Incoming>,
) -> Result<Response<Download>, Infallible> {
    slot.request_began();
    let work = Work::begin(slot.clone());
    let mut request = request.map(|body| Upload::new(body, slot.clone(), times));
    request.extensions_mut().insert(ConnectInfo(peer));
    // A WebSocket keeps the place of its connection.
    request.extensions_mut().insert(slot.clone());
    let response = router.oneshot(request).await?;
    drop(work);
    Ok(response.map(|body| Download::new(body, slot)))
}
