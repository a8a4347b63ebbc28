//! The scope of a reader as a condition of a query. Each table with rows of a namespace has an indexed, generated
//! column `scope`: `cluster/namespace`.

use domain::access::Scope;
use sqlx::{Postgres, QueryBuilder};

/// ` AND scope = ANY (visible namespaces)`, unless the scope is everything.
pub(crate) fn push_scope(query: &mut QueryBuilder<Postgres>, scope: &Scope) {
    if let Some(within) = scope.within() {
        query.push(" AND scope = ANY (").push_bind(within.to_vec()).push(")");
    }
}
