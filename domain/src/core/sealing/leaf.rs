//! Free leaves in JSON: marked while they are open, sealed where they are stored.
//!
//! A free value stands as `{"$free": value}`, a sealed one as `{"$sealed": text}`, and one that was opened for the read side as
//! both, so that its row keeps the sealed text. No key of a Kubernetes object begins with `$`.
//!
//! The sealed text is base64url of: form (1 byte), name of the data key (8), salt of the document (16), place (8), ordinal of
//! the leaf in the document (4, big-endian), and the canonical JSON of the value in AES-256-GCM with its tag. All before the
//! ciphertext is authenticated. The key is derived from data key and salt, and the ordinal is the nonce. The place is the
//! beginning of the SHA-256 of the document's name and the path of the leaf.

use super::{DataKey, Error, KeyId, Ring};
use crate::core::canonical::canonical;
use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// The key of a free value that is open.
pub const FREE: &str = "$free";
/// The key of a free value that is sealed.
pub const SEALED: &str = "$sealed";
/// What is shown where the key of a value is gone.
pub const FORGOTTEN: &str = "<forgotten>";

const FORM: u8 = 1;
const SALT: usize = 16;
const PLACE: usize = 8;
const HEAD: usize = 1 + KeyId::LENGTH + SALT + PLACE + 4;

/// The value as a free leaf.
pub fn free(value: Value) -> Value {
    Value::Object(Map::from_iter([(FREE.to_owned(), value)]))
}

/// Whether a JSON text has an open leaf.
pub fn has_free(json: &[u8]) -> bool {
    memchr::memmem::find(json, b"\"$free\"").is_some()
}

/// Whether a JSON text has a sealed leaf.
pub fn has_sealed(json: &[u8]) -> bool {
    memchr::memmem::find(json, b"\"$sealed\"").is_some()
}

/// Seals the leaves of one document under a data key. Used once: its salt must not serve a second document.
pub struct Sealer<'a> {
    /// None if nothing can be free. A free leaf is then an error.
    pub key: Option<&'a DataKey>,
    /// Random, for one document.
    pub salt: [u8; SALT],
}

impl Sealer<'_> {
    /// The canonical JSON of the document, its free leaves sealed.
    pub fn seal(self, document: &str, json: Vec<u8>) -> Result<Vec<u8>, Error> {
        if !has_free(&json) && !has_sealed(&json) {
            return Ok(json);
        }
        let mut value = serde_json::from_slice(&json).map_err(|_| Error::NoJson)?;
        self.seal_value(document, &mut value)?;
        canonical(&value).map_err(|_| Error::NoJson)
    }

    /// A text that is a document of its own.
    pub fn seal_text(self, document: &str, text: &str) -> Result<String, Error> {
        let mut leaf = free(text.into());
        self.seal_value(document, &mut leaf)?;
        Ok(leaf[SEALED].as_str().unwrap_or_default().to_owned())
    }

    /// The same for a parsed document.
    pub fn seal_value(self, document: &str, value: &mut Value) -> Result<(), Error> {
        let mut ordinal = 0_u32;
        let mut key = None;
        each(value, &mut String::new(), &mut |leaf, path| {
            let Some(free) = leaf.remove(FREE) else { return Err(Error::Forgotten) };
            let data_key = self.key.ok_or(Error::NoKey)?;
            if key.is_none() {
                key = Some(data_key.of_document(&self.salt)?);
            }
            let Some(key) = &key else { return Err(Error::Library) };
            let mut sealed = head(data_key.id(), &self.salt, document, path, ordinal);
            let mut text = canonical(&free).map_err(|_| Error::NoJson)?;
            key.seal_in_place_append_tag(nonce(ordinal), Aad::from(&sealed), &mut text)?;
            sealed.append(&mut text);
            ordinal += 1;
            *leaf = Map::from_iter([(SEALED.to_owned(), BASE64_URL_SAFE_NO_PAD.encode(sealed).into())]);
            Ok(())
        })
    }
}

/// What an opened leaf becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// The value only, as it was before it was sealed.
    Plain,
    /// Also the sealed text, which rows keep.
    Kept,
}

