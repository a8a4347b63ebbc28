//! The notary remembers outside the database what this process has signed. A superuser could otherwise rewrite the log
//! and its evidence and let the gateway sign that with the true key.
//!
//! Promises to sign only trees that continue the last signed one. Tested in tests/flow/evidence.rs.

use super::checkpoint::{self, Error, SigningKeys};
use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};
use tlog_tiles::Hash;

/// Signs trees, each only if it continues the previous one.
pub struct Notary {
    keys: SigningKeys,
    /// Where the last checkpoint is kept across restarts. None: only in memory.
    file: Option<PathBuf>,
    last: Mutex<Option<(u64, Hash)>>,
}

impl Notary {
    /// Loads the last checkpoint from the file, if it exists.
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

    /// Size and root of the last signed tree.
    pub fn last(&self) -> Option<(u64, Hash)> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Signs a tree that is known to continue [`Notary::last`], and stores the checkpoint before the signature is
    /// published.
    pub fn sign(&self, size: u64, root: Hash) -> Result<String, Error> {
        let note = self.keys.sign(size, root)?;
        if let Some(path) = &self.file {
            checkpoint::keep(path, &note).map_err(|source| Error::File { path: path.display().to_string(), source })?;
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((size, root));
        Ok(note)
    }
}
