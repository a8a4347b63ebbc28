//! The rows of a list. Resolving makes a future of every field, which for two hundred rows is most of what a page costs.
//! Rows whose asked fields are all their own are made at once; rows of which anything else is asked go the usual way.

use async_graphql::{
    ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value, async_trait,
    indexmap::IndexMap,
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
};
use std::borrow::Cow;

/// What a list is made of.
pub trait Listed {
    /// The field of this name in the schema, exactly as its resolver answers, if it is part of the row itself. `of` is what
    /// is asked of the objects it holds. None: it has to be resolved.
    fn own(&self, _field: &str, _of: Option<&Asked<'_>>) -> Option<Value> {
        None
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
        match at_once(&self.0, ctx) {
            Some(rows) => Ok(rows),
            None => self.0.resolve(ctx, field).await,
        }
    }
}

fn at_once<T: OutputType + Listed>(rows: &[T], ctx: &ContextSelectionSet<'_>) -> Option<Value> {
    Asked::of(ctx, &ctx.item.node, Some(&T::type_name()))?.pick_all(rows)
}

/// What is asked of an object, its fragments taken apart.
pub struct Asked<'a>(Vec<Part<'a>>);

struct Part<'a> {
    /// Its name in the answer.
    key: &'a Name,
    field: &'a str,
    of: Option<Asked<'a>>,
}

impl<'a> Asked<'a> {
    /// None where the usual way has more to do than to pick: directives, arguments, a field named twice, a fragment that
    /// may be of another type.
    fn of(ctx: &ContextSelectionSet<'a>, set: &'a SelectionSet, object: Option<&str>) -> Option<Self> {
        let mut asked = Self(Vec::with_capacity(set.items.len()));
        asked.add(ctx, set, object)?;
        Some(asked)
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
        let (key, name) = (&field.response_key().node, field.name.node.as_str());
        let is_known = self.0.iter().any(|part| part.key == key || part.field == name);
        if is_known || !field.directives.is_empty() || !field.arguments.is_empty() {
            return None;
        }
        let inner = &field.selection_set.node;
        let of = if inner.items.is_empty() { None } else { Some(Asked::of(ctx, inner, None)?) };
        self.0.push(Part { key, field: name, of });
        Some(())
    }

    /// What is asked of a row; None when not all of it is its own.
    fn pick(&self, row: &impl Listed) -> Option<Value> {
        let mut object = IndexMap::with_capacity(self.0.len());
        for part in &self.0 {
            object.insert(part.key.clone(), row.own(part.field, part.of.as_ref())?);
        }
        Some(Value::Object(object))
    }

    /// [`Asked::pick`] of each.
    pub fn pick_all(&self, rows: &[impl Listed]) -> Option<Value> {
        rows.iter().map(|row| self.pick(row)).collect::<Option<_>>().map(Value::List)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::pod::Pod;
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};
    use chrono::DateTime;
    use domain::observed::ContainerSnapshot;
    use projections::pods;
    use serde_json::json;

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
        let container = ContainerSnapshot {
            name: "main".to_owned(),
            image: "web:1".to_owned(),
            ready: true,
            restarts: 3,
            state: "running".to_owned(),
            reason: reason.map(str::to_owned),
        };
        Pod::from(pods::Pod {
            id: format!("Pod~dev~shop~{name}"),
            cluster: "dev".to_owned(),
            namespace: "shop".to_owned(),
            name: name.to_owned(),
            uid: "u-1".to_owned(),
            workload: None,
            phase: "Running".to_owned(),
            ready: true,
            restarts: 3,
            reason: reason.map(str::to_owned),
            node: None,
            images: vec!["web:1".to_owned()],
            labels: json!({"app": "web"}),
            containers: vec![container.clone(), container],
            created_at: DateTime::from_timestamp_millis(1_795_000_000_123).expect("a time"),
            added_position: 1,
            position: 2,
        })
    }

    #[tokio::test]
    async fn rows_made_at_once_are_those_that_resolving_gives() {
        let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
        let every = "id namespace name phase ready restarts reason node createdAt labels \
                     containers { name image ready restarts state reason }";
        for asked in [
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
            let fragment = if asked.contains("...F") { "fragment F on Pod { reason containers { name } }" } else { "" };
            let answer = async |list: &str| {
                let answer = schema.execute(format!("{{ list: {list} {{ {asked} }} }} {fragment}")).await;
                assert!(answer.errors.is_empty(), "{asked}: {:?}", answer.errors);
                answer.data.into_json().expect("JSON")["list"].clone()
            };
            assert_eq!(answer("rows").await, answer("resolved").await, "{asked}");
        }
        let (rows, resolved) = (Rows::<Pod>::qualified_type_name(), <Vec<Pod> as OutputType>::qualified_type_name());
        assert_eq!(rows, resolved);
    }

    /// Says by its answer which way it went.
    #[derive(async_graphql::SimpleObject)]
    struct Way {
        way: &'static str,
        length: i32,
    }

    impl Listed for Way {
        fn own(&self, field: &str, _of: Option<&Asked<'_>>) -> Option<Value> {
            (field == "way").then(|| "at once".into())
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
        for (asked, way) in [
            ("way", "at once"),
            ("... on Way { way }", "at once"),
            ("way length", "resolved"),
            ("way __typename", "resolved"),
            ("way another: way", "resolved"),
        ] {
            let answer = schema.execute(format!("{{ rows {{ {asked} }} }}")).await;
            assert_eq!(answer.data.into_json().expect("JSON")["rows"][0]["way"], json!(way), "{asked}");
        }
    }
}
