//! What an object has to do with others, one step away: those that its manifest names or selects, and those whose manifests
//! name or select it. A pod has no manifest in the log: that of its workload stands for it.

use super::list::Source;
use crate::{Error, Page, Window, models::text::Text, query::scope::push_scope};
use domain::{
    access::Scope,
    kubernetes::{object::ObjectRef, relation::Relation},
};
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder};
use strum::IntoEnumIterator;

/// An object that exists, and what the one that was asked about is to it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Related {
    #[sqlx(try_from = "Text")]
    pub relation: Relation,
    pub id: String,
}

const ORDER: &str = "relation";

/// Whether the selector of `edge` selects the labels of `one`.
const IS_SELECTED: &str = "one.labels @> coalesce(edge.selector -> 'matchLabels', '{}') AND NOT EXISTS ( \
    SELECT FROM jsonb_array_elements(coalesce(edge.selector -> 'matchExpressions', '[]')) AS rule WHERE NOT \
        CASE rule ->> 'operator' \
            WHEN 'In' THEN coalesce(jsonb_exists(rule -> 'values', one.labels ->> (rule ->> 'key')), false) \
            WHEN 'NotIn' THEN NOT coalesce(jsonb_exists(rule -> 'values', one.labels ->> (rule ->> 'key')), false) \
            WHEN 'Exists' THEN jsonb_exists(one.labels, rule ->> 'key') \
            WHEN 'DoesNotExist' THEN NOT jsonb_exists(one.labels, rule ->> 'key') \
            ELSE false END)";

/// Whether a claim is one that a StatefulSet made for another of its pods: such a claim has the name of its pod at the end.
const IS_OF_ANOTHER: &str = "pods.workload LIKE 'StatefulSet~%' AND edge.to_id NOT LIKE '%-' || pods.name \
    AND edge.to_id ~ ('^PersistentVolumeClaim~.*-' || split_part(pods.workload, '~', 4) || '-[0-9]+$')";

/// The relations of the object `$1`, from both ends. Some name objects that do not exist.
fn relations() -> String {
    let rows = |source: Source| format!("SELECT id, scope, {} AS kind, labels FROM {}", source.kind(), source.table());
    let rows = Source::ALL.map(rows).join(" UNION ALL ");
    let case = |one: Relation| format!("WHEN '{}' THEN '{}'", one.as_str(), one.inverse().as_str());
    let inverse = format!("CASE edge.relation {} END", Relation::iter().map(case).collect::<Vec<_>>().join(" "));
    let (owned, owner) = (Relation::Owned.as_str(), Relation::Owner.as_str());
    let (mounts, mounted) = (Relation::Mounts.as_str(), Relation::MountedBy.as_str());
    let of_pods = format!(
        "FROM read.pods JOIN read.object_edges AS edge ON edge.id = pods.workload \
         WHERE edge.relation = '{mounts}' AND edge.to_id IS NOT NULL AND NOT ({IS_OF_ANOTHER})"
    );
    [
        "SELECT relation, to_id AS id FROM read.object_edges WHERE id = $1 AND to_id IS NOT NULL".to_owned(),
        format!("SELECT {inverse}, edge.id FROM read.object_edges AS edge WHERE edge.to_id = $1"),
        format!(
            "SELECT edge.relation, one.id FROM read.object_edges AS edge JOIN ({rows}) AS one \
                 ON one.scope = edge.to_scope AND one.kind = edge.to_kind AND {IS_SELECTED} \
             WHERE edge.id = $1 AND edge.selector IS NOT NULL"
        ),
        format!(
            "SELECT {inverse}, edge.id FROM ({rows}) AS one JOIN read.object_edges AS edge \
                 ON edge.to_scope = one.scope AND edge.to_kind = one.kind AND edge.selector IS NOT NULL AND {IS_SELECTED} \
             WHERE one.id = $1"
        ),
        format!("SELECT '{owned}', id FROM read.pods WHERE workload = $1"),
        format!("SELECT '{owner}', workload FROM read.pods WHERE id = $1 AND workload IS NOT NULL"),
        format!("SELECT edge.relation, edge.to_id {of_pods} AND pods.id = $1"),
        format!("SELECT '{mounted}', pods.id {of_pods} AND edge.to_id = $1"),
    ]
    .join(" UNION ALL ")
}

/// `SELECT what` of the objects that are related to this one and that the reader may see, each once for each relation.
/// None if the reader may not see the object itself.
fn query(what: &str, scope: &Scope, id: &str) -> Option<QueryBuilder<Postgres>> {
    let object: ObjectRef = id.parse().ok()?;
    if !scope.contains(object.cluster.as_str(), object.namespace.as_deref()) {
        return None;
    }
    let mut query = QueryBuilder::new(format!(
        "WITH related AS (SELECT DISTINCT relation COLLATE \"C\" AS relation, id FROM ({}) AS found WHERE id <> ",
        relations()
    ));
    // The first value, which is $1 wherever it stands.
    query.push_bind(id.to_owned()).push(format!(") SELECT {what} FROM related WHERE ("));
    for (nth, source) in Source::ALL.into_iter().enumerate() {
        let or = if nth == 0 { "" } else { " OR " };
        query.push(format!("{or}EXISTS (SELECT FROM {} AS it WHERE it.id = related.id", source.table()));
        push_scope(&mut query, scope);
        query.push(")");
    }
    query.push(")");
    Some(query)
}

/// A page of the objects that are related to this one, by relation and id.
pub async fn page(pool: &PgPool, scope: &Scope, id: &str, window: &Window) -> Result<Page<Related>, Error> {
    let after: Option<(String, String)> = window.key(ORDER)?;
    let Some(mut query) = query("relation, id", scope, id) else { return Ok(Page::empty()) };
    if let Some((relation, id)) = after {
        query.push(" AND (relation, id) > (").push_bind(relation).push(", ").push_bind(id).push(")");
    }
    query.push(" ORDER BY relation, id");
    window.push_limit(&mut query);
    let rows = query.build_query_as().fetch_all(pool).await?;
    Ok(window.page(rows, ORDER, |row: &Related| (row.relation.as_str(), row.id.clone())))
}

/// The number of objects that are related to this one.
pub async fn count(pool: &PgPool, scope: &Scope, id: &str) -> Result<i64, Error> {
    let Some(mut query) = query("count(*)", scope, id) else { return Ok(0) };
    Ok(query.build_query_scalar().fetch_one(pool).await?)
}
