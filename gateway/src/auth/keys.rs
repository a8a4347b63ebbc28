//! The keys that sign access tokens: Ed25519, created at the first start, in the database so that replicas share them.

use super::{Error, random};
use domain::core::sealing::{SealingKeys, keys as sealing};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, jwk::Jwk};
use projections::engine::transaction::begin;
use sqlx::{FromRow, PgPool};
use std::collections::BTreeMap;

/// PKCS #8 version 1 of an Ed25519 key is this and the 32 bytes of its seed (RFC 8410).
const PKCS8_HEAD: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Signs with the newest key and verifies with all keys.
pub struct Keys {
    pub(super) kid: String,
    pub(super) signing: EncodingKey,
    verifying: BTreeMap<String, DecodingKey>,
}

#[derive(FromRow)]
struct Row {
    kid: String,
    sealed_key: Vec<u8>,
}

/// A usable key and its id.
struct Opened {
    kid: String,
    private_key: Vec<u8>,
}

impl Keys {
    /// Reads the keys whose tokens may still be valid. Makes a key if there is none, or if the newest was not sealed by
    /// the current sealing key.
    pub async fn open(pool: &PgPool, sealing: &SealingKeys) -> Result<Self, Error> {
        let mut transaction = begin(pool, "BEGIN").await?;
        // Two replicas that start at once must not both create a key.
        sqlx::query("SELECT pg_advisory_xact_lock(hashtext('binnacle.signing_keys'))")
            .execute(&mut *transaction)
            .await?;
        // A token is valid for at most an hour. A key replaced before that is not needed.
        let read = "SELECT kid, sealed_key
             FROM (SELECT kid, sealed_key, created_at, lead(created_at) OVER (ORDER BY created_at, kid) AS replaced_at
                   FROM auth.signing_keys) keys
             WHERE replaced_at IS NULL OR replaced_at > now() - interval '2 hours'
             ORDER BY created_at DESC, kid DESC LIMIT 8";
        let rows: Vec<Row> = sqlx::query_as(read).fetch_all(&mut *transaction).await?;
        let mut keys = open_each(&rows, sealing)?;
        if rows.first().is_none_or(|newest| !sealing.is_current(&newest.sealed_key)) {
            let new = generate();
            sqlx::query("INSERT INTO auth.signing_keys (kid, sealed_key) VALUES ($1, $2)")
                .bind(&new.kid)
                .bind(sealing.seal(&place(&new.kid), &new.private_key)?)
                .execute(&mut *transaction)
                .await?;
            keys.insert(0, new);
        }
        transaction.commit().await?;
        Self::of(keys)
    }

    /// A key for tests, not stored.
    #[cfg(test)]
    pub fn ephemeral() -> Self {
        Self::of(vec![generate()]).expect("a generated key is a key")
    }

    fn of(keys: Vec<Opened>) -> Result<Self, Error> {
        let mut verifying = BTreeMap::new();
        for opened in &keys {
            let wrong = |error: jsonwebtoken::errors::Error| Error::Key(error.to_string());
            let key = EncodingKey::from_ed_der(&opened.private_key);
            let public = Jwk::from_encoding_key(&key, Algorithm::EdDSA).map_err(wrong)?;
            verifying.insert(opened.kid.clone(), DecodingKey::from_jwk(&public).map_err(wrong)?);
        }
        let newest = keys.into_iter().next().ok_or_else(|| Error::Key("there is none".to_owned()))?;
        Ok(Self { kid: newest.kid, signing: EncodingKey::from_ed_der(&newest.private_key), verifying })
    }

    pub(super) fn verifying(&self, kid: &str) -> Option<&DecodingKey> {
        self.verifying.get(kid)
    }
}

impl Row {
    fn open(&self, sealing: &SealingKeys) -> Result<Opened, Error> {
        let opened = sealing.open(&place(&self.kid), &self.sealed_key);
        let private_key = opened.map_err(|source| Error::Sealed { what: "signing key", source })?;
        Ok(Opened { kid: self.kid.clone(), private_key })
    }
}

/// The keys that open. A sealing key may have been deleted since; tokens of the lost keys must be renewed.
fn open_each(rows: &[Row], by: &SealingKeys) -> Result<Vec<Opened>, Error> {
    let (mut keys, mut problem) = (Vec::with_capacity(rows.len()), None);
    for row in rows {
        match row.open(by) {
            Ok(key) => keys.push(key),
            Err(error @ Error::Sealed { source: sealing::Error::UnknownKey(_), .. }) => {
                problem = problem.or(Some(error))
            }
            Err(error) => return Err(error),
        }
    }
    problem.filter(|_| keys.is_empty()).map_or(Ok(keys), Err)
}

/// The context of the seal.
fn place(kid: &str) -> String {
    format!("signing key {kid}")
}

fn generate() -> Opened {
    let private_key = [PKCS8_HEAD.as_slice(), &random::bytes::<32>()].concat();
    Opened { kid: hex::encode(random::bytes::<8>()), private_key }
}
