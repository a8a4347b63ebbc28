//! What subscriptions share. Changes of the read model come in batches, so that missing rows are loaded with one query.
//! A memory of removed rows avoids repeated messages.

mod pace;

use super::{error::ApiError, scalar::Position};
use crate::graphql::context::Services;
use async_graphql::Enum;
use async_stream::try_stream;
use domain::{access::Scope, kubernetes::object::ObjectRef};
use futures::{FutureExt, Stream, StreamExt, future::BoxFuture, stream::BoxStream};
use pace::Pace;
use projections::{Change, ChangeKind as Kind, Projection, Topic, Trouble};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

/// Maximum changes in one batch: what accumulates in a busy list until the next burst.
const BATCH: usize = 1024;
/// How long a subscriber waits for a busy database, and how often it asks.
const PATIENCE: Duration = Duration::from_secs(30);
const RETRY_AFTER: Duration = Duration::from_millis(250);
/// Maximum removed rows remembered. Forgetting one costs only a repeated message.
const REMEMBERED: usize = 20_000;

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "projections::ChangeKind")]
pub enum ChangeKind {
    Added,
    Changed,
    Removed,
}

/// The events that a list has applied after a position, or from now on.
pub fn changes(
    services: &Services,
    of: &'static dyn Projection,
    topics: Vec<Topic>,
    after: Option<Position>,
) -> impl Stream<Item = Result<Arc<Change>, projections::Error>> + Send + use<> {
    services.projections.changes(of, topics, after.map(|position| position.0))
}

/// The changes after a position in batches: all that are ready, at least one. Ends with an error, after all changes
/// before it. Each stream is boxed, because a nested stream needs its size twice.
pub fn batches(
    services: &Services,
    of: &'static dyn Projection,
    topics: Vec<Topic>,
    after: Option<Position>,
) -> impl Stream<Item = Result<Vec<Arc<Change>>, ApiError>> + Send + use<> {
    let mut changes = changes(services, of, topics, after).boxed();
    try_stream! {
        while let Some(first) = changes.next().await {
            let first = first?;
            // Grows on demand, because each subscriber has one.
            let (mut batch, mut end) = (vec![first], None);
            while batch.len() < BATCH && end.is_none() {
                match changes.next().now_or_never().flatten() {
                    Some(Ok(change)) => batch.push(change),
                    Some(Err(error)) => end = Some(error),
                    None => break,
                }
            }
            yield batch;
            end.map_or(Ok(()), Err)?;
        }
    }
}

/// The topics of objects in these namespaces; without namespaces, of all objects.
pub fn topics_of(namespaces: &[String]) -> Vec<Topic> {
    let each = namespaces.iter().cloned().map(Topic::Namespace).collect();
    if namespaces.is_empty() { vec![Topic::Everything] } else { each }
}

/// Whether an object is in the cluster (None: any) and in one of the namespaces (empty: any, or none).
pub fn is_within(object: &ObjectRef, cluster: Option<&String>, namespaces: &[String]) -> bool {
    let namespace = object.namespace.as_deref().unwrap_or_default();
    cluster.is_none_or(|cluster| cluster == object.cluster.as_str())
        && (namespaces.is_empty() || namespaces.iter().any(|wanted| wanted == namespace))
}

/// A row of a list.
pub trait Row: Send + Sync + 'static {
    fn id(&self) -> &str;
    /// The position of the event that first showed this incarnation.
    fn added_position(&self) -> i64;
    fn is_in(&self, scope: &Scope) -> bool;
}

/// The change of one row of a list.
pub struct RowChange<R> {
    pub position: i64,
    pub kind: ChangeKind,
    /// Of the row, or of a cluster that was removed with all its rows.
    pub id: String,
    /// `None` if the row has left the list.
    pub row: Option<Arc<R>>,
}

/// A list with a live subscription.
pub trait List: Send + Sync + 'static {
    type Row: Row;

    /// The projection that makes its rows.
    fn projection(&self) -> &'static dyn Projection;

    /// The topics on which the hub publishes changes of its rows.
    fn topics(&self) -> Vec<Topic>;

    /// The only cluster that the list is of.
    fn cluster(&self) -> Option<&str>;

    /// Whether the event may change a row of the list, as far as the event alone shows.
    fn may_hold(&self, change: &Change) -> bool;

    /// The rows among `ids` that are now in the list and in the scope. Called for changes that carry no row.
    fn load<'a>(
        &'a self,
        services: &Services,
        scope: &'a Scope,
        ids: Vec<String>,
    ) -> BoxFuture<'a, Result<Vec<Self::Row>, projections::Error>>;

    /// The row that a change carries, if it is in the list.
    fn shown(&self, row: &projections::ChangedRow) -> Option<Arc<Self::Row>>;
}

