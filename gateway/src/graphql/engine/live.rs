//! What subscriptions have in common: the changes of the read model in batches, so that rows which did not come with them
//! are loaded together, and the memory of which rows a subscriber has been told are not in the list.

mod pace;

use super::{error::Fault, scalar::Position};
use crate::graphql::context::Services;
use async_graphql::Enum;
use async_stream::try_stream;
use domain::access::Scope;
use futures::{FutureExt, Stream, StreamExt, future::BoxFuture, stream::BoxStream};
use pace::Pace;
use projections::{Change, ChangeKind as Kind, Projection, Topic};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Instant,
};

/// Changes of one batch at most: what comes together in a busy list while its client waits for the next burst.
const BATCH: usize = 1024;
/// More rows than this are not remembered; forgetting one costs a repeated message and nothing else.
const REMEMBERED: usize = 20_000;

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "projections::ChangeKind")]
pub enum ChangeKind {
    Added,
    Changed,
    Removed,
}

/// Each event after a position that a list is made of and has taken in, or from now on.
pub fn changes(
    services: &Services,
    of: &'static dyn Projection,
    topics: Vec<Topic>,
    after: Option<Position>,
) -> impl Stream<Item = Result<Arc<Change>, projections::Error>> + Send + use<> {
    services.projections.changes(of, topics, after.map(|position| position.0))
}

/// The changes after a position in batches: as many as are there, at least one. Ends after an error, which comes when all that
/// came before it has been told. Each stream is boxed by the next: one that holds another within itself has room for it twice.
pub fn batches(
    services: &Services,
    of: &'static dyn Projection,
    topics: Vec<Topic>,
    after: Option<Position>,
) -> impl Stream<Item = Result<Vec<Arc<Change>>, Fault>> + Send + use<> {
    let mut changes = changes(services, of, topics, after).boxed();
    try_stream! {
        while let Some(first) = changes.next().await {
            let first = first?;
            // Grown as needed, not made for a full batch: there is one for each subscriber.
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

/// Where changes of objects in these namespaces are told; in all, if none is named.
pub fn topics_of(namespaces: &[String]) -> Vec<Topic> {
    let each = namespaces.iter().cloned().map(Topic::Namespace).collect();
    if namespaces.is_empty() { vec![Topic::Everything] } else { each }
}

/// A row that is shown in a list.
pub trait Row: Send + Sync + 'static {
    fn id(&self) -> &str;
    /// Where this incarnation was first seen.
    fn added_position(&self) -> i64;
    fn is_in(&self, scope: &Scope) -> bool;
}

/// What became of one row of a list.
pub struct RowChange<R> {
    pub position: i64,
    pub kind: ChangeKind,
    pub id: String,
    /// `None` when it is gone from the list.
    pub row: Option<Arc<R>>,
}

/// Which rows somebody follows.
pub trait List: Send + Sync + 'static {
    type Row: Row;

    /// What it is made by.
    fn projection(&self) -> &'static dyn Projection;

    /// Where all changes of its rows are told.
    fn topics(&self) -> Vec<Topic>;

    /// Whether the event may be about a row of the list, as far as the event alone tells.
    fn may_hold(&self, change: &Change) -> bool;

    /// Those of `ids` that are in the list and in the scope now. For events that nobody has loaded rows for.
    fn load<'a>(
        &'a self,
        services: &Services,
        scope: &'a Scope,
        ids: Vec<String>,
    ) -> BoxFuture<'a, Result<Vec<Self::Row>, projections::Error>>;

    /// The row that a change came with, if it is in the list.
    fn shown(&self, row: &projections::ChangedRow) -> Option<Arc<Self::Row>>;
}