/// Opens the leaves of a document. Those whose key is gone stay sealed.
pub fn open(document: &str, value: &mut Value, ring: &Ring, opening: Opening) -> Result<(), Error> {
    let mut opener = Opener { ring, last: None };
    each(value, &mut String::new(), &mut |leaf, path| {
        let sealed = sealed_text(leaf).ok_or(Error::NotOurs)?;
        if sealed.get(1 + KeyId::LENGTH + SALT..HEAD - 4) != Some(&place(document, path)) {
            return Err(Error::NotOurs);
        }
        if let Some(free) = opener.open(&sealed)? {
            if opening == Opening::Plain {
                leaf.remove(SEALED);
            }
            leaf.insert(FREE.to_owned(), free);
        }
        Ok(())
    })
}

/// Adds its value to each leaf of a row whose key is known. Rows are folded from documents that were checked.
pub fn open_beside(value: &mut Value, ring: &Ring) {
    let mut opener = Opener { ring, last: None };
    let opened = each(value, &mut String::new(), &mut |leaf, _| {
        if let Some(Ok(Some(free))) = sealed_text(leaf).map(|sealed| opener.open(&sealed)) {
            leaf.insert(FREE.to_owned(), free);
        }
        Ok(())
    });
    debug_assert!(opened.is_ok(), "nothing above is an error");
}

/// Replaces each leaf by its value if its key is known, else by [`FORGOTTEN`].
pub fn reveal(value: &mut Value, ring: &Ring) -> Result<(), Error> {
    let mut opener = Opener { ring, last: None };
    replace(value, &mut |leaf| {
        if let Some(free) = leaf.remove(FREE) {
            return Ok(free);
        }
        let sealed = sealed_text(leaf).ok_or(Error::NotOurs)?;
        Ok(opener.open(&sealed)?.unwrap_or_else(|| FORGOTTEN.into()))
    })
}

/// Removes the opened value of each leaf. A leaf without a sealed text is an error, because it must not be stored.
pub fn close(value: &mut Value) -> Result<(), Error> {
    each(value, &mut String::new(), &mut |leaf, _| {
        leaf.remove(FREE);
        if leaf.contains_key(SEALED) { Ok(()) } else { Err(Error::NoKey) }
    })
}

/// The names of the keys that sealed the leaves.
pub fn keys_in(value: &Value) -> HashSet<KeyId> {
    match value {
        Value::Object(fields) => match fields.get(SEALED).and_then(Value::as_str) {
            Some(sealed) => key_of(sealed).into_iter().collect(),
            None => fields.values().flat_map(keys_in).collect(),
        },
        Value::Array(items) => items.iter().flat_map(keys_in).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => HashSet::new(),
    }
}

/// The one leaf that is a text.
pub fn reveal_text(sealed: &str, ring: &Ring) -> Result<Option<String>, Error> {
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(sealed).map_err(|_| Error::NotOurs)?;
    let found = Opener { ring, last: None }.open(&sealed)?;
    Ok(found.and_then(|found| found.as_str().map(str::to_owned)))
}

/// The names of the keys that sealed the leaves of a document in canonical JSON.
pub fn keys_of(json: &[u8]) -> impl Iterator<Item = KeyId> {
    // Form and name are nine bytes: twelve characters.
    const MARK: &[u8] = b"\"$sealed\":\"";
    memchr::memmem::find_iter(json, MARK).filter_map(|at| {
        let name = json.get(at + MARK.len()..at + MARK.len() + 12)?;
        key_id(&BASE64_URL_SAFE_NO_PAD.decode(name).ok()?)
    })
}

/// The name of the key that sealed the text.
pub fn key_of(sealed: &str) -> Option<KeyId> {
    key_id(&BASE64_URL_SAFE_NO_PAD.decode(sealed.get(..12)?).ok()?)
}

/// Changes a leaf at a path.
type Change<'a> = dyn FnMut(&mut Map<String, Value>, &str) -> Result<(), Error> + 'a;
/// Returns the replacement of a leaf.
type Replacement<'a> = dyn FnMut(&mut Map<String, Value>) -> Result<Value, Error> + 'a;