/// Each row of the list that changed after a position, as it was after the change or later. A slow subscriber receives
/// only the newest state of a row. A busy list is sent in bursts ([`Pace`]). Boxed, because the stream of a field would
/// otherwise keep the future that makes it.
pub fn follow<L: List>(
    services: Arc<Services>,
    scope: Scope,
    list: L,
    after: Option<Position>,
) -> BoxStream<'static, Result<RowChange<L::Row>, ApiError>> {
    let changes = try_stream! {
        let mut batches = batches(&services, list.projection(), list.topics(), after).boxed();
        let (mut removed, mut pace) = (RemovedRows::default(), Pace::new(Instant::now()));
        loop {
            if let Some(wait) = pace.wait(Instant::now()) {
                tokio::time::sleep(wait).await;
            }
            let Some(batch) = batches.next().await else { break };
            let batch = latest_changes(batch?.into_iter().filter_map(|change| about(&list, change)));
            let unread = batch.iter().filter(|row| {
                matches!(row.change.row, projections::ChangedRow::Unread) && row.change.ends_rows_of().is_none()
            });
            let ids: Vec<String> = unread.map(|row| row.id.clone()).collect();
            let rows = if ids.is_empty() { Vec::new() } else { loaded(&list, &services, &scope, ids).await? };
            let rows: HashMap<String, Arc<L::Row>> =
                rows.into_iter().map(|row| (row.id().to_owned(), Arc::new(row))).collect();
            for latest in batch {
                let row = match &latest.change.row {
                    projections::ChangedRow::Unread => rows.get(&latest.id).cloned(),
                    row => list.shown(row).filter(|row| row.is_in(&scope)),
                };
                if let Some(change) = row_change(latest, row, &mut removed) {
                    pace.sent(1);
                    yield change;
                }
            }
        }
    };
    changes.boxed()
}

/// Loads rows, and waits for a database that is busy: a subscriber who begins anew costs it more than one who waits.
async fn loaded<L: List>(
    list: &L,
    services: &Services,
    scope: &Scope,
    ids: Vec<String>,
) -> Result<Vec<L::Row>, projections::Error> {
    let started = Instant::now();
    loop {
        match list.load(services, scope, ids.clone()).await {
            Err(projections::Error::Database(error))
                if matches!(Trouble::from(&error), Trouble::Unavailable) && started.elapsed() < PATIENCE =>
            {
                tokio::time::sleep(RETRY_AFTER).await;
            }
            loaded => return loaded,
        }
    }
}

/// The id of the row that the event may have changed, or of the cluster whose rows are gone.
fn about<L: List>(list: &L, change: Arc<Change>) -> Option<(Arc<Change>, String)> {
    if let Some(cluster) = change.ends_rows_of() {
        let id = cluster.to_owned();
        return list.cluster().is_none_or(|of| of == id).then_some((change, id));
    }
    let id = change.object.as_ref()?.id();
    // Evaluated as if the row existed: some events never change a row.
    let may_change = change.kind(Some(0)).is_some() && list.may_hold(&change);
    may_change.then_some((change, id))
}

/// The changes of one row in a batch.
struct LatestChange {
    /// The last change.
    change: Arc<Change>,
    id: String,
    /// The position of the first change.
    first: i64,
}

/// The last change of each row, ordered by position. Its row already includes the changes before it.
fn latest_changes(batch: impl Iterator<Item = (Arc<Change>, String)>) -> Vec<LatestChange> {
    let mut rows: HashMap<String, LatestChange> = HashMap::new();
    for (change, id) in batch {
        let first = rows.get(&id).map_or(change.position(), |before| before.first);
        rows.insert(id.clone(), LatestChange { change, id, first });
    }
    let mut rows: Vec<LatestChange> = rows.into_values().collect();
    rows.sort_by_key(|latest| latest.change.position());
    rows
}

