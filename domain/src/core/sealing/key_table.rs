//! The rows of the table of data keys, and the keys that a process has opened.

use super::{
    data_key::{self, DataKey, KeyId, Ring},
    keys::{self, SealingKeys},
    scope::KeyScope,
};
use std::{collections::HashSet, sync::Arc};

/// A row as it is stored: the name of the key, its scope, and the key wrapped by a sealing key.
pub type Row = (Vec<u8>, String, Vec<u8>);

/// A row of the table is no data key.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the data key of {scope} cannot be opened: {source}")]
    Wrapped { scope: String, source: keys::Error },
    #[error("the data key of {0} has another length")]
    Length(String),
}

/// The data key in a row, and its scope.
pub fn unwrapped((id, scope, wrapped): Row, sealing: &SealingKeys) -> Result<(KeyScope, Arc<DataKey>), Error> {
    let length = || Error::Length(scope.clone());
    let id: [u8; KeyId::LENGTH] = id.try_into().map_err(|_| length())?;
    let opened = sealing.open(&data_key::place(KeyId(id), &scope), &wrapped);
    let bytes = opened.map_err(|source| Error::Wrapped { scope: scope.clone(), source })?;
    let bytes = bytes.as_slice().try_into().map_err(|_| length())?;
    Ok((KeyScope::stored(scope), Arc::new(DataKey::new(KeyId(id), bytes))))
}

/// The row of a data key with these bytes.
pub fn wrapped(id: KeyId, scope: &str, bytes: &[u8; data_key::LENGTH], sealing: &SealingKeys) -> Result<Row, Error> {
    let sealed = sealing.seal(&data_key::place(id, scope), bytes);
    let sealed = sealed.map_err(|source| Error::Wrapped { scope: scope.to_owned(), source })?;
    Ok((id.0.to_vec(), scope.to_owned(), sealed))
}

/// The row wrapped by the first of the sealing keys.
pub fn wrapped_anew((id, scope, wrapped): &Row, sealing: &SealingKeys) -> Result<Row, Error> {
    let name = KeyId(id.as_slice().try_into().map_err(|_| Error::Length(scope.clone()))?);
    let failed = |source| Error::Wrapped { scope: scope.clone(), source };
    let bytes = sealing.open(&data_key::place(name, scope), wrapped).map_err(failed)?;
    let sealed = sealing.seal(&data_key::place(name, scope), &bytes).map_err(failed)?;
    Ok((id.clone(), scope.clone(), sealed))
}

/// The data keys that a process has opened, and the names of those that were deleted. A deleted key never comes back.
#[derive(Debug, Default)]
pub struct OpenedKeys {
    ring: Arc<Ring>,
    gone: HashSet<KeyId>,
}

impl OpenedKeys {
    pub fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring)
    }

    /// Those of these names that are neither opened nor known to be deleted.
    pub fn unknown(&self, ids: impl IntoIterator<Item = KeyId>) -> HashSet<KeyId> {
        ids.into_iter().filter(|id| self.ring.get(*id).is_none() && !self.gone.contains(id)).collect()
    }

    /// Adds the keys that were found for the names. The names without a key were deleted.
    pub fn learn(&mut self, keys: impl IntoIterator<Item = Arc<DataKey>>, looked_for: impl IntoIterator<Item = KeyId>) {
        let mut ring = Ring::clone(&self.ring);
        for key in keys {
            // The row may have been read before its key was deleted.
            if !self.gone.contains(&key.id()) {
                ring.insert(key);
            }
        }
        self.gone.extend(looked_for.into_iter().filter(|id| ring.get(*id).is_none()));
        self.ring = Arc::new(ring);
    }

    /// Removes keys that were deleted.
    pub fn forget(&mut self, ids: impl IntoIterator<Item = KeyId>) {
        let mut ring = Ring::clone(&self.ring);
        for id in ids {
            ring.remove(id);
            self.gone.insert(id);
        }
        self.ring = Arc::new(ring);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "one AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const SECOND: &str = "two ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

    fn sealing(lines: &[&str]) -> SealingKeys {
        SealingKeys::parse(&lines.join("\n")).expect("keys")
    }

    fn key(id: u8) -> Arc<DataKey> {
        Arc::new(DataKey::new(KeyId([id; KeyId::LENGTH]), &[id; data_key::LENGTH]))
    }

    #[test]
    fn a_row_opens_as_the_key_that_was_wrapped_for_its_scope_alone() {
        let sealing = sealing(&[FIRST]);
        let row = wrapped(KeyId([1; 8]), "namespace:dev/team", &[1; 32], &sealing).expect("wrapped");
        let (scope, opened) = unwrapped(row.clone(), &sealing).expect("opened");
        assert_eq!((scope.as_str(), opened.id()), ("namespace:dev/team", key(1).id()));
        assert_eq!(opened.hash(b"a").expect("hash"), key(1).hash(b"a").expect("hash"));
        for moved in
            [(row.0.clone(), "namespace:dev/other".to_owned(), row.2.clone()), (vec![2; 8], row.1.clone(), row.2)]
        {
            assert!(matches!(unwrapped(moved, &sealing), Err(Error::Wrapped { .. })));
        }
    }

    #[test]
    fn a_row_that_is_wrapped_anew_needs_the_new_sealing_key_only() {
        let row = wrapped(KeyId([1; 8]), "namespace:dev/team", &[1; 32], &sealing(&[FIRST])).expect("wrapped");
        let row = wrapped_anew(&row, &sealing(&[SECOND, FIRST])).expect("wrapped anew");
        assert!(unwrapped(row.clone(), &sealing(&[SECOND])).is_ok());
        assert!(unwrapped(row, &sealing(&[FIRST])).is_err());
    }

    #[test]
    fn a_deleted_key_never_comes_back() {
        let mut keys = OpenedKeys::default();
        let [one, two] = [key(1).id(), key(2).id()];
        assert_eq!(keys.unknown([one, two]).len(), 2);
        keys.learn([key(1)], [one, two]);
        assert!(keys.unknown([one, two]).is_empty() && keys.ring().get(one).is_some());
        keys.forget([one]);
        keys.learn([key(1), key(2)], []);
        assert!(keys.ring().get(one).is_none() && keys.ring().get(two).is_none());
        assert!(keys.unknown([one, two]).is_empty());
    }
}
