//! What is wrong now: workloads in trouble, and such pods without a workload, grouped by cause.

mod group;

use super::recorded_changes::{self, Beginning, RecordedChange};
use crate::{
    Error,
    engine::snapshot::snapshot,
    models::text::Text,
    query::{page::push_equal, scope::push_scope},
};
use chrono::{DateTime, Utc};
use domain::{
    access::Scope,
    core::message::{Code, Message},
    kubernetes::{
        cause::{Cause, ProblemKey},
        resource::Resource,
        status::State,
    },
};
use sqlx::{FromRow, PgConnection, PgPool, Postgres, QueryBuilder, types::Json};
use std::collections::HashMap;

/// Maximum problems of one answer.
pub const PROBLEMS: usize = 50;
/// Maximum victims that are named with a problem.
pub const VICTIMS: usize = 10;
/// Maximum victims that are read.
pub const READ: usize = 5_000;

/// One cause with what it stops.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub cluster: String,
    pub key: ProblemKey,
    /// Of the first victim. None while no cause is known.
    pub cause: Option<Cause>,
    /// When it began for the first of its victims, as far as the cluster says so.
    pub since: Option<DateTime<Utc>>,
    /// How many victims are in each state, that of the worst victim first.
    pub states: Vec<(State, i64)>,
    /// At most [`VICTIMS`], the worst first. There is at least one.
    pub victims: Vec<Victim>,
    /// The last change of a named victim in the half hour before it began.
    pub latest_change: Option<RecordedChange>,
}

/// The problems of a reader, the worst first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problems {
    pub rows: Vec<Problem>,
    /// Whether there are more problems, or more victims than were read.
    pub has_more: bool,
}

/// A workload in trouble, or a pod that belongs to none.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Victim {
    pub id: String,
    pub cluster: String,
    pub namespace: String,
    #[sqlx(try_from = "Text")]
    pub kind: Resource,
    pub name: String,
    #[sqlx(try_from = "Text")]
    pub state: State,
    /// How bad it is: 1 is the worst. That of its state, but a run of a CronJob that failed is as bad as the CronJob.
    pub severity: i32,
    pub created_at: DateTime<Utc>,
    /// Its owner if it has one, else itself.
    workload: String,
    #[sqlx(json(nullable))]
    message: Option<Message>,
    since: Option<DateTime<Utc>>,
}

/// The problems of one cluster or of all clusters, all at the same moment.
pub async fn get(pool: &PgPool, scope: &Scope, cluster: Option<&str>) -> Result<Problems, Error> {
    let mut tx = snapshot(pool).await?;
    let mut victims: Vec<Victim> = victims(scope, cluster).build_query_as().fetch_all(&mut *tx).await?;
    let has_more = victims.len() > READ;
    victims.truncate(READ);
    let mut rows = group::problems(victims);
    let has_more = has_more || rows.len() > PROBLEMS;
    rows.truncate(PROBLEMS);
    let mut causes = causes(&mut tx, scope, &rows).await?;
    let mut changes = recorded_changes::before(&mut tx, scope, &beginnings(&rows)).await?;
    tx.commit().await?;
    for (row, problem) in rows.iter_mut().enumerate() {
        problem.cause = problem.victims.first().and_then(|victim| causes.remove(&victim.id));
        problem.latest_change = changes.remove(&row);
    }
    Ok(Problems { rows, has_more })
}

/// Where to look for the change before: the named victims of each problem whose beginning is known.
fn beginnings(problems: &[Problem]) -> Vec<Beginning<'_>> {
    let mut found = Vec::new();
    for (place, problem) in (0_i32..).zip(problems) {
        let Some(since) = problem.since else { continue };
        found.extend(problem.victims.iter().map(|victim| Beginning {
            problem: place,
            object: &victim.id,
            since,
            created_at: victim.created_at,
        }));
    }
    found
}

/// The victims without the evidence of their causes, which is large. The worst first.
fn victims(scope: &Scope, cluster: Option<&str>) -> QueryBuilder<Postgres> {
    let states = State::PROBLEMS.map(State::as_str);
    let cluster = cluster.map(str::to_owned);
    let mut query = QueryBuilder::new("SELECT *, array_position(");
    // A run of a CronJob that failed is over, and the next one may do its work: what is down now is worse.
    query.push_bind(states).push(
        "::text[], CASE WHEN kind = 'Job' AND state = 'FAILED' AND workload LIKE 'CronJob~%' THEN 'DEGRADED' ELSE state END) \
             AS severity \
         FROM (SELECT id, cluster, namespace, kind, name, state, created_at, coalesce(owner, id) AS workload, \
             status #> '{cause,message}' AS message, (status #>> '{cause,since}')::timestamptz AS since \
         FROM read.workloads WHERE state = ANY (",
    );
    query.push_bind(states).push(")");
    push_scope(&mut query, scope);
    push_equal(&mut query, "cluster", cluster.as_ref());
    // A pod that ends by itself explains nothing, unless its node took it.
    query.push(
        " UNION ALL SELECT id, cluster, namespace, 'Pod', name, \
             CASE WHEN phase = 'Failed' THEN 'FAILED' WHEN ready THEN 'DEGRADED' ELSE 'UNAVAILABLE' END, \
             created_at, id, cause -> 'message', (cause ->> 'since')::timestamptz \
         FROM read.pods WHERE workload IS NULL AND cause IS NOT NULL \
             AND (phase <> 'Terminating' OR cause #>> '{message,code}' = ",
    );
    query.push_bind(Code::NodeLost.as_str()).push(")");
    push_scope(&mut query, scope);
    push_equal(&mut query, "cluster", cluster.as_ref());
    query.push(") AS victims ORDER BY severity, id LIMIT ");
    query.push_bind(i64::try_from(READ + 1).unwrap_or(i64::MAX));
    query
}

#[derive(FromRow)]
struct OfVictim {
    id: String,
    cause: Json<Cause>,
}

/// The whole cause of the first victim of each problem, by its id.
async fn causes(db: &mut PgConnection, scope: &Scope, problems: &[Problem]) -> Result<HashMap<String, Cause>, Error> {
    let ids: Vec<&str> = problems.iter().filter_map(|problem| Some(problem.victims.first()?.id.as_str())).collect();
    let mut query = QueryBuilder::new(
        "SELECT id, status -> 'cause' AS cause FROM read.workloads WHERE status -> 'cause' IS NOT NULL AND id = ANY (",
    );
    query.push_bind(&ids).push(")");
    push_scope(&mut query, scope);
    query.push(" UNION ALL SELECT id, cause FROM read.pods WHERE cause IS NOT NULL AND id = ANY (");
    query.push_bind(&ids).push(")");
    push_scope(&mut query, scope);
    let rows: Vec<OfVictim> = query.build_query_as().fetch_all(db).await?;
    Ok(rows.into_iter().map(|OfVictim { id, cause: Json(cause) }| (id, cause)).collect())
}
