//! The key that the benchmarks seal by.

use domain::core::sealing::SealingKeys;
use std::sync::Arc;

/// The same for all, so that processes of one benchmark read each other's events.
pub fn sealing() -> Arc<SealingKeys> {
    Arc::new(SealingKeys::parse(&format!("bench {}", "5e".repeat(32))).expect("a key"))
}
