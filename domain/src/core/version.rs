//! The optimistic version of an object, which clients send back as `expectedVersion`.

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
        let incarnation = self.uid.split('-').next().unwrap_or_default();
        write!(formatter, "{}.{}.{}", self.requests, self.generation, incarnation)
    }
}
