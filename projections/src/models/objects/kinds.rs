//! How many objects there are of each kind, for the navigation.

use super::{
    Filter,
    list::{push_from, sources},
};
use crate::{Error, models::text::Text};
use domain::{
    access::Scope,
    kubernetes::{resource::Resource, status::object::ObjectState},
};
use sqlx::{FromRow, PgPool, QueryBuilder};

/// The objects of one kind.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct KindCount {
    #[sqlx(try_from = "Text")]
    pub kind: Resource,
    pub count: i64,
    /// Those that somebody should look at.
    pub problems: i64,
}

/// The kinds of which the filter finds objects, by name.
pub async fn kinds(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<Vec<KindCount>, Error> {
    let mut query = QueryBuilder::new("SELECT kind, count, problems FROM (");
    let mut union = "";
    for (source, kinds) in sources(filter) {
        query.push(format!("{union}SELECT {} AS kind, count(*) AS count, count(*) FILTER (WHERE ", source.kind()));
        query.push(source.rank()).push(" <= ").push_bind(ObjectState::Degraded.rank()).push(") AS problems");
        push_from(&mut query, source, kinds, scope, filter);
        query.push(" GROUP BY 1");
        union = " UNION ALL ";
    }
    query.push(") AS found ORDER BY kind");
    Ok(query.build_query_as().fetch_all(pool).await?)
}
