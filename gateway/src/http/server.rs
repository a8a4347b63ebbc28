//! The server under the routes. It accepts connections, limits their number and their waiting time, and closes them at
//! shutdown. If all places are in use and none can be freed, spare places answer health checks and refuse everything
//! else.

pub mod activity;
pub mod body;
pub mod connection;
pub mod connections;

use axum::Router;
use connection::Manner;
use connections::{Connections, Limits, Slot};
use prometheus::{IntCounterVec, IntGauge};
use std::{io, net::SocketAddr, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Spare places, and the maximum for one address.
const SPARE: usize = 8;
const SPARE_PER_ADDRESS: usize = 4;
/// How long the server waits after it ran out of file descriptors.
const EXHAUSTED: Duration = Duration::from_millis(20);

/// How long a client may keep a connection waiting.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// For its first request: from the accept to the end of the head.
    pub first_request: Duration,
    /// Later: for the next request, or for taking the next piece of an answer.
    pub idle: Duration,
    /// For each piece of a body.
    pub body_piece: Duration,
    /// For a whole body.
    pub body: Duration,
    /// For closing, when this side ends the connection.
    pub farewell: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            first_request: Duration::from_secs(10),
            // Longer than proxies keep idle connections, so that the proxy closes first.
            idle: Duration::from_secs(75),
            body_piece: Duration::from_secs(10),
            body: Duration::from_secs(60),
            farewell: Duration::from_secs(2),
        }
    }
}

/// The counters of the server.
#[derive(Clone)]
pub struct Counters {
    /// Open connections, sockets included.
    pub open: IntGauge,
    /// Connections that this side closed, by reason.
    pub closed: IntCounterVec,
}

/// A server that has not started.
pub struct Server {
    pub router: Router,
    /// The routes of the spare places.
    pub spare_router: Router,
    pub limits: Limits,
    pub times: Times,
    pub counters: Counters,
}

impl Server {
    /// Serves until the token is cancelled, then finishes running requests and closes every connection.
    pub async fn run(self, listener: TcpListener, stopping: CancellationToken) -> io::Result<()> {
        let Self { router, spare_router, limits, times, counters } = self;
        let spare_limits = Limits { total: SPARE, per_address: SPARE_PER_ADDRESS, trusted_proxies: [].into() };
        let main = Lane {
            connections: Connections::new(limits, counters.open.clone()),
            manner: Manner { router, times, is_once: false },
        };
        let spare = Lane {
            connections: Connections::new(spare_limits, counters.open.clone()),
            manner: Manner { router: spare_router, times, is_once: true },
        };
        let tasks = TaskTracker::new();
        while let Some(accepted) = stopping.run_until_cancelled(listener.accept()).await {
            match accepted {
                Ok((stream, peer)) => {
                    let Some((slot, manner)) = admit(&main, &spare, peer).await else {
                        counters.closed.with_label_values(&["refused"]).inc();
                        continue;
                    };
                    tasks.spawn(serve(stream, peer, slot, manner, counters.closed.clone(), stopping.clone()));
                }
                Err(error) if is_of_the_client(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "connection.not_accepted");
                    main.connections.make_room();
                    tokio::time::sleep(EXHAUSTED).await;
                }
            }
        }
        drop(listener);
        tasks.close();
        tasks.wait().await;
        Ok(())
    }
}

/// The limits of the server and the routes of its connections.
struct Lane {
    connections: Connections,
    manner: Manner,
}

async fn admit(main: &Lane, spare: &Lane, peer: SocketAddr) -> Option<(Slot, Manner)> {
    for lane in [main, spare] {
        if let Some(slot) = lane.connections.admit(peer.ip()).await {
            return Some((slot, lane.manner.clone()));
        }
    }
    None
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    slot: Slot,
    manner: Manner,
    closed: IntCounterVec,
    stopping: CancellationToken,
) {
    if let Some(why) = connection::serve(stream, peer, slot, manner, &stopping).await {
        tracing::debug!(peer = %peer.ip(), why, "connection.closed");
        closed.with_label_values(&[why]).inc();
    }
}

/// The client closed the connection before it was accepted.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests;
