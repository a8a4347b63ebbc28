//! Kubernetes events on their way into their table. They are no decisions of Binnacle, so they are not in the log.

use crate::log::{
    DataKeys, EventStore,
    prepare::{PrepareError, sealer},
};
use chrono::{DateTime, Utc};
use domain::core::sealing::KeyScope;
use domain::kubernetes::{
    object::ObjectRef,
    observation::{EventKind, KubernetesEvent},
    resource::Resource,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// Why reports cannot be written.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Prepare(#[from] PrepareError),
}

/// Maximum events that wait while the database is unavailable. The oldest are dropped.
const LIMIT: usize = 20_000;

/// Events not written yet, by uid. Only the last report of each is kept.
pub(super) struct Reports {
    cluster: String,
    waiting: BTreeMap<String, Row>,
    /// The objects whose workload may turn out to be another, with the one under which their events are stored.
    unsettled: HashMap<ObjectRef, Option<ObjectRef>>,
    /// The workloads that turned out later, by object. Stored events get them with the next write.
    placed: BTreeMap<String, String>,
}

struct Row {
    event: KubernetesEvent,
    object: Option<String>,
    owner: Option<String>,
    /// The scope of the key that seals its message.
    scope: KeyScope,
}

impl Reports {
    pub fn new(cluster: String) -> Self {
        Self { cluster, waiting: BTreeMap::new(), unsettled: HashMap::new(), placed: BTreeMap::new() }
    }

    /// Keeps an event for the next write, with its object and that object's workload.
    pub fn add(&mut self, event: KubernetesEvent, object: Option<&ObjectRef>, owner: Option<&ObjectRef>) {
        if self.waiting.len() >= LIMIT {
            tracing::warn!(cluster = %self.cluster, "watch.kubernetes_events_dropped");
            self.waiting.pop_first();
        }
        let scope = match (&event.object.namespace, object) {
            (Some(namespace), _) => KeyScope::of_namespace(&self.cluster, namespace),
            (None, Some(object)) => KeyScope::of_object(&object.path()),
            (None, None) => KeyScope::of_cluster(&self.cluster),
        };
        if let Some(object) = object {
            self.remember(object, owner);
        }
        let row = Row { object: object.map(ObjectRef::id), owner: owner.map(ObjectRef::id), scope, event };
        self.waiting.insert(row.event.uid.clone(), row);
    }

    /// Remembers an object whose events are stored before its ReplicaSet, or the Deployment of that, is known.
    fn remember(&mut self, object: &ObjectRef, owner: Option<&ObjectRef>) {
        let may_change = [Resource::POD, Resource::REPLICA_SET].contains(&object.kind)
            && owner.is_none_or(|owner| owner.kind == Resource::REPLICA_SET);
        if !may_change {
            self.unsettled.remove(object);
            return;
        }
        if self.unsettled.len() >= LIMIT {
            self.unsettled.clear();
        }
        self.unsettled.insert(object.clone(), owner.cloned());
    }

    /// Takes the workload that shows what happens to `object`. Events stored under another one get it too.
    pub fn place(&mut self, object: &ObjectRef, owner: &ObjectRef) {
        if self.unsettled.get(object).is_some_and(|known| known.as_ref() != Some(owner)) {
            self.remember(object, Some(owner));
            self.placed.insert(object.id(), owner.id());
        }
    }

    /// Writes all waiting events, and the workloads of stored ones. They stay if the write fails.
    pub async fn write(&mut self, store: &EventStore) {
        if let Err(error) = self.try_write(store).await {
            tracing::debug!(cluster = %self.cluster, %error, "watch.kubernetes_events_not_written");
        }
    }

    async fn try_write(&mut self, store: &EventStore) -> Result<(), Error> {
        if !self.waiting.is_empty() {
            let rows: Vec<&Row> = self.waiting.values().collect();
            insert(store, &self.cluster, &rows).await?;
            self.waiting.clear();
        }
        if !self.placed.is_empty() {
            let (objects, owners): (Vec<&str>, Vec<&str>) =
                self.placed.iter().map(|(object, owner)| (object.as_str(), owner.as_str())).unzip();
            place(store, &objects, &owners).await?;
            self.placed.clear();
        }
        Ok(())
    }
}

