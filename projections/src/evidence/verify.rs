//! Checks that the log is complete and unchanged: positions and versions without a gap, every hash, the head, that
//! every event can be decoded and is in canonical form, and the root of the tree at each checkpoint. Needs nothing but
//! the events and the checkpoints.
//!
//! Promises to name the first wrong position. The tamper matrix in tests/flow/evidence.rs shows who can detect what.

use super::{
    Broken, Error, Holds, Progress, SignedUpTo, Verdict,
    checkpoint::{self, TrustedKeys},
    hex,
    sealed::{self, Sealed},
    tree::{self, Edge, Place, Tiles},
};
use crate::{
    engine::{feed, snapshot::snapshot},
    with_source,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::core::canonical::canonical;
use domain::core::{
    codec::{self, Keys},
    envelope::StoredEvent,
    planted::{Bug, is_planted},
};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use std::collections::{BTreeMap, HashMap, VecDeque};

const PAGE: i64 = 5000;

/// Other facts that the log must agree with.
pub struct Against {
    pub keys: TrustedKeys,
    /// Checkpoints kept elsewhere, as signed notes.
    pub notes: Vec<String>,
    /// With keys: the maximum age of events without a signed checkpoint, by the local clock.
    pub unsigned_for: TimeDelta,
}

impl Against {
    /// Events are signed within seconds; a minute leaves room for clocks that differ.
    pub fn new(keys: TrustedKeys, notes: Vec<String>) -> Self {
        Self { keys, notes, unsigned_for: TimeDelta::minutes(1) }
    }
}

/// A checkpoint that the log must agree with.
#[derive(Debug)]
struct Expected {
    size: u64,
    root: Vec<u8>,
    signed_by: Vec<String>,
}

impl Expected {
    /// The checkpoint of the database. Without a signature of a given key it proves nothing but must be correct. With a
    /// wrong signature it is a forgery.
    fn of(sealed: Sealed, keys: &TrustedKeys) -> Result<Self, Broken> {
        let Sealed { size, root, note } = sealed;
        let expected = Self { size: size.unsigned_abs(), root, signed_by: Vec::new() };
        let Some(note) = note.filter(|_| !keys.is_empty()) else { return Ok(expected) };
        let signed = match Self::signed(&note, keys) {
            Err(checkpoint::Error::NotSigned) => return Ok(expected),
            Err(error) => {
                return Err(Broken::at(size, format!("the checkpoint of {size} events cannot be believed: {error}")));
            }
            Ok(signed) => signed,
        };
        if (signed.size, &signed.root) != (expected.size, &expected.root) {
            let problem = format!("the checkpoint of {size} events says something else than what was signed");
            return Err(Broken::at(size, problem));
        }
        Ok(signed)
    }

    fn signed(note: &str, keys: &TrustedKeys) -> Result<Self, checkpoint::Error> {
        let (checkpoint, signed_by) = keys.open(note)?;
        Ok(Self { size: checkpoint.size(), root: checkpoint.hash().0.to_vec(), signed_by })
    }
}

/// The end of the log, as the database or the bundle states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub position: i64,
    /// The root of the tree over all events, if it is stated: a file may have been truncated or changed without it.
    pub root: Option<Vec<u8>>,
}

/// Verifies one event after the other, from the first.
#[derive(Debug, Default)]
pub struct Verifier {
    position: i64,
    versions: HashMap<String, i64>,
    edge: Edge,
    /// Complete tiles that have not been compared yet.
    full: Tiles,
    /// By size.
    expected: VecDeque<Expected>,
    signed: Option<SignedUpTo>,
    /// The largest tree that each signer signed.
    signers: BTreeMap<String, u64>,
    /// The first event that no trusted checkpoint covers.
    unsigned: Option<(i64, DateTime<Utc>)>,
    /// Events recorded before this time must be covered. None without keys.
    must_be_signed: Option<DateTime<Utc>>,
}

impl Verifier {
    /// A verifier that also compares the log with checkpoints: those of the database, which may be unsigned, and those
    /// kept elsewhere.
    fn against(sealed: Vec<Sealed>, against: &Against) -> Result<Result<Self, Broken>, Error> {
        let mut expected = Vec::new();
        for note in &against.notes {
            match Expected::signed(note, &against.keys) {
                Ok(checkpoint) => expected.push(checkpoint),
                Err(error) => {
                    let problem = format!("the checkpoint that was kept cannot be believed: {error}");
                    return Ok(Err(Broken::anywhere(problem)));
                }
            }
        }
        for sealed in sealed {
            match Expected::of(sealed, &against.keys) {
                Ok(checkpoint) => expected.push(checkpoint),
                Err(broken) => return Ok(Err(broken)),
            }
        }
        expected.sort_by_key(|checkpoint| checkpoint.size);
        let must_be_signed = (!against.keys.is_empty()).then(|| Utc::now() - against.unsigned_for);
        let signers = against.keys.names().into_iter().map(|name| (name, 0)).collect();
        Ok(Ok(Self { expected: expected.into(), must_be_signed, signers, ..Self::default() }))
    }

