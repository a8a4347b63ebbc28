//! The gateway: GraphQL, sign-in, settings and the embedded dashboard. It translates and decides nothing.
//!
//! Reading order: [`config`] lists the settings. [`app`] assembles the parts and runs them. [`http`] has the routes,
//! [`graphql`] the schema behind its guard, and [`auth`] sign-in. `main` calls [`cli`].

pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod database;
pub mod graphql;
mod heavy;
pub mod http;
pub mod metrics;
mod sealing;
pub mod telemetry;
pub mod usage;

pub use app::App;