/// Each row of the list that an event after a position changed, as it was after that event, or later. Who reads more slowly
/// than a row changes is told of its newest state only; a list that changes without pause is told of in bursts. Boxed, because
/// the stream of a field keeps room for the future that makes it beside the one that it made.
pub fn follow<L: List>(
    services: Arc<Services>,
    scope: Scope,
    list: L,
    after: Option<Position>,
) -> BoxStream<'static, Result<RowChange<L::Row>, Fault>> {
    let changes = try_stream! {
        let mut batches = batches(&services, list.projection(), list.topics(), after).boxed();
        let (mut told, mut pace) = (Told::default(), Pace::new(Instant::now()));
        loop {
            if let Some(wait) = pace.wait(Instant::now()) {
                tokio::time::sleep(wait).await;
            }
            let Some(batch) = batches.next().await else { break };
            let batch = newest(batch?.into_iter().filter_map(|change| about(&list, change)));
            let unread = batch.iter().filter(|row| matches!(row.change.row, projections::ChangedRow::Unread));
            let ids: Vec<String> = unread.map(|row| row.id.clone()).collect();
            let rows = if ids.is_empty() { Vec::new() } else { list.load(&services, &scope, ids).await? };
            let rows: HashMap<String, Arc<L::Row>> =
                rows.into_iter().map(|row| (row.id().to_owned(), Arc::new(row))).collect();
            for newest in batch {
                let row = match &newest.change.row {
                    projections::ChangedRow::Unread => rows.get(&newest.id).cloned(),
                    row => list.shown(row).filter(|row| row.is_in(&scope)),
                };
                if let Some(news) = news(newest, row, &mut told) {
                    pace.told(1);
                    yield news;
                }
            }
        }
    };
    changes.boxed()
}

/// The id of the row that the event may have changed.
fn about<L: List>(list: &L, change: Arc<Change>) -> Option<(Arc<Change>, String)> {
    let id = change.object.as_ref()?.id();
    // Asked as if the row were there: some events never change a row.
    let may_change = change.kind(Some(0)).is_some() && list.may_hold(&change);
    may_change.then_some((change, id))
}

/// What a batch says of one row.
struct Newest {
    /// The last change of it.
    change: Arc<Change>,
    id: String,
    /// The position of the first one.
    first: i64,
}

/// The last change of each row, in the order of their positions: the row that comes with it says all that those before it did.
fn newest(batch: impl Iterator<Item = (Arc<Change>, String)>) -> Vec<Newest> {
    let mut rows: HashMap<String, Newest> = HashMap::new();
    for (change, id) in batch {
        let first = rows.get(&id).map_or(change.position(), |before| before.first);
        rows.insert(id.clone(), Newest { change, id, first });
    }
    let mut rows: Vec<Newest> = rows.into_values().collect();
    rows.sort_by_key(|newest| newest.change.position());
    rows
}

fn news<R: Row>(newest: Newest, row: Option<Arc<R>>, told: &mut Told) -> Option<RowChange<R>> {
    let Newest { change, id, first } = newest;
    let kind = change.kind(Some(row.as_ref().map_or(0, |row| row.added_position())))?;
    let (kind, row) = match (kind, row) {
        (Kind::Added | Kind::Changed, Some(row)) => {
            told.shown(&id);
            let is_new = row.added_position() >= first;
            (if is_new { Kind::Added } else { kind }, Some(row))
        }
        _ if told.removed(&id) => (Kind::Removed, None),
        _ => return None,
    };
    Some(RowChange { position: change.position(), kind: kind.into(), id, row })
}

/// Rows that a subscriber has been told are gone or have left the filter, so that it is not told again and again.
#[derive(Default)]
pub struct Told(HashSet<String>);

impl Told {
    /// The row is in the list.
    pub fn shown(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// Whether this is news.
    pub fn removed(&mut self, id: &str) -> bool {
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
        core::{actor::Actor, envelope::Metadata, event::Recorded, ids::EventId},
        kubernetes::observed::ObservedEvent,
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
    fn of_a_row_that_changed_often_the_newest_state_is_told_and_that_it_is_new() {
        let seen = |position| change(position, position, observed());
        let told = |batch: Vec<(Arc<Change>, String)>, added| {
            let mut rows = newest(batch.into_iter());
            assert_eq!(rows.len(), 1);
            let news = news(rows.remove(0), Some(Arc::new(Seen(added))), &mut Told::default());
            news.map(|news| (news.position, news.kind))
        };
        assert_eq!(told(vec![seen(5), seen(6), seen(7)], 5), Some((7, ChangeKind::Added)));
        assert_eq!(told(vec![seen(5), seen(6)], 3), Some((6, ChangeKind::Changed)));
        let gone = ObservedEvent::PodGone { uid: "u".to_owned() };
        let mut rows = newest(vec![seen(5), change(6, 6, gone)].into_iter());
        let news = news::<Seen>(rows.remove(0), None, &mut Told::default());
        assert_eq!(news.map(|news| (news.position, news.kind)), Some((6, ChangeKind::Removed)));
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
    fn a_row_leaves_once_until_it_comes_back() {
        let mut told = Told::default();
        assert!(told.removed("a") && !told.removed("a"));
        told.shown("a");
        assert!(told.removed("a"));
    }
}