    /// The same for a bundle, with its own checkpoint.
    pub(super) fn of_bundle(note: Option<String>, against: &Against) -> Result<Result<Self, Broken>, Error> {
        let sealed = note.map(|note| {
            let checkpoint = checkpoint::read(&note)?;
            Ok(Sealed { size: checkpoint.size().cast_signed(), root: checkpoint.hash().0.to_vec(), note: Some(note) })
        });
        match sealed.transpose() {
            // A bundle ends at its checkpoint, so no event may be unsigned.
            Ok(sealed) => Ok(Self::against(sealed.into_iter().collect(), against)?.map(|verifier| Self {
                must_be_signed: verifier.must_be_signed.map(|_| DateTime::<Utc>::MAX_UTC),
                ..verifier
            })),
            Err::<_, checkpoint::Error>(error) => Ok(Err(Broken::anywhere(format!("its checkpoint: {error}")))),
        }
    }

    /// Checks the next events, which must follow the previous ones. Checks of single events run in parallel.
    pub fn check(&mut self, events: &[StoredEvent]) -> Result<(), Broken> {
        self.full.clear();
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
        self.position = expected;
        self.versions.insert(event.stream.clone(), version);
        self.edge.push(&event.content_hash, &mut self.full);
        self.unsigned.get_or_insert((expected, event.recorded_at));
        self.check_root()
    }

    fn check_root(&mut self) -> Result<(), Broken> {
        while let Some(expected) = self.expected.pop_front_if(|expected| expected.size <= self.edge.size()) {
            let root = self.edge.root().ok();
            if root.is_none_or(|root| root.0.as_slice() != expected.root) {
                let since = self.signed.as_ref().map_or(1, |signed| signed.size + 1);
                let problem = format!(
                    "these are not the {0} events that the checkpoint of {0} was made of: one from {since} to {0} was \
                     changed, removed or put in, and all hashes after it were computed anew",
                    expected.size
                );
                return Err(Broken::at(expected.size.cast_signed(), problem));
            }
            if !expected.signed_by.is_empty() {
                let root = hex(&expected.root);
                self.unsigned = None;
                self.signers.extend(expected.signed_by.iter().map(|name| (name.clone(), expected.size)));
                self.signed = Some(SignedUpTo { size: expected.size, root, signed_by: expected.signed_by });
            }
        }
        Ok(())
    }

    /// Checks the whole log against the head.
    pub fn finish(&self, head: &Head) -> Verdict {
        if head.position != self.position {
            let problem = format!("the head says {}, the last event has {}", head.position, self.position);
            return Verdict::Broken(Broken::at(self.position.min(head.position) + 1, problem));
        }
        let root = self.edge.root().ok().map(|root| root.0.to_vec());
        if head.root.is_some() && head.root != root {
            let problem =
                "these are not the events that the last line was made of: one of them was changed, removed or put in";
            return Verdict::Broken(Broken::at(self.position, problem));
        }
        if let Some(missing) = self.expected.front() {
            let problem =
                format!("a checkpoint of {} events was made: the events after here were cut off", missing.size);
            return Verdict::Broken(Broken::at(self.position + 1, problem));
        }
        if let (Some(before), Some((position, recorded_at))) = (self.must_be_signed, self.unsigned)
            && recorded_at < before
        {
            let problem = "from here on nothing is signed with the given keys: they are those of another log, the events are \
                           not those of this one, or it was not signed for a while";
            return Verdict::Broken(Broken::at(position, problem));
        }
        Verdict::Holds(Holds {
            holds: true,
            position: self.position,
            events: self.position,
            streams: self.versions.len(),
            root: root.as_deref().map(hex),
            signed: self.signed.clone(),
            signers: self.signers.clone(),
            ..Holds::default()
        })
    }
}

/// The problem of a single event, if it has one.
fn own_problem(event: &StoredEvent) -> Option<String> {
    let is_hashed = event.expected_content_hash().as_slice() == event.content_hash;
    if !is_hashed && !is_planted(Bug::ContentNotCompared) {
        return Some("the content is not what was hashed when it was recorded".to_owned());
    }
    is_readable(event).err()
}

