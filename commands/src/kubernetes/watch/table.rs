//! Lists and watches one kind as the server's own table, so that one request gives each object and what the server prints of
//! it.
//!
//! The steps are those of the watcher of kube-rs, which reads no tables: a list in pages, then watches from its revision, each
//! ended by the server after a while, and a new list where a revision has expired.

use super::{SILENCE, fresh::NewestRevision, unreadable::refusal_of_watch};
use crate::kubernetes::{
    columns::{Columns, Definition},
    discovery::{ServedKind, number_of},
    observe::Row,
};
use async_stream::stream;
use futures::{Stream, StreamExt, stream::BoxStream};
use http::{Request, header::ACCEPT};
use kube::{Client, core::WatchEvent, runtime::watcher};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};

/// How long one page of a list may take.
const LIST_LIMIT: Duration = Duration::from_secs(30);
/// How long a watch may take to begin.
const START_LIMIT: Duration = Duration::from_secs(20);
/// The server ends a watch after [`SILENCE`]. Later, the connection is dead.
const IDLE: Duration = Duration::from_secs(SILENCE as u64 + 5);
/// Before a watch that has ended begins again: a server may end each at once.
const AGAIN: Duration = Duration::from_millis(100);
/// Objects in the first page of a list. The sizes of the following ones depend on how long the objects are.
const FIRST_PAGE: usize = 20;
/// Objects in a page, at most.
const LARGEST_PAGE: usize = 500;
/// Bytes that a page should have. Read, it takes several times as many, and several lists run at the same time.
const PAGE_BYTES: usize = 1 << 20;

/// Without plain objects as a second choice: a server that cannot do tables must say so.
const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io";
const PLAIN: &str = "application/json";
const METADATA: &str = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
const METADATA_LIST: &str = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

type Event = watcher::Event<Row>;
type Changes = BoxStream<'static, kube::Result<WatchEvent<Value>>>;

/// Reads one kind.
pub(super) struct Reader {
    client: Client,
    kind: ServedKind,
    newest: NewestRevision,
    /// Permits for lists that run at the same time.
    lists: Arc<Semaphore>,
    /// Whether the server makes tables of this kind.
    has_tables: bool,
    /// Those of the last table that described them: in a watch, only the first one does.
    columns: Columns,
    page: usize,
}

/// A table, or a list of plain objects from a server that makes no tables.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Page {
    metadata: Metadata,
    column_definitions: Option<Vec<Definition>>,
    rows: Option<Vec<TableRow>>,
    items: Option<Vec<Value>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metadata {
    resource_version: String,
    #[serde(rename = "continue")]
    next: String,
    remaining_item_count: Option<u64>,
}

#[derive(Deserialize)]
struct TableRow {
    #[serde(default)]
    cells: Vec<Value>,
    #[serde(default)]
    object: Value,
}

impl Reader {
    pub fn new(client: Client, kind: ServedKind, newest: NewestRevision, lists: Arc<Semaphore>) -> Self {
        let client = newest.client(client);
        let (columns, page) = (Columns::default(), FIRST_PAGE);
        Self { client, kind, newest, lists, has_tables: true, columns, page }
    }

    /// The number of objects.
    pub async fn count(&mut self) -> kube::Result<u64> {
        let lists = Arc::clone(&self.lists);
        let _listing = lists.acquire().await;
        let (page, _) = self.page_of(1, "").await?;
        let first = page.rows.map(|rows| rows.len()).or(page.items.map(|items| items.len())).unwrap_or_default();
        Ok(number_of(first, &page.metadata.next, page.metadata.remaining_item_count))
    }

