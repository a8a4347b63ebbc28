//! Searches among the events: part of the English sentence or of the reason.

use super::{Filter, MAX_COUNT, push_matching};
use crate::{Error, Language, Window, query::page::contains};
use domain::{access::Scope, core::message::Message};
use sqlx::{PgPool, Postgres, QueryBuilder};

/// The types that a search leaves out. Pods change more often than everything else, and are found by their target.
pub const NOT_SEARCHED: [&str; 2] = ["PodObserved", "PodGone"];

/// Maximum bytes of the searched text.
const SEARCHED: usize = 1024;

/// The English sentence and the reason, without free values: a person is found by the account name. Empty for what no
/// search finds.
pub fn searched(event_type: &str, summary: &Message, reason: Option<&str>) -> String {
    if NOT_SEARCHED.contains(&event_type) {
        return String::new();
    }
    let mut words = Language::English.text_in_clear(summary);
    if let Some(reason) = reason {
        words = format!("{reason}\n{words}");
    }
    words.truncate(words.floor_char_boundary(SEARCHED));
    words
}

/// Nothing is searched for by an empty text.
pub fn wanted(filter: &Filter) -> Option<&str> {
    filter.search.as_deref().filter(|search| !search.trim().is_empty())
}

pub fn push(query: &mut QueryBuilder<Postgres>, search: &str) {
    // Must match the expression of the index audit_log_by_words.
    query.push(" AND type NOT IN ('PodObserved', 'PodGone') AND search ILIKE ").push_bind(contains(search));
}

/// The positions of a page and of the row after it, newest first. None if more than [`MAX_COUNT`] events match: they are
/// found soonest from the newest on. Postgres cannot tell, and for a rare name it may read the whole table in that order.
pub async fn newest(pool: &PgPool, scope: &Scope, filter: &Filter, window: &Window) -> Result<Option<Vec<i64>>, Error> {
    let mut query = QueryBuilder::new("SELECT count(*), (array_agg(position ORDER BY position DESC))[:");
    query.push_bind(i32::try_from(window.rows()).unwrap_or(i32::MAX));
    query.push("] FROM (SELECT position FROM read.audit_log WHERE true");
    push_matching(&mut query, scope, filter, window)?;
    query.push(" LIMIT ").push_bind(MAX_COUNT + 1).push(") AS found");
    let (count, positions): (i64, Option<Vec<i64>>) = query.build_query_as().fetch_one(pool).await?;
    Ok((count <= MAX_COUNT).then(|| positions.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::audit::push_filter;

    #[sqlx::test(migrations = "../migrations")]
    async fn a_search_uses_the_index_of_words(pool: PgPool) {
        let mut connection = pool.acquire().await.expect("a connection");
        // A table of no rows is read as a whole otherwise, or in the order of another index.
        for setting in ["SET enable_seqscan = off", "SET enable_indexscan = off"] {
            sqlx::query(setting).execute(&mut *connection).await.expect("a setting");
        }
        let filter = Filter { search: Some("rotated".to_owned()), ..Filter::default() };
        for (begin, end) in [
            ("EXPLAIN SELECT position FROM read.audit_log WHERE true", " ORDER BY position DESC LIMIT 50"),
            ("EXPLAIN SELECT count(*) FROM (SELECT FROM read.audit_log WHERE true", " LIMIT 10001) AS found"),
        ] {
            let mut query = QueryBuilder::new(begin);
            push_filter(&mut query, &Scope::everything(), &filter);
            query.push(end);
            let plan: Vec<String> = query.build_query_scalar().fetch_all(&mut *connection).await.expect("a plan");
            assert!(plan.iter().any(|line| line.contains("audit_log_by_words")), "{plan:#?}");
        }
    }

    #[sqlx::test(migrations = "../migrations")]
    async fn the_newest_of_few_are_known_and_many_are_read_in_order(pool: PgPool) {
        let fill = "INSERT INTO read.audit_log (position, id, type, recorded_at, summary, search) \
                    SELECT nth, gen_random_uuid(), 'OperationRequested', now(), '{}', \
                           'incident' || CASE WHEN nth % 3000 = 0 THEN ' payday' ELSE '' END \
                    FROM generate_series(1, 10001) AS nth";
        sqlx::query(fill).execute(&pool).await.expect("rows");
        let (everything, two) = (Scope::everything(), Window::first(2));
        let found = async |search: &str, window: &Window| {
            let filter = Filter { search: Some(search.to_owned()), ..Filter::default() };
            newest(&pool, &everything, &filter, window).await.expect("a read")
        };
        assert_eq!(found("Payday", &two).await, Some(vec![9000, 6000, 3000]));
        assert_eq!(found("nothing", &two).await, Some(Vec::new()));
        assert_eq!(found("incident", &two).await, None);
    }
}
