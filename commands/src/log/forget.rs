//! Deletes a data key and appends the event of the deletion in one transaction.

use super::{
    append::{Appended, Request, append},
    group_commit::EventStore,
};
use crate::error::Error;
use domain::core::sealing::{KeyId, leaf};
use serde_json::Value;
use sqlx::{Connection, PgConnection};

/// What to do about a pending call that this key sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// The deletion fails: the operation must end first.
    Refuse,
    /// For a restored copy: the call fails, unless it had its effect.
    Forget,
}

/// Deletes the key and appends the request in one transaction; returns the position. An error before the commit changes
/// nothing.
pub async fn forget(store: &EventStore, request: Request, key: KeyId, pending: Pending) -> Result<i64, Error> {
    let prepared = request.prepare(store.keys()).await.map_err(|error| Error::Internal(error.to_string()))?;
    // An own connection: a dropped call must not leave an open transaction in the pool.
    let mut connection = store.pool().acquire().await?.detach();
    let mut transaction = connection.begin().await?;
    // The database refuses a commit without the report (migrations/20261201000017_reported_deletions.sql).
    // First the key, then the head: so does whoever reports another change of a key. What was sealed before the head is locked
    // has a lower position than the report.
    let delete = sqlx::query("DELETE FROM data_keys WHERE id = $1").bind(key.0.as_slice());
    if delete.execute(&mut *transaction).await?.rows_affected() != 1 {
        transaction.rollback().await?;
        return Err(Error::Unavailable { message: "somebody else forgot it meanwhile: nothing was done".to_owned() });
    }
    let answers = append(&mut transaction, &[prepared]).await?;
    let Some(Appended::Done { position, .. }) = answers.first() else {
        return Err(Error::Internal(format!("the log answered {answers:?} to a fact")));
    };
    // With the head locked, no effect is added and no stage changes before the commit.
    if pending == Pending::Refuse && is_pending(&mut transaction, key).await? {
        transaction.rollback().await?;
        let message = "an operation on it has not ended: nothing was forgotten, try again".to_owned();
        return Err(Error::Unavailable { message });
    }
    sqlx::query("SELECT pg_notify('log', $1)").bind(position.to_string()).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(*position)
}

/// Whether an effect holds a value that this key sealed.
async fn is_pending(connection: &mut PgConnection, key: KeyId) -> Result<bool, sqlx::Error> {
    let bodies: Vec<Value> =
        sqlx::query_scalar("SELECT body FROM effects WHERE body::text LIKE '%$sealed%'").fetch_all(connection).await?;
    Ok(bodies.iter().any(|body| leaf::keys_in(body).contains(&key)))
}
