//! What the database cannot store or compare is refused as bad input that names its field, and never as an outage.

use crate::mutations::{created, until_seen};
use anyhow::{Context, Result};
use async_graphql_parser::{
    parse_schema,
    types::{InputValueDefinition, TypeKind, TypeSystemDefinition},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Gateway, Start},
    socket::{Heard, Socket},
};

const SCHEMA: &str = include_str!("../../gateway/schema.graphql");

fn refused(errors: &Value) -> (Option<&str>, Option<&str>) {
    let extension = |name: &str| errors.pointer(&format!("/0/extensions/{name}")).and_then(Value::as_str);
    (extension("code"), extension("field"))
}

/// The inputs of the schema that are times, as `Type.field`.
fn times() -> BTreeSet<String> {
    let document = parse_schema(SCHEMA).expect("the schema");
    let is_time = |input: &InputValueDefinition| input.ty.node.to_string().trim_end_matches('!') == "DateTime";
    let types = document.definitions.iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(found) => Some(&found.node),
        TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
    });
    let inputs = types.flat_map(|found| match &found.kind {
        TypeKind::InputObject(object) => {
            let times = object.fields.iter().map(|field| &field.node).filter(|field| is_time(field));
            times.map(|field| format!("{}.{}", found.name.node, field.name.node)).collect()
        }
        TypeKind::Object(object) => {
            let fields = object.fields.iter().map(|field| &field.node);
            let times = fields.flat_map(|field| field.arguments.iter().map(|argument| &argument.node));
            times.filter(|argument| is_time(argument)).map(|argument| argument.name.node.to_string()).collect()
        }
        _ => Vec::new(),
    });
    inputs.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_out_of_range_is_bad_input_in_every_argument() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let lists = [("OperationFilter", "operations"), ("AuditFilter", "auditEvents")];
    let tried = lists.iter().flat_map(|(of_type, _)| ["since", "until"].map(|field| format!("{of_type}.{field}")));
    let tried = tried.chain(["PodLogInput.sinceTime".to_owned()]);
    assert_eq!(times(), tried.collect(), "every time of the schema is tried");
    for (of_type, list) in lists {
        for field in ["since", "until"] {
            for time in ["-200000-01-01T00:00:00Z", "+200000-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "soon", "\0"] {
                let query = format!("query($f: {of_type}) {{ {list}(filter: $f) {{ totalCount nodes {{ id }} }} }}");
                let answer = gateway.ask(&query, json!({"f": {field: time}})).await?;
                assert_eq!(refused(&answer["errors"]), (Some("BAD_INPUT"), Some(field)), "{list} {time}: {answer}");
                let literal = format!("{{ {list}(filter: {{{field}: {}}}) {{ totalCount }} }}", json!(time));
                let answer = gateway.ask(&literal, json!({})).await?;
                assert_eq!(refused(&answer["errors"]), (Some("BAD_INPUT"), Some(field)), "{literal}: {answer}");
            }
        }
    }
    let mut socket = Socket::greet(&gateway.url, &gateway.token().await?).await?;
    let feed = "subscription($f: AuditFilter, $p: Position) { auditEventRecorded(filter: $f, after: $p) { position } }";
    for (variables, field) in [
        (json!({"f": {"since": "+200000-01-01T00:00:00Z"}}), "since"),
        (json!({"f": {"search": "a\0"}}), "search"),
        (json!({"p": "-1"}), "p"),
        (json!({"p": "9223372036854775808"}), "p"),
    ] {
        socket.subscribe("1", feed, variables.clone()).await?;
        let Heard::Message(found) = socket.hear().await? else { anyhow::bail!("the socket ended: {variables}") };
        assert_eq!(refused(&found["payload"]), (Some("BAD_INPUT"), Some(field)), "{found}");
    }
    let log = "subscription($i: PodLogInput!) { podLog(input: $i) { line } }";
    for time in ["+200000-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "soon"] {
        socket.subscribe("1", log, json!({"i": {"pod": "Pod~dev~team~web-1", "sinceTime": time}})).await?;
        let Heard::Message(found) = socket.hear().await? else { anyhow::bail!("the socket ended: {time}") };
        assert_eq!(refused(&found["payload"]), (Some("BAD_INPUT"), Some("sinceTime")), "{found}");
    }
    socket.subscribe("1", feed, json!({"p": i64::MAX.to_string()})).await?;
    let Heard::Message(found) = socket.hear().await? else { anyhow::bail!("the socket ended") };
    assert_eq!(refused(&found["payload"]["errors"]).0, Some("NOT_YET"), "the last position there can be: {found}");
    drop((socket, gateway));
    database.drop().await;
    Ok(())
}

