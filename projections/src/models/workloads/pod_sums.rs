//! What the pods of workloads add up to. It is summed when it is read: a pod changes far more often than its workload is
//! looked at.

use super::Workload;
use crate::{Error, query::scope::push_scope};
use domain::{access::Scope, kubernetes::resource::Resource};
use sqlx::{FromRow, PgPool, QueryBuilder};

/// The sums over the pods of a workload that exist now.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromRow)]
pub struct PodSums {
    pub restarts: i64,
    /// Millicores. None unless each container of each pod that has not ended requests some; the same for memory.
    pub cpu_request: Option<f64>,
    /// Bytes.
    pub memory_request: Option<f64>,
}

/// A pod of a workload with what it requests.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct OwnedPod {
    pub id: String,
    pub workload: String,
    pub cpu_request: Option<i64>,
    pub memory_request: Option<i64>,
}

impl Workload {
    /// Whether pods count as its own. Those of a Deployment's ReplicaSet count for the Deployment, and a CronJob has Jobs.
    pub fn has_pods(&self) -> bool {
        let is_of_deployment = self.kind == Resource::REPLICA_SET && self.owner.is_some();
        self.kind != Resource::CRON_JOB && !is_of_deployment
    }
}

/// The sums of these workloads, by id. Those without pods are left out.
pub async fn pod_sums(pool: &PgPool, scope: &Scope, ids: &[String]) -> Result<Vec<(String, PodSums)>, Error> {
    let sum = |column: &str| {
        let goes_on = "FILTER (WHERE phase NOT IN ('Succeeded', 'Failed'))";
        // As a float: two requests of eight exbibytes are too much for a bigint.
        format!(
            "CASE WHEN bool_and({column} IS NOT NULL) {goes_on} THEN (sum({column}) {goes_on})::float8 END AS {column}"
        )
    };
    let (cpu, memory) = (sum("cpu_request"), sum("memory_request"));
    let mut query = QueryBuilder::new(format!(
        "SELECT workload AS id, sum(restarts) AS restarts, {cpu}, {memory} FROM read.pods WHERE workload = ANY ("
    ));
    query.push_bind(ids).push(")");
    push_scope(&mut query, scope);
    query.push(" GROUP BY workload");
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.sums)).collect())
}

#[derive(FromRow)]
struct Row {
    id: String,
    #[sqlx(flatten)]
    sums: PodSums,
}

/// Those of these pods that belong to a workload, in no particular order.
pub async fn owned_pods(pool: &PgPool, scope: &Scope, pods: &[String]) -> Result<Vec<OwnedPod>, Error> {
    let mut query = QueryBuilder::new(
        "SELECT id, workload, cpu_request, memory_request FROM read.pods WHERE workload IS NOT NULL AND id = ANY (",
    );
    query.push_bind(pods).push(")");
    push_scope(&mut query, scope);
    Ok(query.build_query_as().fetch_all(pool).await?)
}
