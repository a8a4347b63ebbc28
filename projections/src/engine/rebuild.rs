//! Rebuilds projections from the log, each in temporary tables that only its own connection sees. The live tables
//! change only in [`Rebuild::switch`], which an audit never calls.

use crate::{
    Error,
    engine::{
        data_keys::DataKeys,
        feed::{self, Entry, position_of},
        fold,
        projection::{Projection, Table},
        quarantine,
    },
    handle::by_key,
};
use domain::core::planted::{Bug, is_planted};
use futures::{StreamExt, TryStreamExt, future::join_all, stream::BoxStream};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use std::{collections::BTreeSet, sync::Arc};

/// Larger than the batches of the projector, so that fewer versions of a row are written.
const PAGE: i64 = 5000;

/// Creates empty tables that only this connection sees.
pub async fn temporary_tables(db: &mut PgConnection, projections: &[&dyn Projection]) -> Result<(), Error> {
    for Table { name, key, .. } in projections.iter().flat_map(|projection| projection.tables()) {
        // Only the folds read these tables, and only by key.
        let key = key.join(", ");
        let sql = format!(
            "CREATE TEMPORARY TABLE {name} (LIKE read.{name} INCLUDING GENERATED INCLUDING DEFAULTS, PRIMARY KEY ({key}))"
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *db).await?;
    }
    Ok(())
}

/// One projection that is rebuilt on its own connection.
pub struct Build {
    pub db: PgConnection,
    keys: DataKeys,
    pub projection: &'static dyn Projection,
    passed_over: BTreeSet<i64>,
    /// The last applied event, and the position to reach.
    pub position: i64,
    until: i64,
    /// Why it stopped early.
    pub stop: Option<Error>,
}

impl Build {
    async fn start(
        pool: &PgPool,
        keys: &DataKeys,
        projection: &'static dyn Projection,
        until: i64,
    ) -> Result<Self, Error> {
        let mut db = pool.acquire().await?.detach();
        // The index of words takes in its entries in larger portions, each of which touches most of its pages.
        let settings = concat!(
            "SET search_path = pg_temp, public; SET temp_buffers = '64MB'; SET synchronous_commit = off; ",
            "SET gin_pending_list_limit = '32MB'; SET work_mem = '32MB'; ",
            by_key!()
        );
        sqlx::raw_sql(settings).execute(&mut db).await?;
        temporary_tables(&mut db, &[projection]).await?;
        // Loaded before the events that it concerns.
        let found = quarantine::of(&mut db, &[projection]).await?;
        let passed_over = match is_planted(Bug::QuarantineForgotten) {
            true => BTreeSet::new(),
            false => quarantine::positions(&found, projection),
        };
        let keys = keys.clone();
        Ok(Self { db, keys, projection, passed_over, position: 0, until, stop: None })
    }

    async fn take_in(mut self, page: Arc<Vec<Entry>>) -> Result<Self, Error> {
        let page = &page[..page.partition_point(|entry| position_of(entry) <= self.until)];
        if self.stop.is_some() || page.is_empty() {
            return Ok(self);
        }
        let mut tx = self.db.begin().await?;
        let came = fold::take_in(self.projection, &mut tx, &self.keys.opened(), page, &self.passed_over).await?;
        tx.commit().await?;
        (self.position, self.stop) = (came.position, came.stop);
        Ok(self)
    }

    async fn switch(&mut self, fence: i64) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        let moved =
            sqlx::query("UPDATE read.checkpoints SET version = $2, position = $3 WHERE projection = $1 AND fence = $4")
                .bind(self.projection.name())
                .bind(self.projection.version())
                .bind(self.position)
                .bind(fence)
                .execute(&mut *tx)
                .await?;
        if moved.rows_affected() != 1 {
            return Err(Error::Fenced);
        }
        // An event was quarantined meanwhile and may be in the rebuilt rows, so the rebuild must start again.
        let found = quarantine::of(&mut *tx, &[self.projection]).await?;
        if quarantine::positions(&found, self.projection) != self.passed_over {
            return Err(Error::QuarantinedMeanwhile(self.projection.name()));
        }
        for Table { name, .. } in self.projection.tables() {
            let columns = written_columns(&mut tx, name).await?;
            let sql = format!(
                "DELETE FROM read.{name}; INSERT INTO read.{name} ({columns}) SELECT {columns} FROM pg_temp.{name}"
            );
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// The columns of a read table that are not generated.
async fn written_columns(db: &mut PgConnection, table: &str) -> Result<String, Error> {
    let columns = "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                   WHERE attrelid = format('read.%I', $1)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''";
    Ok(sqlx::query_scalar(columns).bind(table).fetch_one(db).await?)
}

/// Projections that are rebuilt in parallel from the same pages of the log.
pub struct Rebuild {
    builds: Vec<Build>,
    pages: BoxStream<'static, Result<Vec<Entry>, Error>>,
}

impl Rebuild {
    /// Creates empty temporary tables for projections, each to be filled up to and including a position.
    pub async fn start(
        pool: &PgPool,
        keys: &DataKeys,
        projections: Vec<(&'static dyn Projection, i64)>,
    ) -> Result<Self, Error> {
        let until = projections.iter().map(|(_, until)| *until).max().unwrap_or_default();
        let mut builds = Vec::with_capacity(projections.len());
        for (projection, until) in projections {
            builds.push(Build::start(pool, keys, projection, until).await?);
        }
        let pages = feed::pages(pool, keys, 0, until, PAGE).boxed();
        Ok(Self { builds, pages })
    }

    /// Applies one page to all projections in parallel. A stopped one stays where it is. Returns the end of the page,
    /// None after the last one.
    pub async fn step(&mut self) -> Result<Option<i64>, Error> {
        let Some(page) = self.pages.try_next().await? else { return Ok(None) };
        let page = Arc::new(page);
        let building = self.builds.drain(..).map(|build| tokio::spawn(build.take_in(Arc::clone(&page))));
        for build in join_all(building.collect::<Vec<_>>()).await {
            self.builds.push(build.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?);
        }
        Ok(page.last().map(position_of))
    }

    /// The rebuilt projections, each with the connection that sees its tables.
    pub fn builds(&mut self) -> &mut [Build] {
        &mut self.builds
    }

    /// Replaces the live rows, each projection in one transaction, if `fence` still leads.
    pub async fn switch(&mut self, fence: i64) -> Result<(), Error> {
        for build in &mut self.builds {
            build.switch(fence).await?;
        }
        Ok(())
    }
}
