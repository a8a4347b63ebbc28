//! Projections built anew from the log, in temporary tables that only this connection sees. The live tables are not
//! touched before [`Rebuild::switch`]; an audit never calls it.

use crate::{
    Error, feed,
    handle::by_key,
    projection::{Projection, Table},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

/// Larger than the batches of the projector: fewer versions of a row are written.
const PAGE: i64 = 5000;

pub struct Rebuild {
    pub db: PgConnection,
    pool: PgPool,
    projections: Vec<&'static dyn Projection>,
    next: feed::Read,
    pub position: i64,
    until: i64,
}

impl Rebuild {
    /// Makes empty temporary tables for `projections`, to be filled with the events up to and with `until`.
    pub async fn start(pool: &PgPool, projections: Vec<&'static dyn Projection>, until: i64) -> Result<Self, Error> {
        let mut db = pool.acquire().await?.detach();
        let settings = concat!(
            "SET search_path = pg_temp, public; SET temp_buffers = '64MB'; SET synchronous_commit = off; ",
            by_key!()
        );
        sqlx::raw_sql(settings).execute(&mut db).await?;
        for Table { name, key } in projections.iter().flat_map(|projection| projection.tables()) {
            // Only the folds look things up here, and only by key.
            let key = key.join(", ");
            let sql = format!("CREATE TEMPORARY TABLE {name} (LIKE read.{name}, PRIMARY KEY ({key}))");
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut db).await?;
        }
        let next = feed::read(pool, 0, until, PAGE).await?;
        Ok(Self { db, pool: pool.clone(), projections, next, position: 0, until })
    }

    /// Takes in one page, and reads the next one meanwhile. False when the end is reached.
    pub async fn step(&mut self) -> Result<bool, Error> {
        let read = std::mem::replace(&mut self.next, feed::Read { events: Vec::new(), stopped: None });
        let Some(last) = read.events.last().map(|last| last.position) else {
            return match read.stopped {
                Some(error) => Err(error),
                None if self.position < self.until => Err(Error::Gap(self.position + 1)),
                None => Ok(false),
            };
        };
        let apply = async {
            let mut tx = self.db.begin().await?;
            for projection in &self.projections {
                projection.apply(&mut tx, &read.events).await?;
            }
            tx.commit().await?;
            Ok::<_, Error>(())
        };
        let (applied, next) = tokio::join!(apply, feed::read(&self.pool, last, self.until, PAGE));
        applied?;
        self.next = next?;
        self.position = last;
        match read.stopped {
            Some(error) => Err(error),
            None => Ok(true),
        }
    }

    /// Puts the rows in place of the live ones, in one transaction, if `fence` still leads.
    pub async fn switch(&mut self, fence: i64) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        for projection in &self.projections {
            let moved = sqlx::query(
                "UPDATE read.checkpoints SET version = $2, position = $3 WHERE projection = $1 AND fence = $4",
            )
            .bind(projection.name())
            .bind(projection.version())
            .bind(self.until)
            .bind(fence)
            .execute(&mut *tx)
            .await?;
            if moved.rows_affected() != 1 {
                return Err(Error::Fenced);
            }
            for Table { name, .. } in projection.tables() {
                let sql = format!("DELETE FROM read.{name}; INSERT INTO read.{name} SELECT * FROM pg_temp.{name}");
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}
