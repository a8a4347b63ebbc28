//! Keys outside the database. The database alone does not reveal what is sealed under them.
//!
//! The file has one key a line: a name, a space, and 32 random bytes in base64 or hex. The first key seals and hashes. All of
//! them open, so a new key is put in front and the old one stays until nothing is left that it sealed.
//!
//! Promises that what was sealed for one place is opened for no other, and that neither an error nor `Debug` shows a key.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    error::Unspecified,
    hkdf, hmac,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

/// The format that [`SealingKeys::seal`] writes: this byte, the length of the key's name, the name, the nonce, the ciphertext
/// with its tag.
const FORM: u8 = 1;
const KEY_LEN: usize = 32;
const MAX_NAME: usize = 64;

/// Why there are no keys, or something cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("line {0} is no key: write a name, a space, and 32 bytes in base64 or hex")]
    NoKey(usize),
    #[error("the key {0:?} is there twice")]
    Twice(String),
    #[error("there is no key in it")]
    Empty,
    #[error("it was sealed by the key {0:?}, which is not among the keys")]
    UnknownKey(String),
    #[error("it was sealed by another key or for another place, or it was changed")]
    NotOurs,
    #[error("the cryptographic library failed")]
    Library,
}

impl From<Unspecified> for Error {
    fn from(_: Unspecified) -> Self {
        Self::Library
    }
}

struct Key {
    name: String,
    sealing: RandomizedNonceKey,
    hashing: hmac::Key,
}

/// The keys of a file, the first of which seals. They can be replaced while they are in use.
pub struct SealingKeys(RwLock<Arc<Vec<Key>>>);

impl SealingKeys {
    /// Reads the text of such a file. Empty lines and lines that begin with `#` are passed over.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut keys: Vec<Key> = Vec::new();
        for (nth, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, bytes) = line.split_once(char::is_whitespace).ok_or(Error::NoKey(nth))?;
            let bytes = decoded(bytes.trim()).ok_or(Error::NoKey(nth))?;
            let is_name = name.len() <= MAX_NAME && name.chars().all(|c| c.is_ascii_graphic());
            if !is_name {
                return Err(Error::NoKey(nth));
            }
            if keys.iter().any(|key| key.name == name) {
                return Err(Error::Twice(name.to_owned()));
            }
            keys.push(Key::new(name, &bytes)?);
        }
        if keys.is_empty() { Err(Error::Empty) } else { Ok(Self(RwLock::new(Arc::new(keys)))) }
    }

    /// Replaces the keys by those of another file.
    pub fn replace(&self, by: Self) {
        let keys = by.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    fn keys(&self) -> Arc<Vec<Key>> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Seals `plain` for `place`, which must be named again to open it.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let keys = self.keys();
        let key = first(&keys);
        let mut sealed = head(&key.name);
        let mut text = plain.to_vec();
        let nonce = key.sealing.seal_in_place_append_tag(bound_to(&sealed, place), &mut text)?;
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut text);
        Ok(sealed)
    }

    /// Opens what was sealed for `place`.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let (name, rest) = name_of(sealed).ok_or(Error::NotOurs)?;
        let keys = self.keys();
        let key = keys.iter().find(|key| key.name == name).ok_or_else(|| Error::UnknownKey(name.to_owned()))?;
        let (nonce, text) = rest.split_at_checked(NONCE_LEN).ok_or(Error::NotOurs)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce)?;
        let mut text = text.to_vec();
        let plain = key.sealing.open_in_place(nonce, bound_to(&head(name), place), &mut text);
        Ok(plain.map_err(|_| Error::NotOurs)?.to_vec())
    }

    /// Whether it was sealed by the first key, so that it need not be sealed anew.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        name_of(sealed).is_some_and(|(name, _)| name == first(&self.keys()).name)
    }

    /// A hash that nobody without the first key can compute. Each part is hashed with its length.
    pub fn hash(&self, place: &str, parts: &[&[u8]]) -> [u8; 32] {
        first(&self.keys()).hash(place, parts)
    }

    /// The same under each key, beginning with the first: the value may have been hashed under an older key.
    pub fn hashes(&self, place: &str, parts: &[&[u8]]) -> Vec<[u8; 32]> {
        self.keys().iter().map(|key| key.hash(place, parts)).collect()
    }
}

/// The first key. There is at least one.
fn first(keys: &[Key]) -> &Key {
    &keys[0]
}

impl fmt::Debug for SealingKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.keys().iter().map(|key| &key.name)).finish()
    }
}

