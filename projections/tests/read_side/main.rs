//! The read side against a real Postgres, with the rights of the application's role. Each test has its own database.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails, which is what it is for")]

mod audit;
mod batches;
mod changes;
mod creations;
mod dropped;
mod evidence;
mod feed;
mod kubernetes_events;
mod lagging;
mod log;
mod mended;
mod objects;
mod problems;
mod projector;
mod quarantine;
mod queries;
