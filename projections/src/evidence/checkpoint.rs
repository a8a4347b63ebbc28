//! Checkpoints: size and root of the tree, as a note of c2sp.org/tlog-checkpoint, signed with a key from outside the
//! database. A kept checkpoint proves later that nothing before it was rewritten, not even by a superuser of the
//! database.
//!
//! Promises to accept nothing that no trusted key has signed. Tested below and in tests/flow/evidence.rs; `signed_note`
//! creates and checks the signatures.

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::core::planted::{Bug, is_planted};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use signed_note::{Note, NoteError, Signer, StandardSigner, StandardVerifier, Verifier, VerifierList};
use std::{
    collections::BTreeSet,
    fs::File,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};
use tlog_tiles::{Checkpoint, Hash};

/// The first line of a witness's key file, which otherwise has the form of a log's.
pub const OF_A_WITNESS: &str = "# the key of a witness";

/// Why a key or a note cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Key(&'static str),
    #[error("the keys have different names: all keys of a log carry the log's name")]
    Names,
    #[error("there is no key")]
    NoKey,
    #[error("the note is no checkpoint that can be read")]
    Malformed,
    #[error("the log has not signed it with one of the given keys")]
    NotSigned,
    #[error("the signature of {name} is wrong")]
    WrongSignature { name: String },
    #[error("the log of {new} events does not begin with the {old} events that were seen before: it was rewritten")]
    NotConsistent { old: u64, new: u64 },
    #[error("it is no proof of c2sp.org/tlog-proof with the event as its extra data")]
    NoProof,
    #[error("the proof does not lead from the event at position {position} to the signed root")]
    NotProven { position: u64 },
    #[error("{path} cannot be read or written")]
    File { path: String, source: std::io::Error },
}

impl From<NoteError> for Error {
    fn from(error: NoteError) -> Self {
        match error {
            NoteError::InvalidSignature { name, .. } => Self::WrongSignature { name },
            NoteError::UnverifiedNote => Self::NotSigned,
            _ => Self::Malformed,
        }
    }
}

/// Creates a key pair for a log or a witness with this name: the private key signs, the public key verifies.
pub fn new_key(name: &str, purpose: Purpose) -> Result<(String, String), Error> {
    if !signed_note::is_key_name_valid(name) {
        return Err(Error::Key("a name of a key holds no space and no plus, and is not empty"));
    }
    let (private, public) = signed_note::generate_key(&mut rand_core::OsRng, name);
    Ok(match purpose {
        Purpose::Log => (private, public),
        Purpose::Witness => {
            let witness = Witness::new(&private)?;
            let public = witness.public_key();
            (private, public)
        }
    })
}

/// The purpose of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Log,
    Witness,
}

/// The private keys of a log. All of them sign, so that a new key can be distributed before the old one is dropped.
pub struct SigningKeys(Vec<Key>);

struct Key {
    signer: StandardSigner,
    public: String,
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SigningKeys of {}", self.origin())
    }
}

impl SigningKeys {
    /// Reads a file with one private key a line. Empty lines, and those that begin with `#`, are skipped.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::File { path: path.display().to_string(), source };
        Self::parse(&std::fs::read_to_string(path).map_err(failed)?)
    }

    /// [`SigningKeys::read`] of the text of the file.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.lines().any(|line| line.starts_with(OF_A_WITNESS)) {
            return Err(Error::Key("this is the key of a witness: a log needs one of its own"));
        }
        let keys = key_lines(text).map(|line| {
            let (signer, key) = private_key(line)
                .ok_or(Error::Key("this is no private key of a log: `binnacle-audit key` makes one"))?;
            let public = signed_note::new_ed25519_verifier_key(signer.name(), &key.verifying_key());
            Ok(Key { signer, public })
        });
        let keys = keys.collect::<Result<Vec<_>, Error>>()?;
        let first = keys.first().ok_or(Error::NoKey)?;
        if keys.iter().any(|key| key.signer.name() != first.signer.name()) {
            return Err(Error::Names);
        }
        Ok(Self(keys))
    }

    /// The name of the log, which is the first line of its checkpoints.
    pub fn origin(&self) -> &str {
        self.0.first().map_or("", |key| key.signer.name())
    }

    /// The public keys for verification.
    pub fn public(&self) -> Vec<String> {
        self.0.iter().map(|key| key.public.clone()).collect()
    }

    /// The signed checkpoint of a tree.
    pub fn sign(&self, size: u64, root: Hash) -> Result<String, Error> {
        let checkpoint = Checkpoint::new(self.origin(), size, root, "").map_err(|_| Error::Malformed)?;
        let mut note = Note::new(&checkpoint.to_bytes(), &[])?;
        let signers: Vec<&dyn Signer> = self.0.iter().map(|key| &key.signer as &dyn Signer).collect();
        note.add_sigs(&signers)?;
        text_of(&note)
    }
}

