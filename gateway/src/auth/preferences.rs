//! What a person set for themselves, by key. Values are sealed under the person's key, because people write into them what
//! they like. Tested in tests/api/preferences.rs.

use super::Auth;
use commands::log::{
    data_keys,
    prepare::{PrepareError, sealer},
};
use domain::core::{
    ids::UserId,
    sealing::{
        self, KeyScope, Opening,
        leaf::{self, FREE},
    },
};
use serde_json::{Value, json};
use std::{collections::HashSet, sync::Arc};

/// Keys of a person.
pub const MAX_KEYS: i64 = 100;
/// Characters of a key.
pub const MAX_KEY: usize = 100;
/// Bytes of a value as JSON text.
pub const MAX_VALUE: usize = 16 * 1024;

/// Why a preference is not stored.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a key has 1 to {MAX_KEY} letters, digits, dots, hyphens or underscores")]
    Name,
    #[error("a value has at most {} KiB", MAX_VALUE / 1024)]
    Value,
    #[error("there are {MAX_KEYS} keys already: remove one first")]
    Full,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Key(#[from] data_keys::Error),
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    #[error(transparent)]
    Seal(#[from] sealing::Error),
}

impl Auth {
    /// All of a person, by key. Those that were forgotten are left out.
    pub async fn preferences(&self, user: UserId) -> Result<Vec<(String, Value)>, Error> {
        let read = "SELECT key, value FROM auth.preferences WHERE user_id = $1 ORDER BY key";
        let mut rows: Vec<(String, Value)> = sqlx::query_as(read).bind(user.0).fetch_all(&self.pool).await?;
        let ring =
            self.dispatcher.keys().ring(rows.iter().flat_map(|(_, value)| leaf::keys_in(value)).collect()).await?;
        for (key, value) in &mut rows {
            leaf::open(&document(user, key), value, &ring, Opening::Plain)?;
        }
        let plain = |(key, mut value): (String, Value)| Some((key, value.as_object_mut()?.remove(FREE)?));
        Ok(rows.into_iter().filter_map(plain).collect())
    }

    /// Sets one, or removes it if the value is null.
    pub async fn set_preference(&self, user: UserId, key: &str, value: &Value) -> Result<(), Error> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if key.is_empty() || key.len() > MAX_KEY || !key.chars().all(is_plain) {
            return Err(Error::Name);
        }
        if value.is_null() {
            let delete = sqlx::query("DELETE FROM auth.preferences WHERE user_id = $1 AND key = $2");
            delete.bind(user.0).bind(key).execute(&self.pool).await?;
            return Ok(());
        }
        if value.to_string().len() > MAX_VALUE {
            return Err(Error::Value);
        }
        let mut sealed = json!({FREE: value});
        let scope = KeyScope::of_person(&user.to_string());
        let found = self.dispatcher.keys().of(&HashSet::from([scope])).await?;
        sealer(found.values().next().map(Arc::as_ref))?.seal_value(&document(user, key), &mut sealed)?;
        let insert = "INSERT INTO auth.preferences (user_id, key, value) SELECT $1, $2, $3 \
                      WHERE (SELECT count(*) FROM auth.preferences WHERE user_id = $1 AND key <> $2) < $4 \
                      ON CONFLICT (user_id, key) DO UPDATE SET value = excluded.value, changed_at = now()";
        let insert = sqlx::query(insert).bind(user.0).bind(key).bind(sealed).bind(MAX_KEYS);
        match insert.execute(&self.pool).await?.rows_affected() {
            0 => Err(Error::Full),
            _ => Ok(()),
        }
    }
}

/// The context of the seal: a value moved to another key or person does not open.
fn document(user: UserId, key: &str) -> String {
    format!("preference {key} of {user}")
}
