//! Counts for the first page.

use crate::{Error, checkpoints, text::Text, transaction};
use domain::{observed::WorkloadState, operation::OperationState};
use sqlx::{AssertSqlSafe, FromRow, PgConnection, PgPool};

/// How much of what there is, at one moment, and where those lists were that go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    pub workloads: Vec<(WorkloadState, i64)>,
    pub pods: Vec<(String, i64)>,
    pub operations: Vec<(OperationState, i64)>,
    pub position: i64,
}

#[derive(FromRow)]
struct WorkloadCount {
    #[sqlx(try_from = "Text")]
    name: WorkloadState,
    count: i64,
}

#[derive(FromRow)]
struct OperationCount {
    #[sqlx(try_from = "Text")]
    name: OperationState,
    count: i64,
}

/// The counts of one cluster, or of all. All of them are of the same moment.
pub async fn get(pool: &PgPool, cluster: Option<&str>) -> Result<Overview, Error> {
    let mut tx = transaction::begin(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let workloads: Vec<WorkloadCount> = counts(&mut tx, "workloads", "state", cluster).await?;
    let pods: Vec<(String, i64)> = counts(&mut tx, "pods", "phase", cluster).await?;
    let operations: Vec<OperationCount> = counts(&mut tx, "operations_log", "state", cluster).await?;
    let position = checkpoints::furthest(&mut *tx).await?;
    tx.commit().await?;
    Ok(Overview {
        workloads: workloads.into_iter().map(|row| (row.name, row.count)).collect(),
        pods,
        operations: operations.into_iter().map(|row| (row.name, row.count)).collect(),
        position,
    })
}

async fn counts<T>(db: &mut PgConnection, table: &str, column: &str, cluster: Option<&str>) -> Result<Vec<T>, Error>
where
    T: for<'r> FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin,
{
    let sql = format!(
        "SELECT {column} AS name, count(*) AS count FROM read.{table} \
         WHERE $1::text IS NULL OR cluster = $1 GROUP BY {column} ORDER BY {column}"
    );
    Ok(sqlx::query_as(AssertSqlSafe(sql)).bind(cluster).fetch_all(db).await?)
}
