use super::*;
use kube::client::Body;
use serde_json::json;
use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

const COLUMNS: &str = r#"[{"name": "Name", "type": "string", "format": "name", "description": "", "priority": 0},
    {"name": "Status", "type": "string", "format": "", "description": "", "priority": 0}]"#;

fn row(name: &str, revision: &str) -> Value {
    let object = json!({"kind": "Widget", "apiVersion": "example.org/v1",
        "metadata": {"name": name, "resourceVersion": revision}, "data": {"a": "value"}});
    json!({"cells": [name, "Ready"], "object": object})
}

fn table(metadata: Value, columns: &str, rows: &[Value]) -> Value {
    let columns: Value = serde_json::from_str(columns).expect("columns");
    json!({"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "columnDefinitions": columns, "rows": rows})
}

fn change(kind: &str, object: &Value) -> String {
    format!("{}\n", json!({"type": kind, "object": object}))
}

/// A reader of a server that answers as `answer` says, by query and media type. Also gives the queries that come in.
fn reader(
    kind: &str,
    answer: impl Fn(&str, &str) -> (u16, String) + Send + 'static,
) -> (Reader, Arc<Mutex<Vec<String>>>) {
    let queries = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&queries);
    let service = tower::service_fn(move |request: Request<Body>| {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (status, body) = answer(&query, accept);
        seen.lock().expect("no panic").push(query);
        async move { http::Response::builder().status(status).body(Body::from(body.into_bytes())) }
    });
    let kind = ServedKind {
        resource: kind.parse().expect("a kind"),
        version: "v1".to_owned(),
        plural: "widgets".to_owned(),
        namespaced: true,
        verbs: Vec::new(),
        short_names: Vec::new(),
        categories: Vec::new(),
        is_custom: true,
    };
    let lists = Arc::new(Semaphore::new(1));
    (Reader::new(Client::new(service, "default"), kind, NewestRevision::default(), lists), queries)
}

/// An event as a line: what it is, the object, and its columns.
fn line(event: &watcher::Result<Event>) -> String {
    let of = |what: &str, row: &Row| {
        let name = row.object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        format!("{what} {name} {:?}", row.columns.values().collect::<Vec<_>>())
    };
    match event {
        Ok(watcher::Event::Init) => "begins".to_owned(),
        Ok(watcher::Event::InitApply(row)) => of("has", row),
        Ok(watcher::Event::InitDone) => "ends".to_owned(),
        Ok(watcher::Event::Apply(row)) => of("is", row),
        Ok(watcher::Event::Delete(row)) => of("was", row),
        Err(error) => format!("fails: {error}"),
    }
}

async fn first(reader: Reader, count: usize) -> Vec<String> {
    reader.rows().take(count).map(|event| line(&event)).collect().await
}

#[tokio::test]
async fn pages_and_changes_are_rows_and_an_expired_revision_begins_anew() {
    let lists = AtomicUsize::new(0);
    let (reader, queries) = reader("Widget.example.org", move |query, _| {
        let text = if query.contains("continue=t%2F1") {
            table(json!({"resourceVersion": "7"}), "null", &[row("b", "6")]).to_string()
        } else if !query.contains("watch=true") {
            let revision = if lists.fetch_add(1, Ordering::Relaxed) == 0 { "7" } else { "20" };
            table(json!({"resourceVersion": revision, "continue": "t/1"}), COLUMNS, &[row("a", "5")]).to_string()
        } else if query.contains("resourceVersion=7") {
            let bookmark = table(json!({"resourceVersion": "9"}), "null", &[row("", "9")]);
            [
                change("ADDED", &table(json!({"resourceVersion": "8"}), COLUMNS, &[row("c", "8")])),
                change("DELETED", &table(json!({"resourceVersion": "9"}), "null", &[row("a", "9")])),
                change("BOOKMARK", &bookmark),
            ]
            .concat()
        } else {
            return (410, String::new());
        };
        (200, text)
    });
    let lines = first(reader, 8).await;
    let expired =
        "fails: error returned by apiserver during watch: the revision is too old to be watched from: Expired";
    let shown =
        ["begins", r#"has a ["Ready"]"#, r#"has b ["Ready"]"#, "ends", r#"is c ["Ready"]"#, r#"was a ["Ready"]"#];
    assert_eq!(lines, [&shown[..], &[expired, "begins"]].concat());
    let queries = queries.lock().expect("no panic").join("\n");
    assert!(queries.contains("limit=20&includeObject=Object") && queries.contains("resourceVersion=9"), "{queries}");
}

#[tokio::test]
async fn a_list_that_fails_in_the_middle_begins_anew() {
    let (reader, _) = reader("Widget.example.org", |query, _| {
        if query.contains("continue=t") {
            return (410, r#"{"kind": "Status", "code": 410, "message": "too old"}"#.to_owned());
        }
        (200, table(json!({"resourceVersion": "7", "continue": "t"}), COLUMNS, &[row("a", "5")]).to_string())
    });
    let lines = first(reader, 4).await;
    assert!(lines[2].starts_with("fails: "), "{lines:?}");
    assert_eq!([&lines[..2], &lines[3..]].concat(), ["begins", r#"has a ["Ready"]"#, "begins"]);
}

#[tokio::test]
async fn a_watch_that_was_refused_and_is_not_any_more_begins_with_a_list() {
    let watches = AtomicUsize::new(0);
    let (reader, _) = reader("Widget.example.org", move |query, _| {
        if !query.contains("watch=true") {
            return (200, table(json!({"resourceVersion": "7"}), COLUMNS, &[]).to_string());
        }
        if watches.fetch_add(1, Ordering::Relaxed) == 0 {
            return (403, r#"{"kind": "Status", "code": 403, "message": "no"}"#.to_owned());
        }
        (200, String::new())
    });
    let lines = first(reader, 5).await;
    assert!(lines[2].starts_with("fails: "), "{lines:?}");
    assert_eq!([&lines[..2], &lines[3..]].concat(), ["begins", "ends", "begins", "ends"]);
}

#[tokio::test]
async fn a_bookmark_without_a_revision_moves_nothing_on() {
    let (mut reader, _) = reader("Widget.example.org", |_, _| (503, String::new()));
    let mut revision = "7".to_owned();
    for (reached, expected) in [("", "7"), ("9", "9")] {
        let bookmark = change("BOOKMARK", &table(json!({"resourceVersion": reached}), "null", &[]));
        let bookmark = serde_json::from_str(&bookmark).expect("a watch event");
        assert!(reader.event(Ok(bookmark), &mut revision).is_ok_and(|event| event.is_none()));
        assert_eq!(revision, expected);
    }
}

#[tokio::test]
async fn a_server_without_tables_is_asked_for_plain_objects() {
    let answer = |query: &str, accept: &str| {
        if accept.contains("as=Table") {
            return (406, r#"{"kind": "Status", "code": 406, "message": "no tables"}"#.to_owned());
        }
        assert!(!query.contains("includeObject"), "{query}");
        let object = json!({"metadata": {"name": "a", "resourceVersion": "5"}});
        if query.contains("watch=true") {
            return (200, change("MODIFIED", &object));
        }
        (200, json!({"kind": "WidgetList", "metadata": {"resourceVersion": "5"}, "items": [object]}).to_string())
    };
    let lines = first(reader("Widget.example.org", answer).0, 4).await;
    assert_eq!(lines, ["begins", "has a []", "ends", "is a []"]);
}

#[tokio::test]
async fn of_a_secret_no_value_is_kept_whatever_the_server_sends() {
    let (reader, queries) = reader("Secret", |query, accept| {
        assert!(accept == TABLE, "{accept}");
        let object =
            json!({"kind": "Secret", "data": {"a": "aHVudGVyMg=="}, "metadata": {"name": "s", "resourceVersion": "5"}});
        if query.contains("watch=true") {
            return (200, change("ADDED", &object));
        }
        let row = json!({"cells": ["s", "Opaque"], "object": object});
        (200, table(json!({"resourceVersion": "5"}), COLUMNS, &[row]).to_string())
    });
    let events: Vec<_> = reader.rows().take(4).collect().await;
    let wanted = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "resourceVersion": "5"}});
    let rows = events.iter().filter_map(|event| match event {
        Ok(watcher::Event::InitApply(row) | watcher::Event::Apply(row)) => Some(&row.object),
        _ => None,
    });
    assert!(rows.eq([&wanted, &wanted]), "{events:?}");
    assert!(queries.lock().expect("no panic").iter().all(|query| query.contains("includeObject=Metadata")));
}

#[tokio::test]
async fn objects_are_counted_by_the_first_and_the_rest() {
    let of = |metadata: Value| {
        let text = table(metadata, COLUMNS, &[row("a", "5")]).to_string();
        reader("Widget.example.org", move |_, _| (200, text.clone())).0
    };
    let revision = |rest: Value| {
        let mut metadata = json!({"resourceVersion": "7"});
        metadata.as_object_mut().expect("fields").extend(rest.as_object().cloned().unwrap_or_default());
        metadata
    };
    for (rest, count) in
        [(json!({}), 1), (json!({"continue": "t", "remainingItemCount": 41}), 42), (json!({"continue": "t"}), u64::MAX)]
    {
        assert_eq!(of(revision(rest)).count().await.expect("it answers"), count);
    }
}

#[tokio::test]
async fn what_is_no_list_is_an_error_that_quotes_nothing() {
    let (reader, _) = reader("Widget.example.org", |_, _| (200, r#"{"metadata": {}, "rows": "hunter2"}"#.to_owned()));
    let lines = first(reader, 2).await;
    assert!(lines.iter().all(|line| line.starts_with("fails: ") && !line.contains("hunter2")), "{lines:?}");
}

#[test]
fn long_objects_come_in_small_pages() {
    assert_eq!(page_size(20, 20 * 1000), Some(LARGEST_PAGE));
    assert_eq!(page_size(20, 20 * 10_000), Some(104));
    assert_eq!(page_size(20, 20 * 2_000_000), Some(FIRST_PAGE / 2));
    assert_eq!((page_size(0, 300), page_size(0, 0)), (None, None));
}
