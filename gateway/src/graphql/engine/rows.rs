//! The rows of a list as JSON text. A resolver makes a future for every field, which for two hundred rows is most of
//! the cost of a page. If all selected fields belong to the row itself, [`to_json`] gets the row as text. Any other
//! selection, and any other transport, takes the resolver.

use super::error::is_request_error;
use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, Response, ServerError, ServerResult, Value, async_trait,
    parser::types::{ExecutableDocument, Field, Selection, SelectionSet},
    registry::Registry,
};
use serde::Serialize;
use serde_json::ser::Formatter;
use std::{borrow::Cow, collections::HashSet, io};

/// A row that a list can write as text.
pub trait Listed: Sized {
    /// The writer of the field with this schema name, if the field belongs to the row. It writes exactly what the
    /// resolver answers. `of` is the selection in the objects that the field holds. None: the field needs its resolver.
    fn own(_field: &str, _of: Option<&SelectedFields<'_>>) -> Option<Write<Self>> {
        None
    }
}

/// Writes a field of a row as JSON.
pub type Write<T> = Box<dyn Fn(&T, &mut Vec<u8>) -> serde_json::Result<()> + Send + Sync>;

/// Writes a value of a row.
pub fn written<T: 'static, V: Serialize + ?Sized + 'static>(find: fn(&T) -> &V) -> Write<T> {
    Box::new(move |row, text| serde_json::to_writer(text, find(row)))
}

/// Marks a request whose answer goes through [`to_json`] and whose fields are [`distinct`].
pub struct AsText;

/// Whether no object of the answer is selected twice. A repeated object must be merged, which text cannot be.
pub fn distinct(document: &ExecutableDocument, set: &SelectionSet) -> bool {
    adds_to(document, set, &mut HashSet::new())
}

/// Whether none of these fields is already selected for the object.
fn adds_to<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet, known: &mut HashSet<&'a str>) -> bool {
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => {
            known.insert(field.node.response_key().node.as_str()) && distinct(document, &field.node.selection_set.node)
        }
        Selection::FragmentSpread(spread) => document
            .fragments
            .get(&spread.node.fragment_name.node)
            .is_some_and(|fragment| adds_to(document, &fragment.node.selection_set.node, known)),
        Selection::InlineFragment(fragment) => adds_to(document, &fragment.node.selection_set.node, known),
    })
}

/// The answer as JSON. Rows that are already text are copied.
pub fn to_json(response: &Response) -> serde_json::Result<Vec<u8>> {
    let mut text = Vec::with_capacity(1024);
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Verbatim);
    if is_request_error(response) {
        RequestErrors { errors: &response.errors }.serialize(&mut serializer)?;
    } else {
        response.serialize(&mut serializer)?;
    }
    Ok(text)
}

/// The answer to a request that was not executed.
#[derive(Serialize)]
struct RequestErrors<'a> {
    errors: &'a [ServerError],
}

/// Writes a value that is already text.
struct Verbatim;

impl Formatter for Verbatim {
    /// Only such text is a value of bytes.
    fn write_byte_array<W: io::Write + ?Sized>(&mut self, writer: &mut W, text: &[u8]) -> io::Result<()> {
        writer.write_all(text)
    }
}

/// Rows in order. In the schema this is a plain list.
pub struct Rows<T>(pub Vec<T>);

#[async_trait::async_trait]
impl<T: OutputType + Listed> OutputType for Rows<T> {
    fn type_name() -> Cow<'static, str> {
        <Vec<T> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<T> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match ctx.data_opt::<AsText>().and_then(|_| at_once(&self.0, ctx)) {
            Some(text) => Ok(Value::Binary(text.into())),
            None => self.0.resolve(ctx, field).await,
        }
    }
}

fn at_once<T: OutputType + Listed>(rows: &[T], ctx: &ContextSelectionSet<'_>) -> Option<Vec<u8>> {
    let plan = SelectedFields::of(ctx, &ctx.item.node, Some(&T::type_name()))?.plan()?;
    let mut text = Vec::with_capacity(256 * rows.len());
    plan.write_all(rows, &mut text).ok()?;
    Some(text)
}

/// The selected fields of an object, with its fragments expanded.
pub struct SelectedFields<'a>(Vec<Part<'a>>);

struct Part<'a> {
    /// Its name in the answer.
    key: &'a str,
    field: &'a str,
    of: Option<SelectedFields<'a>>,
}

