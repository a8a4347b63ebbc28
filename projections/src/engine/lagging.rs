//! A lagging projection: it stopped at an event, or is catching up. It continues by itself, page by page, each in its
//! own transaction, and retries with back-off where it stopped.
//!
//! Promises to stop right before the failing event, to log it once and raise its own alarm, and to need no state but
//! its checkpoint. Tested in projections/tests/read_side/lagging.rs.

use crate::{
    Error, Projections,
    engine::{
        checkpoints,
        data_keys::DataKeys,
        feed::{self, PAGE, position_of},
        fold::{self, Came},
        leader::Trouble,
        projection::Projection,
        quarantine,
    },
    handle::POLL,
};
use sqlx::{Connection, PgConnection};
use tokio::time::Instant;

pub struct Lagging {
    pub projection: &'static dyn Projection,
    /// The last applied event.
    pub position: i64,
    trouble: Trouble,
    keys: DataKeys,
    due: Instant,
}

impl Lagging {
    pub fn new(projection: &'static dyn Projection, position: i64, projections: &Projections) -> Self {
        let trouble = Trouble::new(format!("projection:{}", projection.name()), projections);
        Self { projection, position, trouble, keys: projections.keys().clone(), due: Instant::now() }
    }

    /// Whether it is stopped at an event.
    pub fn has_stopped(&self) -> bool {
        self.trouble.is_on()
    }

    /// Makes its next try due now.
    pub fn hasten(&mut self) {
        self.due = Instant::now();
    }

    pub fn is_due(&self) -> bool {
        self.due <= Instant::now()
    }

    /// Applies at most one page, not beyond `until`.
    pub async fn go_on(&mut self, db: &mut PgConnection, until: i64, fence: i64) -> Result<(), Error> {
        let page = feed::read(&mut *db, &self.keys, self.position, until, PAGE).await?;
        self.due = Instant::now() + POLL;
        let Some(end) = page.last().map(position_of) else { return Ok(()) };
        let mut tx = db.begin().await?;
        if !checkpoints::advance_alone(&mut tx, self.projection, self.position, end, fence).await? {
            return Ok(());
        }
        // Read after the checkpoint is locked: a quarantine holds the lock until it is in the log.
        let came = match quarantine::of(&mut *tx, &[self.projection]).await {
            Ok(found) => {
                let passed_over = quarantine::positions(&found, self.projection);
                fold::take_in(self.projection, &mut tx, &self.keys.opened(), &page, &passed_over).await?
            }
            Err(error @ Error::Codec { .. }) => Came { position: self.position, stop: Some(error) },
            Err(error) => return Err(error),
        };
        if came.position < end {
            checkpoints::advance_alone(&mut tx, self.projection, end, came.position, fence).await?;
        }
        tx.commit().await?;
        self.position = came.position;
        match came.stop {
            Some(error) => self.due = Instant::now() + self.trouble.met(&error),
            None => {
                self.due = Instant::now();
                self.trouble.is_over();
            }
        }
        Ok(())
    }
}
