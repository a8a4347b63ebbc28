//! The key that the benchmarks seal by.

use domain::core::sealing::SealingKeys;
use std::sync::Arc;

/// The same for all, so that processes of one benchmark read each other's events.
pub fn sealing() -> Arc<SealingKeys> {
    Arc::new(SealingKeys::parse(&key_line()).expect("a key"))
}

/// The line of that key in a key file.
pub fn key_line() -> String {
    format!("bench {}", "5e".repeat(32))
}
