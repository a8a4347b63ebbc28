//! A change: an event that the read model has applied, with the row that it changed.

use crate::{
    Error,
    engine::{feed::Unreadable, projection::Projection},
};
use domain::{
    core::{
        event::{OfObject, Recorded},
        ids::{ClusterId, OperationId},
    },
    kubernetes::{object::ObjectRef, resource::Resource},
};
use futures::future::BoxFuture;
use sqlx::PgPool;
use std::{any::Any, sync::Arc};

/// An event that the read model has applied.
#[derive(Clone, Debug)]
pub struct Change {
    pub recorded: Arc<Recorded>,
    /// The object of a `target:` or `observed:` stream.
    pub object: Option<ObjectRef>,
    /// The operation that the event belongs to.
    pub operation: Option<OperationId>,
    /// The changed row.
    pub row: ChangedRow,
}

/// The outcome that the reader of changes publishes for an event.
pub(crate) type Published = Result<Arc<Change>, Arc<Unreadable>>;

/// The row that an event changed, loaded once for all subscribers. It has the state after the event, or a later one.
#[derive(Clone, Debug)]
pub enum ChangedRow {
    /// Not loaded: the event was read from the log, changes no row of these tables, or is not applied to them yet.
    Unread,
    /// The row no longer exists.
    Gone,
    /// Of the type that its model has.
    Row(AnyRow),
}

/// A row of any model.
pub type AnyRow = Arc<dyn Any + Send + Sync>;

impl ChangedRow {
    /// The row, if it was loaded and is of this type.
    pub fn of<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        match self {
            Self::Row(row) => Arc::clone(row).downcast().ok(),
            Self::Unread | Self::Gone => None,
        }
    }
}

/// The rows of one model, as changes carry them.
pub trait ChangedRows: Send + Sync {
    fn projection(&self) -> &'static dyn Projection;

    /// Whether objects of this kind have a row of this model.
    fn holds(&self, kind: &Resource) -> bool;

    /// The existing rows among `ids`, with their ids. Loaded for all subscribers: each filters by the scope of its reader.
    fn load<'a>(&'a self, pool: &'a PgPool, ids: &'a [String]) -> BoxFuture<'a, Result<Vec<(String, AnyRow)>, Error>>;
}

/// What an event changed in the row of its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Added,
    Changed,
    Removed,
}

impl From<Arc<Recorded>> for Change {
    fn from(recorded: Arc<Recorded>) -> Self {
        let object = ObjectRef::from_stream(&recorded.stream);
        let operation = recorded.operation();
        Self { recorded, object, operation, row: ChangedRow::Unread }
    }
}

impl Change {
    pub fn position(&self) -> i64 {
        self.recorded.position
    }

    /// The cluster whose rows go with this event, all at once.
    pub fn ends_rows_of(&self) -> Option<&str> {
        self.recorded.event.ends_rows_of().map(ClusterId::as_str)
    }

    /// What the event changed in the row of its object. None if nothing. `added` is the row's `added_position`; None if
    /// there is no row.
    pub fn kind(&self, added: Option<i64>) -> Option<ChangeKind> {
        match self.recorded.event.of_object()? {
            // The number of requests is part of the version that clients send back.
            OfObject::Requested => added.map(|_| ChangeKind::Changed),
            OfObject::Gone => Some(ChangeKind::Removed),
            OfObject::Observed => {
                let is_new = self.recorded.version == 1 || added.is_some_and(|added| added >= self.position());
                Some(if is_new { ChangeKind::Added } else { ChangeKind::Changed })
            }
        }
    }
}

pub(super) fn shared(change: Result<Change, Unreadable>) -> Published {
    change.map(Arc::new).map_err(Arc::new)
}

pub(crate) fn published_position(published: &Published) -> i64 {
    published.as_ref().map_or_else(|event| event.position, |change| change.position())
}

pub(super) fn published_stream(published: &Published) -> &str {
    published.as_ref().map_or_else(|event| event.stream.as_str(), |change| change.recorded.stream.as_str())
}
