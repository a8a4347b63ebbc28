//! The server under the routes: it takes connections in, bounds how many there are and how long each may keep it waiting, and
//! ends them all when the process stops. When no place is left and nobody gives way, a few spare places are, on which health is
//! answered and everything else refused.

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

/// Spare places, and those of them that one address may hold.
const SPARE: usize = 8;
const SPARE_PER_ADDRESS: usize = 4;
/// How long the server waits when no file descriptor is left.
const EXHAUSTED: Duration = Duration::from_millis(20);

/// How long a client may keep a connection waiting.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// For its first request, from the acceptance to the end of the head.
    pub first_request: Duration,
    /// For everything after that: the next request, or taking the next piece of an answer.
    pub idle: Duration,
    /// For each piece of a body.
    pub body_piece: Duration,
    /// For a whole body.
    pub body: Duration,
    /// For its last steps, when this side ends the connection.
    pub farewell: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            first_request: Duration::from_secs(10),
            // Longer than proxies keep their idle connections: it is they who close them.
            idle: Duration::from_secs(75),
            body_piece: Duration::from_secs(10),
            body: Duration::from_secs(60),
            farewell: Duration::from_secs(2),
        }
    }
}

/// What the server counts.
#[derive(Clone)]
pub struct Counters {
    /// Open connections, sockets included.
    pub open: IntGauge,
    /// Those that this side closed, by reason.
    pub closed: IntCounterVec,
}

/// A server that has not begun.
pub struct Server {
    pub router: Router,
    /// What the spare places answer.
    pub spare_router: Router,
    pub limits: Limits,
    pub times: Times,
    pub counters: Counters,
}

impl Server {
    /// Serves until told to stop, and then until every connection has ended: what is being answered is answered first.
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

/// Places, and how those who have one are served.
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

/// The connection was gone before it was accepted.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests;
