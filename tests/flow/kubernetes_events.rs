//! How long Kubernetes events are kept.

use anyhow::Result;
use sqlx::{AssertSqlSafe, PgConnection};
use tests::database::Database;

/// Makes a partition for the day so long ago, unless there is one.
async fn make_day(connection: &mut PgConnection, age: i32) -> Result<()> {
    let statement = format!(
        "DO $$ DECLARE one CONSTANT date := (now() AT TIME ZONE 'UTC')::date - {age}; BEGIN \
             IF NOT EXISTS (SELECT FROM kubernetes_event_days WHERE day = one) THEN \
                 EXECUTE format('CREATE TABLE %I PARTITION OF kubernetes_events FOR VALUES FROM (%L) TO (%L)', \
                     'kubernetes_events_' || to_char(one, 'YYYYMMDD'), one, one + 1); \
                 INSERT INTO kubernetes_event_days VALUES (one); \
             END IF; \
         END $$"
    );
    sqlx::query(AssertSqlSafe(statement)).execute(connection).await?;
    Ok(())
}

/// Puts an event of the day so long ago into its partition.
async fn add_event(connection: &mut PgConnection, age: i32) -> Result<()> {
    let statement = "INSERT INTO kubernetes_events \
            (day, uid, cluster, type, reason, message, count, first_seen, last_seen, source) \
        VALUES ((now() AT TIME ZONE 'UTC')::date - $1::integer, 'u', 'dev', 'Normal', 'Pulled', '', 1, now(), now(), 'kubelet')";
    sqlx::query(statement).bind(age).execute(connection).await?;
    Ok(())
}

/// How many days ago the days are that have a partition, and those that have an event; and the number of partitions.
async fn kept(connection: &mut PgConnection) -> Result<(Vec<i32>, Vec<i32>, i64)> {
    let days = "SELECT (now() AT TIME ZONE 'UTC')::date - day FROM kubernetes_event_days ORDER BY day";
    let events = "SELECT (now() AT TIME ZONE 'UTC')::date - day FROM kubernetes_events ORDER BY day";
    let partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'kubernetes_events'::regclass";
    Ok((
        sqlx::query_scalar(days).fetch_all(&mut *connection).await?,
        sqlx::query_scalar(events).fetch_all(&mut *connection).await?,
        sqlx::query_scalar(partitions).fetch_one(&mut *connection).await?,
    ))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kubernetes_events_are_kept_for_so_many_days_and_no_longer() -> Result<()> {
    let (database, keep) = (Database::create().await?, "SELECT keep_kubernetes_events($1)");
    let owner = database.owner().await;
    // In one transaction it is one and the same time, also at midnight.
    let mut one = owner.begin().await?;
    for age in [31, 30, 2] {
        make_day(&mut one, age).await?;
    }
    for age in [31, 30, 2, 1, 0] {
        add_event(&mut one, age).await?;
    }
    sqlx::query(keep).bind(30).execute(&mut *one).await?;
    assert_eq!(kept(&mut one).await?, (vec![30, 2, 1, 0, -1], vec![30, 2, 1, 0], 5));
    // Yesterday stays: this morning, an event of last night is not a day old.
    sqlx::query(keep).bind(1).execute(&mut *one).await?;
    assert_eq!(kept(&mut one).await?, (vec![1, 0, -1], vec![1, 0], 3));
    let none = sqlx::query(keep).bind(0).execute(&mut *one).await;
    assert!(none.is_err(), "nothing would be kept");
    one.rollback().await?;
    owner.close().await;

    // Each process calls it, with its setting and the rights of the application.
    let application = database.application().await;
    sqlx::query(keep).bind(30).execute(&application).await?;
    application.close().await;
    database.drop().await;
    Ok(())
}
