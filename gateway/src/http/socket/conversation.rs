//! The operations of one signed-in socket, by the rules of `graphql-transport-ws`: what is said of an operation comes between its
//! `subscribe` and the first of `complete` and `error`, in whichever direction.

use super::{
    ending::{self, Ending},
    message::{ClientMessage, Operation, ServerMessage},
    users::{Seat, Subscribed},
};
use crate::{
    auth::Viewer,
    graphql::{
        context::RequestInfo,
        engine::{
            error::{Fault, finish, refused},
            guard::Gate,
        },
    },
};
use async_graphql::{Response, Value};
use futures::{StreamExt, stream::BoxStream};
use std::{
    future::poll_fn,
    task::{Context, Poll},
};
use uuid::Uuid;

/// Operations of one socket at a time.
const OPERATIONS: usize = 50;
/// Bytes of an id.
const ID: usize = 128;

/// What a signed-in client asked for and has not been told to the end.
pub struct Conversation {
    gate: Gate,
    source: String,
    viewer: Viewer,
    seat: Seat,
    running: Vec<Running>,
    /// Who is asked first for something to tell, so that everybody gets a turn.
    turn: usize,
}

struct Running {
    id: Box<str>,
    responses: BoxStream<'static, Response>,
    has_begun: bool,
    _counted: Subscribed,
}

impl Conversation {
    pub fn new(gate: Gate, source: String, viewer: Viewer, seat: Seat) -> Self {
        Self { gate, source, viewer, seat, running: Vec::new(), turn: 0 }
    }

    /// Takes a message in; what is to be said at once.
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

    /// What the operations have to tell. Nothing is lost when this future is dropped.
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
            ..RequestInfo::default()
        };
        let counted = if self.running.len() < OPERATIONS { self.seat.subscribe() } else { None };
        let Some(counted) = counted else { return self.too_many(&id, &info.id).map(Some) };
        let responses = self.gate.stream(operation.into(), info);
        self.running.push(Running { id: id.into(), responses, has_begun: false, _counted: counted });
        Ok(None)
    }

    fn too_many(&self, id: &str, request: &str) -> Result<String, Ending> {
        let words = "too many operations at once on this socket or of this user: end some, then ask again";
        let mut response = refused(Fault::new("TOO_MANY_SUBSCRIPTIONS", words));
        finish(&mut response, &self.gate.services().projections, request);
        text(&ServerMessage::Error { id, payload: &response.errors })
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<String, Ending>> {
        let count = self.running.len();
        for nth in (self.turn..count).chain(0..self.turn.min(count)) {
            if let Poll::Ready(response) = self.running[nth].responses.poll_next_unpin(cx) {
                self.turn = nth + 1;
                return Poll::Ready(self.tell(nth, response));
            }
        }
        Poll::Pending
    }

    fn tell(&mut self, nth: usize, response: Option<Response>) -> Result<String, Ending> {
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

/// Nothing was executed: an error of execution names the field it is about.
fn is_request_error(response: &Response) -> bool {
    let is_of_a_field = response.errors.iter().any(|error| !error.path.is_empty());
    response.data == Value::Null && !response.errors.is_empty() && !is_of_a_field
}

/// A message as it is sent.
pub fn text(message: &ServerMessage<'_>) -> Result<String, Ending> {
    serde_json::to_string(message).map_err(|error| {
        tracing::error!(%error, "socket.failed");
        ending::INTERNAL
    })
}
