//! The optimistic version of an object that people hand back as `expectedVersion`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Covers what Binnacle was asked (the number of operations on the object) and what others changed (the generation of
/// the incarnation that was seen). Status changes do not move it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Operations requested on the object so far.
    pub requests: u64,
    /// `metadata.generation` of the incarnation last seen; 0 when none was seen.
    pub generation: i64,
    /// `metadata.uid` of the incarnation last seen; empty when none was seen.
    pub uid: String,
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let incarnation = self.uid.split('-').next().unwrap_or_default();
        write!(formatter, "{}.{}.{}", self.requests, self.generation, incarnation)
    }
}
