//! The cluster in memory, called from another process: a line of JSON each way. The objects and the count of changes outlive
//! whoever calls, as those of a real cluster do.

use anyhow::Result;
use commands::kubernetes::{Change, Changed, Cluster, Error, Removal, fake::MemoryCluster};
use domain::core::refusal::ErrorCode;
use domain::kubernetes::object::ObjectRef;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream, unix::OwnedReadHalf},
    sync::{mpsc, oneshot},
};

#[derive(Serialize, Deserialize)]
enum Call {
    Get,
    Apply { manifest: Value, dry_run: bool },
    Patch { patch: Value },
    Delete { uid: String },
}

#[derive(Serialize, Deserialize)]
struct Request {
    nth: u64,
    object: ObjectRef,
    call: Call,
}

/// The object, or why not: the cluster in memory fails for ever or not at all.
type Answer = Result<Option<Value>, Refused>;

#[derive(Serialize, Deserialize)]
struct Refused {
    is_missing: bool,
    message: String,
}

#[derive(Serialize, Deserialize)]
struct Response {
    nth: u64,
    answer: Answer,
}

/// Serves `cluster` to whoever connects, for ever.
pub async fn serve(listener: UnixListener, cluster: Arc<MemoryCluster>) {
    while let Ok((stream, _)) = listener.accept().await {
        let cluster = Arc::clone(&cluster);
        tokio::spawn(async move { serve_one(stream, &cluster).await });
    }
}

/// Until the caller is gone. What it asked for last is done, also when nobody is left to hear so.
async fn serve_one(stream: UnixStream, cluster: &MemoryCluster) -> Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    while let Some(line) = lines.next_line().await? {
        let Request { nth, object, call } = serde_json::from_str(&line)?;
        let answer = answer(cluster, &object, call).await.map_err(|error| Refused {
            is_missing: matches!(error, Error::Permanent { code: ErrorCode::NotFound, .. }),
            message: error.to_string(),
        });
        writing.write_all(&line_of(&Response { nth, answer })?).await?;
    }
    Ok(())
}

async fn answer(cluster: &MemoryCluster, object: &ObjectRef, call: Call) -> Result<Option<Value>, Error> {
    match call {
        Call::Get => cluster.get(object).await,
        Call::Apply { manifest, dry_run } => cluster.apply(object, &manifest, dry_run).await.map(Some),
        Call::Patch { patch } => cluster.patch(object, &patch).await.map(Some),
        Call::Delete { uid } => cluster.delete(object, Removal::of(&uid)).await.map(|()| None),
    }
}

fn line_of(message: &impl Serialize) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    Ok(line)
}

/// The other end.
pub struct Remote {
    lines: mpsc::UnboundedSender<Vec<u8>>,
    waiting: Waiting,
    calls: AtomicU64,
}

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Answer>>>>;

impl Remote {
    pub async fn connect(path: &Path) -> Result<Self> {
        let (reading, mut writing) = UnixStream::connect(path).await?.into_split();
        let (lines, mut written) = mpsc::unbounded_channel::<Vec<u8>>();
        tokio::spawn(async move {
            while let Some(line) = written.recv().await {
                if writing.write_all(&line).await.is_err() {
                    return;
                }
            }
        });
        let waiting = Waiting::default();
        tokio::spawn(hand_out(reading, Arc::clone(&waiting)));
        Ok(Self { lines, waiting, calls: AtomicU64::new(0) })
    }

    async fn call(&self, object: &ObjectRef, call: Call) -> Result<Option<Value>, Error> {
        let lost = || Error::Ambiguous { message: "the cluster is gone".to_owned(), retry_after: None };
        let nth = self.calls.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(nth, answer);
        let line = line_of(&Request { nth, object: object.clone(), call }).map_err(|_| lost())?;
        self.lines.send(line).map_err(|_| lost())?;
        answered.await.map_err(|_| lost())?.map_err(|refused| {
            let code = if refused.is_missing { ErrorCode::NotFound } else { ErrorCode::Conflict };
            Error::permanent(code, refused.message)
        })
    }
}

async fn hand_out(reading: OwnedReadHalf, waiting: Waiting) -> Result<()> {
    let mut lines = BufReader::new(reading).lines();
    while let Some(line) = lines.next_line().await? {
        let Response { nth, answer } = serde_json::from_str(&line)?;
        let caller = waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&nth);
        if let Some(caller) = caller {
            let _ = caller.send(answer);
        }
    }
    Ok(())
}

impl Cluster for Remote {
    fn get<'a>(&'a self, object: &'a ObjectRef) -> BoxFuture<'a, Result<Option<Value>, Error>> {
        Box::pin(self.call(object, Call::Get))
    }

    fn apply<'a>(
        &'a self,
        object: &'a ObjectRef,
        manifest: &'a Value,
        dry_run: bool,
    ) -> BoxFuture<'a, Result<Value, Error>> {
        let call = Call::Apply { manifest: manifest.clone(), dry_run };
        Box::pin(async move { Ok(self.call(object, call).await?.unwrap_or_default()) })
    }

    fn patch<'a>(&'a self, object: &'a ObjectRef, patch: &'a Value) -> BoxFuture<'a, Result<Value, Error>> {
        let call = Call::Patch { patch: patch.clone() };
        Box::pin(async move { Ok(self.call(object, call).await?.unwrap_or_default()) })
    }

    /// No request of the bench needs it.
    fn change<'a>(&'a self, _: &'a ObjectRef, _: Change<'a>, _: bool) -> BoxFuture<'a, Result<Changed, Error>> {
        Box::pin(async { Err(Error::permanent(ErrorCode::NotSupported, "the bench edits nothing")) })
    }

    fn delete<'a>(&'a self, object: &'a ObjectRef, removal: Removal<'a>) -> BoxFuture<'a, Result<(), Error>> {
        let call = Call::Delete { uid: removal.uid.to_owned() };
        Box::pin(async move { self.call(object, call).await.map(drop) })
    }
}
