//! Kubernetes events, kept after the cluster has forgotten them. The watch writes them; they are not folded from the log.

use crate::{
    Error, Page, Window,
    query::{
        page::{contains, push_equal},
        scope::push_scope,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::Scope,
    core::free_text::FreeText,
    kubernetes::{object::ObjectRef, relation::Relation, resource::Resource},
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder};

/// A Kubernetes event as it was last reported on one day.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct KubernetesEvent {
    pub day: NaiveDate,
    pub uid: String,
    pub cluster: String,
    pub namespace: Option<String>,
    /// The id of the object that it is about.
    pub object: Option<String>,
    /// The id of the workload that shows what happens to the object.
    pub owner: Option<String>,
    /// `Normal` or `Warning`.
    #[sqlx(rename = "type")]
    pub event_type: String,
    pub reason: String,
    #[sqlx(try_from = "Stored")]
    pub message: FreeText,
    pub count: i32,
    pub first_seen: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
    /// The component that reported it, for example `kubelet`.
    pub source: String,
    pub container: Option<String>,
}

/// A text column of the table.
#[derive(sqlx::Type)]
#[sqlx(transparent)]
struct Stored(String);

impl From<Stored> for FreeText {
    fn from(stored: Stored) -> Self {
        Self::stored(&stored.0)
    }
}

impl KubernetesEvent {
    /// The public id: an event that continues for days has one row for each day.
    pub fn id(&self) -> String {
        format!("{}~{}", self.uid, self.day)
    }
}

/// A filter of Kubernetes events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The id of the object that they are about, of its workload or owner, or of the namespace that it is in.
    pub about: Option<String>,
    /// `Normal` or `Warning`.
    pub event_type: Option<String>,
    /// Part of the reason, of the name of the object, of the component or of the container. Messages are sealed.
    pub search: Option<String>,
}

/// The sort key of a row.
#[derive(Serialize, Deserialize)]
struct Key(DateTime<Utc>, String);

const COLUMNS: &str = "day, uid, cluster, namespace, object, owner, type, reason, message, count, first_seen, last_seen, \
    source, container";
const ORDER: &str = "last_seen";
/// What is searched.
const SEARCHED: [&str; 4] = ["reason", "split_part(object, '~', 4)", "source", "container"];
/// Of so many objects that belong to one, events are shown with it.
const MOST_OWNED: usize = 500;

fn query(what: &str, scope: &Scope, filter: &Filter) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(format!("SELECT {what} FROM kubernetes_events WHERE true"));
    push_scope(&mut query, scope);
    if let Some(about) = &filter.about {
        push_about(&mut query, about);
    }
    push_equal(&mut query, "type", filter.event_type.as_ref());
    if let Some(search) = &filter.search {
        query.push(" AND (false");
        for column in SEARCHED {
            query.push(format!(" OR {column} ILIKE ")).push_bind(contains(search));
        }
        query.push(")");
    }
    query
}

/// Adds ` AND (about the object or one that it owns, or about what belongs to them)`; of a namespace, all in it.
fn push_about(query: &mut QueryBuilder<Postgres>, about: &str) {
    query.push(" AND (object = ANY (");
    push_family(query, about);
    query.push(") OR owner = ANY (");
    push_family(query, about);
    query.push(")");
    let namespace = about.parse::<ObjectRef>().ok().filter(|object| object.kind == Resource::NAMESPACE);
    if let Some(namespace) = namespace {
        query.push(" OR scope = ").push_bind(format!("{}/{}", namespace.cluster, namespace.name));
    }
    query.push(")");
}

/// Adds an array of the id and those of the objects that it owns, which an index can be read by.
fn push_family(query: &mut QueryBuilder<Postgres>, id: &str) {
    query.push("ARRAY (SELECT ").push_bind(id.to_owned());
    query.push(format!(
        " UNION ALL (SELECT id FROM read.object_edges WHERE relation = '{}' AND to_id = ",
        Relation::Owner.as_str()
    ));
    query.push_bind(id.to_owned()).push(format!(" LIMIT {MOST_OWNED}))"));
}

/// A page of the events that match the filter, newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &Filter,
    window: &Window,
) -> Result<Page<KubernetesEvent>, Error> {
    let mut query = query(COLUMNS, scope, filter);
    if let Some(Key(last_seen, uid)) = window.key::<Key>(ORDER)? {
        query.push(" AND (last_seen, uid) < (").push_bind(last_seen).push(", ").push_bind(uid).push(")");
    }
    query.push(" ORDER BY last_seen DESC, uid DESC");
    window.push_limit(&mut query);
    let rows = query.build_query_as().fetch_all(pool).await?;
    Ok(window.page(rows, ORDER, |row: &KubernetesEvent| Key(row.last_seen, row.uid.clone())))
}

/// The number of events that match the filter.
pub async fn count(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<i64, Error> {
    Ok(query("count(*)", scope, filter).build_query_scalar().fetch_one(pool).await?)
}
