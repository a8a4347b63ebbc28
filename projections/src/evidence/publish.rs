//! Publishes signed checkpoints outside the database, to a folder or an S3-compatible store. With a published
//! checkpoint anyone can detect later that the log was rewritten.
//!
//! `checkpoint` is the newest one, `checkpoints/<size>` each published one, never overwritten. Promises to publish only
//! a log that continues the published one: otherwise it stops and raises an alarm. Tested in tests/flow/publish.rs.

use super::{checkpoint, prove, sealed};
use crate::{
    Error, Projections,
    engine::leader::{Duty, Leading},
};
use futures::future::BoxFuture;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, parse_url_opts, path::Path};
use std::time::{Duration, Instant};
use tlog_tiles::Checkpoint;
use url::Url;

const PACE: Duration = Duration::from_secs(10);
const CALL_LIMIT: Duration = Duration::from_secs(30);
/// Checkpoints lost in a database crash are recreated faster than this.
const PATIENCE: Duration = Duration::from_secs(60);

/// The store for published checkpoints.
pub struct CheckpointStore {
    store: Box<dyn ObjectStore>,
    prefix: Path,
}

impl CheckpointStore {
    /// Opens `file:///folder` or `s3://bucket/prefix`. `options` such as `aws_endpoint` say how to reach it.
    pub fn open(url: &Url, options: impl IntoIterator<Item = (String, String)>) -> Result<Self, object_store::Error> {
        let (store, prefix) = parse_url_opts(url, options)?;
        Ok(Self { store, prefix })
    }

    /// The newest published checkpoint.
    pub async fn newest(&self) -> Result<Option<String>, Error> {
        self.read(&self.prefix.clone().join("checkpoint")).await
    }

    async fn read(&self, path: &Path) -> Result<Option<String>, Error> {
        let read = async { self.store.get(path).await?.bytes().await };
        match limited(read).await {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn write(&self, size: u64, note: &str) -> Result<(), Error> {
        let kept = self.prefix.clone().join("checkpoints").join(format!("{size:020}"));
        let once = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match limited(self.store.put_opts(&kept, note.to_owned().into(), once)).await {
            Ok(_) => {}
            // Published before, perhaps with fewer signatures.
            Err(object_store::Error::AlreadyExists { .. }) => self.must_be_of(&kept, size, note).await?,
            Err(error) => return Err(error.into()),
        }
        limited(self.store.put(&self.prefix.clone().join("checkpoint"), note.to_owned().into())).await?;
        Ok(())
    }

    async fn must_be_of(&self, path: &Path, size: u64, note: &str) -> Result<(), Error> {
        let root = |note: &str| checkpoint::read(note).map(|checkpoint| checkpoint.hash().0);
        let before = self.read(path).await?.unwrap_or_default();
        if root(&before)? == root(note)? {
            return Ok(());
        }
        Err(Error::Sealed { size, problem: "a checkpoint of another log of this size was published" })
    }
}

async fn limited<T>(call: impl Future<Output = Result<T, object_store::Error>>) -> Result<T, object_store::Error> {
    let late = |source| object_store::Error::Generic { store: "checkpoints", source };
    tokio::time::timeout(CALL_LIMIT, call).await.unwrap_or_else(|elapsed| Err(late(Box::new(elapsed))))
}

/// A duty of one process at a time.
pub struct Publisher<'a> {
    pub projections: &'a Projections,
    pub store: &'a CheckpointStore,
}

impl Duty for Publisher<'_> {
    fn name(&self) -> &'static str {
        "publisher"
    }

    fn lead<'a>(&'a self, leading: Leading<'a>) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let Leading { db, lease, shutdown, trouble } = leading;
            let mut lost = None;
            loop {
                // Runs once more at shutdown, so that the last signed checkpoint is published.
                let ends = shutdown.is_cancelled();
                if lease.keep_during(db, self.publish()).await?? {
                    trouble.is_over();
                    lost = None;
                } else if lost.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
                    trouble.found(
                        "checkpoints that were published are not in the database, and are not made again".to_owned(),
                    );
                }
                if ends {
                    return Ok(());
                }
                let pause = tokio::time::sleep(PACE);
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    kept = lease.keep_during(db, pause) => kept?,
                }
            }
        })
    }
}

fn fewer(size: u64) -> Error {
    Error::Sealed {
        size,
        problem: "what was published up to there is of another log, or the log has fewer events by now",
    }
}

impl Publisher<'_> {
    /// Publishes the newest signed checkpoint if it is new. False while the database has lost published ones.
    async fn publish(&self) -> Result<bool, Error> {
        let pool = self.projections.own();
        let before = self.store.newest().await?.map(|before| checkpoint::read(&before)).transpose()?;
        let Some(note) = sealed::signed(pool, i64::MAX).await? else {
            return match before {
                None => Ok(true),
                Some(before) if sealed::were_lost(pool, 0, before.size()).await? => Ok(false),
                Some(before) => Err(fewer(before.size())),
            };
        };
        let newest = checkpoint::read(&note)?;
        if let Some(before) = before {
            if before.size() == newest.size() && before.hash() == newest.hash() {
                return Ok(true);
            }
            if sealed::were_lost(pool, newest.size(), before.size()).await? {
                return Ok(false);
            }
            self.must_go_on(&before, &newest).await?;
        }
        self.store.write(newest.size(), &note).await?;
        Ok(true)
    }

    async fn must_go_on(&self, before: &Checkpoint, newest: &Checkpoint) -> Result<(), Error> {
        let size = before.size();
        let stops = |problem| Err(Error::Sealed { size, problem });
        if newest.size() <= size {
            return Err(fewer(size));
        }
        let proof = prove::consistency(self.projections.own(), size.cast_signed(), newest.size().cast_signed()).await?;
        match proof.map(|proof| prove::is_consistent(before, newest, &proof)) {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) | None => stops("the log does not go on from what was published"),
        }
    }
}
