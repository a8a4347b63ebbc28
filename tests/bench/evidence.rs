//! Two witnesses against each other: what the API server wrote down itself, and what the log holds.

use anyhow::Result;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use tests::witness::{self, Effect};
pub use tests::witness::{Mark, now};

fn effects(begin: Mark, namespace: &str) -> Result<Vec<Effect>> {
    let mut effects = witness::effects(begin, namespace)?;
    effects.retain(|effect| effect.is_certain);
    Ok(effects)
}

/// How many of our effects in `namespace` since `begin`.
pub fn count(begin: Mark, namespace: &str) -> Result<usize> {
    Ok(effects(begin, namespace)?.len())
}

/// When each operation of `namespace` was recorded as asked for.
async fn records(owner: &sqlx::PgPool, namespace: &str) -> Result<HashMap<String, DateTime<Utc>>> {
    let query = "SELECT convert_from(payload, 'UTF8')::jsonb ->> 'operation', recorded_at FROM events \
        WHERE type = 'OperationRequested' AND position($1 IN stream) > 0";
    let rows: Vec<(Option<String>, DateTime<Utc>)> =
        sqlx::query_as(query).bind(format!("/{namespace}/")).fetch_all(owner).await?;
    Ok(rows.into_iter().filter_map(|(operation, at)| Some((operation?, at))).collect())
}

#[derive(Default, Debug)]
pub struct Judgement {
    pub effects: usize,
    /// Effects that no committed event asks for, or whose event is younger.
    pub unrecorded: usize,
    /// How much older the record is than the effect, in ms.
    pub lead: Vec<f64>,
    /// Operations that were answered as accepted and are not in the log.
    pub lost: usize,
}

/// Compares both for `namespace`; `accepted` are the operations whose command was answered as accepted.
pub async fn judge(owner: &sqlx::PgPool, namespace: &str, begin: Mark, accepted: &[String]) -> Result<Judgement> {
    let records = records(owner, namespace).await?;
    let mut judgement = Judgement::default();
    for effect in effects(begin, namespace)? {
        judgement.effects += 1;
        let recorded = effect.operation.as_ref().and_then(|operation| records.get(operation));
        match recorded {
            Some(at) if *at <= effect.received_at => {
                let lead = (effect.received_at - *at).num_microseconds().unwrap_or_default();
                judgement.lead.push(lead as f64 / 1000.0);
            }
            _ => judgement.unrecorded += 1,
        }
    }
    judgement.lost = accepted.iter().filter(|operation| !records.contains_key(*operation)).count();
    Ok(judgement)
}

/// Waits until the log has not grown for a second, at most for `patience`; how long that took in ms.
pub async fn until_quiet(owner: &sqlx::PgPool, patience: std::time::Duration) -> Result<f64> {
    let begun = std::time::Instant::now();
    let (mut last, mut since) = (-1_i64, std::time::Instant::now());
    while begun.elapsed() < patience && since.elapsed() < std::time::Duration::from_secs(1) {
        let head: i64 = sqlx::query_scalar("SELECT position FROM log_head").fetch_one(owner).await?;
        if head != last {
            (last, since) = (head, std::time::Instant::now());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Ok(crate::load::millis(begun.elapsed().saturating_sub(since.elapsed())))
}
