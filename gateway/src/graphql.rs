//! GraphQL: one file for each type of the schema, merged in [`schema`]. Resolvers translate; they decide nothing. The
//! guard ([`engine::guard`]) checks sign-in and limits before anything is resolved.

pub mod audit;
pub mod context;
pub mod engine;
pub mod kubernetes;
pub mod node;
pub mod operation;
pub mod platform;
pub mod schema;
