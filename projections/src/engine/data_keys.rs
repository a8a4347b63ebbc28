//! The data keys of the read side, which open sealed values of the log and the tables.
//!
//! Promises to look up a key when it first meets a value sealed with it, and never to make one.

use crate::Error;
use domain::core::{
    free_text::FreeText,
    sealing::{
        FORGOTTEN, KeyId, Ring, SealingKeys,
        key_table::{self, OpenedKeys, Row},
        leaf,
    },
};
use serde_json::Value;
use sqlx::PgPool;
use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::time::Instant;

/// The keys that this process knows. Clones share them.
#[derive(Clone)]
pub struct DataKeys {
    pool: PgPool,
    sealing: Arc<SealingKeys>,
    cache: Arc<RwLock<KeyCache>>,
}

#[derive(Default)]
struct KeyCache {
    keys: OpenedKeys,
    looked: Option<Instant>,
}

/// How long a deleted key may still be used.
const FRESH: Duration = Duration::from_secs(1);

impl DataKeys {
    pub fn new(pool: PgPool, sealing: Arc<SealingKeys>) -> Self {
        Self { pool, sealing, cache: Arc::default() }
    }

    /// Closes its connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// The opened keys, with those among `needed` that exist.
    pub async fn ring(&self, needed: impl Iterator<Item = KeyId> + Send) -> Result<Arc<Ring>, Error> {
        self.drop_forgotten().await?;
        let missing = self.cache.read().unwrap_or_else(PoisonError::into_inner).keys.unknown(needed);
        if !missing.is_empty() {
            self.load(missing).await?;
        }
        Ok(self.opened())
    }

    /// Drops deleted keys, at most once in [`FRESH`].
    async fn drop_forgotten(&self) -> Result<(), Error> {
        let ids: Vec<Vec<u8>> = {
            let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
            if cache.looked.is_some_and(|looked| looked.elapsed() < FRESH) {
                return Ok(());
            }
            cache.looked = Some(Instant::now());
            cache.keys.ring().ids().map(|id| id.0.to_vec()).collect()
        };
        if ids.is_empty() {
            return Ok(());
        }
        let statement = "SELECT id FROM unnest($1::bytea[]) AS id WHERE NOT EXISTS \
                         (SELECT FROM public.data_keys WHERE data_keys.id = id.id)";
        let gone: Vec<Vec<u8>> = sqlx::query_scalar(statement).bind(&ids).fetch_all(&self.pool).await?;
        let gone: Vec<KeyId> = gone.into_iter().filter_map(|id| id.try_into().ok().map(KeyId)).collect();
        self.forget(gone.into_iter());
        Ok(())
    }

    /// Drops keys that an event reports as deleted.
    pub fn forget(&self, ids: impl Iterator<Item = KeyId>) {
        let ids: Vec<KeyId> = ids.collect();
        if !ids.is_empty() {
            self.cache.write().unwrap_or_else(PoisonError::into_inner).keys.forget(ids);
        }
    }

    /// The keys opened so far.
    pub fn opened(&self) -> Arc<Ring> {
        self.cache.read().unwrap_or_else(PoisonError::into_inner).keys.ring()
    }

    async fn load(&self, missing: HashSet<KeyId>) -> Result<(), Error> {
        let ids: Vec<&[u8]> = missing.iter().map(|id| id.0.as_slice()).collect();
        let statement = "SELECT id, scope, wrapped FROM public.data_keys WHERE id = ANY ($1)";
        let rows: Vec<Row> = sqlx::query_as(statement).bind(ids).fetch_all(&self.pool).await?;
        let keys = rows.into_iter().map(|row| Ok(key_table::unwrapped(row, &self.sealing)?.1));
        let keys = keys.collect::<Result<Vec<_>, key_table::Error>>()?;
        self.cache.write().unwrap_or_else(PoisonError::into_inner).keys.learn(keys, missing);
        Ok(())
    }

    /// The value with all leaves opened, for readers who may see them. A forgotten leaf is replaced by a marker.
    pub async fn reveal(&self, mut value: Value) -> Result<Value, Error> {
        let ring = self.ring(leaf::keys_in(&value).into_iter()).await?;
        leaf::reveal(&mut value, &ring).map_err(Error::Leaf)?;
        Ok(value)
    }

    /// The same for one text.
    pub async fn reveal_text(&self, text: &FreeText) -> Result<String, Error> {
        let Some(sealed) = text.sealed() else { return Ok(text.as_str().to_owned()) };
        let ring = self.ring(leaf::key_of(sealed).into_iter()).await?;
        let opened = leaf::reveal_text(sealed, &ring).map_err(Error::Leaf)?;
        Ok(opened.unwrap_or_else(|| FORGOTTEN.to_owned()))
    }
}
