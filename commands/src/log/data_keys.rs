//! The data keys of the write side. A key is made at the first write to its scope, and stored wrapped in a table
//! outside the log.
//!
//! Promises that a key is in the table before it seals anything, and that all processes use the same key for a scope.
//! Tested in tests/api/canaries.rs and tests/api/sealing_key.rs.

use super::{
    append::{Appended, Expected, NewEvent, Prepared, Request, append},
    call::on_live,
};
use aws_lc_rs::rand;
use domain::core::{
    actor::Actor,
    codec,
    codec::{CodecError, Keys},
    envelope::{Metadata, StoredEvent},
    event::{Event, Recorded},
    ids::CommandId,
    sealing::{
        self, DataKey, KeyId, KeyScope, Opening, Ring, SealedValues, SealingKeys, data_key,
        key_table::{self, OpenedKeys, Row},
        leaf,
    },
};
use sqlx::{Connection, PgPool};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
};
use tokio::sync::watch;
use uuid::Uuid;

/// A data key is not available.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Row(#[from] key_table::Error),
    #[error("no random bytes")]
    Random,
    #[error(transparent)]
    Sealing(#[from] sealing::Error),
}

const BY_SCOPE: &str = "SELECT id, scope, wrapped FROM data_keys WHERE scope = ANY ($1)";
/// Makes the keys of scopes that have none, and appends that they were made. Another process may have been first.
const MAKE: &str = "WITH made AS ( \
     INSERT INTO data_keys (id, scope, wrapped) SELECT * FROM unnest($1::bytea[], $2::text[], $3::bytea[]) \
     ON CONFLICT (scope) DO NOTHING RETURNING id) \
     SELECT keyed.status FROM made \
     JOIN unnest($1::bytea[], $4::text[], $5::uuid[], $6::text[], $7::bytea[], $8::bytea[]) \
         AS event (id, stream, event, type, payload, metadata) USING (id), \
     LATERAL append_one(event.stream, -1, NULL, NULL, NULL, NULL, NULL, NULL, event.event, event.type, 1, event.payload, \
         event.metadata, NULL, NULL, NULL, NULL) AS keyed";
const BY_NAME: &str = "SELECT id, scope, wrapped FROM data_keys WHERE id = ANY ($1)";

/// The keys that this process knows. Clones share them.
#[derive(Clone)]
pub struct DataKeys {
    pool: PgPool,
    sealing: Arc<SealingKeys>,
    cache: Arc<RwLock<KeyCache>>,
    /// Counts how often deleted keys were found, for any scope. The current key of a scope may then be another one.
    forgotten: watch::Sender<u64>,
}

#[derive(Default)]
struct KeyCache {
    keys: OpenedKeys,
    scopes: HashMap<KeyScope, Arc<DataKey>>,
}

impl DataKeys {
    pub fn new(pool: PgPool, sealing: Arc<SealingKeys>) -> Self {
        Self { pool, sealing, cache: Arc::default(), forgotten: watch::Sender::default() }
    }

    /// The keys of these scopes. A scope without a key gets one.
    pub async fn of(&self, scopes: &HashSet<KeyScope>) -> Result<HashMap<KeyScope, Arc<DataKey>>, Error> {
        let found = self.found(scopes);
        if found.len() == scopes.len() {
            return Ok(found);
        }
        let missing: Vec<&str> =
            scopes.iter().filter(|scope| !found.contains_key(scope)).map(KeyScope::as_str).collect();
        let rows = self.rows(BY_SCOPE, &missing).await?;
        let new: Vec<&&str> = missing.iter().filter(|scope| rows.iter().all(|row| row.1 != ***scope)).collect();
        self.learn(rows)?;
        if !new.is_empty() {
            let made = new.iter().map(|scope| self.make(scope)).collect::<Result<Vec<Row>, _>>()?;
            // Another process may have inserted first: then its key counts.
            self.insert(&made).await?;
            self.learn(self.rows(BY_SCOPE, &missing).await?)?;
        }
        Ok(self.found(scopes))
    }

