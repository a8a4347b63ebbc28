//! Values that stand in the row of one effect alone, sealed under a key of their own. The wrapped key stands beside them and goes
//! with that row, so nothing can open them afterwards.

use super::{DataKey, Error, KeyId, Ring, Sealer, SealingKeys, data_key::LENGTH, leaf};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// Sealed values by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedValues {
    /// The key that sealed them, wrapped by a sealing key.
    key: String,
    sealed: String,
}

/// The name of the key. No table has it, and no other value is sealed under it.
const NAME: KeyId = KeyId([0; KeyId::LENGTH]);

/// The document of the values and the place of their key, for [`super`].
fn place(of: &str) -> String {
    format!("values for {of}")
}

impl SealedValues {
    /// Seals values for the object with this id. Key and salt are random, and used for nothing else.
    pub fn seal(
        of: &str,
        values: &BTreeMap<String, String>,
        (key, salt): (&[u8; LENGTH], [u8; 16]),
        sealing: &SealingKeys,
    ) -> Result<Self, Error> {
        let text = serde_json::to_string(values).map_err(|_| Error::NoJson)?;
        let sealed = Sealer { key: Some(&DataKey::new(NAME, key)), salt }.seal_text(&place(of), &text)?;
        let wrapped = sealing.seal(&place(of), key).map_err(|_| Error::Library)?;
        Ok(Self { key: BASE64_STANDARD.encode(wrapped), sealed })
    }

    /// The values, by name.
    pub fn open(&self, of: &str, sealing: &SealingKeys) -> Result<BTreeMap<String, String>, Error> {
        let wrapped = BASE64_STANDARD.decode(&self.key).map_err(|_| Error::NotOurs)?;
        let key = sealing.open(&place(of), &wrapped).map_err(|_| Error::NoKey)?;
        let key: [u8; LENGTH] = key.as_slice().try_into().map_err(|_| Error::NotOurs)?;
        let ring = Ring::from_iter([Arc::new(DataKey::new(NAME, &key))]);
        let text = leaf::reveal_text(&self.sealed, &ring)?.ok_or(Error::NoKey)?;
        serde_json::from_str(&text).map_err(|_| Error::NotOurs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealing(byte: &str) -> SealingKeys {
        SealingKeys::parse(&format!("test {}", byte.repeat(LENGTH))).expect("a key")
    }

    #[test]
    fn values_open_for_their_object_with_the_sealing_key_alone() {
        let values = BTreeMap::from([("password".to_owned(), "hunter2".to_owned())]);
        let sealed = SealedValues::seal("Secret~dev~team~db", &values, (&[7; LENGTH], [8; 16]), &sealing("5e"));
        let sealed = sealed.expect("sealed");
        let written = serde_json::to_string(&sealed).expect("JSON");
        assert!(!written.contains("hunter2") && !written.contains("password"), "{written}");
        assert_eq!(sealed.open("Secret~dev~team~db", &sealing("5e")), Ok(values));
        assert_eq!(sealed.open("Secret~dev~team~other", &sealing("5e")), Err(Error::NoKey));
        assert_eq!(sealed.open("Secret~dev~team~db", &sealing("6f")), Err(Error::NoKey));
    }
}
