//! Finds the numbers of canaries in whatever is read: as they are, and in the forms that bytes are written in.

use anyhow::{Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, PgPool};
use std::collections::{BTreeSet, HashMap};

/// One way in which a number may be written.
struct Form {
    /// How all numbers begin.
    beginning: String,
    length: usize,
    numbers: HashMap<String, String>,
}

pub struct Finder(Vec<Form>);

impl Finder {
    /// There must be at least one number.
    pub fn of(numbers: &[String]) -> Self {
        let written: [fn(&str) -> String; 5] =
            [str::to_owned, |number| hex::encode(number), |n| base64(n, 0), |n| base64(n, 1), |n| base64(n, 2)];
        Self(written.into_iter().map(|written| Form::of(numbers, written)).collect())
    }

    /// The numbers that stand in a text.
    pub fn found_in(&self, text: &str) -> BTreeSet<&str> {
        let found_as = |form| {
            let Form { beginning, length, numbers }: &Form = form;
            let places = text.match_indices(beginning.as_str());
            places.filter_map(move |(at, _)| numbers.get(text.get(at..at + length)?)).map(String::as_str)
        };
        self.0.iter().flat_map(found_as).collect()
    }

    /// Where a number stands in the database: in any row of any table, as text or as bytes.
    pub async fn found_in_database(&self, database: &PgPool) -> Result<Vec<String>> {
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables \
             WHERE schemaname NOT LIKE 'pg\\_%' AND schemaname <> 'information_schema'",
        )
        .fetch_all(database)
        .await?;
        ensure!(tables.len() > 20, "only {tables:?}");
        let mut found = BTreeSet::new();
        for table in tables {
            let query = format!("SELECT t::text FROM {table} AS t");
            let mut rows = sqlx::query_scalar::<_, String>(AssertSqlSafe(query)).fetch(database);
            while let Some(row) = rows.try_next().await? {
                found.extend(self.found_in(&row).into_iter().map(|number| format!("{number} in {table}")));
            }
        }
        Ok(found.into_iter().collect())
    }
}

impl Form {
    fn of(numbers: &[String], written: fn(&str) -> String) -> Self {
        let numbers: HashMap<String, String> = numbers.iter().map(|number| (written(number), number.clone())).collect();
        let one = numbers.keys().next().cloned().unwrap_or_default();
        let beginning = one.get(..4).unwrap_or_default().to_owned();
        assert!(numbers.keys().all(|number| number.starts_with(&beginning)), "they do not all begin with {beginning}");
        Self { beginning, length: one.len(), numbers }
    }
}

/// What is left of a number in base64 when `before` bytes stand before it in its group of three.
fn base64(number: &str, before: usize) -> String {
    let bytes = [&vec![0; before][..], number.as_bytes()].concat();
    let (begin, end) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
    BASE64_STANDARD_NO_PAD.encode(bytes)[begin..end].to_owned()
}

#[test]
fn a_number_is_found_however_it_is_written() {
    let numbers = ["731900010007".to_owned(), "731900020014".to_owned()];
    let finder = Finder::of(&numbers);
    let encoded = |text: &str| BASE64_STANDARD_NO_PAD.encode(text);
    for text in [
        "731900010007731900010007".to_owned(),
        hex::encode("x=731900010007;"),
        encoded("731900010007"),
        encoded("x731900010007 y"),
        encoded("{\"a\": \"xy731900010007\"}"),
        encoded("abcdefg 731900010007"),
    ] {
        assert_eq!(finder.found_in(&text), BTreeSet::from(["731900010007"]), "{text}");
    }
    assert_eq!(finder.found_in("731900010008 7319"), BTreeSet::new());
}
