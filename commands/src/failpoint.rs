//! Points where a test can kill the process. Built only with the feature `test-support`; otherwise they do nothing.

/// The crash points, in the order in which an operation passes them.
pub const POINTS: [&str; 13] = [
    "command.received",
    "command.decided",
    "command.appended",
    "effect.claimed",
    "effect.validating",
    "effect.calling",
    "effect.called",
    "effect.performed",
    "outcome.appending",
    "outcome.appended",
    "effect.waiting",
    "effect.postponing",
    "effect.looked",
];

/// The crash points of a batch, in the order in which it passes them.
pub const BATCH_POINTS: [&str; 5] =
    ["batch.claimed", "batch.asking", "batch.asked", "batch.reporting", "batch.reported"];

/// Kills the process as `kill -9` does, when `BINNACLE_TEST_CRASH_AT` is `<name>` or `<name>:<nth pass>`.
#[cfg(feature = "test-support")]
pub fn reach(name: &str) {
    use std::sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    };
    static WANTED: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static PASSES: AtomicU32 = AtomicU32::new(0);
    let crash_at = WANTED.get_or_init(|| {
        let value = std::env::var("BINNACLE_TEST_CRASH_AT").ok()?;
        let (name, nth) = value.split_once(':').unwrap_or((&value, "1"));
        Some((name.to_owned(), nth.parse().unwrap_or(1)))
    });
    if let Some((wanted, nth)) = crash_at
        && wanted == name
        && PASSES.fetch_add(1, Ordering::SeqCst) + 1 == *nth
    {
        let _ = std::process::Command::new("kill").args(["-KILL", &std::process::id().to_string()]).status();
        loop {
            std::thread::park();
        }
    }
}

#[cfg(not(feature = "test-support"))]
pub const fn reach(_: &str) {}
