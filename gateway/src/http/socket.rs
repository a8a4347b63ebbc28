//! `GET /graphql/ws`: the protocol `graphql-transport-ws`. A socket ends with the token it was opened with, with its
//! session, while it cannot be known which sessions have ended, and when the process stops; a client that does not read is
//! dropped, never buffered for without end.

mod protocol;

use super::{Web, graphql::from_bearer, json, observe::Observed};
use crate::{
    auth::{self, Viewer},
    graphql::{
        RequestInfo,
        error::{body, code},
        gate::Gate,
    },
};
use async_graphql::{
    Data,
    http::{ClientMessage, WebSocket as Conversation, WebSocketProtocols, WsMessage},
};
use axum::{
    Extension,
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use chrono::Utc;
use futures::{SinkExt, Stream, StreamExt, channel::mpsc, stream::SplitSink};
use protocol::{Incoming, Running};
use std::{sync::Arc, time::Duration};
use tokio::sync::SetOnce;
use tracing::Instrument;

const PROTOCOL: &str = "graphql-transport-ws";
const MESSAGE_LIMIT: usize = 128 << 10;
/// Read at once. Each socket has a buffer, which begins with so much, grows to what is left of a longer message, and stays so:
/// with 1 KiB a sign-in and a document made it 2 KiB, the default of 128 KiB would be most of the memory of a socket. A message of
/// the permitted length takes 512 reads.
const READ_BUFFER: usize = 256;
/// Answers to what may not start that wait to be sent, in a channel which takes no room while there are none.
const REFUSALS: usize = 16;
/// Sockets of this process at most.
const SOCKETS: usize = 10_240;
/// How long a client may take to say who it is.
const GREETING: Duration = Duration::from_secs(5);
/// How long a client may take to read one message.
const PATIENCE: Duration = Duration::from_secs(15);
const HEARTBEAT: Duration = Duration::from_secs(20);

/// How the library closes after a message that it cannot read.
const MALFORMED: u16 = 1002;

/// Why a socket is closed from this side.
#[derive(Clone, Copy)]
struct Ending {
    code: u16,
    reason: &'static str,
}

const UNAUTHENTICATED: Ending = Ending { code: 4401, reason: "Unauthorized" };
const TOKEN_EXPIRED: Ending = Ending { code: 4401, reason: "the access token has expired" };
const SESSION_ENDED: Ending = Ending { code: 4401, reason: "the session has ended" };
const NO_MESSAGE: Ending = Ending { code: 4400, reason: "a message that graphql-transport-ws does not have" };
const NO_GREETING: Ending = Ending { code: 4408, reason: "Connection initialisation timeout" };
/// Not the client's fault: it keeps its token and comes again.
const SESSION_UNKNOWN: Ending = Ending { code: 1013, reason: "which sessions have ended is not known at the moment" };
const GOING_AWAY: Ending = Ending { code: 1001, reason: "going away" };
const TOO_SLOW: Ending = Ending { code: 4413, reason: "lagged: resume after the last position that was received" };

pub async fn handle(
    State(web): State<Web>,
    Extension(observed): Extension<Observed>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let refuse = |status, code: &str, words: &str| json(status, &body(code, words, &observed.id));
    if !web.origins.allow(&headers) {
        return refuse(StatusCode::FORBIDDEN, "FORBIDDEN", "pages of this origin may not use the API");
    }
    if web.sockets.len() >= SOCKETS || web.stopping.is_cancelled() {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, code::UNAVAILABLE, "no more sockets at the moment");
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade
            .protocols([PROTOCOL])
            .read_buffer_size(READ_BUFFER)
            .max_message_size(MESSAGE_LIMIT)
            .max_frame_size(MESSAGE_LIMIT),
        Err(rejection) => return rejection.into_response(),
    };
    if upgrade.selected_protocol().is_none() {
        return refuse(StatusCode::BAD_REQUEST, code::BAD_INPUT, "the protocol of this socket is graphql-transport-ws");
    }
    let span = tracing::info_span!("socket", request.id = %observed.id);
    let sockets = web.sockets.clone();
    upgrade.on_upgrade(move |socket| sockets.track_future(serve(web, observed, socket).instrument(span)))
}

