//! A long read of the log says the same as a short one.

use crate::log::Log;
use futures::TryStreamExt;
use projections::engine::feed::{self, Entry};
use serde_json::json;
use sqlx::{PgPool, postgres::PgPoolOptions};

/// What the entries say, for comparison.
fn said(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|entry| format!("{entry:?}")).collect()
}

async fn pages(log: &Log, pool: &PgPool, after: i64, until: i64, page: i64) -> Result<Vec<Entry>, projections::Error> {
    Ok(feed::pages(pool, log.read.keys(), after, until, page).try_collect::<Vec<_>>().await?.concat())
}

#[sqlx::test(migrations = "../migrations")]
async fn pages_hold_what_single_reads_do_and_end_at_a_gap(admin: PgPool) {
    let log = Log::new(admin);
    for number in 0..40_u64 {
        log.workload("shop", &format!("web-{number}"), json!({"text": "\u{1F9ED} \u{e9}\n\"\\"})).await;
    }
    sqlx::raw_sql(
        "UPDATE events SET type = 'FromTheFuture' WHERE position = 7; \
         UPDATE events SET payload = 'no JSON' WHERE position = 12",
    )
    .execute(&log.admin)
    .await
    .unwrap();
    let single = feed::read(log.read.pool(), log.read.keys(), 0, 40, 100).await.unwrap();
    assert_eq!((single.len(), single.iter().filter(|entry| entry.is_err()).count()), (40, 2));
    for page in [1, 3, 40, 100] {
        assert_eq!(said(&pages(&log, log.read.pool(), 0, 40, page).await.unwrap()), said(&single), "pages of {page}");
    }
    assert_eq!(said(&pages(&log, log.read.pool(), 10, 33, 7).await.unwrap()), said(&single[10..33]));
    assert!(pages(&log, log.read.pool(), 40, 40, 7).await.unwrap().is_empty());

    for missing in [40, 15, 1] {
        sqlx::query("DELETE FROM events WHERE position = $1").bind(missing).execute(&log.admin).await.unwrap();
        let error = pages(&log, log.read.pool(), 0, 40, 7).await.unwrap_err();
        assert!(matches!(error, projections::Error::Gap(found) if found == missing), "{missing}: {error}");
    }
}

/// What is left of a copy that failed must not be the answer to the next question.
#[sqlx::test(migrations = "../migrations")]
async fn after_a_read_that_failed_the_next_answers_belong_to_their_questions(admin: PgPool) {
    let log = Log::new(admin);
    log.workload("shop", "web", json!({})).await;
    let options = (*log.read.pool().connect_options()).clone();
    let only = PgPoolOptions::new().max_connections(1).connect_lazy_with(options);
    let execute = async |sql| sqlx::raw_sql(sql).execute(&log.admin).await.unwrap();
    for (break_it, mend) in [
        ("ALTER TABLE events RENAME TO away", "ALTER TABLE away RENAME TO events"),
        ("REVOKE SELECT ON events FROM binnacle_app", "GRANT SELECT ON events TO binnacle_app"),
    ] {
        execute(break_it).await;
        assert!(pages(&log, &only, 0, 1, 1).await.is_err(), "{break_it}");
        for number in 1..4_i32 {
            let answer: i32 = sqlx::query_scalar("SELECT $1").bind(number).fetch_one(&only).await.unwrap();
            assert_eq!(answer, number, "after {break_it}");
        }
        execute(mend).await;
        assert_eq!(pages(&log, &only, 0, 1, 1).await.unwrap().len(), 1, "after {mend}");
    }
}
