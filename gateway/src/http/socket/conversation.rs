//! The operations of one signed-in socket, by the rules of `graphql-transport-ws`. Messages of an operation come after
//! its `subscribe` and before its first `complete` or `error`, from either side.

use super::{
    ending::{self, Ending},
    message::{ClientMessage, ServerMessage},
    users::{Seat, Subscribed},
};
use crate::{
    auth::Viewer,
    graphql::{
        context::RequestInfo,
        engine::{
            error::{ApiError, finish, is_request_error, refused},
            guard::GuardedSchema,
        },
    },
    http::operation::{Incomplete, Operation},
};
use async_graphql::Response;
use futures::{StreamExt, stream::BoxStream};
use projections::Language;
use std::{
    future::poll_fn,
    task::{Context, Poll},
};
use uuid::Uuid;

/// Concurrent operations of one socket.
const OPERATIONS: usize = 50;
/// Bytes of an id.
const ID: usize = 128;

/// A client that has authenticated.
pub struct Greeted {
    pub viewer: Viewer,
    /// The language of messages.
    pub language: Language,
    pub seat: Seat,
}

/// The running operations of a signed-in client.
pub struct Conversation {
    graphql: GuardedSchema,
    source: String,
    viewer: Viewer,
    language: Language,
    seat: Seat,
    running: Vec<Running>,
    /// The operation to poll first. It moves on, so that each gets a turn.
    turn: usize,
}

struct Running {
    id: Box<str>,
    responses: BoxStream<'static, Response>,
    has_begun: bool,
    _counted: Subscribed,
}

impl Conversation {
    pub fn new(graphql: GuardedSchema, source: String, Greeted { viewer, language, seat }: Greeted) -> Self {
        Self { graphql, source, viewer, language, seat, running: Vec::new(), turn: 0 }
    }

    /// Handles a message. Returns the reply, if there is one.
    pub fn take(&mut self, message: ClientMessage) -> Result<Option<String>, Ending> {
        match message {
            ClientMessage::ConnectionInit { .. } => Err(ending::TWO_GREETINGS),
            ClientMessage::Subscribe { id, payload } => self.subscribe(id, payload),
            ClientMessage::Complete { id } => {
                self.running.retain(|running| *running.id != *id);
                Ok(None)
            }
            ClientMessage::Ping { payload } => text(&ServerMessage::Pong { payload }).map(Some),
            ClientMessage::Pong { .. } => Ok(None),
        }
    }

    /// The next message of the running operations. Nothing is lost when this future is dropped.
    pub async fn next(&mut self) -> Result<String, Ending> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn subscribe(&mut self, id: String, operation: Operation) -> Result<Option<String>, Ending> {
        if id.is_empty() || id.len() > ID {
            return Err(ending::BAD_ID);
        }
        if self.running.iter().any(|running| *running.id == *id) {
            return Err(ending::taken(&id));
        }
        let info = RequestInfo {
            id: Uuid::now_v7().to_string(),
            source: self.source.clone(),
            viewer: Some(self.viewer.clone()),
            language: self.language,
            ..RequestInfo::default()
        };
        let request = match operation.into_request() {
            Ok(request) => request,
            Err(Incomplete::NoDocument) => return Err(ending::NOT_JSON_TEXT),
            Err(Incomplete::Persisted(error)) => return self.refuse(&id, &info.id, error).map(Some),
        };
        let counted = if self.running.len() < OPERATIONS { self.seat.subscribe() } else { None };
        let Some(counted) = counted else {
            let words = "too many operations at once on this socket or of this user: end some, then ask again";
            return self.refuse(&id, &info.id, ApiError::new("TOO_MANY_SUBSCRIPTIONS", words)).map(Some);
        };
        let responses = self.graphql.stream(request, info);
        self.running.push(Running { id: id.into(), responses, has_begun: false, _counted: counted });
        Ok(None)
    }

    fn refuse(&self, id: &str, request: &str, error: ApiError) -> Result<String, Ending> {
        let mut response = refused(error);
        finish(&mut response, &self.graphql.services().projections, request);
        text(&ServerMessage::Error { id, payload: &response.errors })
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<String, Ending>> {
        let count = self.running.len();
        for nth in (self.turn..count).chain(0..self.turn.min(count)) {
            if let Poll::Ready(response) = self.running[nth].responses.poll_next_unpin(cx) {
                self.turn = nth + 1;
                return Poll::Ready(self.encode(nth, response));
            }
        }
        Poll::Pending
    }

    fn encode(&mut self, nth: usize, response: Option<Response>) -> Result<String, Ending> {
        let running = &mut self.running[nth];
        match response {
            None => text(&ServerMessage::Complete { id: &self.running.swap_remove(nth).id }),
            Some(response) if !running.has_begun && is_request_error(&response) => {
                let id = self.running.swap_remove(nth).id;
                text(&ServerMessage::Error { id: &id, payload: &response.errors })
            }
            Some(response) => {
                running.has_begun = true;
                text(&ServerMessage::Next { id: &running.id, payload: &response })
            }
        }
    }
}

/// The message as JSON text.
pub fn text(message: &ServerMessage<'_>) -> Result<String, Ending> {
    serde_json::to_string(message).map_err(|error| {
        tracing::error!(%error, "socket.failed");
        ending::INTERNAL
    })
}
