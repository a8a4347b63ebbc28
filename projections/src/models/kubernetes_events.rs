//! Kubernetes events, kept after the cluster has forgotten them. The watch writes them; they are not folded from the log.

use crate::{Error, Page, Window, query::page::push_equal, query::scope::push_scope};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{access::Scope, core::free_text::FreeText};
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
    /// The id of the object that they are about, or of its workload.
    pub about: Option<String>,
    /// `Normal` or `Warning`.
    pub event_type: Option<String>,
}

/// The sort key of a row.
#[derive(Serialize, Deserialize)]
struct Key(DateTime<Utc>, String);

const COLUMNS: &str = "day, uid, cluster, namespace, object, owner, type, reason, message, count, first_seen, last_seen, \
    source, container";
const ORDER: &str = "last_seen";

fn query(what: &str, scope: &Scope, filter: &Filter) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(format!("SELECT {what} FROM kubernetes_events WHERE true"));
    push_scope(&mut query, scope);
    if let Some(about) = &filter.about {
        query.push(" AND (object = ").push_bind(about.clone()).push(" OR owner = ").push_bind(about.clone()).push(")");
    }
    push_equal(&mut query, "type", filter.event_type.as_ref());
    query
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
