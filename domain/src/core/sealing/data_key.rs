//! Data keys, and the set of them that a process has opened.

use super::Error;
use aws_lc_rs::{
    aead::{AES_256_GCM, LessSafeKey, UnboundKey},
    hkdf, hmac,
};
use std::{collections::HashMap, fmt, str::FromStr, sync::Arc};

/// Bytes of a data key.
pub const LENGTH: usize = 32;

/// The name of a data key. Random, so that it says nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub [u8; Self::LENGTH]);

impl KeyId {
    pub const LENGTH: usize = 8;
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl FromStr for KeyId {
    type Err = hex::FromHexError;

    /// Exactly as [`fmt::Debug`] writes it: one key has one name.
    fn from_str(text: &str) -> Result<Self, hex::FromHexError> {
        let mut id = [0; Self::LENGTH];
        if let Some((index, c)) = text.char_indices().find(|(_, c)| c.is_ascii_uppercase()) {
            return Err(hex::FromHexError::InvalidHexCharacter { c, index });
        }
        hex::decode_to_slice(text, &mut id)?;
        Ok(Self(id))
    }
}

/// The place of a wrapped key, for [`super::SealingKeys`]: it opens under its name and its scope, and under no other.
pub fn place(id: KeyId, scope: &str) -> String {
    format!("data key {id:?} of {scope}")
}

/// The key of one scope. All values that it seals are forgotten together.
pub struct DataKey {
    id: KeyId,
    root: hkdf::Prk,
}

impl fmt::Debug for DataKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(formatter)
    }
}

impl DataKey {
    pub fn new(id: KeyId, bytes: &[u8; LENGTH]) -> Self {
        Self { id, root: hkdf::Salt::new(hkdf::HKDF_SHA256, b"binnacle data key").extract(bytes) }
    }

    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The key of one document. A salt is used once.
    pub(super) fn of_document(&self, salt: &[u8]) -> Result<LessSafeKey, Error> {
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.derived(&[b"leaf", salt])?)?))
    }

    /// A hash that nobody without this key can compute or check.
    pub fn hash(&self, text: &[u8]) -> Result<[u8; LENGTH], Error> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.derived(&[b"hash"])?);
        let mut hash = [0; LENGTH];
        hash.copy_from_slice(hmac::sign(&key, text).as_ref());
        Ok(hash)
    }

    fn derived(&self, purpose: &[&[u8]]) -> Result<[u8; LENGTH], Error> {
        let mut key = [0; LENGTH];
        self.root.expand(purpose, hkdf::HKDF_SHA256)?.fill(&mut key)?;
        Ok(key)
    }
}

/// The data keys that a process has opened, by name.
#[derive(Clone, Debug, Default)]
pub struct Ring(HashMap<KeyId, Arc<DataKey>>);

impl Ring {
    pub fn get(&self, id: KeyId) -> Option<&DataKey> {
        self.0.get(&id).map(Arc::as_ref)
    }

    /// The names of all keys.
    pub fn ids(&self) -> impl Iterator<Item = KeyId> {
        self.0.keys().copied()
    }

    pub fn remove(&mut self, id: KeyId) {
        self.0.remove(&id);
    }

    pub fn insert(&mut self, key: Arc<DataKey>) {
        self.0.insert(key.id, key);
    }
}

impl FromIterator<Arc<DataKey>> for Ring {
    fn from_iter<I: IntoIterator<Item = Arc<DataKey>>>(keys: I) -> Self {
        Self(keys.into_iter().map(|key| (key.id, key)).collect())
    }
}
