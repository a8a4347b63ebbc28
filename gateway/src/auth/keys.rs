//! The keys that sign access tokens: Ed25519, made at the first start, in the database so that replicas share them.

use super::{Error, random};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, jwk::Jwk};
use projections::transaction::begin;
use sqlx::{FromRow, PgPool};
use std::collections::BTreeMap;

/// PKCS #8 version 1 of an Ed25519 key is this and the 32 bytes of its seed (RFC 8410).
const PKCS8_HEAD: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Signs with the newest key, verifies with all that are known.
pub struct Keys {
    pub(super) kid: String,
    pub(super) signing: EncodingKey,
    verifying: BTreeMap<String, DecodingKey>,
}

#[derive(FromRow)]
struct Row {
    kid: String,
    private_key: Vec<u8>,
}

impl Keys {
    /// Reads the keys; makes the first one when there is none.
    pub async fn open(pool: &PgPool) -> Result<Self, Error> {
        let mut transaction = begin(pool, "BEGIN").await?;
        // Two replicas that start at once must not make a key each.
        sqlx::query("SELECT pg_advisory_xact_lock(hashtext('binnacle.signing_keys'))")
            .execute(&mut *transaction)
            .await?;
        let read = "SELECT kid, private_key FROM auth.signing_keys ORDER BY created_at DESC, kid LIMIT 8";
        let mut rows: Vec<Row> = sqlx::query_as(read).fetch_all(&mut *transaction).await?;
        if rows.is_empty() {
            let row = generate();
            sqlx::query("INSERT INTO auth.signing_keys (kid, private_key) VALUES ($1, $2)")
                .bind(&row.kid)
                .bind(&row.private_key)
                .execute(&mut *transaction)
                .await?;
            rows.push(row);
        }
        transaction.commit().await?;
        Self::of(rows)
    }

    /// A key of this process alone, for tests.
    #[cfg(test)]
    pub fn ephemeral() -> Self {
        Self::of(vec![generate()]).expect("a generated key is a key")
    }

    fn of(rows: Vec<Row>) -> Result<Self, Error> {
        let mut verifying = BTreeMap::new();
        for row in &rows {
            let wrong = |error: jsonwebtoken::errors::Error| Error::Key(error.to_string());
            let key = EncodingKey::from_ed_der(&row.private_key);
            let public = Jwk::from_encoding_key(&key, Algorithm::EdDSA).map_err(wrong)?;
            verifying.insert(row.kid.clone(), DecodingKey::from_jwk(&public).map_err(wrong)?);
        }
        let newest = rows.into_iter().next().ok_or_else(|| Error::Key("there is none".to_owned()))?;
        Ok(Self { kid: newest.kid, signing: EncodingKey::from_ed_der(&newest.private_key), verifying })
    }

    pub(super) fn verifying(&self, kid: &str) -> Option<&DecodingKey> {
        self.verifying.get(kid)
    }
}

fn generate() -> Row {
    let private_key = [PKCS8_HEAD.as_slice(), &random::bytes::<32>()].concat();
    Row { kid: random::to_hex(&random::bytes::<8>()), private_key }
}