    /// Lists and watches, for ever. After an error, the caller waits before it asks for more.
    pub fn rows(mut self) -> impl Stream<Item = watcher::Result<Event>> + Send {
        stream! {
            loop {
                let lists = Arc::clone(&self.lists);
                let listing = lists.acquire().await;
                let mut page = self.next_page("").await;
                // Not before the server answers: an event that is no error ends the growth of the pauses.
                if page.is_ok() {
                    yield Ok(Event::Init);
                }
                let listed = loop {
                    match page {
                        Ok(found) => {
                            let (revision, next) = (found.metadata.resource_version.clone(), found.metadata.next.clone());
                            for row in self.read(found) {
                                yield Ok(Event::InitApply(row));
                            }
                            if next.is_empty() {
                                break Ok(revision);
                            }
                            page = self.next_page(&next).await;
                        }
                        Err(error) => break Err(watcher::Error::InitialListFailed(error)),
                    }
                };
                drop(listing);
                let mut revision = match listed {
                    Ok(revision) if revision.is_empty() => {
                        yield Err(watcher::Error::NoResourceVersion);
                        continue;
                    }
                    Ok(revision) => revision,
                    Err(error) => {
                        yield Err(error);
                        continue;
                    }
                };
                yield Ok(Event::InitDone);
                let mut was_refused = false;
                'watching: loop {
                    let mut changes = match self.changes(&revision).await {
                        // That the kind may be read again is told by a list alone.
                        Ok(_) if was_refused => break 'watching,
                        Ok(changes) => changes,
                        Err(error) => {
                            let error = watcher::Error::WatchStartFailed(error);
                            was_refused |= refusal_of_watch(&error).is_some();
                            yield Err(error);
                            continue;
                        }
                    };
                    while let Some(change) = timeout(IDLE, changes.next()).await.ok().flatten() {
                        let Some(event) = self.event(change, &mut revision).transpose() else { continue };
                        let is_over = event.as_ref().is_err_and(is_expired);
                        yield event;
                        if is_over {
                            break 'watching;
                        }
                    }
                    sleep(AGAIN).await;
                }
            }
        }
    }

    /// A page of the list, after the one with this token.
    async fn next_page(&mut self, token: &str) -> kube::Result<Page> {
        let (page, bytes) = self.page_of(self.page, token).await?;
        let found = page.rows.as_ref().map(Vec::len).or(page.items.as_ref().map(Vec::len)).unwrap_or_default();
        self.page = page_size(found, bytes).unwrap_or(self.page);
        Ok(page)
    }

    /// A page and its length in bytes.
    async fn page_of(&mut self, limit: usize, token: &str) -> kube::Result<(Page, usize)> {
        let after = if token.is_empty() { String::new() } else { format!("&continue={}", encoded(token)) };
        let query = format!("limit={limit}{after}");
        let text = match self.text(&query).await {
            Err(error) if self.has_tables && is_no_table(&error) => {
                tracing::debug!(kind = %self.kind.resource, "watch.no_tables");
                self.has_tables = false;
                self.text(&query).await?
            }
            answer => answer?,
        };
        // The words of a JSON error quote values.
        let page = serde_json::from_str(&text).map_err(|_| failure("the list of the API server cannot be read"))?;
        Ok((page, text.len()))
    }

    async fn text(&self, query: &str) -> kube::Result<String> {
        let request = self.request(query, if self.is_metadata_only() { METADATA_LIST } else { PLAIN })?;
        let answer = timeout(LIST_LIMIT, self.client.request_text(request)).await;
        answer.unwrap_or_else(|_| Err(failure("the API server did not answer a list within 30 s")))
    }

    /// The changes since a revision.
    async fn changes(&self, revision: &str) -> kube::Result<Changes> {
        let query = format!(
            "watch=true&allowWatchBookmarks=true&timeoutSeconds={SILENCE}&resourceVersion={}",
            encoded(revision)
        );
        let request = self.request(&query, if self.is_metadata_only() { METADATA } else { PLAIN })?;
        let started = timeout(START_LIMIT, self.client.request_events::<Value>(request)).await;
        let events = started.unwrap_or_else(|_| Err(failure("the API server did not begin a watch within 20 s")))?;
        Ok(events.boxed())
    }

    fn request(&self, query: &str, plain: &str) -> kube::Result<Request<Vec<u8>>> {
        let (include, accept) = match (self.has_tables, self.is_metadata_only()) {
            (true, true) => ("&includeObject=Metadata", TABLE),
            (true, false) => ("&includeObject=Object", TABLE),
            (false, _) => ("", plain),
        };
        let address = format!("{}?{query}{include}", self.kind.path());
        Request::get(address).header(ACCEPT, accept).body(Vec::new()).map_err(kube::Error::HttpError)
    }

    /// Whether the values of its objects must not enter this process.
    fn is_metadata_only(&self) -> bool {
        self.kind.resource.is_metadata_only()
    }

    /// The watcher's event for a change. None if it only moves the revision on.
    fn event(
        &mut self,
        change: kube::Result<WatchEvent<Value>>,
        revision: &mut String,
    ) -> watcher::Result<Option<Event>> {
        let (object, is_end) = match change {
            Ok(WatchEvent::Added(object) | WatchEvent::Modified(object)) => (object, false),
            Ok(WatchEvent::Deleted(object)) => (object, true),
            Ok(WatchEvent::Bookmark(bookmark)) => {
                let reached = bookmark.metadata.resource_version;
                // A watch from no revision shows what there is, and not what has gone.
                if !reached.is_empty() {
                    *revision = reached;
                }
                return Ok(None);
            }
            Ok(WatchEvent::Error(status)) => return Err(watcher::Error::WatchError(status)),
            Err(error) => return Err(watcher::Error::WatchFailed(error)),
        };
        let unreadable = |_| watcher::Error::WatchFailed(failure("a watch event of the API server cannot be read"));
        let page = if is_table(&object) {
            serde_json::from_value(object).map_err(unreadable)?
        } else {
            Page { items: Some(vec![object]), ..Page::default() }
        };
        let Some(row) = self.read(page).pop() else { return Ok(None) };
        if let Some(seen) = resource_version(&row.object) {
            seen.clone_into(revision);
        }
        Ok(Some(if is_end { Event::Delete(row) } else { Event::Apply(row) }))
    }

    /// The rows of a page.
    fn read(&mut self, page: Page) -> Vec<Row> {
        if let Some(definitions) = page.column_definitions.filter(|definitions| !definitions.is_empty()) {
            self.columns = Columns::of(&self.kind.resource, &definitions);
        }
        let plain = page.items.unwrap_or_default().into_iter().map(|object| TableRow { cells: Vec::new(), object });
        page.rows.unwrap_or_default().into_iter().chain(plain).map(|row| self.row(row)).collect()
    }

    fn row(&self, TableRow { cells, mut object }: TableRow) -> Row {
        if let Some(revision) = resource_version(&object) {
            self.newest.saw(revision);
        }
        if let Some(fields) = object.as_object_mut() {
            if self.is_metadata_only() {
                // Where the server fails to make a row, it sends the object instead.
                fields.retain(|name, _| name == "metadata");
            }
            // The server omits them inside a list, and names another kind for metadata.
            fields.insert("apiVersion".to_owned(), self.kind.api_version().into());
            fields.insert("kind".to_owned(), self.kind.resource.kind().into());
        }
        Row { object, columns: self.columns.cells(&cells) }
    }
}

/// The number of objects of a page that is not too long, by those of the last one. None if it had none.
fn page_size(found: usize, bytes: usize) -> Option<usize> {
    (PAGE_BYTES * found).checked_div(bytes).filter(|_| found > 0).map(|size| size.clamp(FIRST_PAGE / 2, LARGEST_PAGE))
}

fn encoded(value: &str) -> String {
    utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()
}

fn is_table(object: &Value) -> bool {
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    text("kind") == "Table" && text("apiVersion").starts_with("meta.k8s.io/")
}

fn resource_version(object: &Value) -> Option<&str> {
    object.pointer("/metadata/resourceVersion").and_then(Value::as_str).filter(|revision| !revision.is_empty())
}

/// Whether the server cannot make tables: 406, not acceptable.
fn is_no_table(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Api(status) if status.code == 406)
}

/// Whether the revision is too old to be watched from.
fn is_expired(error: &watcher::Error) -> bool {
    matches!(error, watcher::Error::WatchError(status) if status.code == 410)
        || matches!(error, watcher::Error::WatchFailed(kube::Error::Api(status)) if status.code == 410)
}

fn failure(message: &str) -> kube::Error {
    kube::Error::Service(message.into())
}

#[cfg(test)]
mod tests;
