//! The operations of a namespace as the log tells them, read without any code of the product.

use anyhow::{Result, ensure};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgPool;
use std::collections::HashMap;

#[derive(Debug)]
pub struct Operation {
    pub position: i64,
    pub recorded_at: DateTime<Utc>,
    /// What a scale asks for.
    pub replicas: Option<i64>,
    pub ends: Vec<End>,
}

/// A terminal event.
#[derive(Debug)]
pub struct End {
    pub kind: String,
    pub recorded_at: DateTime<Utc>,
    pub is_superseded: bool,
    pub is_timed_out: bool,
}

struct Row {
    position: i64,
    recorded_at: DateTime<Utc>,
    stream: String,
    kind: String,
    payload: Value,
}

pub struct Log {
    pub operations: HashMap<String, Operation>,
    rows: Vec<Row>,
}

/// Operations that were asked for and have not ended.
pub async fn under_way(owner: &PgPool) -> Result<i64> {
    let query = "SELECT count(*) FILTER (WHERE type = 'OperationRequested') - count(*) FILTER (WHERE type IN \
        ('OperationSucceeded', 'OperationFailed', 'OperationCancelled')) FROM events WHERE starts_with(stream, 'target:')";
    Ok(sqlx::query_scalar(query).fetch_one(owner).await?)
}

fn is_end(kind: &str) -> bool {
    matches!(kind, "OperationSucceeded" | "OperationFailed" | "OperationCancelled")
}

fn operation(payload: &Value) -> &str {
    payload["operation"].as_str().unwrap_or_default()
}

impl Log {
    pub async fn read(owner: &PgPool, namespace: &str) -> Result<Self> {
        let query = "SELECT position, recorded_at, stream, type, convert_from(payload, 'UTF8')::jsonb FROM events \
            WHERE starts_with(stream, 'target:') AND position($1 IN stream) > 0 ORDER BY position";
        let found: Vec<(i64, DateTime<Utc>, String, String, Value)> =
            sqlx::query_as(query).bind(format!("/{namespace}/")).fetch_all(owner).await?;
        let mut log = Self { operations: HashMap::new(), rows: Vec::new() };
        for (position, recorded_at, stream, kind, payload) in found {
            let id = operation(&payload).to_owned();
            if kind == "OperationRequested" {
                let replicas = payload.pointer("/intent/replicas").and_then(Value::as_i64);
                let new = Operation { position, recorded_at, replicas, ends: Vec::new() };
                ensure!(log.operations.insert(id, new).is_none(), "I3: asked for twice: {payload}");
            } else if is_end(&kind) {
                let end = End {
                    kind: kind.clone(),
                    recorded_at,
                    is_superseded: payload.pointer("/by/superseded").is_some(),
                    is_timed_out: payload.pointer("/failure/code").is_some_and(|code| code == "TIMED_OUT"),
                };
                log.operations.entry(id).and_modify(|operation| operation.ends.push(end));
            }
            log.rows.push(Row { position, recorded_at, stream, kind, payload });
        }
        Ok(log)
    }

    /// Everything of one operation, for people.
    pub fn story(&self, id: &str) -> String {
        let of = self.rows.iter().filter(|row| row.payload.to_string().contains(id));
        let line = |Row { position, recorded_at, kind, payload, .. }: &Row| {
            format!("\n    {position} {} {kind} {payload}", recorded_at.format("%T%.3f"))
        };
        of.map(line).collect()
    }

    /// I4: exactly one terminal event for an operation, and nothing of it afterwards.
    pub fn every_operation_ends_once(&self) -> Result<()> {
        for (id, Operation { ends, .. }) in &self.operations {
            ensure!(ends.len() == 1, "I4: {id} has {} ends:{}", ends.len(), self.story(id));
        }
        let mut ended: HashMap<&str, &str> = HashMap::new();
        for Row { kind, payload, .. } in &self.rows {
            let id = operation(payload);
            ensure!(!ended.contains_key(id), "I4: {kind} of {id} came after its {}", ended[id]);
            if is_end(kind) {
                ended.insert(id, kind);
            }
        }
        Ok(())
    }

    /// I11: the next operation on an object starts only after the one before has ended.
    pub fn operations_do_not_interleave(&self) -> Result<()> {
        let mut current: HashMap<&str, &str> = HashMap::new();
        for Row { stream, kind, payload, .. } in &self.rows {
            let id = operation(payload);
            if kind == "OperationStarted" {
                let before = current.insert(stream, id);
                ensure!(before.is_none(), "I11: {id} started before {before:?} had ended");
            } else if is_end(kind) && current.get(stream.as_str()) == Some(&id) {
                current.remove(stream.as_str());
            }
        }
        Ok(())
    }
}