/// How to write the selected fields: each with the text before it.
pub struct Plan<T>(Vec<(String, Write<T>)>);

impl<'a> SelectedFields<'a> {
    /// None if the fields need the resolver: with directives, arguments, a repeated field, or a fragment that may be of
    /// another type.
    fn of(ctx: &ContextSelectionSet<'a>, set: &'a SelectionSet, object: Option<&str>) -> Option<Self> {
        let mut selected = Self(Vec::with_capacity(set.items.len()));
        selected.add(ctx, set, object)?;
        Some(selected)
    }

    fn add(&mut self, ctx: &ContextSelectionSet<'a>, set: &'a SelectionSet, object: Option<&str>) -> Option<()> {
        for selection in &set.items {
            let (condition, directives, inner) = match &selection.node {
                Selection::Field(field) => {
                    self.push(ctx, &field.node)?;
                    continue;
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &ctx.query_env.fragments.get(&spread.node.fragment_name.node)?.node;
                    (Some(&fragment.type_condition), &spread.node.directives, &fragment.selection_set)
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.directives, &fragment.node.selection_set)
                }
            };
            let is_of_object = condition.is_none_or(|condition| Some(condition.node.on.node.as_str()) == object);
            if !is_of_object || !directives.is_empty() {
                return None;
            }
            self.add(ctx, &inner.node, object)?;
        }
        Some(())
    }

    fn push(&mut self, ctx: &ContextSelectionSet<'a>, field: &'a Field) -> Option<()> {
        let (key, name) = (field.response_key().node.as_str(), field.name.node.as_str());
        let is_known = self.0.iter().any(|part| part.key == key || part.field == name);
        if is_known || !field.directives.is_empty() || !field.arguments.is_empty() {
            return None;
        }
        let inner = &field.selection_set.node;
        let of = if inner.items.is_empty() { None } else { Some(SelectedFields::of(ctx, inner, None)?) };
        self.0.push(Part { key, field: name, of });
        Some(())
    }

    /// None unless all selected fields belong to the row.
    pub fn plan<T: Listed>(&self) -> Option<Plan<T>> {
        let parts = self.0.iter().enumerate().map(|(nth, part)| {
            let before = if nth == 0 { '{' } else { ',' };
            Some((format!("{before}\"{}\":", part.key), T::own(part.field, part.of.as_ref())?))
        });
        parts.collect::<Option<_>>().map(Plan)
    }
}

impl<T> Plan<T> {
    /// Writes the rows as a list of objects.
    pub fn write_all(&self, rows: &[T], text: &mut Vec<u8>) -> serde_json::Result<()> {
        text.push(b'[');
        for (nth, row) in rows.iter().enumerate() {
            if nth > 0 {
                text.push(b',');
            }
            self.write(row, text)?;
        }
        text.push(b']');
        Ok(())
    }