fn row_change<R: Row>(latest: LatestChange, row: Option<Arc<R>>, removed: &mut RemovedRows) -> Option<RowChange<R>> {
    let LatestChange { change, id, first } = latest;
    if change.ends_rows_of().is_some() {
        return Some(RowChange { position: change.position(), kind: ChangeKind::Removed, id, row: None });
    }
    let kind = change.kind(Some(row.as_ref().map_or(0, |row| row.added_position())))?;
    let (kind, row) = match (kind, row) {
        (Kind::Added | Kind::Changed, Some(row)) => {
            removed.remove(&id);
            let is_new = row.added_position() >= first;
            (if is_new { Kind::Added } else { kind }, Some(row))
        }
        _ if removed.insert(&id) => (Kind::Removed, None),
        _ => return None,
    };
    Some(RowChange { position: change.position(), kind: kind.into(), id, row })
}

/// The rows whose removal was sent to a subscriber, so that it is sent once.
#[derive(Default)]
pub struct RemovedRows(HashSet<String>);

impl RemovedRows {
    /// The row is in the list again.
    pub fn remove(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// Whether the removal was not sent before.
    pub fn insert(&mut self, id: &str) -> bool {
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        self.0.insert(id.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        core::{
            actor::Actor,
            envelope::Metadata,
            event::Recorded,
            ids::{ClusterId, EventId},
        },
        kubernetes::observed::ObservedEvent,
        platform::cluster::ClusterEvent,
    };

    fn change(position: i64, version: i64, event: ObservedEvent) -> (Arc<Change>, String) {
        let stream = "observed:dev/shop/Pod/web".to_owned();
        let recorded = Recorded {
            position,
            id: EventId(uuid::Uuid::from_u128(1)),
            stream,
            version,
            event_type: String::new(),
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            metadata: Metadata::by(Actor::system("test")),
            event: event.into(),
        };
        (Arc::new(Change::from(Arc::new(recorded))), "web".to_owned())
    }

    struct Seen(i64);

    impl Row for Seen {
        fn id(&self) -> &'static str {
            "web"
        }

        fn added_position(&self) -> i64 {
            self.0
        }

        fn is_in(&self, _: &Scope) -> bool {
            true
        }
    }

    #[test]
    fn a_batch_yields_the_latest_change_of_each_row() {
        let seen = |position| change(position, position, observed());
        let change_of = |batch: Vec<(Arc<Change>, String)>, added| {
            let mut rows = latest_changes(batch.into_iter());
            assert_eq!(rows.len(), 1);
            let change = row_change(rows.remove(0), Some(Arc::new(Seen(added))), &mut RemovedRows::default());
            change.map(|change| (change.position, change.kind))
        };
        assert_eq!(change_of(vec![seen(5), seen(6), seen(7)], 5), Some((7, ChangeKind::Added)));
        assert_eq!(change_of(vec![seen(5), seen(6)], 3), Some((6, ChangeKind::Changed)));
        let gone = ObservedEvent::PodGone { uid: "u".to_owned() };
        let mut rows = latest_changes(vec![seen(5), change(6, 6, gone)].into_iter());
        let change = row_change::<Seen>(rows.remove(0), None, &mut RemovedRows::default());
        assert_eq!(change.map(|change| (change.position, change.kind)), Some((6, ChangeKind::Removed)));
    }

    fn observed() -> ObservedEvent {
        ObservedEvent::NamespaceObserved {
            uid: "u".to_owned(),
            resource_version: "1".to_owned(),
            created_at: chrono::DateTime::UNIX_EPOCH,
            phase: "Active".to_owned(),
        }
    }

    #[test]
    fn the_rows_of_a_removed_cluster_leave_at_once() {
        let (mut removed_cluster, _) = change(7, 1, observed());
        let recorded = Arc::unwrap_or_clone(Arc::unwrap_or_clone(removed_cluster.clone()).recorded);
        let event = ClusterEvent::ClusterRemoved { cluster: ClusterId::from_name("dev") };
        removed_cluster = Arc::new(Change::from(Arc::new(Recorded { event: event.into(), ..recorded })));
        let id = removed_cluster.ends_rows_of().expect("its rows go").to_owned();
        let mut rows = latest_changes(vec![change(6, 6, observed()), (removed_cluster, id)].into_iter());
        let last = rows.pop().expect("that of the cluster");
        let change = row_change::<Seen>(last, None, &mut RemovedRows::default()).expect("it is told");
        assert_eq!((change.position, change.kind, change.id.as_str()), (7, ChangeKind::Removed, "dev"));
    }

    #[test]
    fn a_row_leaves_once_until_it_comes_back() {
        let mut removed = RemovedRows::default();
        assert!(removed.insert("a") && !removed.insert("a"));
        removed.remove("a");
        assert!(removed.insert("a"));
    }
}
