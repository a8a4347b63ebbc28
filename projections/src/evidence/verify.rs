//! Whether the log is whole and unchanged: positions and versions without a gap, every hash, the chain, the head, and
//! that every event can be read and stands in its canonical form. Needs nothing but the events.

use super::{Broken, Error, Holds, Progress, Verdict, hex};
use crate::feed;
use domain::{
    codec,
    envelope::{CHAIN_START, StoredEvent},
};
use serde_json::Value;
use sqlx::PgPool;
use std::collections::HashMap;

const PAGE: i64 = 5000;

/// The end of the log, as its keeper states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub position: i64,
    pub chain: Vec<u8>,
}

/// Looks at one event after the other, from the first.
#[derive(Debug)]
pub struct Verifier {
    position: i64,
    chain: Vec<u8>,
    versions: HashMap<String, i64>,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { position: 0, chain: CHAIN_START.to_vec(), versions: HashMap::new() }
    }
}

impl Verifier {
    /// The next events; they must follow what was seen before. What concerns one event alone is looked at in parallel.
    pub fn check(&mut self, events: &[StoredEvent]) -> Result<(), Broken> {
        let problems = in_parallel(events, own_problem);
        events.iter().zip(problems).try_for_each(|(event, problem)| self.check_one(event, problem))
    }

    fn check_one(&mut self, event: &StoredEvent, problem: Option<String>) -> Result<(), Broken> {
        let expected = self.position + 1;
        let broken = |problem: String| Err(Broken::at(expected, problem));
        if event.position != expected {
            return broken(format!("position {expected} is missing: the next event has {}", event.position));
        }
        let version = self.versions.get(&event.stream).copied().unwrap_or_default() + 1;
        if event.version != version {
            return broken(format!("stream {} has version {} where {version} follows", event.stream, event.version));
        }
        if let Some(problem) = problem {
            return broken(problem);
        }
        if event.expected_chain_hash(&self.chain).as_slice() != event.chain_hash {
            return broken("the chain is broken: an event up to here was changed, removed or put in".to_owned());
        }
        self.position = expected;
        self.chain.clone_from(&event.chain_hash);
        self.versions.insert(event.stream.clone(), version);
        Ok(())
    }

    /// What the log looks like as a whole, against the head.
    pub fn finish(&self, head: &Head) -> Verdict {
        if head.position != self.position {
            let problem = format!("the head says {}, the last event has {}", head.position, self.position);
            return Verdict::Broken(Broken::at(self.position.min(head.position) + 1, problem));
        }
        if head.chain != self.chain {
            return Verdict::Broken(Broken::at(self.position, "the chain of the head is not that of the last event"));
        }
        Verdict::Holds(Holds {
            holds: true,
            position: self.position,
            events: self.position,
            streams: self.versions.len(),
            rows: 0,
            chain: Some(hex(&self.chain)),
        })
    }
}

/// What is wrong with an event, whatever came before it.
fn own_problem(event: &StoredEvent) -> Option<String> {
    if event.expected_content_hash().as_slice() != event.content_hash {
        return Some("the content is not what was hashed when it was recorded".to_owned());
    }
    is_readable(event).err()
}

fn is_readable(event: &StoredEvent) -> Result<(), String> {
    codec::decode_stored(event).map_err(|error| {
        let source = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
        format!("it cannot be read: {error}{source}")
    })?;
    for (name, bytes) in [("payload", &event.payload), ("metadata", &event.metadata)] {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| format!("the {name} is no JSON: {error}"))?;
        if codec::canonical(&value).ok().as_ref() != Some(bytes) {
            return Err(format!("the {name} is not in canonical form"));
        }
    }
    Ok(())
}

