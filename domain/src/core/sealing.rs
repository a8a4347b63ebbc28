//! Free values are stored sealed: values of env, arguments, annotations, messages of a cluster.
//!
//! [`keys`] are kept outside the database and wrap the [data keys](data_key), one for each namespace, for each object outside
//! namespaces, and for each person. A free [leaf] is sealed under a key that is derived from the data key for its document,
//! and bound to its place. If a data key is deleted, nothing that it sealed can be read again, also in copies.

pub mod data_key;
pub mod key_table;
pub mod keys;
pub mod leaf;
pub mod scope;
pub mod values;

pub use data_key::{DataKey, KeyId, Ring};
pub use keys::SealingKeys;
pub use leaf::{FORGOTTEN, Opening, Sealer};
pub use scope::KeyScope;
pub use values::SealedValues;

/// Why something cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no key to seal it with, and it is not stored unsealed")]
    NoKey,
    #[error("it holds what was forgotten, and cannot be stored again")]
    Forgotten,
    #[error("a sealed value is damaged, or stands at another place than it was sealed for")]
    NotOurs,
    #[error("it is no JSON")]
    NoJson,
    #[error("the cryptographic library failed")]
    Library,
}

impl From<aws_lc_rs::error::Unspecified> for Error {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Library
    }
}