/// Puts stored events under the workloads of their objects. The events came moments before, so older days are left out.
async fn place(store: &EventStore, objects: &[&str], owners: &[&str]) -> Result<(), Error> {
    sqlx::query(
        "UPDATE kubernetes_events AS known SET owner = placed.owner
         FROM unnest($1::text[], $2::text[]) AS placed (object, owner)
         WHERE known.object = placed.object AND known.owner IS DISTINCT FROM placed.owner
           AND known.day >= (now() AT TIME ZONE 'UTC')::date - 1",
    )
    .bind(objects)
    .bind(owners)
    .execute(store.pool())
    .await?;
    Ok(())
}

/// The sealed message of each event.
async fn sealed(keys: &DataKeys, rows: &[&Row]) -> Result<Vec<String>, PrepareError> {
    let keys = keys.of(&rows.iter().map(|row| row.scope.clone()).collect()).await?;
    let sealed = rows.iter().map(|row| {
        let key = keys.get(&row.scope).map(Arc::as_ref);
        Ok(sealer(key)?.seal_text(&row.event.uid, row.event.note.message.as_str())?)
    });
    sealed.collect()
}

async fn insert(store: &EventStore, cluster: &str, rows: &[&Row]) -> Result<(), Error> {
    fn column<'a, T>(rows: &[&'a Row], of: impl Fn(&'a Row) -> T) -> Vec<T> {
        rows.iter().map(|row| of(row)).collect()
    }
    let messages = sealed(store.keys(), rows).await?;
    let text = |of: fn(&Row) -> &str| column(rows, |row| of(row).replace('\0', "\u{fffd}"));
    let time = |of: fn(&Row) -> DateTime<Utc>| column(rows, of);
    sqlx::query(
        "INSERT INTO kubernetes_events AS known
             (day, uid, cluster, namespace, object, owner, type, reason, message, count, first_seen, last_seen, source,
              container)
         SELECT (last_seen AT TIME ZONE 'UTC')::date, uid, $1, namespace, object, owner, type, reason, message, count,
                first_seen, last_seen, source, container
         FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::integer[],
                     $10::timestamptz[], $11::timestamptz[], $12::text[], $13::text[])
             AS t (uid, namespace, object, owner, type, reason, message, count, first_seen, last_seen, source, container)
         WHERE EXISTS (SELECT FROM kubernetes_event_days WHERE day = (last_seen AT TIME ZONE 'UTC')::date)
         ON CONFLICT (day, uid) DO UPDATE SET
             owner = coalesce(excluded.owner, known.owner), message = excluded.message, count = excluded.count,
             last_seen = excluded.last_seen
         WHERE (known.count, known.last_seen) IS DISTINCT FROM (excluded.count, excluded.last_seen)
            OR excluded.owner IS DISTINCT FROM known.owner AND excluded.owner IS NOT NULL
            -- Form and name of the data key: the one that sealed what is known was deleted.
            OR left(known.message, 12) <> left(excluded.message, 12)",
    )
    .bind(cluster)
    .bind(text(|row| &row.event.uid))
    .bind(column(rows, |row| row.event.object.namespace.as_deref()))
    .bind(column(rows, |row| row.object.as_deref()))
    .bind(column(rows, |row| row.owner.as_deref()))
    .bind(text(|row| match row.event.note.kind {
        EventKind::Normal => "Normal",
        EventKind::Warning => "Warning",
    }))
    .bind(text(|row| &row.event.note.reason))
    .bind(messages)
    .bind(column(rows, |row| row.event.note.count))
    .bind(time(|row| row.event.note.first))
    .bind(time(|row| row.event.note.last))
    .bind(text(|row| &row.event.note.source))
    .bind(column(rows, |row| row.event.note.container.as_ref().map(|name| name.replace('\0', "\u{fffd}"))))
    .execute(store.pool())
    .await?;
    Ok(())
}
