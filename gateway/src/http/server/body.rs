//! Bodies in both directions. A request body must arrive in time. A response body is sent in pieces, so that each piece
//! shows that the client still reads.

use super::{Times, connections::Slot};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::time::{Instant, Sleep, sleep_until};

/// Bytes of one piece.
const PIECE: usize = 64 << 10;

/// The client did not send its body in time.
#[derive(Debug, thiserror::Error)]
#[error("the body did not come in time")]
struct TooSlow;

/// Whether a body failed because it did not arrive in time.
pub fn is_too_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<TooSlow>())
}

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The body of a request. Fails if a piece or the whole body does not arrive in time.
pub struct Upload {
    body: Incoming,
    slot: Slot,
    times: Times,
    begun: Instant,
    /// Set when the body first had to wait.
    deadline: Option<Pin<Box<Sleep>>>,
    is_blocked: bool,
}

impl Upload {
    pub fn new(body: Incoming, slot: Slot, times: Times) -> Self {
        Self { body, slot, times, begun: Instant::now(), deadline: None, is_blocked: false }
    }

    fn blocks(&mut self, is_blocked: bool) {
        match (self.is_blocked, is_blocked) {
            (false, true) => self.slot.blocks(),
            (true, false) => self.slot.unblocks(),
            _ => {}
        }
        self.is_blocked = is_blocked;
    }

    /// The deadline of the next piece.
    fn due(&self) -> Instant {
        (Instant::now() + self.times.body_piece).min(self.begun + self.times.body)
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            self.blocks(false);
            let due = self.due();
            if let Some(deadline) = &mut self.deadline {
                deadline.as_mut().reset(due);
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Error::from)));
        }
        self.blocks(true);
        let due = self.due();
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep_until(due)));
        ready!(deadline.as_mut().poll(cx));
        self.blocks(false);
        Poll::Ready(Some(Err(TooSlow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.blocks(false);
    }
}

/// The body of an answer.
pub struct Download {
    body: axum::body::Body,
    /// The rest of a frame that is larger than a piece.
    rest: Bytes,
    slot: Slot,
}

impl Download {
    pub fn new(body: axum::body::Body, slot: Slot) -> Self {
        Self { body, rest: Bytes::new(), slot }
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
            self.slot.progress();
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(other))) => return Poll::Ready(Some(Ok(other))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        self.slot.progress();
        let length = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, inner) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::server::{Connections, Limits};
    use http_body_util::BodyExt;
    use prometheus::IntGauge;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn each_piece_that_a_client_takes_is_progress_however_large_the_answer() {
        let limits = Limits { total: 1, per_address: 1, trusted_proxies: [].into() };
        let connections = Connections::new(limits, IntGauge::new("open", "for this test").expect("a gauge"));
        let slot = connections.admit([127, 0, 0, 1].into()).await.expect("a place");
        let mut download = Download::new(vec![7; 2 * PIECE + 1].into(), slot.clone());
        let mut left = 2 * PIECE + 1;
        for length in [PIECE, PIECE, 1] {
            assert_eq!(download.size_hint().exact(), Some(left as u64));
            tokio::time::advance(Duration::from_secs(70)).await;
            assert_eq!(slot.idle_for(), Some(Duration::from_secs(70)));
            let piece = download.frame().await.and_then(Result::ok).and_then(|frame| frame.into_data().ok());
            assert_eq!((piece.map(|piece| piece.len()), slot.idle_for()), (Some(length), Some(Duration::ZERO)));
            left -= length;
        }
        assert!(download.is_end_stream());
    }
}
