//! What only a real Kubernetes shows.

mod operations;
mod watching;
