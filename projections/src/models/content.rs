//! What tells the manifest of an object from others that it had.

use domain::core::{
    free_text::FreeText,
    sealing::{Ring, leaf},
    version,
};

/// [`version::content`] by the key that sealed the hash. Empty if that key is gone: the row then goes with it, by the event that
/// says so.
pub fn content(manifest_hash: &FreeText, keys: &Ring) -> String {
    let key = manifest_hash.sealed().and_then(leaf::key_of).and_then(|id| keys.get(id));
    let content = key.and_then(|key| version::content(manifest_hash.as_str(), key).ok());
    content.unwrap_or_default()
}
