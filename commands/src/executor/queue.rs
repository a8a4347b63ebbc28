//! The table of effects: claim due effects, renew leases, postpone. Finishing is not here: the append of the outcome
//! removes or replaces the row in its own transaction.

use crate::log::{DataKeys, Last, batcher::Batcher, data_keys, prepare::effect_of};
use domain::{
    core::{
        ids::{BatchId, ClusterId, OperationId},
        sealing::{self, Opening, Ring, leaf},
    },
    operation::effect::{ASK_MEMBERS, Effect},
};
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool, Row, postgres::PgRow};
use std::{collections::HashSet, sync::Arc, time::Duration};
use uuid::Uuid;

/// How long a claim lasts without a heartbeat.
pub const LEASE: Duration = Duration::from_secs(5);

/// An effect that this process holds.
#[derive(Clone, Debug)]
pub struct Claim {
    pub effect: Effect,
    pub fence: i64,
    /// Claims of this stage so far, this one included.
    pub attempts: i32,
    /// How many of the earlier claims are known to have had no effect.
    pub harmless: i32,
}

impl Claim {
    /// Whether an earlier claim of this stage may have had its effect: it ended without a report, or as unknown.
    pub const fn may_be_done(&self) -> bool {
        self.attempts - 1 > self.harmless
    }
}

/// How long a batch is left to the processes that can call its cluster. After that, any one may end it.
const LEFT: Duration = Duration::from_secs(60);

/// A batch that this process holds.
#[derive(Clone, Debug)]
pub struct BatchClaim {
    pub batch: BatchId,
    pub cluster: ClusterId,
    pub fence: i64,
}

/// The effects, as this process uses them.
#[derive(Clone)]
pub struct Queue {
    pool: PgPool,
    keys: DataKeys,
    owner: String,
    held: Arc<Batcher<(OperationId, i64), bool>>,
}

impl Queue {
    pub fn new(pool: PgPool, keys: DataKeys, owner: String) -> Self {
        let on = pool.clone();
        let held = Arc::new(Batcher::new(move |claims| held(on.clone(), claims)));
        Self { pool, keys, owner, held }
    }

