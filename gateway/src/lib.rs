//! The door: GraphQL, sign-in, settings, the embedded dashboard. Translates; decides nothing.
//!
//! Reading order: [`config`] says what can be set, [`app`] puts the parts together and runs them, [`http`] has the routes,
//! [`graphql`] the schema noun by noun behind its guard, [`auth`] who is asking. [`cli`] is what `main` calls.

pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod database;
pub mod graphql;
mod heavy;
pub mod http;
pub mod language;
pub mod metrics;
pub mod telemetry;
pub mod usage;

pub use app::App;