    /// Uses a live connection: those of the pool may have been closed.
    async fn rows<K>(&self, statement: &'static str, of: &[K]) -> Result<Vec<Row>, sqlx::Error>
    where
        for<'k> &'k [K]: sqlx::Encode<'k, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        on_live(|| sqlx::query_as(statement).bind(of).fetch_all(&self.pool)).await
    }

    fn found(&self, scopes: &HashSet<KeyScope>) -> HashMap<KeyScope, Arc<DataKey>> {
        let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
        let found = scopes.iter().filter_map(|scope| Some((scope.clone(), Arc::clone(cache.scopes.get(scope)?))));
        found.collect()
    }

    /// Drops deleted keys. Called each second, so that this process soon stops showing forgotten values.
    pub async fn drop_forgotten(&self) -> Result<(), sqlx::Error> {
        let ids: Vec<Vec<u8>> = {
            let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
            cache.keys.ring().ids().map(|id| id.0.to_vec()).collect()
        };
        if ids.is_empty() {
            return Ok(());
        }
        let statement = "SELECT id FROM unnest($1::bytea[]) AS id WHERE NOT EXISTS \
                         (SELECT FROM data_keys WHERE data_keys.id = id.id)";
        let gone: Vec<Vec<u8>> = sqlx::query_scalar(statement).bind(&ids).fetch_all(&self.pool).await?;
        let gone: HashSet<KeyId> = gone.into_iter().filter_map(|id| id.try_into().ok().map(KeyId)).collect();
        if gone.is_empty() {
            return Ok(());
        }
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        cache.scopes.retain(|_, key| !gone.contains(&key.id()));
        cache.keys.forget(gone);
        drop(cache);
        self.forgotten.send_modify(|count| *count += 1);
        Ok(())
    }

    /// The keys among these that are in the table, with their scopes.
    pub async fn among(&self, ids: &[KeyId]) -> Result<Vec<(KeyId, KeyScope)>, sqlx::Error> {
        let names: Vec<&[u8]> = ids.iter().map(|id| id.0.as_slice()).collect();
        let rows: Vec<Row> = self.rows(BY_NAME, &names).await?;
        let key = |(id, scope, _): Row| Some((KeyId(id.try_into().ok()?), KeyScope::stored(scope)));
        Ok(rows.into_iter().filter_map(key).collect())
    }

    /// Wraps again with the first sealing key what older keys wrapped; returns the number of keys. Each is reported in the
    /// same transaction. A key that cannot be opened is an error after all others were wrapped.
    pub async fn wrap_anew(&self, metadata: &Metadata) -> Result<usize, Error> {
        let rows: Vec<Row> = sqlx::query_as("SELECT id, scope, wrapped FROM data_keys").fetch_all(&self.pool).await?;
        let (mut wrapped, mut unopened) = (0, None);
        // An own connection: a dropped call must not leave an open transaction in the pool.
        let mut connection = self.pool.acquire().await?.detach();
        for row in rows.into_iter().filter(|row| !self.sealing.is_current(&row.2)) {
            let (id, scope, sealed) = match key_table::wrapped_anew(&row, &self.sealing) {
                Ok(row) => row,
                Err(error) => {
                    unopened.get_or_insert(error);
                    continue;
                }
            };
            let mut transaction = connection.begin().await?;
            let update = sqlx::query("UPDATE data_keys SET wrapped = $2 WHERE id = $1 AND wrapped = $3");
            let update = update.bind(&id).bind(sealed).bind(&row.2).execute(&mut *transaction).await?;
            // None: it was deleted, or another process was first.
            let is_ours = update.rows_affected() == 1;
            if is_ours {
                let report = reported(metadata, (id, scope), Event::key_wrapped)?;
                let answers = append(&mut transaction, &[report]).await?;
                if !matches!(answers[..], [Appended::Done { .. }]) {
                    return Err(sqlx::Error::Protocol(format!("the log answered {answers:?} to a fact")).into());
                }
                wrapped += 1;
            }
            transaction.commit().await?;
        }
        unopened.map_or(Ok(wrapped), |error| Err(error.into()))
    }

