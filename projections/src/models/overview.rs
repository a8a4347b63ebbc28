//! Counts for the overview.

use crate::query::{page::push_equal, scope::push_scope};
use crate::{
    Error,
    engine::{checkpoints, snapshot::snapshot},
    models::text::Text,
};
use domain::access::Scope;
use domain::{kubernetes::status::State, operation::OperationState};
use sqlx::{FromRow, PgConnection, PgPool, QueryBuilder};

/// The counts at one moment, and the position of the running projections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    pub workloads: Vec<(State, i64)>,
    pub pods: Vec<(String, i64)>,
    pub operations: Vec<(OperationState, i64)>,
    pub position: i64,
}

#[derive(FromRow)]
struct WorkloadCount {
    #[sqlx(try_from = "Text")]
    name: State,
    count: i64,
}

#[derive(FromRow)]
struct OperationCount {
    #[sqlx(try_from = "Text")]
    name: OperationState,
    count: i64,
}

/// The counts of one cluster or of all clusters, all at the same moment.
pub async fn get(pool: &PgPool, scope: &Scope, cluster: Option<&str>) -> Result<Overview, Error> {
    let mut tx = snapshot(pool).await?;
    let workloads: Vec<WorkloadCount> = counts(&mut tx, scope, "workloads", "state", cluster).await?;
    let pods: Vec<(String, i64)> = counts(&mut tx, scope, "pods", "phase", cluster).await?;
    let operations: Vec<OperationCount> = counts(&mut tx, scope, "operations_log", "state", cluster).await?;
    let position = checkpoints::furthest(&mut *tx).await?;
    tx.commit().await?;
    Ok(Overview {
        workloads: workloads.into_iter().map(|row| (row.name, row.count)).collect(),
        pods,
        operations: operations.into_iter().map(|row| (row.name, row.count)).collect(),
        position,
    })
}

async fn counts<T>(
    db: &mut PgConnection,
    scope: &Scope,
    table: &str,
    column: &str,
    cluster: Option<&str>,
) -> Result<Vec<T>, Error>
where
    T: for<'r> FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin,
{
    let mut query =
        QueryBuilder::new(format!("SELECT {column} AS name, count(*) AS count FROM read.{table} WHERE true"));
    push_scope(&mut query, scope);
    push_equal(&mut query, "cluster", cluster.map(str::to_owned).as_ref());
    query.push(format!(" GROUP BY {column} ORDER BY {column}"));
    Ok(query.build_query_as().fetch_all(db).await?)
}
