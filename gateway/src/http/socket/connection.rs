//! The WebSocket under a conversation: messages in at a bounded pace, messages out to a client that reads, and a close that
//! says why.

use super::{
    ending::{self, Ending, Over},
    message::ClientMessage,
    pace::Pace,
};
use futures::{SinkExt, StreamExt};
use hyper_tungstenite::{
    HyperWebsocketStream,
    tungstenite::{Message, protocol::WebSocketConfig},
};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy, sink},
    time::{Instant, timeout},
};

/// Bytes of a message.
const MESSAGE: usize = 128 << 10;
/// The size of a socket's read buffer. It grows to the rest of a longer message and keeps that size. With 1 KiB, a
/// sign-in and a document made it 2 KiB; the default of 128 KiB would be most of a socket's memory. The largest message
/// takes 512 reads.
const READ_BUFFER: usize = 256;
/// The time limit for a client to read one message.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long nothing may come of a client that is asked every 20 seconds.
const SILENCE: Duration = Duration::from_secs(70);
/// How long a client may take to read why its socket is closed, and how much of what it was sending is thrown away meanwhile.
const FAREWELL: Duration = Duration::from_secs(1);
const DRAIN: u64 = 16 << 20;

pub struct Connection {
    stream: HyperWebsocketStream,
    pace: Pace,
    heard: Instant,
}

/// For every socket.
pub fn config() -> WebSocketConfig {
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
    config.max_message_size(Some(MESSAGE)).max_frame_size(Some(MESSAGE))
}

impl Connection {
    pub fn new(stream: HyperWebsocketStream) -> Self {
        Self { stream, pace: Pace::new(), heard: Instant::now() }
    }

    /// The next message. Nothing is lost when this future is dropped.
    pub async fn receive(&mut self) -> Result<ClientMessage, Over> {
        loop {
            self.pace.ready().await;
            let message = self.stream.next().await.ok_or(Over::Gone)??;
            self.pace.count();
            self.heard = Instant::now();
            match message {
                Message::Text(text) => {
                    return serde_json::from_str(&text).map_err(|_| ending::NOT_JSON_TEXT.into());
                }
                Message::Binary(_) => return Err(ending::NOT_JSON_TEXT.into()),
                // After a close, the next read answers it and ends.
                Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => {}
            }
        }
    }

    pub async fn send(&mut self, text: String) -> Result<(), Over> {
        self.write(Message::text(text)).await
    }

    /// Asks whether anybody is there, unless nobody has answered for long.
    pub async fn ping(&mut self) -> Result<(), Over> {
        if self.heard.elapsed() > SILENCE {
            return Err(Over::Gone);
        }
        self.write(Message::Ping(Default::default())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), Over> {
        match timeout(PATIENCE, self.stream.send(message)).await {
            Ok(sent) => sent.map_err(|_| Over::Gone),
            Err(_) => Err(ending::TOO_SLOW.into()),
        }
    }

    /// Says why, and gives the client time to read it: an end with bytes on the way would reset the connection.
    pub async fn close(mut self, ending: Ending) {
        tracing::debug!(code = ending.code, reason = %ending.reason, "socket.closed");
        let farewell = async {
            let _ = self.stream.close(Some(ending.into())).await;
            let stream = self.stream.get_mut();
            let _ = stream.shutdown().await;
            let _ = copy(&mut stream.take(DRAIN), &mut sink()).await;
        };
        let _ = timeout(FAREWELL, farewell).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::Body, extract::Request, routing::get};
    use hyper_tungstenite::upgrade;
    use tokio::{
        net::{TcpListener, TcpStream},
        sync::mpsc,
    };

    const HANDSHAKE: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
        sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    const PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];

    /// Pings every 20 seconds until nobody is there.
    async fn listen(mut connection: Connection) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(20)) => if connection.ping().await.is_err() { return },
                message = connection.receive() => if message.is_err() { return },
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_answers_no_ping_is_given_up_and_one_that_does_is_not() {
        let (ended, mut is_over) = mpsc::channel::<()>(1);
        let handler = move |mut request: Request| async move {
            let (response, socket) = upgrade(&mut request, Some(config())).expect("a handshake");
            tokio::spawn(async move {
                listen(Connection::new(socket.await.expect("a socket"))).await;
                ended.send(()).await.expect("a listener");
            });
            response.map(|_| Body::empty())
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", get(handler))).await });
        let mut client = TcpStream::connect(address).await.expect("a connection");
        client.write_all(HANDSHAKE).await.expect("to write");
        for _ in 0..20 {
            client.write_all(&PONG).await.expect("to write");
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
        assert!(is_over.try_recv().is_err(), "closed though it answered");
        let begun = Instant::now();
        is_over.recv().await.expect("the end");
        assert!((40..=80).contains(&begun.elapsed().as_secs()), "after {:?}", begun.elapsed());
    }
}
