//! What was changed, whoever did it: operations, and creations, changes of manifests and deletions by others.

use super::manifests::{REVISION_COLUMNS as REVISION, Revision};
use crate::{
    Error,
    query::{page::push_equal, scope::push_scope},
};
use chrono::{DateTime, Utc};
use domain::access::Scope;
use sqlx::{FromRow, PgConnection, PgPool, Postgres, QueryBuilder, Row, postgres::PgRow};
use std::collections::HashMap;
use uuid::Uuid;

/// Manifests of this many observations are searched for creations and changes by others, of workloads and of other objects. Each
/// type of event is read by its index.
const OBSERVATIONS: i64 = 200;

/// One change of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedChange {
    pub at: DateTime<Utc>,
    /// The id of the object.
    pub object: String,
    pub what: What,
}

/// Which change it was.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Operation(Uuid),
    /// A creation if it has no changes.
    ByOthers(Box<Revision>),
    /// No operation asked for it; Kubernetes does not tell who did.
    Deletion,
}

impl FromRow<'_, PgRow> for RecordedChange {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let (requested, changed): (Option<Uuid>, Option<i64>) = (row.try_get("requested")?, row.try_get("changed")?);
        let what = match (requested, changed) {
            (Some(operation), _) => What::Operation(operation),
            (None, Some(_)) => What::ByOthers(Box::new(Revision::from_row(row)?)),
            (None, None) => What::Deletion,
        };
        Ok(Self { at: row.try_get("at")?, object: row.try_get("object")?, what })
    }
}

/// Whether a revision changed more than the annotations in which controllers of Kubernetes note something for themselves: nobody
/// requested those, and nothing follows from them.
const CHANGES_MORE: &str = r"EXISTS (SELECT FROM jsonb_array_elements(changes) AS change WHERE change ->> 'path' !~
    '^/metadata/annotations/(deployment\.kubernetes\.io~1|deprecated\.daemonset\.template\.generation$|batch\.kubernetes\.io~1(job-tracking|cronjob-scheduled-timestamp)$)')";

/// Whether a revision is the creation of its object. The first record of an object is one only if the object was just made: others
/// are older than the record.
fn is_creation(created_at: &str) -> String {
    format!("changes = '[]' AND NOT anew AND recorded_at <= {created_at} + interval '1 minute'")
}

/// Whether an object went without an operation that deletes it, since it last went. What goes with its namespace is no change
/// of its own.
const NOT_REQUESTED: &str = "(gone.namespace IS NULL OR EXISTS (SELECT FROM read.namespaces AS place \
    WHERE place.cluster = gone.cluster AND place.name = gone.namespace AND place.phase = 'Active')) AND NOT EXISTS (SELECT FROM read.operations_log AS asked \
    WHERE asked.target = gone.id AND asked.kind LIKE 'Delete%' AND asked.requested_position < gone.position \
        AND asked.requested_position > coalesce((SELECT max(earlier.position) FROM read.audit_log AS earlier \
            WHERE earlier.target = gone.id AND earlier.type IN ('WorkloadGone', 'ObjectGone') AND earlier.position < gone.position), 0))";

/// The latest changes of one cluster or of all clusters, newest first. Jobs go by themselves, so the end of one is no change.
/// Nor is the creation of what a workload makes for itself: the Job of a CronJob, the ReplicaSet of a Deployment.
pub async fn latest(
    pool: &PgPool,
    scope: &Scope,
    cluster: Option<&str>,
    first: i64,
) -> Result<Vec<RecordedChange>, Error> {
    let cluster = cluster.map(str::to_owned);
    let mut query = QueryBuilder::new(format!(
        "SELECT found.at, found.object, found.requested, found.changed, {REVISION} FROM ( \
         (SELECT requested_at AS at, target AS object, id AS requested, NULL::bigint AS changed \
          FROM read.operations_log WHERE true"
    ));
    push_scope(&mut query, scope);
    push_equal(&mut query, "cluster", cluster.as_ref());
    query.push(" ORDER BY requested_position DESC LIMIT ").push_bind(first);
    query.push(
        ") UNION ALL (SELECT by_others.recorded_at, id, NULL, position FROM \
         (SELECT observed.* FROM unnest('{WorkloadManifestObserved, ObjectObserved}'::text[]) AS one (type) CROSS JOIN LATERAL \
          (SELECT position, target AS id FROM read.audit_log WHERE audit_log.type = one.type",
    );
    push_scope(&mut query, scope);
    push_equal(&mut query, "cluster", cluster.as_ref());
    query.push(" ORDER BY position DESC LIMIT ").push_bind(OBSERVATIONS);
    query.push(
        ") AS observed) AS observed JOIN read.revisions AS by_others USING (id, position) WHERE by_others.operation IS NULL AND (",
    );
    query.push(CHANGES_MORE);
    query.push(
        " OR EXISTS (SELECT FROM read.workloads AS made \
         WHERE made.id = by_others.id AND made.uid = by_others.uid AND made.owner IS NULL AND ",
    );
    query.push(is_creation("made.created_at"));
    query.push(
        "))) UNION ALL (SELECT gone.recorded_at, gone.id, NULL, NULL FROM \
         (SELECT gone.* FROM unnest('{WorkloadGone, ObjectGone, NamespaceGone}'::text[]) AS one (type) CROSS JOIN LATERAL \
          (SELECT position, recorded_at, cluster, namespace, target AS id FROM read.audit_log \
           WHERE audit_log.type = one.type AND target NOT LIKE 'Job~%'",
    );
    push_scope(&mut query, scope);
    push_equal(&mut query, "cluster", cluster.as_ref());
    query.push(" ORDER BY position DESC LIMIT ").push_bind(OBSERVATIONS).push(") AS gone) AS gone WHERE ");
    query.push(NOT_REQUESTED).push(
        ")) AS found \
         LEFT JOIN read.revisions AS revision ON revision.id = found.object AND revision.position = found.changed \
         ORDER BY found.at DESC LIMIT ",
    );
    query.push_bind(first);
    Ok(query.build_query_as().fetch_all(pool).await?)
}