    /// Claims due effects, at most the share of each cluster, and overdue effects of other clusters. The claim is
    /// committed before any call. If the database lacks the last acknowledged event, its effects may already be done,
    /// and nothing is claimed.
    pub async fn claim(
        &self,
        free: &[(ClusterId, i64)],
        acknowledged: Option<Last>,
    ) -> Result<Vec<Claim>, sqlx::Error> {
        let (clusters, shares): (Vec<&str>, Vec<i64>) =
            free.iter().map(|(cluster, share)| (cluster.as_str(), *share)).unzip();
        let rows = sqlx::query(
            "WITH due AS (
                 SELECT picked.operation_id
                 FROM unnest($1::text[], $2::bigint[]) AS free (cluster, share)
                 CROSS JOIN LATERAL (
                     SELECT operation_id FROM effects
                     WHERE effects.cluster = free.cluster AND due_at <= clock_timestamp() AND stage <> $7
                       AND (lease_until IS NULL OR lease_until < clock_timestamp())
                     ORDER BY due_at LIMIT free.share FOR UPDATE SKIP LOCKED
                 ) picked
                 UNION ALL
                 SELECT operation_id FROM (
                     -- The cluster is not known here, or does not answer, and nobody elsewhere did it in time.
                     SELECT operation_id FROM effects
                     WHERE deadline < clock_timestamp() AND due_at <= clock_timestamp() AND cluster <> ALL ($1)
                       AND stage <> $7
                       AND (lease_until IS NULL OR lease_until < clock_timestamp())
                     ORDER BY deadline LIMIT 100 FOR UPDATE SKIP LOCKED
                 ) orphaned
             )
             UPDATE effects SET attempts = attempts + 1, lease_owner = $3, lease_until = clock_timestamp() + $4,
                                fence = nextval('effect_fence')
             FROM due WHERE effects.operation_id = due.operation_id
               AND ($5::bigint IS NULL OR EXISTS (SELECT FROM events WHERE position = $5 AND id = $6))
             RETURNING effects.operation_id, effects.body, effects.fence, effects.attempts, effects.harmless",
        )
        .bind(clusters)
        .bind(shares)
        .bind(&self.owner)
        .bind(LEASE)
        .bind(acknowledged.map(|last| last.position))
        .bind(acknowledged.map(|last| last.id))
        .bind(ASK_MEMBERS)
        .fetch_all(&self.pool)
        .await?;
        self.read(&rows).await
    }

    /// Claims batches that are due, at most `most`. They are due again after `pace`: for this process at once then, for
    /// others when its lease has ended. As with [`Queue::claim`], nothing is claimed if the log lacks the last acknowledged
    /// event. Those of the clusters in `but` are left to others, unless nobody takes them.
    pub async fn claim_batches(
        &self,
        most: i64,
        pace: Duration,
        acknowledged: Option<Last>,
        but: &[ClusterId],
    ) -> Result<Vec<BatchClaim>, sqlx::Error> {
        // The stage is written out, so that every plan may use the index of it.
        let statement = format!(
            "WITH due AS (
                 SELECT operation_id FROM effects
                 WHERE stage = '{ASK_MEMBERS}' AND due_at <= clock_timestamp()
                   AND (cluster <> ALL ($7) OR due_at < clock_timestamp() - $8)
                   AND (lease_until IS NULL OR lease_until < clock_timestamp() OR lease_owner = $1)
                 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
             )
             UPDATE effects SET due_at = clock_timestamp() + $3, lease_owner = $1,
                                lease_until = clock_timestamp() + $4, fence = nextval('effect_fence')
             FROM due WHERE effects.operation_id = due.operation_id
               AND ($5::bigint IS NULL OR EXISTS (SELECT FROM events WHERE position = $5 AND id = $6))
             RETURNING effects.operation_id, effects.cluster, effects.fence"
        );
        let claims: Vec<(Uuid, String, i64)> = sqlx::query_as(AssertSqlSafe(statement))
            .bind(&self.owner)
            .bind(most)
            .bind(pace)
            .bind(LEASE)
            .bind(acknowledged.map(|last| last.position))
            .bind(acknowledged.map(|last| last.id))
            .bind(but.iter().map(ClusterId::as_str).collect::<Vec<&str>>())
            .bind(LEFT)
            .fetch_all(&self.pool)
            .await?;
        let claim = |(batch, cluster, fence): (Uuid, String, i64)| BatchClaim {
            batch: BatchId(batch),
            cluster: ClusterId::from_name(&cluster),
            fence,
        };
        Ok(claims.into_iter().map(claim).collect())
    }

    /// An unreadable row affects only itself: it stays claimed until its lease ends, and is logged each time.
    async fn read(&self, rows: &[PgRow]) -> Result<Vec<Claim>, sqlx::Error> {
        let mut claims = Vec::with_capacity(rows.len());
        for row in rows {
            let body: Value = row.try_get("body")?;
            let claim = match self.keys.ring(leaf::keys_in(&body).into_iter().collect()).await {
                Ok(ring) => read(row, body, &ring),
                Err(data_keys::Error::Database(error)) => return Err(error),
                Err(error) => Err(sqlx::Error::Decode(Box::new(error))),
            };
            claims.extend(claim.inspect_err(|error| tracing::error!(%error, "effect.unreadable")).ok());
        }
        Ok(claims)
    }

    /// Renews leases. Returns those that are still ours. A row that an append is changing is not waited for, because the
    /// append may wait for another one of these: it keeps its lease until the next time.
    pub async fn renew(&self, held: &[(OperationId, i64)]) -> Result<Vec<OperationId>, sqlx::Error> {
        if held.is_empty() {
            return Ok(Vec::new());
        }
        let (operations, fences): (Vec<Uuid>, Vec<i64>) =
            held.iter().map(|(operation, fence)| (operation.0, *fence)).unzip();
        let kept: Vec<Uuid> = sqlx::query_scalar(
            "WITH ours AS (
                 SELECT operation_id, effects.fence FROM effects
                 JOIN unnest($1::uuid[], $2::bigint[]) AS held (operation, fence)
                   ON effects.operation_id = held.operation AND effects.fence = held.fence
             ), free AS (
                 SELECT operation_id FROM effects JOIN ours USING (operation_id, fence) FOR UPDATE OF effects SKIP LOCKED
             ), renewed AS (
                 UPDATE effects SET lease_until = clock_timestamp() + $3
                 FROM free WHERE effects.operation_id = free.operation_id
             )
             SELECT operation_id FROM ours",
        )
        .bind(operations)
        .bind(fences)
        .bind(LEASE)
        .fetch_all(&self.pool)
        .await?;
        Ok(kept.into_iter().map(OperationId).collect())
    }

    /// Effects of these clusters that no process holds, the oldest first, at most 100.
    pub async fn unclaimed(&self, clusters: &[&ClusterId]) -> Result<Vec<Claim>, sqlx::Error> {
        let clusters: Vec<&str> = clusters.iter().map(|cluster| cluster.as_str()).collect();
        let rows = sqlx::query(
            "SELECT operation_id, body, fence, attempts, harmless FROM effects
             WHERE cluster = ANY ($1) AND stage <> $2 AND (lease_until IS NULL OR lease_until < clock_timestamp())
             ORDER BY due_at LIMIT 100",
        )
        .bind(clusters)
        .bind(ASK_MEMBERS)
        .fetch_all(&self.pool)
        .await?;
        self.read(&rows).await
    }

    /// Whether the claim still holds: not claimed by another process and not withdrawn.
    pub async fn holds(&self, claim: &Claim) -> Result<bool, sqlx::Error> {
        self.held.ask((claim.effect.operation, claim.fence)).await
    }

    /// Releases a claim, due again after `wait`. `is_harmless`: no claim so far had an effect.
    pub async fn postpone(&self, claim: &Claim, wait: Duration, is_harmless: bool) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE effects SET due_at = clock_timestamp() + $3, lease_until = NULL, lease_owner = NULL,
                                harmless = CASE WHEN $4 THEN attempts ELSE harmless END
             WHERE operation_id = $1 AND fence = $2",
        )
        .bind(claim.effect.operation.0)
        .bind(claim.fence)
        .bind(wait)
        .bind(is_harmless)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Makes all effects of these clusters due.
    pub async fn hasten(&self, clusters: &[ClusterId]) -> Result<(), sqlx::Error> {
        let clusters: Vec<&str> = clusters.iter().map(ClusterId::as_str).collect();
        let hasten = "WITH late AS (
                 SELECT operation_id FROM effects
                 WHERE cluster = ANY ($1) AND due_at > clock_timestamp() FOR UPDATE SKIP LOCKED
             )
             UPDATE effects SET due_at = clock_timestamp() FROM late WHERE effects.operation_id = late.operation_id";
        sqlx::query(hasten).bind(clusters).execute(&self.pool).await.map(drop)
    }

    /// Deletes idempotency keys older than a week and returns how many. Their events stay.
    pub async fn prune_keys(&self) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar("SELECT prune_commands()").fetch_one(&self.pool).await
    }

    /// Releases the waiting effects of this process. One that an append is changing keeps its lease until that ends.
    pub async fn release_waiting(&self) -> Result<(), sqlx::Error> {
        sqlx::query(
            "WITH free AS (
                 SELECT operation_id FROM effects
                 WHERE lease_owner = $1 AND stage LIKE 'wait-%' FOR UPDATE SKIP LOCKED
             )
             UPDATE effects SET lease_until = NULL, lease_owner = NULL, fence = nextval('effect_fence')
             FROM free WHERE effects.operation_id = free.operation_id",
        )
        .bind(&self.owner)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

