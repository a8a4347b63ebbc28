//! What a reader may see, as a condition of a query. Each table of rows that belong to a namespace has an indexed column
//! `scope`, `cluster/namespace`, which the database makes of the two.

use domain::access::Scope;
use sqlx::{Postgres, QueryBuilder};

/// ` AND scope = ANY (what may be seen)`, unless that is everything.
pub(crate) fn push_scope(query: &mut QueryBuilder<Postgres>, scope: &Scope) {
    if let Some(within) = scope.within() {
        query.push(" AND scope = ANY (").push_bind(within.to_vec()).push(")");
    }
}
