//! Events that a projection passes over, because the log says that somebody decided so. There is no other way to pass one over.
//!
//! Promises that one is quarantined only where the projection has stopped at it, so that the live rows and those of a rebuild, which
//! knows of it from the beginning, are the same. Tested in projections/tests/read_side/quarantine.rs.

use crate::{
    Error,
    engine::{checkpoints, feed, fold, projection::Projection, transaction},
};
use chrono::{DateTime, Utc};
use domain::core::decider::Decider;
use domain::{
    core::{actor::Actor, event::Event},
    platform::projection::{self, ProjectionEvent},
};
use serde::Serialize;
use sqlx::{PgExecutor, PgPool, Postgres, Transaction};
use std::collections::BTreeSet;

/// An event that a projection passes over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PassedOver {
    pub projection: String,
    pub position: i64,
    /// Who decided so, when and why.
    pub by: String,
    pub at: DateTime<Utc>,
    pub reason: Option<String>,
}

/// What these projections pass over, as the log says now.
pub async fn of(db: impl PgExecutor<'_>, projections: &[&dyn Projection]) -> Result<Vec<PassedOver>, Error> {
    let streams: Vec<String> =
        projections.iter().map(|projection| projection::Projection::stream(projection.name())).collect();
    let stored = feed::stored_of(db, &streams, i64::MAX, i64::MAX).await?;
    let mut found = Vec::with_capacity(stored.len());
    for event in stored.into_iter().map(feed::decode) {
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

/// The positions of those that this projection passes over.
pub fn positions(passed_over: &[PassedOver], projection: &dyn Projection) -> BTreeSet<i64> {
    let own = passed_over.iter().filter(|passed_over| passed_over.projection == projection.name());
    own.map(|passed_over| passed_over.position).collect()
}

/// A projection that stays where it has stopped for as long as this lives: what is appended meanwhile, it knows of before it goes on.
pub struct Held {
    /// What it stopped at.
    pub cause: Error,
    _checkpoint: Transaction<'static, Postgres>,
}

/// Why an event cannot be quarantined.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("there is no projection {0:?}; these are there: {1}")]
    Unknown(String, String),
    #[error(
        "{0} is not there in this version: it was not projected yet, or is being rebuilt, or is of another version of Binnacle"
    )]
    OtherVersion(&'static str),
    #[error(
        "{projection} has not stopped at the event at position {asked}: it stands before the one at position {next}"
    )]
    Elsewhere { projection: &'static str, asked: i64, next: i64 },
    #[error("{0} has not stopped: it is where the others are")]
    GoesOn(&'static str),
    #[error("{projection} can take in the event at position {position}: it goes on by itself")]
    NoPoison { projection: &'static str, position: i64 },
    #[error(transparent)]
    Read(#[from] Error),
    #[error("the database did not answer")]
    Database(#[from] sqlx::Error),
}

/// Makes sure that the projection with this name has stopped at the event at `position`: it is behind the others, and the event is tried
/// once more. With the rights of the application.
pub async fn hold(pool: &PgPool, list: &[&'static dyn Projection], name: &str, position: i64) -> Result<Held, Refusal> {
    let Some(projection) = list.iter().find(|projection| projection.name() == name).copied() else {
        let names: Vec<&str> = list.iter().map(|projection| projection.name()).collect();
        return Err(Refusal::Unknown(name.to_owned(), names.join(", ")));
    };
    let name = projection.name();
    let mut tx = transaction::begin(pool, "BEGIN").await?;
    // Whoever holds it and vanishes must not hold up the projector.
    let settings = "SET LOCAL search_path = read, public; SET LOCAL idle_in_transaction_session_timeout = '30s'";
    sqlx::raw_sql(settings).execute(&mut *tx).await?;
    let stands = checkpoints::lock(&mut tx, projection).await?.ok_or(Refusal::OtherVersion(name))?;
    if stands + 1 != position {
        return Err(Refusal::Elsewhere { projection: name, asked: position, next: stands + 1 });
    }
    if checkpoints::furthest(&mut *tx).await? == stands {
        return Err(Refusal::GoesOn(name));
    }
    let page = feed::read(&mut *tx, stands, position, 1).await?;
    let passed_over = positions(&of(&mut *tx, &[projection]).await?, projection);
    match fold::take_in(projection, &mut tx, &page, &passed_over).await?.stop {
        Some(cause) => Ok(Held { cause, _checkpoint: tx }),
        None => Err(Refusal::NoPoison { projection: name, position }),
    }
}
