//! The read side against a real Postgres, with the rights of the application's role. Each test has its own database.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails, which is what it is for")]

mod audit;
mod changes;
mod creations;
mod dropped;
mod evidence;
mod feed;
mod lagging;
mod log;
mod mended;
mod objects;
mod problems;
mod projector;
mod quarantine;
mod queries;