/// Calls `change` for each leaf, with its path.
fn each(value: &mut Value, path: &mut String, change: &mut Change<'_>) -> Result<(), Error> {
    let length = path.len();
    match value {
        Value::Object(leaf) if is_leaf(leaf) => change(leaf, path)?,
        Value::Object(fields) => {
            for (name, inner) in fields {
                path.push('/');
                path.push_str(name);
                each(inner, path, change)?;
                path.truncate(length);
            }
        }
        Value::Array(items) => {
            for (nth, inner) in items.iter_mut().enumerate() {
                path.push('/');
                path.push_str(&nth.to_string());
                each(inner, path, change)?;
                path.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    Ok(())
}

/// Replaces each leaf.
fn replace(value: &mut Value, change: &mut Replacement<'_>) -> Result<(), Error> {
    match value {
        Value::Object(leaf) if is_leaf(leaf) => *value = change(leaf)?,
        Value::Object(fields) => {
            for inner in fields.values_mut() {
                replace(inner, change)?;
            }
        }
        Value::Array(items) => {
            for inner in items {
                replace(inner, change)?;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    Ok(())
}

pub(crate) fn is_leaf(fields: &Map<String, Value>) -> bool {
    fields.contains_key(FREE) || fields.contains_key(SEALED)
}

struct Opener<'a> {
    ring: &'a Ring,
    /// The leaves of one document share its key.
    last: Option<(Vec<u8>, LessSafeKey)>,
}

impl Opener<'_> {
    /// None: the data key is gone.
    fn open(&mut self, sealed: &[u8]) -> Result<Option<Value>, Error> {
        let (head, text) = sealed.split_at_checked(HEAD).ok_or(Error::NotOurs)?;
        let Some(data_key) = self.ring.get(key_id(sealed).ok_or(Error::NotOurs)?) else { return Ok(None) };
        let document = &head[1..1 + KeyId::LENGTH + SALT];
        let key = match self.last.take() {
            Some((last, key)) if last == document => key,
            _ => data_key.of_document(&document[KeyId::LENGTH..])?,
        };
        let ordinal = head[HEAD - 4..].try_into().map_or(0, u32::from_be_bytes);
        let mut text = text.to_vec();
        let opened = key.open_in_place(nonce(ordinal), Aad::from(head), &mut text).map_err(|_| Error::NotOurs)?;
        let value = serde_json::from_slice(opened).map_err(|_| Error::NotOurs)?;
        self.last = Some((document.to_vec(), key));
        Ok(Some(value))
    }
}

fn sealed_text(leaf: &Map<String, Value>) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(leaf.get(SEALED)?.as_str()?).ok()
}

fn key_id(sealed: &[u8]) -> Option<KeyId> {
    let (form, id) = sealed.get(..=KeyId::LENGTH)?.split_first()?;
    (*form == FORM).then(|| id.try_into().ok().map(KeyId)).flatten()
}

fn head(id: KeyId, salt: &[u8], document: &str, path: &str, ordinal: u32) -> Vec<u8> {
    [&[FORM], &id.0[..], salt, &place(document, path), &ordinal.to_be_bytes()].concat()
}

fn place(document: &str, path: &str) -> [u8; PLACE] {
    let hash = Sha256::new().chain_update((document.len() as u64).to_be_bytes()).chain_update(document);
    let hash: [u8; 32] = hash.chain_update(path).finalize().into();
    let mut place = [0; PLACE];
    place.copy_from_slice(&hash[..PLACE]);
    place
}

fn nonce(ordinal: u32) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    nonce[NONCE_LEN - 4..].copy_from_slice(&ordinal.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::sync::Arc;

    fn key(byte: u8) -> DataKey {
        DataKey::new(KeyId([byte; 8]), &[byte; 32])
    }

    fn ring(byte: u8) -> Ring {
        Ring::from_iter([Arc::new(key(byte))])
    }

    fn document() -> Value {
        json!({"name": "web", "message": free("hunter2".into()), "list": [free(7.into()), {"deep": free(json!({"a": [1]}))}]})
    }

    fn sealed() -> Value {
        let mut value = document();
        Sealer { key: Some(&key(1)), salt: [9; SALT] }.seal_value("stream", &mut value).expect("sealed");
        value
    }

    #[test]
    fn leaves_are_sealed_and_opened_at_their_place() {
        let stored = sealed();
        assert!(!stored.to_string().contains("hunter2") && !stored.to_string().contains("$free"), "{stored}");
        assert_eq!(stored["name"], "web");
        let mut opened = stored.clone();
        open("stream", &mut opened, &ring(1), Opening::Plain).expect("opened");
        assert_eq!(opened, document());
        let mut kept = stored.clone();
        open("stream", &mut kept, &ring(1), Opening::Kept).expect("opened");
        assert_eq!((&kept["message"][FREE], &kept["message"][SEALED]), (&json!("hunter2"), &stored["message"][SEALED]));
        close(&mut kept).expect("closed");
        assert_eq!(kept, stored);
        let mut shown = stored.clone();
        reveal(&mut shown, &ring(1)).expect("shown");
        assert_eq!(shown, json!({"name": "web", "message": "hunter2", "list": [7, {"deep": {"a": [1]}}]}));
    }

    #[test]
    fn what_stands_elsewhere_or_was_changed_is_not_opened() {
        let other = open("other", &mut sealed(), &ring(1), Opening::Plain);
        assert_eq!(other, Err(Error::NotOurs), "another document");
        let mut moved = sealed();
        let [a, b] = [moved["message"].take(), moved["list"][0].take()];
        (moved["message"], moved["list"][0]) = (b, a);
        assert_eq!(open("stream", &mut moved, &ring(1), Opening::Plain), Err(Error::NotOurs), "exchanged leaves");
        let text = sealed()["message"][SEALED].as_str().expect("a text").to_owned();
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64");
        for nth in (0..bytes.len()).filter(|nth| !(1..9).contains(nth)) {
            let mut changed = bytes.clone();
            changed[nth] ^= 1;
            let changed = BASE64_URL_SAFE_NO_PAD.encode(changed);
            assert!(reveal_text(&changed, &ring(1)).is_err(), "byte {nth}");
        }
    }

    #[test]
    fn without_its_key_a_leaf_stays_sealed_and_is_shown_as_forgotten() {
        let mut stored = sealed();
        assert_eq!(keys_in(&stored), HashSet::from([KeyId([1; 8])]));
        assert_eq!(keys_of(stored.to_string().as_bytes()).collect::<Vec<_>>(), [KeyId([1; 8]); 3]);
        open("stream", &mut stored, &ring(2), Opening::Plain).expect("nothing to open");
        assert_eq!(stored, sealed());
        reveal(&mut stored, &ring(2)).expect("shown");
        assert_eq!(stored["message"], FORGOTTEN);
        let again = Sealer { key: Some(&key(2)), salt: [8; SALT] }.seal_value("stream", &mut sealed());
        assert_eq!(again, Err(Error::Forgotten), "it is not stored a second time");
        let again = Sealer { key: Some(&key(2)), salt: [8; SALT] }.seal("stream", sealed().to_string().into_bytes());
        assert_eq!(again, Err(Error::Forgotten), "nor where nothing is open");
    }

    #[test]
    fn nothing_is_stored_unsealed() {
        let without = || Sealer { key: None, salt: [9; SALT] };
        assert_eq!(without().seal_value("stream", &mut document()), Err(Error::NoKey));
        assert_eq!(without().seal("stream", b"{}".to_vec()), Ok(b"{}".to_vec()));
        assert_eq!(close(&mut document()), Err(Error::NoKey));
    }

    #[test]
    fn hashes_depend_on_the_key() {
        assert_eq!(key(1).hash(b"x"), key(1).hash(b"x"));
        assert_ne!(key(1).hash(b"x"), key(2).hash(b"x"));
        assert_ne!(key(1).hash(b"x"), key(1).hash(b"y"));
    }
}