fn is_readable(event: &StoredEvent) -> Result<(), String> {
    codec::contents(event, Keys::none()).map_err(|error| format!("it cannot be read: {}", with_source(&error)))?;
    for (name, bytes) in [("payload", &event.payload), ("metadata", &event.metadata)] {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| format!("the {name} is no JSON: {error}"))?;
        if canonical(&value).ok().as_ref() != Some(bytes) {
            return Err(format!("the {name} is not in canonical form"));
        }
    }
    Ok(())
}

/// Applies `look` to each item on all processors. Results are in order.
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

/// Verifies the current log of a database, and the tree sealed over it.
pub async fn database(pool: &PgPool, against: &Against) -> Result<Verdict, Error> {
    let mut tx = snapshot(pool).await?;
    let head = Head { position: feed::head(&mut *tx).await?, root: None };
    let mut progress = Progress::new("verified", head.position);
    let sealed = sealed::all(&mut *tx).await?;
    let sealed_size = sealed.last().map_or(0, |newest| newest.size.unsigned_abs());
    let mut verifier = match Verifier::against(sealed, against)? {
        Ok(verifier) => verifier,
        Err(broken) => return Ok(Verdict::Broken(broken)),
    };
    // Reads to the end of the table and not only to the head, so that an event after the head is found.
    let mut page = feed::stored(&mut *tx, 0, i64::MAX, PAGE).await?;
    while let Some(last) = page.last().map(|event| event.position) {
        let check = tokio::task::spawn_blocking(move || {
            let found = verifier.check(&page);
            (verifier, found)
        });
        let (checked, next) = tokio::join!(check, feed::stored(&mut *tx, last, i64::MAX, PAGE));
        let found;
        (verifier, found) = checked.map_err(|error| Error::NotNow(format!("the examination stopped: {error}")))?;
        // The root only shows that some event changed; a tile locates it.
        let full = std::mem::take(&mut verifier.full);
        let found = compare_tiles(&mut tx, full, sealed_size).await?.map_or(found, Err);
        if let Err(broken) = found {
            return Ok(Verdict::Broken(broken));
        }
        progress.at(last);
        page = next?;
    }
    let growing = verifier.edge.growing().map(|(place, hashes)| (place, hashes.to_vec())).collect();
    if let Some(broken) = compare_tiles(&mut tx, growing, sealed_size).await? {
        return Ok(Verdict::Broken(broken));
    }
    Ok(verifier.finish(&head))
}

/// The first difference between tiles computed from the log and those of the database.
async fn compare_tiles(db: &mut PgConnection, computed: Tiles, sealed_size: u64) -> Result<Option<Broken>, Error> {
    let places: Vec<Place> = computed.keys().copied().collect();
    let stored = sealed::tiles(db, &places).await?;
    Ok(computed.iter().find_map(|(place, hashes)| {
        let needed = tree::length_in(sealed_size, *place).min(hashes.len());
        let found = stored.get(place).map_or(&[][..], Vec::as_slice);
        let differs = (0..needed.max(found.len())).find(|&byte| hashes.get(byte) != found.get(byte))?;
        let position = tree::first_leaf_at(*place, differs) + 1;
        let problem = format!("tile {} of level {} is not that of the log", place.index, place.level);
        Some(Broken::at(position.cast_signed(), problem))
    }))
}

#[cfg(test)]
mod tests {
    use super::{super::export::unhex, *};
    use uuid::Uuid;

    fn log(count: i64) -> Vec<StoredEvent> {
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
                };
                event.content_hash = event.expected_content_hash().to_vec();
                event
            })
            .collect()
    }

    fn verify(events: &[StoredEvent]) -> Option<Broken> {
        Verifier::default().check(events).err()
    }

    fn head(position: i64, root: Option<Vec<u8>>) -> Head {
        Head { position, root }
    }

    #[test]
    fn an_untouched_log_holds() {
        let events = log(3);
        assert_eq!(verify(&events), None);
        let mut verifier = Verifier::default();
        assert_eq!(verifier.check(&events), Ok(()));
        let Verdict::Holds(Holds { root: Some(root), .. }) = verifier.finish(&head(3, None)) else {
            panic!("it holds")
        };
        assert!(matches!(verifier.finish(&head(2, None)), Verdict::Broken(_)));
        assert!(matches!(verifier.finish(&head(3, unhex(&root).ok())), Verdict::Holds(_)));
        assert!(matches!(verifier.finish(&head(3, Some(vec![0; 32]))), Verdict::Broken(_)));
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
    }
}
