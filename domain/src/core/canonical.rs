//! Canonical JSON, so that equal values have equal bytes and hashes.

use serde::Serialize;

/// Canonical JSON (RFC 8785) of a value.
pub fn canonical<T: Serialize>(value: &T) -> serde_json::Result<Vec<u8>> {
    serde_json_canonicalizer::to_vec(value)
}