fn text_of(note: &Note) -> Result<String, Error> {
    String::from_utf8(note.to_bytes()).map_err(|_| Error::Malformed)
}

/// The public keys of a file with private ones, of a log or of a witness.
pub fn public_keys(text: &str) -> Result<Vec<String>, Error> {
    if text.starts_with(OF_A_WITNESS) {
        return Witness::parse(text).map(|witness| vec![witness.public_key()]);
    }
    SigningKeys::parse(text).map(|keys| keys.public())
}

/// The lines of a key file that contain a key.
fn key_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Parses a private key. The signer checks its form and its id.
fn private_key(text: &str) -> Option<(StandardSigner, SigningKey)> {
    let signer = StandardSigner::new(text).ok()?;
    // PRIVATE+KEY+name+id+base64. The base64 part may contain a plus; its first byte is the algorithm.
    let bytes = BASE64_STANDARD.decode(text.splitn(5, '+').nth(4)?).ok()?;
    Some((signer, SigningKey::try_from(bytes.get(1..)?).ok()?))
}

/// The public keys that are trusted, of the log and of witnesses.
pub struct TrustedKeys(Vec<String>);

impl TrustedKeys {
    /// Parses public keys.
    pub fn new(keys: &[String]) -> Result<Self, Error> {
        keys.iter().try_for_each(|key| verifier(key).map(|_| ()))?;
        let keys: BTreeSet<&str> = keys.iter().map(|key| key.trim()).collect();
        Ok(Self(keys.into_iter().map(str::to_owned).collect()))
    }