    /// Writes one row as an object.
    pub fn write(&self, row: &T, text: &mut Vec<u8>) -> serde_json::Result<()> {
        for (before, write) in &self.0 {
            text.extend_from_slice(before.as_bytes());
            write(row, text)?;
        }
        text.push(b'}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::kubernetes::pod::Pod;
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema, parser::parse_query};
    use chrono::DateTime;
    use domain::kubernetes::observation::Role;
    use projections::models::pods;
    use serde_json::{Value as Json, json};

    struct Query;

    #[Object]
    impl Query {
        async fn rows(&self) -> Rows<Pod> {
            Rows(vec![pod("a", None), pod("b", Some("Error"))])
        }

        async fn resolved(&self) -> Vec<Pod> {
            vec![pod("a", None), pod("b", Some("Error"))]
        }
    }

    fn pod(name: &str, reason: Option<&str>) -> Pod {
        let container = pods::Container {
            name: "main".to_owned(),
            image: "web:1".to_owned(),
            ready: true,
            restarts: 3,
            state: "running".to_owned(),
            reason: reason.map(str::to_owned),
            role: Role::Sidecar,
            termination: None,
            resources: pods::Resources { memory_request: Some(5_000_000_000), ..pods::Resources::default() },
        };
        Pod::from(pods::Pod {
            id: format!("Pod~dev~shop~{name}"),
            cluster: "dev".to_owned(),
            namespace: "shop".to_owned(),
            name: name.to_owned(),
            uid: format!("uid-of-{name}"),
            workload: None,
            phase: "Running".to_owned(),
            ready: true,
            restarts: 3,
            reason: reason.map(str::to_owned),
            cause: None,
            rank: 3,
            node: None,
            labels: json!({"app": "web"}),
            containers: vec![container.clone(), container],
            created_at: DateTime::from_timestamp_millis(1_795_000_000_123).expect("a time"),
            added_position: 1,
        })
    }

    #[tokio::test]
    async fn rows_made_at_once_are_those_that_resolving_gives() {
        let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
        let every = "id namespace name phase ready restarts reason node createdAt labels \
                     cpuRequestMillicores cpuLimitMillicores memoryRequestBytes memoryLimitBytes \
                     containers { name role image ready restarts state reason cpuRequestMillicores \
                     cpuLimitMillicores memoryRequestBytes memoryLimitBytes }";
        for selection in [
            every,
            "n: name ...F containers { image: name }",
            "... on Pod { id } ... { name }",
            "__typename id",
            "id containers { __typename name }",
            "name @include(if: true) phase @skip(if: true)",
            "name name n: name",
            "containers { name } containers { image }",
            "id workload { id }",
        ] {
            let fragment =
                if selection.contains("...F") { "fragment F on Pod { reason containers { name } }" } else { "" };
            let text = async |list: &str| {
                let selection = format!("{{ list: {list} {{ {selection} }} }} {fragment}");
                let answer = schema.execute(Request::new(&selection).data(AsText)).await;
                assert!(answer.errors.is_empty(), "{selection}: {:?}", answer.errors);
                String::from_utf8(to_json(&answer).expect("JSON")).expect("UTF-8")
            };
            assert_eq!(text("rows").await, text("resolved").await, "{selection}");
        }
        let (rows, resolved) = (Rows::<Pod>::qualified_type_name(), <Vec<Pod> as OutputType>::qualified_type_name());
        assert_eq!(rows, resolved);
    }

    /// Its answer shows which way it took.
    #[derive(async_graphql::SimpleObject)]
    struct Way {
        way: &'static str,
        length: i32,
    }

    impl Listed for Way {
        fn own(field: &str, _of: Option<&SelectedFields<'_>>) -> Option<Write<Self>> {
            (field == "way").then(|| written(|_| "at once"))
        }
    }

    #[test]
    fn a_repeated_selection_is_not_distinct() {
        let is_distinct = |selection: &str| {
            let fragments = "fragment A on Page { nodes { name } } fragment B on Page { nodes { phase } }";
            let document = parse_query(format!("{selection} {fragments}")).expect(selection);
            let set = document.operations.iter().next().map(|(_, operation)| &operation.node.selection_set.node);
            distinct(&document, set.expect("an operation"))
        };
        for selection in
            ["{ pods { nodes { name } } }", "{ pods { ...A info { name } } }", "{ a: pods { ...A } pods { ...B } }"]
        {
            assert!(is_distinct(selection), "{selection}");
        }
        for selection in [
            "{ pods { nodes { name } nodes { phase } } }",
            "{ pods { nodes { name } } pods { nodes { phase } } }",
            "{ pods { ...A ...B } }",
            "{ pods { ...A ... on Page { nodes { phase } } } }",
            "{ workload { pods { nodes { name @include(if: true) } nodes { phase } } } }",
        ] {
            assert!(!is_distinct(selection), "{selection}");
        }
    }

    struct Ways;

    #[Object]
    impl Ways {
        async fn rows(&self) -> Rows<Way> {
            Rows(vec![Way { way: "resolved", length: 1 }])
        }
    }

    #[tokio::test]
    async fn only_what_is_all_its_own_is_made_at_once() {
        let schema = Schema::new(Ways, EmptyMutation, EmptySubscription);
        for (selection, way) in [
            ("way", "at once"),
            ("... on Way { way }", "at once"),
            ("way length", "resolved"),
            ("way __typename", "resolved"),
            ("way another: way", "resolved"),
        ] {
            let selection = format!("{{ rows {{ {selection} }} }}");
            let answer = schema.execute(Request::new(&selection).data(AsText)).await;
            let answer: Json = serde_json::from_slice(&to_json(&answer).expect("JSON")).expect("JSON");
            assert_eq!(answer["data"]["rows"][0]["way"], json!(way), "{selection}");
            let elsewhere = schema.execute(selection).await.data.into_json().expect("JSON");
            assert_eq!(elsewhere["rows"][0]["way"], json!("resolved"), "where text cannot be sent as it is");
        }
    }
}