/// Each list, as it stands in a document with the variables `$w` and `$after`, and what closes it.
const LISTS: [(&str, &str); 15] = [
    ("workloads(first: 1, after: $after)", ""),
    ("workloads(first: 1, after: $after, orderBy: {field: STATE, direction: DESC})", ""),
    ("workloads(first: 1, after: $after, orderBy: {field: CREATED_AT})", ""),
    ("pods(first: 1, after: $after)", ""),
    ("objects(first: 1, after: $after)", ""),
    ("objects(first: 1, after: $after, orderBy: {field: CREATED_AT, direction: DESC})", ""),
    ("kinds(cluster: \"dev\", first: 1, after: $after)", ""),
    ("operations(first: 1, after: $after)", ""),
    ("auditEvents(first: 1, after: $after)", ""),
    ("namespaces(first: 1, after: $after)", ""),
    ("clusters(first: 1, after: $after)", ""),
    ("workload(id: $w) { pods(first: 1, after: $after)", "}"),
    ("workload(id: $w) { operations(first: 1, after: $after)", "}"),
    ("object(id: $w) { operations(first: 1, after: $after)", "}"),
    ("node(id: $w) { ... on Workload { operations(first: 1, after: $after)", "} }"),
];

/// Asks for parts of a list.
async fn ask(gateway: &Gateway, list: (&str, &str), parts: &str, workload: &str, after: Option<&str>) -> Result<Value> {
    let (begin, end) = list;
    let query =
        format!("query($w: ID!, $after: String) {{ {begin} {{ {parts} }} {end} w: workload(id: $w) {{ id }} }}");
    gateway.ask(&query, json!({"w": workload, "after": after})).await
}

/// Cursors that nothing gives: this one with a NUL or a far time in its key, and such that are none.
fn poisoned(cursor: &str) -> Vec<String> {
    let mut wrong = vec![String::new(), "x".to_owned(), "\u{1F41F}".to_owned(), "W10".to_owned(), format!("{cursor}x")];
    let Some(Value::Array(parts)) =
        BASE64_URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|json| serde_json::from_slice(&json).ok())
    else {
        return wrong;
    };
    let with_key = |key: Value| BASE64_URL_SAFE_NO_PAD.encode(json!([parts[0], key]).to_string());
    if let Value::Array(key) = &parts[1] {
        for (nth, part) in key.iter().enumerate().filter(|(_, part)| part.is_string()) {
            let text = part.as_str().unwrap_or_default();
            for replaced in [format!("{text}\0"), "\0".to_owned()] {
                let mut key = key.clone();
                key[nth] = replaced.into();
                wrong.push(with_key(key.into()));
            }
            // Only a key that is a time is out of its range.
            if text.parse::<chrono::DateTime<chrono::Utc>>().is_ok() {
                for far in ["-200000-01-01T00:00:00Z", "+200000-01-01T00:00:00Z"] {
                    let mut key = key.clone();
                    key[nth] = far.into();
                    wrong.push(with_key(key.into()));
                }
            }
        }
    }
    wrong.extend([json!(null), json!({}), json!(1.5), json!([[["a"]]]), json!(u64::MAX)].map(with_key));
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_cursor_is_bad_input_also_for_a_count() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("cursors").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let workload = created(&gateway, &namespace, "web").await?;
    for list in LISTS {
        let page = ask(&gateway, list, "pageInfo { endCursor }", &workload, None).await?;
        let cursor = found(&page["data"], "endCursor").with_context(|| format!("{}: {page}", list.0))?;
        for wrong in poisoned(&cursor) {
            for parts in ["totalCount", "nodes { id } totalCount", "pageInfo { hasNextPage }"] {
                let answer = ask(&gateway, list, parts, &workload, Some(&wrong)).await?;
                let outcome = refused(&answer["errors"]);
                assert_eq!(outcome, (Some("BAD_INPUT"), Some("after")), "{} after {wrong}: {answer}", list.0);
            }
        }
        let next = ask(&gateway, list, "totalCount", &workload, Some(&cursor)).await?;
        assert!(next.get("errors").is_none(), "its own cursor is understood: {next}");
    }
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}

/// The text of this field, wherever it is.
fn found(value: &Value, field: &str) -> Option<String> {
    let Value::Object(fields) = value else { return None };
    let own = fields.get(field).and_then(Value::as_str).map(str::to_owned);
    own.or_else(|| fields.values().find_map(|value| found(value, field)))
}