    /// Whether one of the keys belongs to the log itself. A witness signs many logs.
    fn is_of_log(&self, origin: &str) -> bool {
        self.0.iter().filter_map(|key| StandardVerifier::new(key).ok()).any(|key| key.name() == origin)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of the signers. Keys with the same name belong to one signer.
    pub fn names(&self) -> BTreeSet<String> {
        self.0.iter().filter_map(|key| verifier(key).ok()).map(|key| key.name().to_owned()).collect()
    }

    /// Opens a checkpoint that the log signed with one of the keys. Returns it with the names of all valid signatures.
    pub fn open(&self, note: &str) -> Result<(Checkpoint, Vec<String>), Error> {
        if is_planted(Bug::SignatureNotChecked) {
            let checkpoint = read(note)?;
            let name = checkpoint.origin().to_owned();
            return Ok((checkpoint, vec![name]));
        }
        let verifiers = self.0.iter().map(|key| verifier(key)).collect::<Result<Vec<_>, _>>()?;
        let (signed, _) = Note::from_bytes(note.as_bytes())?.verify(&VerifierList::new(verifiers))?;
        let signed: BTreeSet<String> = signed.iter().map(|signature| signature.name().to_owned()).collect();
        let checkpoint = read(note)?;
        if !signed.contains(checkpoint.origin()) || !self.is_of_log(checkpoint.origin()) {
            return Err(Error::NotSigned);
        }
        Ok((checkpoint, signed.into_iter().collect()))
    }
}

/// Stores a checkpoint in a file atomically: the file has either the old one or the new one.
pub fn keep(path: &Path, note: &str) -> std::io::Result<()> {
    let unfinished = unfinished(path);
    let mut file = File::create(&unfinished)?;
    file.write_all(note.as_bytes())?;
    file.sync_all()?;
    finish(&unfinished, path)
}

/// The temporary name of a file until it is complete.
pub(super) fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// Renames a complete file durably, where the folder can be opened and flushed.
pub(super) fn finish(unfinished: &Path, path: &Path) -> std::io::Result<()> {
    std::fs::rename(unfinished, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let flushed = File::open(folder).and_then(|folder| folder.sync_all());
    flushed.or_else(|error| match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::InvalidInput | ErrorKind::Unsupported => Ok(()),
        _ => Err(error),
    })
}

/// Parses a checkpoint without verifying its signatures.
pub fn read(note: &str) -> Result<Checkpoint, Error> {
    let note = Note::from_bytes(note.as_bytes())?;
    Checkpoint::from_bytes(note.text()).map_err(|_| Error::Malformed)
}

fn verifier(key: &str) -> Result<Box<dyn Verifier>, Error> {
    match StandardVerifier::new(key) {
        Ok(verifier) => Ok(Box::new(verifier)),
        Err(_) => Ok(Box::new(WitnessVerifier::new(key)?)),
    }
}

/// The algorithm byte of a witness's key: Ed25519 over a checkpoint and a time (c2sp.org/tlog-cosignature).
const COSIGNATURE: u8 = 4;

/// The private key of a witness. It signs a checkpoint together with the time at which the witness saw that it is
/// consistent with all earlier ones.
pub struct Witness {
    name: String,
    key: SigningKey,
    time: u64,
}

impl Witness {
    /// Parses the key file of a witness.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if !text.starts_with(OF_A_WITNESS) {
            return Err(Error::Key("this is no file of a witness's key: `binnacle-audit key --witness` makes one"));
        }
        Self::new(key_lines(text).next().unwrap_or_default())
    }

    /// Parses the private key.
    pub fn new(private: &str) -> Result<Self, Error> {
        let (signer, key) = private_key(private)
            .ok_or(Error::Key("this is no private key of a witness: `binnacle-audit key --witness` makes one"))?;
        Ok(Self { name: signer.name().to_owned(), key, time: 0 })
    }

    /// The public key that verifies its signatures.
    pub fn public_key(&self) -> String {
        let key = witness_key(&self.key.verifying_key());
        format!("{}+{:08x}+{}", self.name, signed_note::key_id(&self.name, &key), BASE64_STANDARD.encode(&key))
    }

    /// Adds the signature of the witness to a checkpoint. `time` is in seconds since 1970.
    pub fn cosign(&self, note: &str, time: u64) -> Result<String, Error> {
        let mut note = Note::from_bytes(note.as_bytes())?;
        let witness = Self { name: self.name.clone(), key: self.key.clone(), time };
        note.add_sigs(&[&witness])?;
        text_of(&note)
    }
}

fn witness_key(key: &VerifyingKey) -> Vec<u8> {
    [&[COSIGNATURE], key.as_bytes().as_slice()].concat()
}

fn cosigned(note: &[u8], time: u64) -> Vec<u8> {
    [format!("cosignature/v1\ntime {time}\n").as_bytes(), note].concat()
}

impl Signer for Witness {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        signed_note::key_id(&self.name, &witness_key(&self.key.verifying_key()))
    }

    fn sign(&self, note: &[u8]) -> Result<Vec<u8>, ed25519_dalek::SignatureError> {
        let signature = self.key.try_sign(&cosigned(note, self.time))?;
        Ok([self.time.to_be_bytes().as_slice(), &signature.to_bytes()].concat())
    }
}

struct WitnessVerifier {
    name: String,
    id: u32,
    key: VerifyingKey,
}

impl WitnessVerifier {
    fn new(public: &str) -> Result<Self, Error> {
        let wrong = || Error::Key("a public key is name+hash+base64: `binnacle-audit key --file FILE` prints it");
        let mut parts = public.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        let id = u32::from_str_radix(id, 16).map_err(|_| wrong())?;
        let key = BASE64_STANDARD.decode(key).map_err(|_| wrong())?;
        if id != signed_note::key_id(name, &key) || key.first() != Some(&COSIGNATURE) {
            return Err(wrong());
        }
        let key = VerifyingKey::try_from(&key[1..]).map_err(|_| wrong())?;
        Ok(Self { name: name.to_owned(), id, key })
    }
}

