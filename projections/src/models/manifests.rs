//! The manifests of objects of all kinds, and what each observed change of one was. The projection of objects folds them.

mod revisions;
mod written;

use crate::{Error, query::scope::push_scope};
use domain::access::Scope;
pub(super) use revisions::{COLUMNS as REVISION_COLUMNS, Observation, REVISIONS};
pub use revisions::{Change, Revision, at as revisions_at, changes, count as revision_count, page as revisions};
use serde_json::Value;
use sqlx::{PgPool, QueryBuilder};
pub(super) use written::{MANIFESTS, Written, forget};

/// The live manifest, redacted. None if there is no such object, or its manifest was forgotten.
pub async fn manifest(pool: &PgPool, scope: &Scope, id: &str) -> Result<Option<Value>, Error> {
    let mut query = QueryBuilder::new("SELECT manifest FROM read.manifests WHERE manifest <> 'null' AND id = ");
    query.push_bind(id);
    push_scope(&mut query, scope);
    Ok(query.build_query_scalar().fetch_optional(pool).await?)
}
