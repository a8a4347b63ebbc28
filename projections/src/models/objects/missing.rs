//! What the manifest of an object names and is not there, for example the Service that an Ingress routes to. It is joined when it
//! is read: the fold of an object reads no other one.

use super::list::Source;
use crate::{
    Error,
    models::{clusters, text::Text},
    query::scope::push_scope,
};
use domain::{
    access::Scope,
    kubernetes::{object::ObjectRef, relation::Relation, resource::Resource},
};
use sqlx::{FromRow, PgPool, QueryBuilder};

/// An object that is not there, and what the one that names it is to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub relation: Relation,
    pub object: ObjectRef,
}

/// Objects that are missing of one manifest, at most.
const MOST: usize = 100;

#[derive(FromRow)]
struct Named {
    #[sqlx(try_from = "Text")]
    relation: Relation,
    to_id: String,
}

/// The objects that the manifest of this one names, that the reader could see, and that are not there, by relation and id. Only of
/// kinds that are recorded wherever they are served, and that the cluster lets be read: of others nobody knows. Owners are left
/// out, because they may go first.
pub async fn missing(pool: &PgPool, scope: &Scope, id: &str) -> Result<Vec<Missing>, Error> {
    let Ok(object) = id.parse::<ObjectRef>() else { return Ok(Vec::new()) };
    let mut query = QueryBuilder::new(
        "SELECT relation COLLATE \"C\" AS relation, to_id FROM read.object_edges AS edge WHERE to_id IS NOT NULL AND edge.id = ",
    );
    query.push_bind(id).push(" AND relation <> ").push_bind(Relation::Owner.as_str());
    push_scope(&mut query, scope);
    for source in Source::ALL {
        query.push(format!(" AND NOT EXISTS (SELECT FROM {} AS it WHERE it.id = edge.to_id)", source.table()));
    }
    query.push(" ORDER BY 1, 2");
    let named: Vec<Named> = query.build_query_as().fetch_all(pool).await?;
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let cluster = clusters::get(pool, &Scope::everything(), object.cluster.as_str()).await?;
    let mut unknown: Vec<Resource> = Vec::new();
    if let Some(cluster) = cluster {
        unknown.extend(cluster.released);
        unknown.extend(cluster.unreadable.into_iter().map(|one| one.kind));
    }
    let is_known = |kind: &Resource| kind.is_recorded_by_default() && !unknown.contains(kind);
    let could_be_seen = |to: &ObjectRef| scope.contains(to.cluster.as_str(), to.namespace.as_deref());
    let missing = named.into_iter().filter_map(|Named { relation, to_id }| {
        let object = to_id.parse::<ObjectRef>().ok().filter(|to| is_known(&to.kind) && could_be_seen(to))?;
        Some(Missing { relation, object })
    });
    Ok(missing.take(MOST).collect())
}
