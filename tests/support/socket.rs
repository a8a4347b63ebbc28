//! Clients of the protocol graphql-transport-ws, small enough to be cut anywhere and to break every rule.

use crate::PATIENCE;
use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
pub use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::client::IntoClientRequest};

/// A socket that sends whatever its caller wants.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What comes by a socket.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Message(Value),
    Closed {
        code: u16,
        reason: String,
    },
    /// The end without a close frame, which programs know as 1006.
    Lost,
}

impl Socket {
    /// Connects to the gateway at `url` (http) and says nothing.
    pub async fn connect(url: &str) -> Result<Self> {
        let mut request = format!("{}/graphql/ws", url.replacen("http", "ws", 1)).into_client_request()?;
        request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse()?);
        Ok(Self(connect_async(request).await?.0))
    }

    /// Connects and signs in.
    pub async fn greet(url: &str, token: &str) -> Result<Self> {
        let mut socket = Self::connect(url).await?;
        socket.say(greeting(token)).await?;
        match socket.hear().await? {
            Heard::Message(message) if message["type"] == "connection_ack" => Ok(socket),
            Heard::Closed { code, reason } => bail!("closed with {code}: {reason}"),
            other => bail!("no acknowledgement: {other:?}"),
        }
    }

    pub async fn say(&mut self, message: Value) -> Result<()> {
        self.send(Message::text(message.to_string())).await
    }

    pub async fn send(&mut self, message: Message) -> Result<()> {
        Ok(self.0.send(message).await?)
    }

    /// Subscribes under this id.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) -> Result<()> {
        let payload = json!({"query": query, "variables": variables});
        self.say(json!({"type": "subscribe", "id": id, "payload": payload})).await
    }

    /// The next message or the end.
    pub async fn hear(&mut self) -> Result<Heard> {
        let end = Instant::now() + PATIENCE;
        loop {
            let message = timeout_at(end, self.0.next()).await.context("no message came")?;
            return Ok(match message {
                Some(Ok(Message::Text(text))) => Heard::Message(serde_json::from_str(&text)?),
                Some(Ok(Message::Close(Some(frame)))) => {
                    Heard::Closed { code: frame.code.into(), reason: frame.reason.to_string() }
                }
                None | Some(Ok(Message::Close(None)) | Err(_)) => Heard::Lost,
                Some(Ok(_)) => continue,
            });
        }
    }
}

/// The message that a client begins with.
pub fn greeting(token: &str) -> Value {
    json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {token}")}})
}

/// One socket with one subscription.
pub struct Subscription(Socket);

impl Subscription {
    /// Connects to the gateway at `url` (http) and subscribes.
    pub async fn open(url: &str, token: &str, query: &str, variables: Value) -> Result<Self> {
        let mut socket = Socket::greet(url, token).await?;
        socket.subscribe("1", query, variables).await?;
        Ok(Self(socket))
    }

    /// The data of the next message; None when the subscription or the socket has ended.
    pub async fn next(&mut self) -> Result<Option<Value>> {
        let mut message = match self.0.hear().await? {
            Heard::Lost => return Ok(None),
            Heard::Closed { code, reason } => bail!("closed with {code}: {reason}"),
            Heard::Message(message) => message,
        };
        match message["type"].as_str() {
            Some("next") if message.pointer("/payload/errors").is_none() => Ok(Some(message["payload"]["data"].take())),
            Some("complete") => Ok(None),
            _ => bail!("{message}"),
        }
    }
}