/// The life of a socket. Not an async function: its future would keep room for the arguments beside what becomes of them.
fn serve(web: Web, observed: Observed, socket: WebSocket) -> impl Future<Output = ()> + Send {
    let (mut sink, stream) = socket.split();
    let greeted = Arc::new(SetOnce::new());
    let running = Running::new(web.metrics.subscriptions().clone());
    let (refused, mut refusals) = mpsc::channel(REFUSALS);
    let incoming = Incoming { running: running.clone(), refused }.messages(stream);
    let mut outgoing = Box::pin(converse(web.gate.clone(), observed, incoming, Arc::clone(&greeted)));
    async move {
        web.metrics.sockets().inc();
        let mut ending = std::pin::pin!(ending(&web, &greeted));
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        let ended = loop {
            let message = tokio::select! {
                biased;
                ended = &mut ending => break Some(ended),
                Some(refusal) = refusals.next() => Message::text(refusal),
                message = outgoing.next() => match message {
                    Some(WsMessage::Text(text)) => {
                        running.sent(&text);
                        Message::text(text)
                    }
                    Some(WsMessage::Close(code, reason)) => match greeted.get() {
                        None => break Some(UNAUTHENTICATED),
                        Some(Err(refused)) => break Some(*refused),
                        // With what the parser says of it, which may be longer than a close frame holds.
                        Some(Ok(_)) if code == MALFORMED => break Some(NO_MESSAGE),
                        Some(Ok(_)) => Message::Close(Some(CloseFrame { code, reason: reason.into() })),
                    },
                    None => break None,
                },
                _ = heartbeat.tick() => Message::Ping(Default::default()),
            };
            tokio::select! {
                biased;
                ended = &mut ending => break Some(ended),
                sent = tokio::time::timeout(PATIENCE, sink.send(message)) => match sent {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => break None,
                    Err(_) => break Some(TOO_SLOW),
                },
            }
        };
        drop(outgoing);
        if let Some(ended) = ended {
            close(&mut sink, ended).await;
        }
        web.metrics.sockets().dec();
    }
}

async fn close(sink: &mut SplitSink<WebSocket, Message>, ended: Ending) {
    tracing::debug!(code = ended.code, reason = ended.reason, "socket.closed");
    let frame = CloseFrame { code: ended.code, reason: ended.reason.into() };
    // The last word of a conversation: whoever does not listen any more misses nothing.
    let last = async {
        let _ = sink.send(Message::Close(Some(frame))).await;
        let _ = sink.close().await;
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), last).await;
}

/// Who a client is, or why it is not let in.
type Greeted = Result<Viewer, Ending>;

fn refusal(error: &auth::Error) -> Ending {
    if matches!(error, auth::Error::Stale | auth::Error::Database(_)) { SESSION_UNKNOWN } else { UNAUTHENTICATED }
}

/// The protocol itself, for the viewer that the greeting names.
fn converse(
    gate: Gate,
    observed: Observed,
    incoming: impl Stream<Item = serde_json::Result<ClientMessage>> + Send + 'static,
    greeted: Arc<SetOnce<Greeted>>,
) -> impl Stream<Item = WsMessage> + Send + 'static {
    let services = Arc::clone(gate.services());
    Conversation::from_message_stream(gate, incoming, WebSocketProtocols::GraphQLWS).on_connection_init(
        move |payload: serde_json::Value| async move {
            let authorization = payload.get("authorization").and_then(serde_json::Value::as_str).unwrap_or_default();
            let found = services.auth.viewer(from_bearer(authorization)).await;
            // A second greeting ends the conversation before it gets here.
            let _ = greeted.set(found.as_ref().map(Viewer::clone).map_err(refusal));
            let found = found.map_err(|error| error.to_string())?;
            let mut data = Data::default();
            let info =
                RequestInfo { id: observed.id, source: observed.source, viewer: Some(found), ..RequestInfo::default() };
            data.insert(info);
            Ok(data)
        },
    )
}

/// Returns when this side has a reason to end the conversation.
async fn ending(web: &Web, greeted: &SetOnce<Greeted>) -> Ending {
    let over = async {
        let viewer = match tokio::time::timeout(GREETING, greeted.wait()).await {
            Ok(Ok(viewer)) => viewer,
            Ok(Err(refused)) => return *refused,
            Err(_) => return NO_GREETING,
        };
        let left = (viewer.expires_at - Utc::now()).to_std().unwrap_or_default();
        tokio::select! {
            () = tokio::time::sleep(left) => TOKEN_EXPIRED,
            ended = web.gate.services().auth.revocations().ended(viewer.session) =>
                ended.map_or_else(|error| refusal(&error), |()| SESSION_ENDED),
        }
    };
    tokio::select! {
        ended = over => ended,
        () = web.stopping.cancelled() => GOING_AWAY,
    }
}