impl Key {
    /// One key for each use is derived from the bytes, so that no use weakens another.
    fn new(name: &str, bytes: &[u8; KEY_LEN]) -> Result<Self, Error> {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"binnacle").extract(bytes);
        let derived = |purpose: &[u8]| -> Result<[u8; KEY_LEN], Error> {
            let mut key = [0; KEY_LEN];
            root.expand(&[purpose], hkdf::HKDF_SHA256)?.fill(&mut key)?;
            Ok(key)
        };
        Ok(Self {
            name: name.to_owned(),
            sealing: RandomizedNonceKey::new(&AES_256_GCM, &derived(b"seal")?)?,
            hashing: hmac::Key::new(hmac::HMAC_SHA256, &derived(b"hash")?),
        })
    }

    fn hash(&self, place: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut hashing = hmac::Context::with_key(&self.hashing);
        for part in [place.as_bytes()].iter().chain(parts) {
            hashing.update(&(part.len() as u64).to_be_bytes());
            hashing.update(part);
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(hashing.sign().as_ref());
        hash
    }
}

fn decoded(text: &str) -> Option<[u8; KEY_LEN]> {
    let bytes = if text.len() == 2 * KEY_LEN { hex::decode(text).ok()? } else { BASE64_STANDARD.decode(text).ok()? };
    bytes.try_into().ok()
}

fn head(name: &str) -> Vec<u8> {
    // The length of a name fits in a byte.
    [&[FORM, name.len() as u8], name.as_bytes()].concat()
}

fn name_of(sealed: &[u8]) -> Option<(&str, &[u8])> {
    let [FORM, length, rest @ ..] = sealed else { return None };
    let (name, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((std::str::from_utf8(name).ok()?, rest))
}

/// The authenticated data: not secret, but the same when the value is opened.
fn bound_to(head: &[u8], place: &str) -> Aad<Vec<u8>> {
    Aad::from([head, place.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "old AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const NEW: &str = "new ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

    fn keys(lines: &[&str]) -> SealingKeys {
        SealingKeys::parse(&lines.join("\n")).expect("keys")
    }

    #[test]
    fn what_was_sealed_is_opened_for_its_place_and_no_other() {
        let keys = keys(&[OLD]);
        let sealed = keys.seal("a", b"secret").expect("sealed");
        assert_eq!(keys.open("a", &sealed).expect("opened"), b"secret");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_ne!(keys.seal("a", b"secret").expect("sealed"), sealed, "a nonce is never used twice");
        assert!(matches!(keys.open("b", &sealed), Err(Error::NotOurs)));
        for nth in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[nth] ^= 1;
            assert!(keys.open("a", &changed).is_err(), "byte {nth} was changed");
            assert!(keys.open("a", &sealed[..nth]).is_err(), "{nth} bytes");
        }
    }

    #[test]
    fn a_new_key_in_front_seals_and_the_old_one_still_opens() {
        let (old, both, new) = (keys(&[OLD]), keys(&[NEW, "", "# kept until March", OLD]), keys(&[NEW]));
        let sealed = old.seal("a", b"secret").expect("sealed");
        assert_eq!(both.open("a", &sealed).expect("opened"), b"secret");
        assert!(old.is_current(&sealed) && !both.is_current(&sealed));
        assert!(both.is_current(&both.seal("a", b"secret").expect("sealed")));
        assert!(matches!(new.open("a", &sealed), Err(Error::UnknownKey(name)) if name == "old"));
        assert!(both.hashes("a", &[b"x"]).contains(&old.hash("a", &[b"x"])));
        assert_eq!(both.hash("a", &[b"x"]), new.hash("a", &[b"x"]));
    }

    #[test]
    fn a_hash_depends_on_key_place_and_each_part() {
        let hash = |key: &str, place: &str, parts: &[&[u8]]| keys(&[key]).hash(place, parts);
        let one = hash(OLD, "a", &[b"xy", b"z"]);
        assert_eq!(one, hash(OLD, "a", &[b"xy", b"z"]));
        for other in [hash(NEW, "a", &[b"xy", b"z"]), hash(OLD, "b", &[b"xy", b"z"]), hash(OLD, "a", &[b"x", b"yz"])] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn what_is_no_key_is_named_by_its_line_and_not_shown() {
        let short = "a AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==";
        for (text, line) in [("x", 1), (&format!("{OLD}\n{short}"), 2), ("\na zz", 2), (&"n".repeat(65), 1)] {
            assert!(matches!(SealingKeys::parse(text), Err(Error::NoKey(found)) if found == line), "{text}");
        }
        assert!(matches!(SealingKeys::parse("# nothing\n\n"), Err(Error::Empty)));
        assert!(matches!(SealingKeys::parse(&format!("{OLD}\n{OLD}")), Err(Error::Twice(_))));
        assert_eq!(format!("{:?}", keys(&[NEW, OLD])), "[\"new\", \"old\"]");
    }
}
