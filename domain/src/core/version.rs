//! The optimistic version of an object, which clients send back as `expectedVersion`.

use super::sealing::{self, DataKey};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Covers the number of operations requested through Binnacle and the generation, which others change. Changes of
/// status do not change the version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Operations requested on the object so far.
    pub requests: u64,
    /// `metadata.generation` of the last observed incarnation; 0 if none was observed.
    pub generation: i64,
    /// `metadata.uid` of the last observed incarnation; empty if none was observed.
    pub uid: String,
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.requests, self.generation, incarnation(&self.uid))
    }
}

/// The same for an object whose kind has no facts of its own. Most of these kinds have no generation, and labels move none, so
/// the content stands in its place. Readers and writers make it here and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectVersion<'a> {
    /// Operations requested on the object so far.
    pub requests: u64,
    /// [`content`] of its manifest, or the revision of an object that is read live.
    pub content: &'a str,
    pub uid: &'a str,
}

impl fmt::Display for ObjectVersion<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.requests, self.content, incarnation(self.uid))
    }
}

/// The first part of a uid: it tells one incarnation of an object from the next.
fn incarnation(uid: &str) -> &str {
    uid.split('-').next().unwrap_or_default()
}

/// Bytes of a hash that are enough to tell the manifests of one object apart.
const CONTENT: usize = 8;

/// What tells a manifest from others of the same object: a hash by the data key of the object, so that nobody can look for
/// values that would give the same. `manifest_hash` is that of its last observation.
pub fn content(manifest_hash: &str, key: &DataKey) -> Result<String, sealing::Error> {
    Ok(hex::encode(&key.hash(manifest_hash.as_bytes())?[..CONTENT]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::sealing::KeyId;

    fn of(manifest_hash: &str, key: u8) -> String {
        let key = DataKey::new(KeyId([key; KeyId::LENGTH]), &[key; 32]);
        content(manifest_hash, &key).expect("a hash")
    }

    #[test]
    fn the_content_is_the_same_as_long_as_manifest_and_key_are() {
        let first = of("ab", 1);
        assert!(first.len() == 2 * CONTENT && first.chars().all(|c| c.is_ascii_hexdigit()), "{first}");
        assert_eq!(of("ab", 1), first);
        assert_ne!(of("ac", 1), first, "another manifest");
        assert_ne!(of("ab", 2), first, "another key");
    }

    #[test]
    fn a_version_names_requests_content_and_incarnation() {
        let version = ObjectVersion { requests: 3, content: "0a", uid: "4f1c-77" };
        assert_eq!(version.to_string(), "3.0a.4f1c");
        let version = Version { requests: 3, generation: 7, uid: "4f1c-77".to_owned() };
        assert_eq!(version.to_string(), "3.7.4f1c");
    }
}
