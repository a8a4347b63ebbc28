//! What a process has signed, remembered outside the database: who may do everything there could rewrite the log and its
//! evidence and let the gateway sign that with the true key.
//!
//! Promises to sign nothing that does not go on from what it signed last. Tested in tests/flow/evidence.rs.

use super::checkpoint::{self, Error, SigningKeys};
use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};
use tlog_tiles::Hash;

/// Signs trees, each only if it goes on from the one before.
pub struct Notary {
    keys: SigningKeys,
    /// Where the last checkpoint is kept over restarts; None remembers it as long as the process lives.
    file: Option<PathBuf>,
    last: Mutex<Option<(u64, Hash)>>,
}

impl Notary {
    /// Reads the last checkpoint from the file, if it is there.
    pub fn open(keys: SigningKeys, file: Option<PathBuf>) -> Result<Self, Error> {
        let failed = |path: &PathBuf, source| Error::File { path: path.display().to_string(), source };
        let kept = match &file {
            Some(path) if path.try_exists().map_err(|source| failed(path, source))? => {
                let note = std::fs::read_to_string(path).map_err(|source| failed(path, source))?;
                let checkpoint = checkpoint::read(&note)?;
                Some((checkpoint.size(), *checkpoint.hash()))
            }
            _ => None,
        };
        Ok(Self { keys, file, last: Mutex::new(kept) })
    }

    /// The size and the root of the last tree that was signed.
    pub fn last(&self) -> Option<(u64, Hash)> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Signs a tree that is known to go on from [`Notary::last`], and remembers it before anybody sees the signature.
    pub fn sign(&self, size: u64, root: Hash) -> Result<String, Error> {
        let note = self.keys.sign(size, root)?;
        if let Some(path) = &self.file {
            checkpoint::keep(path, &note).map_err(|source| Error::File { path: path.display().to_string(), source })?;
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((size, root));
        Ok(note)
    }
}
