//! What all list queries share: pages, scopes, label selectors, text columns.

pub(crate) mod page;
pub(crate) mod scope;
pub mod search;
pub mod selector;