/// For each of these, whether it is claimed under its fence, in order.
async fn held(pool: PgPool, claims: Vec<(OperationId, i64)>) -> Result<Vec<bool>, sqlx::Error> {
    let (operations, fences): (Vec<Uuid>, Vec<i64>) =
        claims.iter().map(|(operation, fence)| (operation.0, *fence)).unzip();
    let statement = "SELECT e.operation_id, e.fence FROM unnest($1::uuid[], $2::bigint[]) AS claim (operation, fence) \
         JOIN effects e ON e.operation_id = claim.operation AND e.fence = claim.fence";
    let found: Vec<(Uuid, i64)> = sqlx::query_as(statement).bind(operations).bind(fences).fetch_all(&pool).await?;
    let found: HashSet<(Uuid, i64)> = found.into_iter().collect();
    Ok(claims.iter().map(|(operation, fence)| found.contains(&(operation.0, *fence))).collect())
}

fn read(row: &PgRow, mut body: Value, ring: &Ring) -> Result<Claim, sqlx::Error> {
    let operation = OperationId(row.try_get("operation_id")?);
    let unreadable = |error: sealing::Error| sqlx::Error::Decode(Box::new(error));
    leaf::open(&effect_of(operation), &mut body, ring, Opening::Plain).map_err(unreadable)?;
    Ok(Claim {
        // The error of JSON would quote a value.
        effect: serde_json::from_value(body.take())
            .map_err(|_| sqlx::Error::Decode("the effect has an unknown form".into()))?,
        fence: row.try_get("fence")?,
        attempts: row.try_get("attempts")?,
        harmless: row.try_get("harmless")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::core::sealing::SealingKeys;
    use tokio::time::timeout;

    #[sqlx::test(migrations = "../migrations")]
    async fn a_heartbeat_waits_for_no_row_that_an_append_changes(pool: PgPool) {
        let insert = "INSERT INTO effects (operation_id, cluster, stage, body, due_at, deadline, fence, lease_owner, lease_until) \
                      SELECT ('00000000-0000-0000-0000-00000000000' || nth)::uuid, 'dev', 'wait-until-ready', '{}', now(), now(), \
                             nth, 'me', now() FROM generate_series(1, 3) AS nth";
        sqlx::query(insert).execute(&pool).await.expect("effects");
        let sealing = Arc::new(SealingKeys::parse(&format!("test {}", "5e".repeat(32))).expect("a key"));
        let queue = Queue::new(pool.clone(), DataKeys::new(pool.clone(), sealing), "me".to_owned());
        let operation = |nth: u128| OperationId(Uuid::from_u128(nth));
        let leases = async || {
            let sql = "SELECT lease_owner IS NOT NULL AND lease_until > now() FROM effects ORDER BY operation_id";
            sqlx::query_scalar::<_, bool>(sql).fetch_all(&pool).await.expect("leases")
        };

        let mut append = pool.acquire().await.expect("a connection");
        sqlx::query("BEGIN").execute(&mut *append).await.expect("a transaction");
        let lock = "SELECT FROM effects WHERE operation_id = '00000000-0000-0000-0000-000000000002' FOR UPDATE";
        sqlx::query(lock).execute(&mut *append).await.expect("a lock");
        let held = [(operation(1), 1), (operation(2), 2), (operation(3), 99)];
        let kept = timeout(LEASE, queue.renew(&held)).await.expect("nothing to wait for").expect("a renewal");
        assert_eq!(kept.into_iter().collect::<HashSet<_>>(), HashSet::from([operation(1), operation(2)]));
        assert_eq!(leases().await, [true, false, false]);

        timeout(LEASE, queue.release_waiting()).await.expect("nothing to wait for").expect("a release");
        sqlx::query("COMMIT").execute(&mut *append).await.expect("the end of the append");
        let owned = "SELECT lease_owner IS NOT NULL FROM effects ORDER BY operation_id";
        let owned: Vec<bool> = sqlx::query_scalar(owned).fetch_all(&pool).await.expect("owners");
        assert_eq!(owned, [false, true, false]);
    }
}