/// An object whose changes before a moment are looked for.
pub(super) struct Beginning<'a> {
    /// The place of its problem.
    pub problem: i32,
    pub object: &'a str,
    pub since: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Before {
    problem: i32,
    #[sqlx(flatten)]
    change: RecordedChange,
}

/// The last change of a named victim in the half hour before each problem began, by the place of the problem.
pub(super) async fn before(
    db: &mut PgConnection,
    scope: &Scope,
    beginnings: &[Beginning<'_>],
) -> Result<HashMap<usize, RecordedChange>, Error> {
    let rows: Vec<Before> = before_query(scope, beginnings).build_query_as().fetch_all(db).await?;
    let place = |problem| usize::try_from(problem).ok();
    Ok(rows.into_iter().filter_map(|row| Some((place(row.problem)?, row.change))).collect())
}

/// The last change of one object in the half hour before its cause began, by the same rule.
pub async fn before_cause(
    pool: &PgPool,
    scope: &Scope,
    object: &str,
    since: DateTime<Utc>,
    created_at: DateTime<Utc>,
) -> Result<Option<RecordedChange>, Error> {
    let beginning = Beginning { problem: 0, object, since, created_at };
    let found: Option<Before> = before_query(scope, &[beginning]).build_query_as().fetch_optional(pool).await?;
    Ok(found.map(|found| found.change))
}

/// The times of Kubernetes are whole seconds, and a watch reports a change after it happened: hence the 5 s.
fn before_query(scope: &Scope, beginnings: &[Beginning<'_>]) -> QueryBuilder<Postgres> {
    let places: Vec<i32> = beginnings.iter().map(|one| one.problem).collect();
    let ids: Vec<&str> = beginnings.iter().map(|one| one.object).collect();
    let begun: Vec<DateTime<Utc>> = beginnings.iter().map(|one| one.since).collect();
    let created: Vec<DateTime<Utc>> = beginnings.iter().map(|one| one.created_at).collect();
    let mut query = QueryBuilder::new(format!(
        "SELECT DISTINCT ON (victim.problem) victim.problem, victim.id AS object, found.at, found.requested, found.changed, {REVISION} \
         FROM unnest("
    ));
    query.push_bind(places).push("::int[], ").push_bind(ids).push("::text[], ").push_bind(begun);
    query.push("::timestamptz[], ").push_bind(created);
    query.push(
        "::timestamptz[]) AS victim (problem, id, since, created_at) CROSS JOIN LATERAL ( \
         (SELECT requested_at AS at, id AS requested, NULL::bigint AS changed FROM read.operations_log \
          WHERE target = victim.id AND requested_at >= victim.since - interval '30 minutes' \
              AND requested_at <= victim.since + interval '5 seconds'",
    );
    push_scope(&mut query, scope);
    query.push(
        " ORDER BY requested_position DESC LIMIT 1) UNION ALL \
         (SELECT recorded_at, NULL, position FROM read.revisions \
          WHERE id = victim.id AND operation IS NULL AND recorded_at >= victim.since - interval '30 minutes' \
              AND recorded_at <= victim.since + interval '5 seconds' AND (",
    );
    query.push(is_creation("victim.created_at")).push(" OR ").push(CHANGES_MORE).push(")");
    push_scope(&mut query, scope);
    query.push(
        " ORDER BY position DESC LIMIT 1)) AS found \
         LEFT JOIN read.revisions AS revision ON revision.id = victim.id AND revision.position = found.changed \
         ORDER BY victim.problem, found.at DESC",
    );
    query
}
