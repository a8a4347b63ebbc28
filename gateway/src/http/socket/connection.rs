//! The WebSocket of a conversation. It limits the rate of incoming messages, closes if the client does not read, and
//! sends the reason of a close.

use super::{
    ending::{self, Ending, Over},
    message::ClientMessage,
    pace::Pace,
};
use crate::http::{BODY_LIMIT, STRANGERS_LIMIT};
use futures::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_tungstenite::{
    HyperWebsocketStream, WebSocketStream,
    tungstenite::{
        Error, Message,
        protocol::{Role, WebSocketConfig},
    },
};
use hyper_util::rt::TokioIo;
use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, Join, ReadBuf, ReadHalf, Take, WriteHalf, copy, join, sink, split},
    time::{Instant, timeout},
};

/// The read buffer of a socket. It grows to the rest of a longer message and keeps that size, 2 MiB at most. With 1
/// KiB, a sign-in and a document made it 2 KiB; the default of 128 KiB would be most of a socket's memory. The largest
/// message takes 8,192 reads.
const READ_BUFFER: usize = 256;
/// The time limit for a client to read one message.
const PATIENCE: Duration = Duration::from_secs(15);
/// The maximum silence of a client, which gets a ping every 20 seconds.
const SILENCE: Duration = Duration::from_secs(70);
/// How long a client may take to read the close reason, and how many of its bytes are discarded meanwhile.
const FAREWELL: Duration = Duration::from_secs(1);
const DRAIN: u64 = 16 << 20;

/// Reads up to a limit and then fails. An end of file would look like a close of the client, and no close frame could
/// follow.
struct Bounded<R>(Take<R>);

impl<R: AsyncRead + Unpin> AsyncRead for Bounded<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.0.limit() == 0 {
            return Poll::Ready(Err(io::ErrorKind::QuotaExceeded.into()));
        }
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

type Io = TokioIo<Upgraded>;

pub struct Connection {
    stream: WebSocketStream<Join<Bounded<ReadHalf<Io>>, WriteHalf<Io>>>,
    pace: Pace,
    heard: Instant,
}

/// Limits of every socket. A longer message is refused before it is read.
pub fn config() -> WebSocketConfig {
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
    config.max_message_size(Some(BODY_LIMIT)).max_frame_size(Some(BODY_LIMIT))
}

impl Connection {
    /// For a client that has not signed in, with a low read limit. Takes an unread stream.
    pub async fn new(stream: HyperWebsocketStream) -> Self {
        let (reader, writer) = split(stream.into_inner());
        let bounded = join(Bounded(reader.take(STRANGERS_LIMIT as u64)), writer);
        let stream = WebSocketStream::from_raw_socket(bounded, Role::Server, Some(config())).await;
        Self { stream, pace: Pace::new(), heard: Instant::now() }
    }

    /// The client has signed in.
    pub fn trust(&mut self) {
        self.stream.get_mut().reader_mut().0.set_limit(u64::MAX);
    }

    /// The next message. Nothing is lost when this future is dropped.
    pub async fn receive(&mut self) -> Result<ClientMessage, Over> {
        loop {
            self.pace.ready().await;
            let message = self.stream.next().await.unwrap_or(Err(Error::ConnectionClosed));
            let message = message.map_err(|error| {
                if self.is_used_up() { ending::TOO_LARGE_FOR_STRANGERS.into() } else { Over::from(error) }
            })?;
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

    /// Whether a client that has not signed in has used up its read limit.
    fn is_used_up(&self) -> bool {
        self.stream.get_ref().reader().0.limit() == 0
    }

    /// Sends a ping. Ends the socket if nothing has arrived for too long.
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

    /// Sends the close reason and gives the client time to read it. Closing with unread bytes would reset the
    /// connection.
    pub async fn close(mut self, ending: Ending) {
        tracing::debug!(code = ending.code, reason = %ending.reason, "socket.closed");
        let farewell = async {
            let _ = self.stream.close(Some(ending.into())).await;
            let stream = self.stream.get_mut();
            let _ = stream.shutdown().await;
            stream.reader_mut().0.set_limit(DRAIN);
            let _ = copy(stream, &mut sink()).await;
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

    /// Pings every 20 seconds until the client no longer answers.
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
                listen(Connection::new(socket.await.expect("a socket")).await).await;
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
