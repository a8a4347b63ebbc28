//! Projections built anew from the log, in temporary tables that only this connection sees. The live tables are not
//! touched before [`Rebuild::switch`]; an audit never calls it.

use crate::{
    Error, feed,
    handle::by_key,
    projection::{Projection, Table},
};
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

/// Larger than the batches of the projector: fewer versions of a row are written.
const PAGE: i64 = 5000;

/// Empty tables of the projections that only this connection sees.
pub async fn temporary_tables(db: &mut PgConnection, projections: &[&dyn Projection]) -> Result<(), Error> {
    for Table { name, key } in projections.iter().flat_map(|projection| projection.tables()) {
        // Only the folds look things up here, and only by key.
        let key = key.join(", ");
        let sql = format!("CREATE TEMPORARY TABLE {name} (LIKE read.{name}, PRIMARY KEY ({key}))");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *db).await?;
    }
    Ok(())
}

pub struct Rebuild {
    pub db: PgConnection,
    projections: Vec<&'static dyn Projection>,
    pages: BoxStream<'static, Result<feed::Read, Error>>,
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
        temporary_tables(&mut db, &projections).await?;
        let pages = feed::pages(pool, 0, until, PAGE).boxed();
        Ok(Self { db, projections, pages, position: 0, until })
    }

    /// Takes in one page. False when the end is reached.
    pub async fn step(&mut self) -> Result<bool, Error> {
        let Some(read) = self.pages.try_next().await? else { return Ok(false) };
        let mut tx = self.db.begin().await?;
        for projection in &self.projections {
            projection.apply(&mut tx, &read.events).await?;
        }
        tx.commit().await?;
        self.position = read.events.last().map_or(self.position, |last| last.position);
        read.stopped.map_or(Ok(true), Err)
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
