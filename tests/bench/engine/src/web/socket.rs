//! The client by socket: one connection with one subscription, in the protocol that all of them speak.

use super::{contender::Running, scene};
use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::json;
use std::borrow::Cow;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

/// Dropping it cuts the connection.
pub struct Follower(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// A change as a subscriber receives it.
#[derive(Debug)]
pub struct ReceivedChange {
    /// The number of the workload.
    pub workload: usize,
    /// Which command to it this is: the first is 1.
    pub nth: usize,
    /// Where to go on after it, for those that can.
    pub position: Option<String>,
}

#[derive(Deserialize)]
struct Text<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    payload: Option<&'a serde_json::value::RawValue>,
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    #[serde(borrow)]
    workload_changed: Changed<'a>,
}

#[derive(Deserialize)]
struct Changed<'a> {
    position: Option<String>,
    #[serde(borrow)]
    workload: Workload<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Workload<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    version: Cow<'a, str>,
    desired_replicas: usize,
}

impl Follower {
    pub async fn open(server: &Running, namespace: &str, after: Option<&str>) -> Result<Self> {
        let mut request = server.socket_url().into_client_request()?;
        request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse()?);
        let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
        let (socket, _) = connect_async_with_config(request, Some(config), true).await?;
        let mut follower = Self(socket);
        let payload = match &server.token {
            Some(token) => json!({"authorization": format!("Bearer {token}")}),
            None => json!({}),
        };
        follower.send(json!({"type": "connection_init", "payload": payload})).await?;
        match follower.receive().await? {
            Some(text) if text.contains("connection_ack") => {}
            other => bail!("no acknowledgement: {other:?}"),
        }
        let document = server.contender.follow(namespace, after);
        follower.send(json!({"type": "subscribe", "id": "1", "payload": document})).await?;
        Ok(follower)
    }

    async fn send(&mut self, message: serde_json::Value) -> Result<()> {
        Ok(self.0.send(Message::text(message.to_string())).await?)
    }

    async fn receive(&mut self) -> Result<Option<tokio_tungstenite::tungstenite::Utf8Bytes>> {
        loop {
            match self.0.next().await {
                None | Some(Ok(Message::Close(None))) => return Ok(None),
                Some(Ok(Message::Close(Some(frame)))) => bail!("closed: {} {}", u16::from(frame.code), frame.reason),
                Some(Ok(Message::Text(text))) => return Ok(Some(text)),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
            }
        }
    }

    /// The next change; None when the other side has ended.
    pub async fn next(&mut self) -> Result<Option<ReceivedChange>> {
        loop {
            let Some(text) = self.receive().await? else { return Ok(None) };
            let found: Text = serde_json::from_str(&text)?;
            match (found.kind.as_ref(), found.payload) {
                ("next", Some(payload)) => return Ok(Some(read(payload.get()).with_context(|| text.to_string())?)),
                ("ping", _) => self.send(json!({"type": "pong"})).await?,
                ("pong", _) => {}
                _ => bail!("{text}"),
            }
        }
    }
}

fn read(payload: &str) -> Result<ReceivedChange> {
    let Changed { position, workload } = serde_json::from_str::<Payload>(payload)?.data.workload_changed;
    let number = scene::number_of(&workload.name).context("another workload")?;
    // The version of Binnacle begins with the number of commands. The others have as many replicas as commands.
    let nth = match &position {
        Some(_) => workload.version.split('.').next().unwrap_or_default().parse()?,
        None => workload.desired_replicas,
    };
    Ok(ReceivedChange { workload: number, nth, position })
}
