//! Events for users: what happened, by whom, and the payload.
//!
//! Promises to show an undecodable event as it is stored, and to print no control characters. Tested in
//! tests/api/audit_tool.rs and projections/tests/read_side/evidence.rs.

use super::{Error, printable::line};
use crate::{Language, engine::feed, models::audit};
use domain::core::{
    actor::Actor,
    codec::{self, Keys},
    envelope::{Metadata, StoredEvent},
    free_text::FreeText,
};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

/// A selection of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    Position(i64),
    Stream(String),
    Operation(Uuid),
}

/// The events, in order.
pub async fn find(pool: &PgPool, which: &Which) -> Result<Vec<StoredEvent>, Error> {
    let positions: Vec<i64> = match which {
        Which::Position(position) => vec![*position],
        Which::Stream(stream) => {
            let query = sqlx::query_scalar("SELECT position FROM public.events WHERE stream = $1 ORDER BY version");
            query.bind(stream).fetch_all(pool).await?
        }
        Which::Operation(id) => {
            let query =
                sqlx::query_scalar("SELECT position FROM read.audit_log WHERE operation = $1 ORDER BY position");
            query.bind(id).fetch_all(pool).await?
        }
    };
    let mut found = Vec::with_capacity(positions.len());
    for position in positions {
        found.extend(feed::stored(pool, position - 1, position, 1).await?);
    }
    Ok(found)
}

/// A few lines about one event.
pub fn readable(event: &StoredEvent) -> String {
    let place = format!("{} version {}", event.stream, event.version);
    let time = event.recorded_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let mut lines = vec![format!("{}  {time}  {}  {place}", event.position, event.event_type)];
    match codec::decode_stored(event.clone(), Keys::none()) {
        Ok(recorded) => lines.push(format!("  {}", Language::English.text(&audit::from_recorded(&recorded).summary))),
        Err(error) => lines.push(format!("  it cannot be read: {error}")),
    }
    if let Ok(metadata) = serde_json::from_slice::<Metadata>(&event.metadata) {
        lines.push(format!("  by {}", by(&metadata)));
        lines.extend(metadata.reason.iter().map(|reason| format!("  because {reason:?}")));
        lines.extend(metadata.correlation.iter().map(|operation| format!("  operation {operation}")));
    }
    let payload = serde_json::to_string_pretty(&json_of(&event.payload)).unwrap_or_default();
    lines.extend(payload.lines().map(|line| format!("  {line}")));
    lines.iter().map(|of_event| line(of_event)).collect::<Vec<_>>().join("\n")
}

fn by(metadata: &Metadata) -> String {
    match &metadata.actor {
        Actor::User { username, display_name, source, .. } => {
            // Both are sealed in the log. Without keys only the account name is shown.
            let source = source.as_ref().map(FreeText::as_str).filter(|source| !source.is_empty());
            let source = source.map(|source| format!(" from {source}")).unwrap_or_default();
            match display_name.as_str() {
                "" => format!("{username}{source}"),
                name => format!("{name} ({username}){source}"),
            }
        }
        Actor::System { component } => format!("the {component}"),
    }
}

/// One event as one JSON value.
pub fn as_json(event: &StoredEvent) -> Value {
    let summary = |recorded| Language::English.text(&audit::from_recorded(&recorded).summary);
    let summary = codec::decode_stored(event.clone(), Keys::none()).ok().map(summary);
    json!({
        "position": event.position, "id": event.id, "stream": event.stream, "version": event.version,
        "type": event.event_type, "schemaVersion": event.schema_version, "recordedAt": event.recorded_at,
        "summary": summary, "metadata": json_of(&event.metadata), "payload": json_of(&event.payload),
        "contentHash": super::hex(&event.content_hash),
    })
}

fn json_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
}
