//! A client of the protocol graphql-transport-ws, small enough to be cut anywhere.

use crate::PATIENCE;
use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// One socket with one subscription.
pub struct Subscription {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Subscription {
    /// Connects to the gateway at `url` (http) and subscribes.
    pub async fn open(url: &str, token: &str, query: &str, variables: Value) -> Result<Self> {
        let mut request = format!("{}/graphql/ws", url.replacen("http", "ws", 1)).into_client_request()?;
        request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse()?);
        let (socket, _) = connect_async(request).await?;
        let mut subscription = Self { socket };
        let init = json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {token}")}});
        subscription.send(init).await?;
        let acknowledged = subscription.receive().await?.context("the socket was closed")?;
        if acknowledged["type"] != "connection_ack" {
            bail!("no acknowledgement: {acknowledged}");
        }
        let payload = json!({"query": query, "variables": variables});
        subscription.send(json!({"type": "subscribe", "id": "1", "payload": payload})).await?;
        Ok(subscription)
    }

    /// Says something by the socket, whatever it is.
    pub async fn send(&mut self, message: Value) -> Result<()> {
        Ok(self.socket.send(Message::text(message.to_string())).await?)
    }

    async fn receive(&mut self) -> Result<Option<Value>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next()).await.context("no message came")?;
            match message {
                Some(Ok(Message::Close(Some(frame)))) => {
                    bail!("closed with {}: {}", u16::from(frame.code), frame.reason)
                }
                None | Some(Ok(Message::Close(None))) => return Ok(None),
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text)?;
                    if message["type"] == "ping" {
                        self.send(json!({"type": "pong"})).await?;
                        continue;
                    }
                    return Ok(Some(message));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
            }
        }
    }

    /// The data of the next message; None when the subscription or the socket has ended.
    pub async fn next(&mut self) -> Result<Option<Value>> {
        match self.receive().await? {
            None => Ok(None),
            Some(mut message) => match message["type"].as_str() {
                Some("next") if message.pointer("/payload/errors").is_none() => {
                    Ok(Some(message["payload"]["data"].take()))
                }
                Some("complete") => Ok(None),
                _ => bail!("{message}"),
            },
        }
    }
}
