//! The files of the sealing keys: the keys, and the list of forgotten scopes ([`tombstones`]).
//!
//! Promises that a process uses an added key within [`LOOK`], and that a forgotten scope stays forgotten on a restored
//! copy of the database. Tested in tests/api/sealing_key.rs and tests/api/canaries.rs.

pub mod key_file;
pub mod tombstones;

use crate::auth::{self, Auth};
use commands::{
    Origin, WriteSide,
    log::{DataKeys, EventStore, data_keys, forget::Pending},
};
use domain::core::sealing::{KeyId, SealingKeys};
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use tombstones::Tombstone;

/// How often the key file is read.
pub const LOOK: Duration = Duration::from_secs(1);

/// Why a tombstone cannot be stored.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("what was forgotten cannot be read: {0}")]
    Tombstones(String),
    #[error("what was forgotten cannot be looked up")]
    Log(#[source] commands::Error),
    #[error("what was forgotten cannot be deleted again")]
    ForgottenAgain(#[source] commands::Error),
}

/// Applies changes of the file until the process stops. A file without keys, or whose keys do not open all data keys, is
/// reported and changes nothing.
pub async fn follow(
    file: PathBuf,
    sealing: Arc<SealingKeys>,
    data_keys: DataKeys,
    auth: Auth,
    stops: CancellationToken,
) {
    let mut seen = key_file::stamp(&file);
    while stops.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
        let now = key_file::stamp(&file);
        if now == seen {
            continue;
        }
        match take_in(&file, &sealing, &data_keys, &auth).await {
            Ok(()) => tracing::info!(keys = ?sealing, "sealing_key.changed"),
            // The database does not answer: it is tried again.
            Err(NotTaken::Later(why)) => {
                tracing::debug!(why, "sealing_key.not_taken");
                continue;
            }
            Err(NotTaken::Wrong(why)) => tracing::error!(why, file = %file.display(), "sealing_key.not_taken"),
        }
        seen = now;
    }
}

/// Why a changed file was not taken in.
enum NotTaken {
    Later(String),
    Wrong(String),
}

async fn take_in(file: &Path, sealing: &SealingKeys, data_keys: &DataKeys, auth: &Auth) -> Result<(), NotTaken> {
    let keys = projections::key_file::read(file).map_err(|error| NotTaken::Wrong(projections::with_source(&error)))?;
    data_keys.check_change(&keys).await.map_err(|error| match error {
        data_keys::Error::Database(error) => NotTaken::Later(error.to_string()),
        wrong => NotTaken::Wrong(wrong.to_string()),
    })?;
    auth.check_passwords(&keys).await.map_err(|error| match error {
        auth::Error::Database(error) => NotTaken::Later(error.to_string()),
        wrong => NotTaken::Wrong(projections::with_source(&wrong)),
    })?;
    sealing.replace(keys);
    auth.reopen_keys().await.map_err(|error| NotTaken::Later(error.to_string()))
}

/// Forgets again what a restored database still has, and records it in the log. A scope that was forgotten without a
/// tombstone, because the process died in between, gets one.
pub async fn forget_again(sealing_key: &Path, write_side: &WriteSide) -> Result<(), Error> {
    let file = tombstones::file(sealing_key);
    let buried = tombstones::read(&file).map_err(Error::Tombstones)?;
    let reason = "it was forgotten before, and the database is a copy from before that";
    let keys = write_side.store().keys();
    for (key, scope) in keys.among(&buried).await.map_err(|error| Error::Log(error.into()))? {
        tracing::warn!(%scope, file = %file.display(), "the database holds the key of what was forgotten: deleting it again");
        let origin = Origin { reason: Some(reason.to_owned()), ..Origin::system("gateway") };
        let forgotten = write_side.dispatcher().forget(origin, &scope, key, Pending::Forget).await;
        // Another process that started at the same time may have been faster.
        let is_gone = || async { keys.among(&[key]).await.is_ok_and(|left| left.is_empty()) };
        if let Err(error) = forgotten
            && !is_gone().await
        {
            return Err(Error::ForgottenAgain(error));
        }
    }
    add_missing(&file, buried.into_iter().collect(), write_side.store()).await
}

/// Adds the tombstones that the log says are missing. A key that still seals gets none, whatever the log says: whoever can
/// append could otherwise make the next restored copy forget it.
async fn add_missing(file: &Path, buried: HashSet<KeyId>, store: &EventStore) -> Result<(), Error> {
    let mut deleted = store.forgotten().await.map_err(Error::Log)?;
    deleted.retain(|(key, ..)| !buried.contains(key));
    let ids: Vec<KeyId> = deleted.iter().map(|(key, ..)| *key).collect();
    // Looked up after the log was read: the event and the deletion are one transaction.
    let existing = store.keys().among(&ids).await.map_err(|error| Error::Log(error.into()))?;
    let existing: HashSet<KeyId> = existing.into_iter().map(|(key, _)| key).collect();
    for (key, scope, at) in deleted {
        if existing.contains(&key) {
            tracing::error!(?key, %scope, recorded_at = %at, "sealing_key.forgotten_in_the_log_only");
            continue;
        }
        let tombstone = Tombstone::of(key, &scope, at);
        match tombstones::add(file, &tombstone) {
            Ok(()) => tracing::info!(%tombstone, file = %file.display(), "sealing_key.tombstone_added"),
            Err(error) => tracing::warn!(%error, %tombstone, file = %file.display(), "sealing_key.tombstone_missing"),
        }
    }
    Ok(())
}
