//! `GET /graphql/ws`: the protocol `graphql-transport-ws`. A socket ends with its token or its session, while ended
//! sessions cannot be checked, and when the process stops. A client that does not read is disconnected and never
//! buffered without bound.

mod connection;
mod conversation;
mod ending;
mod message;
mod pace;
mod users;

use super::{
    Web,
    graphql::from_bearer,
    json,
    observe::Observed,
    server::{activity::Work, connections::Slot},
};
use crate::{
    auth::{self, Viewer},
    graphql::engine::error::{body, code},
};
use axum::{
    Extension,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use chrono::Utc;
use connection::Connection;
use conversation::{Conversation, Greeted};
use ending::{Ending, Over};
use hyper_tungstenite::{is_upgrade_request, upgrade};
use message::{ClientMessage, ServerMessage};
use projections::Language;
use serde_json::{Map, Value};
use std::{convert::Infallible, time::Duration};
use tokio::time::{Instant, interval_at, sleep};
use tracing::Instrument;
pub use users::{Limits, Users};

const PROTOCOL: &str = "graphql-transport-ws";
/// The time limit for `connection_init`.
const GREETING: Duration = Duration::from_secs(5);
const HEARTBEAT: Duration = Duration::from_secs(20);

/// Why a request does not become a socket.
struct Refused(StatusCode, &'static str, &'static str);

pub async fn handle(
    State(web): State<Web>,
    Extension(observed): Extension<Observed>,
    Extension(slot): Extension<Slot>,
    mut request: Request,
) -> Response {
    if let Err(Refused(status, code, words)) = check(&web, &request) {
        return json(status, &body(code, words, &observed.id));
    }
    let Ok((response, socket)) = upgrade(&mut request, Some(connection::config())) else {
        let words = "the version of WebSocket is 13, with a key";
        return json(StatusCode::BAD_REQUEST, &body(code::BAD_INPUT, words, &observed.id));
    };
    let span = tracing::info_span!("socket", request.id = %observed.id);
    web.sockets.clone().spawn(
        async move {
            if let Ok(stream) = socket.await {
                serve(web, slot, observed.source, Connection::new(stream).await).await;
            }
        }
        .instrument(span),
    );
    let mut response = response.map(|_| Body::empty());
    response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    response
}

fn check(web: &Web, request: &Request) -> Result<(), Refused> {
    if !web.origins.allow(request.headers()) {
        return Err(Refused(StatusCode::FORBIDDEN, "FORBIDDEN", "pages of this origin may not use the API"));
    }
    if web.stopping.is_cancelled() {
        return Err(Refused(StatusCode::SERVICE_UNAVAILABLE, code::UNAVAILABLE, "the process is stopping"));
    }
    if !is_upgrade_request(request) {
        return Err(Refused(StatusCode::UPGRADE_REQUIRED, code::BAD_INPUT, "this address is for WebSockets"));
    }
    if !offers_protocol(request.headers()) {
        let words = "the protocol of this socket is graphql-transport-ws";
        return Err(Refused(StatusCode::BAD_REQUEST, code::BAD_INPUT, words));
    }
    Ok(())
}

fn offers_protocol(headers: &HeaderMap) -> bool {
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    offered.flat_map(|value| value.split(',')).any(|protocol| protocol.trim() == PROTOCOL)
}

/// The life of a socket.
async fn serve(web: Web, slot: Slot, source: String, mut connection: Connection) {
    web.metrics.sockets().inc();
    let over = match greet(&web, &slot, &mut connection).await {
        Ok(greeted) => {
            connection.trust();
            let _work = Work::begin(slot);
            let session = ends(&web, greeted.viewer.clone());
            let conversation = Conversation::new(web.graphql.clone(), source, greeted);
            converse(&mut connection, conversation, session).await
        }
        Err(over) => over,
    };
    if let Over::By(ending) = over {
        connection.close(ending).await;
    }
    web.metrics.sockets().dec();
}

/// Waits for the greeting of the client.
async fn greet(web: &Web, slot: &Slot, connection: &mut Connection) -> Result<Greeted, Over> {
    let greeting = async {
        loop {
            match connection.receive().await? {
                ClientMessage::ConnectionInit { payload } => {
                    return Ok(sign_in(web, &payload.unwrap_or_default()).await?);
                }
                ClientMessage::Subscribe { .. } => return Err(ending::UNAUTHORIZED.into()),
                ClientMessage::Ping { payload } => {
                    connection.send(conversation::text(&ServerMessage::Pong { payload })?).await?;
                }
                ClientMessage::Complete { .. } | ClientMessage::Pong { .. } => {}
            }
        }
    };
    tokio::select! {
        greeted = greeting => greeted,
        () = sleep(GREETING) => Err(ending::NO_GREETING.into()),
        () = slot.gives_way() => Err(ending::CROWDED.into()),
        () = web.stopping.cancelled() => Err(ending::GOING_AWAY.into()),
    }
}

async fn sign_in(web: &Web, payload: &Map<String, Value>) -> Result<Greeted, Ending> {
    let text = |name| payload.get(name).and_then(Value::as_str).unwrap_or_default();
    let authorization = text("authorization");
    let viewer =
        web.graphql.services().auth.viewer(from_bearer(authorization)).await.map_err(|error| refusal(&error))?;
    let seat = web.users.enter(viewer.user)?;
    Ok(Greeted { viewer, language: Language::accepted(text("acceptLanguage")), seat })
}

fn refusal(error: &auth::Error) -> Ending {
    if matches!(error, auth::Error::Stale | auth::Error::Database(_)) {
        ending::SESSION_UNKNOWN
    } else {
        ending::UNAUTHORIZED
    }
}

/// Runs the conversation until one side ends it.
async fn converse(
    connection: &mut Connection,
    mut conversation: Conversation,
    session: impl Future<Output = Ending>,
) -> Over {
    let talk = async {
        connection.send(conversation::text(&ServerMessage::ConnectionAck)?).await?;
        let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        loop {
            tokio::select! {
                biased;
                _ = heartbeat.tick() => connection.ping().await?,
                message = connection.receive() => {
                    if let Some(text) = conversation.take(message?)? {
                        connection.send(text).await?;
                    }
                }
                text = conversation.next() => connection.send(text?).await?,
            }
        }
    };
    let over: Result<Infallible, Over> = tokio::select! {
        biased;
        ending = session => Err(ending.into()),
        over = talk => over,
    };
    match over {
        Err(over) => over,
    }
}

/// Returns when the server must close the socket, with the reason.
async fn ends(web: &Web, viewer: Viewer) -> Ending {
    let left = (viewer.expires_at - Utc::now()).to_std().unwrap_or_default();
    tokio::select! {
        () = sleep(left) => ending::TOKEN_EXPIRED,
        ended = web.graphql.services().auth.revocations().ended(viewer.session) =>
            ended.map_or_else(|error| refusal(&error), |()| ending::SESSION_ENDED),
        () = web.stopping.cancelled() => ending::GOING_AWAY,
    }
}
