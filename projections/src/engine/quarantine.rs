//! Quarantined events: a projection skips an event only because the log records that decision.
//!
//! Promises that an event is quarantined only if the projection has stopped at it. So the live rows equal those of a
//! rebuild, which knows the quarantine from the start. Tested in projections/tests/read_side/quarantine.rs.

use crate::{
    Error,
    engine::{checkpoints, data_keys::DataKeys, feed, fold, projection::Projection, transaction},
};
use chrono::{DateTime, Utc};
use domain::core::decider::Decider;
use domain::{
    core::{actor::Actor, codec::Keys, event::Event},
    platform::projection::{self, ProjectionEvent},
};
use serde::Serialize;
use sqlx::{PgExecutor, PgPool, Postgres, Transaction};
use std::collections::BTreeSet;

/// A quarantined event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PassedOver {
    pub projection: String,
    pub position: i64,
    /// Author, time and reason of the decision.
    pub by: String,
    pub at: DateTime<Utc>,
    pub reason: Option<String>,
}

/// The quarantined events of these projections, as the log has them now.
pub async fn of(db: impl PgExecutor<'_>, projections: &[&dyn Projection]) -> Result<Vec<PassedOver>, Error> {
    let streams: Vec<String> =
        projections.iter().map(|projection| projection::Projection::stream(projection.name())).collect();
    let stored = feed::stored_of(db, &streams, i64::MAX, i64::MAX).await?;
    let mut found = Vec::with_capacity(stored.len());
    for event in stored.into_iter().map(|event| feed::decode(event, Keys::none())) {
        let event = event?;
        let Event::Projection(ProjectionEvent::EventQuarantined { projection, position }) = &event.event else {
            continue;
        };
        found.push(PassedOver {
            projection: projection.clone(),
            position: *position,
            by: match &event.metadata.actor {
                Actor::User { username, .. } => username.clone(),
                Actor::System { component } => component.clone(),
            },
            at: event.recorded_at,
            reason: event.metadata.reason.clone(),
        });
    }
    Ok(found)
}

/// The positions that this projection skips.
pub fn positions(passed_over: &[PassedOver], projection: &dyn Projection) -> BTreeSet<i64> {
    let own = passed_over.iter().filter(|passed_over| passed_over.projection == projection.name());
    own.map(|passed_over| passed_over.position).collect()
}

/// Holds a stopped projection at its position. It learns of events appended meanwhile before it continues.
pub struct Held {
    /// The error that stopped it.
    pub cause: Error,
    _checkpoint: Transaction<'static, Postgres>,
}

/// Why a quarantine is refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("there is no projection {0:?}; these are there: {1}")]
    Unknown(String, String),
    #[error(
        "{0} is not there in this version: it was not projected yet, or is being rebuilt, or is of another version of Binnacle"
    )]
    OtherVersion(&'static str),
    #[error(
        "{projection} has not stopped at the event at position {requested}: it stands before the one at position {next}"
    )]
    Elsewhere { projection: &'static str, requested: i64, next: i64 },
    #[error("{0} has not stopped: it is where the others are")]
    GoesOn(&'static str),
    #[error("{projection} can take in the event at position {position}: it goes on by itself")]
    NoPoison { projection: &'static str, position: i64 },
    #[error(transparent)]
    Read(#[from] Error),
    #[error("the database did not answer")]
    Database(#[from] sqlx::Error),
}

/// Checks that this projection has stopped at the event at `position`: it lags behind the others, and applying the
/// event fails again. Uses the rights of the application.
pub async fn hold(
    pool: &PgPool,
    keys: &DataKeys,
    list: &[&'static dyn Projection],
    name: &str,
    position: i64,
) -> Result<Held, Refusal> {
    let Some(projection) = list.iter().find(|projection| projection.name() == name).copied() else {
        let names: Vec<&str> = list.iter().map(|projection| projection.name()).collect();
        return Err(Refusal::Unknown(name.to_owned(), names.join(", ")));
    };
    let name = projection.name();
    let mut tx = transaction::begin(pool, "BEGIN").await?;
    // A command line that hangs must not block the projector.
    let settings = "SET LOCAL search_path = read, public; SET LOCAL idle_in_transaction_session_timeout = '30s'";
    sqlx::raw_sql(settings).execute(&mut *tx).await?;
    let at = checkpoints::lock(&mut tx, projection).await?.ok_or(Refusal::OtherVersion(name))?;
    if at + 1 != position {
        return Err(Refusal::Elsewhere { projection: name, requested: position, next: at + 1 });
    }
    if checkpoints::furthest(&mut *tx).await? == at {
        return Err(Refusal::GoesOn(name));
    }
    let page = feed::read(&mut *tx, keys, at, position, 1).await?;
    let passed_over = positions(&of(&mut *tx, &[projection]).await?, projection);
    match fold::take_in(projection, &mut tx, &keys.opened(), &page, &passed_over).await?.stop {
        Some(cause) => Ok(Held { cause, _checkpoint: tx }),
        None => Err(Refusal::NoPoison { projection: name, position }),
    }
}