    /// Checks that the sealing keys open each key in the table: they may differ from those that wrapped them.
    pub async fn check(&self) -> Result<(), Error> {
        let rows: Vec<Row> = sqlx::query_as("SELECT id, scope, wrapped FROM data_keys").fetch_all(&self.pool).await?;
        Ok(rows.into_iter().try_for_each(|row| key_table::unwrapped(row, &self.sealing).map(|_| ()))?)
    }

    /// Checks that other sealing keys open each key in the table that the present ones open.
    pub async fn check_change(&self, sealing: &SealingKeys) -> Result<(), Error> {
        let rows: Vec<Row> = sqlx::query_as("SELECT id, scope, wrapped FROM data_keys").fetch_all(&self.pool).await?;
        let opened = rows.into_iter().filter(|row| key_table::unwrapped(row.clone(), &self.sealing).is_ok());
        Ok(opened.map(|row| key_table::unwrapped(row, sealing)).try_for_each(|opened| opened.map(|_| ()))?)
    }

    /// Seals values for the object with this id, under a key of their own that stands in no table.
    pub fn seal_values(&self, of: &str, values: &BTreeMap<String, String>) -> Result<SealedValues, Error> {
        let (mut key, mut salt) = ([0; data_key::LENGTH], [0; 16]);
        rand::fill(&mut key).and_then(|()| rand::fill(&mut salt)).map_err(|_| Error::Random)?;
        Ok(SealedValues::seal(of, values, (&key, salt), &self.sealing)?)
    }

    /// Opens what [`Self::seal_values`] sealed.
    pub fn open_values(&self, of: &str, values: &SealedValues) -> Result<BTreeMap<String, String>, Error> {
        Ok(values.open(of, &self.sealing)?)
    }

    /// Changes when deleted keys were found.
    pub fn forgotten(&self) -> watch::Receiver<u64> {
        self.forgotten.subscribe()
    }

    /// The name of the key of a scope, if it has one. It need not be one that can be opened: it can still be deleted.
    pub async fn name_of(&self, scope: &KeyScope) -> Result<Option<KeyId>, Error> {
        let rows = self.rows(BY_SCOPE, &[scope.as_str()]).await?;
        let length = || Error::Row(key_table::Error::Length(scope.to_string()));
        rows.into_iter().next().map(|(id, ..)| id.try_into().map(KeyId).map_err(|_| length())).transpose()
    }

    fn make(&self, scope: &str) -> Result<Row, Error> {
        let (mut id, mut bytes) = ([0; KeyId::LENGTH], [0; data_key::LENGTH]);
        rand::fill(&mut id).and_then(|()| rand::fill(&mut bytes)).map_err(|_| Error::Random)?;
        Ok(key_table::wrapped(KeyId(id), scope, &bytes, &self.sealing)?)
    }

