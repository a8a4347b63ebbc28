//! Objects of Kubernetes: how they are named, what is observed of them, and what of them must never be stored.

pub mod object;
pub mod observed;
pub mod resource;
pub mod secret;
