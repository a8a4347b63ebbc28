//! What all list queries share: windows, label selectors, text columns.

pub(crate) mod page;
pub mod selector;
pub(crate) mod text;
