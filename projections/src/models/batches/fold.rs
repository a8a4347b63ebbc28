//! The fold of a batch: its row from its own events, the states of its members from those of their operations.

use super::{Batch, COLUMNS, Counts, SKIPPED};
use crate::{
    Error,
    engine::{
        projection::{Projection, Table, encode, save, stored},
        rows::{self, Fold},
    },
    models::users::Actor,
};
use domain::{
    core::{
        event::{Event, Recorded},
        ids::OperationId,
        sealing::Ring,
    },
    operation::{
        Failure, OperationState,
        batch::{BatchEvent, Member},
    },
};
use futures::future::BoxFuture;
use serde::Serialize;
use sqlx::PgConnection;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

const BATCHES: Table = Table { name: "batches", key: &["id"], of_objects: false };
const MEMBERS: Table = Table { name: "batch_members", key: &["operation"], of_objects: false };

pub struct Batches;

impl Projection for Batches {
    fn name(&self) -> &'static str {
        "batches"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [Table] {
        &[BATCHES, MEMBERS]
    }

    fn categories(&self) -> &'static [&'static str] {
        &["batch", "target"]
    }

    fn apply<'a>(
        &self,
        db: &'a mut PgConnection,
        _keys: &'a Ring,
        events: &'a [Arc<Recorded>],
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(apply(db, events))
    }
}

/// The batch requested in `events`, as it is after them. Its members are queued.
pub fn fold(events: &[Recorded]) -> Option<Batch> {
    let mut batch = events.iter().fold(None, <Batches as Fold>::fold)?;
    batch.counts = Counts { queued: batch.total, ..Counts::default() };
    Some(batch)
}

async fn apply(db: &mut PgConnection, events: &[Arc<Recorded>]) -> Result<(), Error> {
    let mut states = BTreeMap::new();
    for recorded in events {
        match &recorded.event {
            Event::Operation(event) => {
                states.extend(event.state_after().map(|state| (event.operation().0, state.as_str())));
            }
            Event::Batch(event) => {
                set_states(db, std::mem::take(&mut states)).await?;
                take_in(db, event).await?;
            }
            _ => {}
        }
    }
    set_states(db, states).await?;
    rows::take_in::<Batches>(db, events).await
}

/// The events of a batch that change its members.
async fn take_in(db: &mut PgConnection, event: &BatchEvent) -> Result<(), Error> {
    match event {
        BatchEvent::BatchMembersAdded { batch, members } => {
            let rows: Vec<MemberRow<'_>> = members.iter().map(|member| MemberRow::queued(batch.0, member)).collect();
            save(db, MEMBERS, &rows).await
        }
        BatchEvent::BatchMemberRefused { operation, failure, .. } => refuse(db, *operation, failure).await,
        BatchEvent::BatchMembersSkipped { members, .. } => {
            set_states(db, members.iter().map(|member| (member.0, SKIPPED)).collect()).await
        }
        // What was not requested by then never will be.
        BatchEvent::BatchEnded { batch } => {
            let end = "UPDATE batch_members SET state = $2 WHERE batch = $1 AND state = $3";
            let (cancelled, queued) = (OperationState::Cancelled.as_str(), OperationState::Queued.as_str());
            sqlx::query(end).bind(batch.0).bind(cancelled).bind(queued).execute(db).await?;
            Ok(())
        }
        BatchEvent::BatchRequested { .. }
        | BatchEvent::BatchGroupStarted { .. }
        | BatchEvent::BatchGroupEnded { .. }
        | BatchEvent::BatchCancelRequested { .. } => Ok(()),
    }
}

/// Most operations belong to no batch.
async fn set_states(db: &mut PgConnection, states: BTreeMap<Uuid, &str>) -> Result<(), Error> {
    if states.is_empty() {
        return Ok(());
    }
    let (operations, states): (Vec<Uuid>, Vec<&str>) = states.into_iter().unzip();
    let set = "UPDATE batch_members SET state = after.state FROM unnest($1::uuid[], $2::text[]) AS after (operation, state) \
               WHERE batch_members.operation = after.operation";
    sqlx::query(set).bind(operations).bind(states).execute(db).await?;
    Ok(())
}

async fn refuse(db: &mut PgConnection, operation: OperationId, failure: &Failure) -> Result<(), Error> {
    let mut refusal = serde_json::to_value(failure).map_err(encode)?;
    stored(&mut refusal)?;
    let refuse = "UPDATE batch_members SET state = $2, refusal = $3 WHERE operation = $1";
    let failed = OperationState::Failed.as_str();
    sqlx::query(refuse).bind(operation.0).bind(failed).bind(refusal).execute(db).await?;
    Ok(())
}

/// A row of the table of members.
#[derive(Serialize)]
struct MemberRow<'a> {
    operation: Uuid,
    batch: Uuid,
    target: String,
    cluster: &'a str,
    namespace: Option<&'a str>,
    state: &'static str,
    refusal: Option<&'a Failure>,
}

impl<'a> MemberRow<'a> {
    fn queued(batch: Uuid, member: &'a Member) -> Self {
        let target = &member.target;
        Self {
            operation: member.operation.0,
            batch,
            target: target.id(),
            cluster: target.cluster.as_str(),
            namespace: target.namespace.as_deref(),
            state: OperationState::Queued.as_str(),
            refusal: None,
        }
    }
}

impl Fold for Batches {
    type Key = Uuid;
    type Before = Batch;
    type Row<'a> = Batch;
    const TABLE: Table = BATCHES;
    const LOADED: &'static str = COLUMNS;

    fn key(event: &Recorded) -> Option<Uuid> {
        let Event::Batch(event) = &event.event else { return None };
        Some(event.batch().0)
    }

    fn key_of(before: &Batch) -> Uuid {
        before.id
    }

    fn fold(before: Option<Batch>, event: &Recorded) -> Option<Batch> {
        let Event::Batch(about) = &event.event else { return before };
        let mut row = before.or_else(|| requested(about, event))?;
        row.last_position = event.position;
        match about {
            BatchEvent::BatchCancelRequested { .. } => row.cancel_requested = true,
            BatchEvent::BatchEnded { .. } => row.finished_at = Some(event.recorded_at),
            BatchEvent::BatchRequested { .. }
            | BatchEvent::BatchMembersAdded { .. }
            | BatchEvent::BatchGroupStarted { .. }
            | BatchEvent::BatchMemberRefused { .. }
            | BatchEvent::BatchGroupEnded { .. }
            | BatchEvent::BatchMembersSkipped { .. } => {}
        }
        Some(row)
    }

    fn before(row: Batch) -> Batch {
        row
    }
}

fn requested(about: &BatchEvent, event: &Recorded) -> Option<Batch> {
    let BatchEvent::BatchRequested { batch, kind, cluster, total, retry_of } = about else { return None };
    Some(Batch {
        id: batch.0,
        kind: kind.clone(),
        cluster: cluster.to_string(),
        total: i32::try_from(*total).unwrap_or(i32::MAX),
        retry_of: retry_of.map(|of| of.0),
        cancel_requested: false,
        actor: Actor::of(&event.metadata.actor),
        reason: event.metadata.reason.clone(),
        requested_at: event.recorded_at,
        finished_at: None,
        requested_position: event.position,
        last_position: event.position,
        counts: Counts::default(),
    })
}
