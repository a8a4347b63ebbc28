//! Limits failed sign-ins: a delay that doubles, never a lock. Attempts are counted in the database before the password
//! is checked, so that concurrent attempts all count. A source from which an account has signed in before has its own
//! count, so that guesses from elsewhere cannot lock the owner out.

use super::{Error, random};
use projections::engine::transaction;
use sqlx::PgPool;

/// A counter of failures, and how many are free. Those of all pairs of a source are never too many.
struct Counter {
    key: String,
    free: i32,
}

/// The counters of one sign-in.
pub struct Attempt {
    counters: [Counter; 2],
    known: String,
}

/// How long a source of successful sign-ins is remembered, in days.
const KNOWN_DAYS: i32 = 30;

/// Counts the attempt. `None` if it comes too soon after others.
pub async fn begin(pool: &PgPool, username: &str, source: &str) -> Result<Option<Attempt>, Error> {
    let known = key("known", &format!("{username}\n{source}"));
    let is_known: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM auth.sign_in_attempts WHERE key = $1 AND last_at > now() - make_interval(days => $2))",
    )
    .bind(&known)
    .bind(KNOWN_DAYS)
    .fetch_one(pool)
    .await?;
    // Always two: the time of a refusal must not reveal that this name has signed in from here, and so exists.
    let counters = if is_known {
        let pair = Counter { key: key("pair", &format!("{username}\n{source}")), free: 10 };
        [pair, Counter { key: key("pairs", source), free: i32::MAX }]
    } else {
        [Counter { key: key("account", username), free: 10 }, Counter { key: key("source", source), free: 50 }]
    };
    let mut transaction = transaction::begin(pool, "BEGIN").await?;
    for counter in &counters {
        if !count(&mut transaction, counter).await? {
            return Ok(None);
        }
    }
    transaction.commit().await?;
    Ok(Some(Attempt { counters, known }))
}

/// Counts one more failure, unless the key is blocked. A day without failures resets the count.
async fn count(db: &mut sqlx::PgConnection, counter: &Counter) -> Result<bool, Error> {
    let counted = sqlx::query(
        "INSERT INTO auth.sign_in_attempts AS a (key, failures, last_at, blocked_until) VALUES ($1, 1, now(), now())
         ON CONFLICT (key) DO UPDATE SET last_at = now(),
             failures = CASE WHEN a.last_at < now() - interval '1 day' THEN 1 ELSE a.failures + 1 END,
             blocked_until = CASE WHEN a.last_at < now() - interval '1 day' OR a.failures < $2 THEN now()
                 ELSE now() + least(interval '15 minutes', interval '1 second' * power(2, least(a.failures - $2, 20))) END
         WHERE a.blocked_until <= now()",
    )
    .bind(&counter.key)
    .bind(counter.free)
    .execute(db)
    .await?;
    Ok(counted.rows_affected() > 0)
}

/// Records a successful attempt: removes it from the counts and remembers its source.
pub async fn succeeded(pool: &PgPool, attempt: &Attempt) -> Result<(), Error> {
    let keys: Vec<&str> = attempt.counters.iter().map(|counter| counter.key.as_str()).collect();
    sqlx::query(
        "UPDATE auth.sign_in_attempts SET blocked_until = now(),
             failures = CASE WHEN starts_with(key, 'source:') THEN greatest(failures - 1, 0) ELSE 0 END
         WHERE key = ANY ($1)",
    )
    .bind(&keys)
    .execute(pool)
    .await?;
    sqlx::query(
        "INSERT INTO auth.sign_in_attempts (key, failures, last_at, blocked_until) VALUES ($1, 0, now(), now())
         ON CONFLICT (key) DO UPDATE SET last_at = now()",
    )
    .bind(&attempt.known)
    .execute(pool)
    .await?;
    Ok(())
}

/// Deletes expired counters.
pub async fn prune(pool: &PgPool) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM auth.sign_in_attempts
         WHERE last_at < now() - CASE WHEN starts_with(key, 'known:') THEN interval '30 days' ELSE interval '1 day' END",
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A key of fixed length that contains no user name.
fn key(of: &str, what: &str) -> String {
    format!("{of}:{}", hex::encode(&random::sha256(&[what.as_bytes()])[..16]))
}