/// `look` at each item, on all processors, answers in order.
pub(super) fn in_parallel<T: Sync, R: Send>(items: &[T], look: fn(&T) -> R) -> Vec<R> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(processors).max(1);
    std::thread::scope(|scope| {
        let looking: Vec<_> =
            items.chunks(share).map(|part| scope.spawn(move || part.iter().map(look).collect::<Vec<_>>())).collect();
        looking
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Verifies the log of a database, as it is at this moment.
pub async fn database(pool: &PgPool) -> Result<Verdict, Error> {
    let mut tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let (position, chain): (i64, Vec<u8>) =
        sqlx::query_as("SELECT position, chain FROM public.log_head").fetch_one(&mut *tx).await?;
    let head = Head { position, chain };
    let mut progress = Progress::new("verified", position);
    let mut verifier = Verifier::default();
    // To the end of the table, not of the head: an event behind the head is found too.
    let mut page = feed::stored(&mut *tx, 0, i64::MAX, PAGE).await?;
    while let Some(last) = page.last().map(|event| event.position) {
        let check = tokio::task::spawn_blocking(move || {
            let found = verifier.check(&page);
            (verifier, found)
        });
        let (checked, next) = tokio::join!(check, feed::stored(&mut *tx, last, i64::MAX, PAGE));
        let found;
        (verifier, found) = checked.map_err(|error| Error::NotNow(format!("the examination stopped: {error}")))?;
        if let Err(broken) = found {
            return Ok(Verdict::Broken(broken));
        }
        progress.at(last);
        page = next?;
    }
    Ok(verifier.finish(&head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    fn log(count: i64) -> Vec<StoredEvent> {
        let mut chain = CHAIN_START.to_vec();
        (1..=count)
            .map(|position| {
                let mut event = StoredEvent {
                    position,
                    id: Uuid::from_u128(position.unsigned_abs().into()),
                    stream: "observed:dev/shop/Pod/web".to_owned(),
                    version: position,
                    event_type: "PodGone".to_owned(),
                    schema_version: 1,
                    payload: br#"{"uid":"u-1"}"#.to_vec(),
                    metadata: br#"{"actor":{"system":{"component":"watcher"}}}"#.to_vec(),
                    recorded_at: DateTime::<Utc>::UNIX_EPOCH,
                    content_hash: Vec::new(),
                    chain_hash: Vec::new(),
                };
                event.content_hash = event.expected_content_hash().to_vec();
                event.chain_hash = event.expected_chain_hash(&chain).to_vec();
                chain.clone_from(&event.chain_hash);
                event
            })
            .collect()
    }

    fn verify(events: &[StoredEvent]) -> Option<Broken> {
        Verifier::default().check(events).err()
    }

    fn head(event: &StoredEvent) -> Head {
        Head { position: event.position, chain: event.chain_hash.clone() }
    }

    #[test]
    fn an_untouched_log_holds() {
        let events = log(3);
        assert_eq!(verify(&events), None);
        let mut verifier = Verifier::default();
        assert_eq!(verifier.check(&events), Ok(()));
        assert!(matches!(verifier.finish(&head(&events[2])), Verdict::Holds(_)));
        assert!(matches!(verifier.finish(&head(&events[1])), Verdict::Broken(_)));
    }

    #[test]
    fn each_way_to_tamper_is_named_at_its_position() {
        let tampered = |change: fn(&mut Vec<StoredEvent>)| {
            let mut events = log(5);
            change(&mut events);
            verify(&events).and_then(|broken| broken.position)
        };
        assert_eq!(tampered(|events| events[2].payload[8] ^= 1), Some(3));
        assert_eq!(tampered(|events| events[2].metadata[30] ^= 1), Some(3));
        assert_eq!(tampered(|events| events[2].stream.push('x')), Some(3));
        assert_eq!(tampered(|events| drop(events.remove(1))), Some(2));
        assert_eq!(tampered(|events| events[1].version = 1), Some(2));
        // Rehashed by somebody who knows how: the chain tells.
        assert_eq!(
            tampered(|events| {
                events[2].recorded_at += chrono::TimeDelta::seconds(1);
                events[2].content_hash = events[2].expected_content_hash().to_vec();
            }),
            Some(3)
        );
    }
}