impl Verifier for WitnessVerifier {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.id
    }

    fn verify(&self, note: &[u8], signature: &[u8]) -> bool {
        let Some((time, signature)) = signature.split_first_chunk::<8>() else { return false };
        let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return false };
        self.key.verify_strict(&cosigned(note, u64::from_be_bytes(*time)), &signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: Hash = Hash([7; 32]);

    fn keys(privates: &[&str]) -> SigningKeys {
        SigningKeys::parse(&privates.join("\n")).unwrap()
    }

    #[test]
    fn a_checkpoint_opens_with_one_trusted_key() {
        let (old, old_public) = new_key("example.org/log", Purpose::Log).unwrap();
        let (new, new_public) = new_key("example.org/log", Purpose::Log).unwrap();
        let (_, other) = new_key("example.org/log", Purpose::Log).unwrap();
        let note = keys(&["# two keys while the new one is handed out", &old, "", &new]).sign(42, ROOT).unwrap();
        for public in [old_public, new_public] {
            let (checkpoint, signed) = TrustedKeys::new(&[public]).unwrap().open(&note).unwrap();
            assert_eq!((checkpoint.origin(), checkpoint.size(), checkpoint.hash()), ("example.org/log", 42, &ROOT));
            assert_eq!(signed, ["example.org/log"]);
        }
        let stranger = TrustedKeys::new(&[other]).unwrap().open(&note);
        assert!(matches!(stranger, Err(Error::NotSigned)), "{stranger:?}");
    }

    #[test]
    fn a_changed_checkpoint_has_a_wrong_signature() {
        let (private, public) = new_key("example.org/log", Purpose::Log).unwrap();
        let note = keys(&[&private]).sign(42, ROOT).unwrap().replacen("\n42\n", "\n43\n", 1);
        let opened = TrustedKeys::new(&[public]).unwrap().open(&note);
        assert!(matches!(opened, Err(Error::WrongSignature { .. })), "{opened:?}");
    }

    #[test]
    fn a_witness_signs_beside_the_log_and_with_the_time() {
        let (log, log_public) = new_key("example.org/log", Purpose::Log).unwrap();
        let (witness, witness_public) = new_key("example.org/witness", Purpose::Witness).unwrap();
        let note = keys(&[&log]).sign(42, ROOT).unwrap();
        let cosigned = Witness::new(&witness).unwrap().cosign(&note, 1_795_000_000).unwrap();
        let (_, signed) = TrustedKeys::new(&[log_public, witness_public.clone()]).unwrap().open(&cosigned).unwrap();
        assert_eq!(signed, ["example.org/log", "example.org/witness"]);
        assert!(TrustedKeys::new(&[witness_public]).unwrap().open(&note).is_err());
    }

    #[test]
    fn every_key_that_is_made_can_be_used() {
        for _ in 0..100 {
            for purpose in [Purpose::Log, Purpose::Witness] {
                let (private, public) = new_key("example.org/log", purpose).unwrap();
                TrustedKeys::new(std::slice::from_ref(&public)).unwrap();
                if purpose == Purpose::Witness {
                    assert_eq!(Witness::new(&private).unwrap().public_key(), public);
                }
            }
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert!(matches!(SigningKeys::parse("# nothing\n"), Err(Error::NoKey)));
        assert!(matches!(SigningKeys::parse("PRIVATE+KEY+x"), Err(Error::Key(_))));
        assert!(matches!(TrustedKeys::new(&["example.org/log+00000000+AQ==".to_owned()]), Err(Error::Key(_))));
        assert!(matches!(new_key("two words", Purpose::Log), Err(Error::Key(_))));
        let names = ["a", "b"].map(|name| new_key(name, Purpose::Log).unwrap().0);
        assert!(matches!(SigningKeys::parse(&names.join("\n")), Err(Error::Names)));
    }
}
