//! The messages of a client, with the number of its running subscriptions bounded.

use crate::graphql::engine::error::body;
use async_graphql::http::ClientMessage;
use axum::extract::ws::{Message, WebSocket};
use futures::{Stream, StreamExt, channel::mpsc, future, stream::SplitStream};
use prometheus::IntGauge;
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

/// Subscriptions of one socket at most.
const SUBSCRIPTIONS: usize = 50;

/// The ids of what runs on a socket.
#[derive(Clone)]
pub struct Running(Arc<Ids>);

struct Ids {
    ids: Mutex<HashSet<String>>,
    /// Of all sockets of this process.
    gauge: IntGauge,
}

impl Running {
    pub fn new(gauge: IntGauge) -> Self {
        Self(Arc::new(Ids { ids: Mutex::default(), gauge }))
    }

    /// Why one more may not run.
    fn start(&self, id: &str) -> Result<(), &'static str> {
        let mut ids = self.0.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.contains(id) {
            return Err("a subscription with this id runs already");
        }
        if ids.len() >= SUBSCRIPTIONS {
            return Err("a socket has at most 50 subscriptions");
        }
        ids.insert(id.to_owned());
        self.0.gauge.inc();
        Ok(())
    }

    fn end(&self, id: &str) {
        let mut ids = self.0.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.remove(id) {
            self.0.gauge.dec();
        }
    }

    /// This message is about to be sent: it may say that a subscription is over.
    pub fn sent(&self, text: &str) {
        #[derive(Deserialize)]
        struct Complete {
            id: String,
        }
        if text.starts_with(r#"{"type":"complete""#)
            && let Ok(Complete { id }) = serde_json::from_str(text)
        {
            self.end(&id);
        }
    }
}

impl Drop for Ids {
    fn drop(&mut self) {
        let left = self.ids.get_mut().unwrap_or_else(PoisonError::into_inner).len();
        self.gauge.sub(i64::try_from(left).unwrap_or_default());
    }
}

/// What comes in.
pub struct Incoming {
    pub running: Running,
    /// Answers to what may not start.
    pub refused: mpsc::Sender<String>,
}

impl Incoming {
    /// The messages that may go on to the conversation.
    pub fn messages(
        mut self,
        stream: SplitStream<WebSocket>,
    ) -> impl Stream<Item = serde_json::Result<ClientMessage>> + Send + 'static {
        let texts = stream.take_while(|message| future::ready(message.is_ok())).filter_map(|message| {
            future::ready(match message {
                Ok(Message::Text(text)) => Some(text),
                _ => None,
            })
        });
        texts.filter_map(move |text| future::ready(self.admit(ClientMessage::from_bytes(text.as_bytes()))))
    }

    fn admit(&mut self, message: serde_json::Result<ClientMessage>) -> Option<serde_json::Result<ClientMessage>> {
        match &message {
            Ok(ClientMessage::Start { id, .. }) => {
                if let Err(words) = self.running.start(id) {
                    self.refuse(id, words);
                    return None;
                }
            }
            Ok(ClientMessage::Stop { id }) => self.running.end(id),
            Ok(
                ClientMessage::ConnectionInit { .. }
                | ClientMessage::ConnectionTerminate
                | ClientMessage::Ping { .. }
                | ClientMessage::Pong { .. },
            )
            | Err(_) => {}
        }
        Some(message)
    }

    /// A client that floods us with what may not run does not get to hear of all of it.
    fn refuse(&mut self, id: &str, words: &str) {
        let errors = body("TOO_MANY_SUBSCRIPTIONS", words, "").get("errors").cloned();
        let _ = self.refused.try_send(json!({"id": id, "type": "error", "payload": errors}).to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_has_fifty_subscriptions_and_no_id_twice() {
        let gauge = IntGauge::new("running", "for this test").expect("gauge");
        let running = Running::new(gauge.clone());
        for id in 0..SUBSCRIPTIONS {
            assert_eq!(running.start(&id.to_string()), Ok(()));
        }
        assert!(running.start("0").is_err() && running.start("one more").is_err());
        running.sent(r#"{"type":"complete","id":"7"}"#);
        running.sent(r#"{"type":"next","id":"8","payload":{}}"#);
        assert_eq!((running.start("one more"), gauge.get()), (Ok(()), 50));
        drop(running);
        assert_eq!(gauge.get(), 0);
    }
}