    /// Inserts those whose scope has none, and reports them in the same statement.
    async fn insert(&self, rows: &[Row]) -> Result<(), Error> {
        let metadata = Metadata::by(Actor::system("sealing"));
        let of = |row: &Row| reported(&metadata, (row.0.clone(), row.1.clone()), Event::key_made);
        let reports = rows.iter().map(of).collect::<Result<Vec<Prepared>, _>>()?;
        let ids: Vec<&[u8]> = rows.iter().map(|row| row.0.as_slice()).collect();
        let scopes: Vec<&str> = rows.iter().map(|row| row.1.as_str()).collect();
        let wrapped: Vec<&[u8]> = rows.iter().map(|row| row.2.as_slice()).collect();
        let streams: Vec<&str> = reports.iter().map(|report| report.request.stream.as_str()).collect();
        let events: Vec<Uuid> =
            reports.iter().flat_map(|report| &report.request.events).map(|event| event.id.0).collect();
        let encoded = || reports.iter().flat_map(|report| &report.events);
        let types: Vec<&str> = encoded().map(|(event, _)| event.event_type).collect();
        let payloads: Vec<&[u8]> = encoded().map(|(event, _)| event.payload.as_slice()).collect();
        let metadata: Vec<&[u8]> = encoded().map(|(_, metadata)| metadata.as_slice()).collect();
        let made: Vec<String> = on_live(|| {
            let made = sqlx::query_scalar(MAKE).bind(&ids).bind(&scopes).bind(&wrapped).bind(&streams).bind(&events);
            made.bind(&types).bind(&payloads).bind(&metadata).fetch_all(&self.pool)
        })
        .await?;
        match made.iter().find(|status| *status != "ok") {
            None => Ok(()),
            Some(status) => Err(sqlx::Error::Protocol(format!("the log answered {status:?} to a fact")).into()),
        }
    }

    fn learn(&self, rows: Vec<Row>) -> Result<(), Error> {
        self.learn_of(rows, HashSet::new())
    }

    fn learn_of(&self, rows: Vec<Row>, looked_for: HashSet<KeyId>) -> Result<(), Error> {
        let opened =
            rows.into_iter().map(|row| key_table::unwrapped(row, &self.sealing)).collect::<Result<Vec<_>, _>>()?;
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        cache.keys.learn(opened.iter().map(|(_, key)| Arc::clone(key)), looked_for);
        cache.scopes.extend(opened);
        Ok(())
    }

    /// The existing keys among these ids.
    pub async fn ring(&self, ids: HashSet<KeyId>) -> Result<Arc<Ring>, Error> {
        let cache = || self.cache.read().unwrap_or_else(PoisonError::into_inner);
        let missing = cache().keys.unknown(ids);
        if !missing.is_empty() {
            let names: Vec<Vec<u8>> = missing.iter().map(|id| id.0.to_vec()).collect();
            self.learn_of(self.rows(BY_NAME, &names).await?, missing)?;
        }
        let ring = cache().keys.ring();
        Ok(ring)
    }

    /// Decodes stored events with their leaves opened.
    pub async fn decode(&self, stored: Vec<StoredEvent>) -> Result<Vec<Recorded>, DecodeError> {
        let documents = stored.iter().flat_map(|event| [event.payload.as_slice(), event.metadata.as_slice()]);
        let ring = self.ring(documents.flat_map(leaf::keys_of).collect()).await?;
        let keys = Keys { ring: &ring, opening: Opening::Plain };
        let decoded = stored.into_iter().map(|event| {
            let is_forgotten = leaf::keys_of(&event.payload).any(|id| ring.get(id).is_none());
            let mut recorded = codec::decode_stored(event, keys)?;
            if is_forgotten {
                recorded.event.forget();
            }
            Ok(recorded)
        });
        decoded.collect()
    }
}

/// The event of what happened to a key, for the stream of its scope.
fn reported(
    metadata: &Metadata,
    (id, scope): (Vec<u8>, String),
    event: fn(&KeyScope, KeyId) -> Event,
) -> Result<Prepared, sqlx::Error> {
    let wrong = |_| sqlx::Error::Protocol("the name of a data key has another length".to_owned());
    let (id, scope) = (KeyId(id.try_into().map_err(wrong)?), KeyScope::stored(scope));
    let event = event(&scope, id);
    let new = NewEvent { id: CommandId(Uuid::now_v7()).event(0), event, metadata: metadata.clone() };
    Prepared::open(Request::new(scope.reports(), Expected::Any, vec![new]))
        .map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

/// A stored event cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error(transparent)]
    Key(#[from] Error),
    #[error(transparent)]
    Codec(#[from] CodecError),
}
