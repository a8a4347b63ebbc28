//! The log as a bundle, a file of JSON lines that proves itself: the newest signed checkpoint, every event byte for
//! byte, and a last line with the head. The file and the public key of the log are enough to verify it.
//!
//! Promises that a bundle verifies byte for byte like the log, and that a truncated file is detected. Tested in
//! tests/flow/evidence.rs, tests/api/audit_tool.rs and projections/tests/read_side/evidence.rs.

use super::{
    Error, Progress, Verdict, checkpoint, hex, sealed,
    tree::{Edge, Tiles},
    verify::{Against, Head, Verifier, in_parallel},
};
use crate::engine::{feed, snapshot::snapshot};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use domain::core::envelope::StoredEvent;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use uuid::Uuid;

const PAGE: i64 = 5000;

/// An event. UTF-8 bytes are text, others base64.
#[derive(Serialize, Deserialize)]
pub struct EventLine {
    position: i64,
    id: Uuid,
    stream: String,
    version: i64,
    r#type: String,
    schema_version: i32,
    payload: Bytes,
    metadata: Bytes,
    recorded_at: DateTime<Utc>,
    content_hash: String,
}

/// The first line, if the log is signed. The tree covers the first events of the file, or all of them.
#[derive(Serialize, Deserialize)]
struct CheckpointLine {
    checkpoint: String,
}

/// The last line.
#[derive(Serialize, Deserialize)]
struct HeadLine {
    head: i64,
    /// The root of the tree over the events above.
    root: String,
}

/// The beginnings of the first and the last line. No other line begins with them.
const CHECKPOINT: &str = "{\"checkpoint\"";
const HEAD: &str = "{\"head\"";

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Bytes {
    Text(String),
    Base64 { base64: String },
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes)
            .map_or_else(|error| Self::Base64 { base64: BASE64_STANDARD.encode(error.as_bytes()) }, Self::Text)
    }
}

impl Bytes {
    fn read(self) -> Result<Vec<u8>, String> {
        match self {
            Self::Text(text) => Ok(text.into_bytes()),
            Self::Base64 { base64 } => BASE64_STANDARD.decode(base64).map_err(|error| error.to_string()),
        }
    }
}

impl From<StoredEvent> for EventLine {
    fn from(event: StoredEvent) -> Self {
        Self {
            position: event.position,
            id: event.id,
            stream: event.stream,
            version: event.version,
            r#type: event.event_type,
            schema_version: event.schema_version,
            payload: event.payload.into(),
            metadata: event.metadata.into(),
            recorded_at: event.recorded_at,
            content_hash: hex(&event.content_hash),
        }
    }
}

impl EventLine {
    fn read(self) -> Result<StoredEvent, String> {
        Ok(StoredEvent {
            position: self.position,
            id: self.id,
            stream: self.stream,
            version: self.version,
            event_type: self.r#type,
            schema_version: self.schema_version,
            payload: self.payload.read()?,
            metadata: self.metadata.read()?,
            recorded_at: self.recorded_at,
            content_hash: unhex(&self.content_hash)?,
        })
    }
}

pub(super) fn unhex(text: &str) -> Result<Vec<u8>, String> {
    let pair = |at| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..text.len()).step_by(2).map(|at| pair(at).ok_or_else(|| format!("{text:?} is no hex"))).collect()
}

/// A new file that only its owner may use. Replaces the file of an earlier export.
fn create(path: &Path) -> std::io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

/// Writes the log, up to its newest signed checkpoint if there is one, to `output`: a file or an existing folder.
/// Returns the file and the number of events. The file gets its name when it is complete, and only its owner may read it.
pub async fn export(pool: &PgPool, output: &Path) -> Result<(PathBuf, i64), Error> {
    let mut tx = snapshot(pool).await?;
    let mut head = feed::head(&mut *tx).await?;
    let checkpoint = sealed::signed(&mut *tx, head).await?;
    if let Some(note) = &checkpoint {
        // No event in the bundle is unsigned.
        head = checkpoint::read(note).map_err(Error::Checkpoint)?.size().cast_signed();
    }
    let path = if output.is_dir() { output.join(format!("events-1-{head}.jsonl")) } else { output.to_owned() };
    if path.exists() && !path.is_file() {
        return Err(Error::NotNow(format!("{} is no file: take the name of one, or of a folder", path.display())));
    }
    let unfinished = checkpoint::unfinished(&path);
    let failed = |source| Error::file(&unfinished, source);
    let mut file = BufWriter::new(create(&unfinished).map_err(failed)?);
    if let Some(checkpoint) = checkpoint {
        write_line(&mut file, &CheckpointLine { checkpoint }).map_err(failed)?;
    }
    let mut progress = Progress::new("exported", head);
    let (mut after, mut edge) = (0, Edge::default());
    loop {
        let page = feed::stored(&mut *tx, after, head, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.position;
        for event in page {
            edge.push(&event.content_hash, &mut Tiles::new());
            write_line(&mut file, &EventLine::from(event)).map_err(failed)?;
        }
        progress.at(after);
    }
    let root = edge.root().map_err(|error| Error::NotNow(format!("the tree: {error}")))?;
    write_line(&mut file, &HeadLine { head, root: hex(&root.0) }).map_err(failed)?;
    let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    checkpoint::finish(&unfinished, &path).map_err(failed)?;
    Ok((path, after))
}

fn write_line(file: &mut impl Write, line: &impl Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *file, line)?;
    file.write_all(b"\n")
}

/// Verifies a bundle, without a database.
pub fn verify_bundle(path: &Path, against: &Against) -> Result<Verdict, Error> {
    let file = File::open(path).map_err(|source| Error::file(path, source))?;
    let mut lines = (1..).zip(BufReader::new(file).lines()).peekable();
    let mut verifier = match Verifier::of_bundle(read_checkpoint(&mut lines)?, against)? {
        Ok(verifier) => verifier,
        Err(broken) => return Ok(Verdict::Broken(broken)),
    };
    loop {
        let (events, head) = read_page(path, &mut lines)?;
        if let Err(broken) = verifier.check(&events) {
            return Ok(Verdict::Broken(broken));
        }
        match head {
            Some(head) => return Ok(verifier.finish(&head)),
            None if events.is_empty() => {
                return Err(Error::NotNow("the file ends without its head: it is not complete".to_owned()));
            }
            None => {}
        }
    }
}

type NumberedLine = (usize, std::io::Result<String>);

fn read_checkpoint(
    lines: &mut std::iter::Peekable<impl Iterator<Item = NumberedLine>>,
) -> Result<Option<String>, Error> {
    let is_checkpoint = |(_, text): &NumberedLine| text.as_ref().is_ok_and(|text| text.starts_with(CHECKPOINT));
    let Some((line, Ok(text))) = lines.next_if(is_checkpoint) else { return Ok(None) };
    let read = serde_json::from_str::<CheckpointLine>(&text);
    read.map(|line| Some(line.checkpoint)).map_err(|error| Error::Line { line, message: error.to_string() })
}

/// The next events, and the head if it follows. The head must be the last line.
fn read_page(
    path: &Path,
    lines: &mut impl Iterator<Item = NumberedLine>,
) -> Result<(Vec<StoredEvent>, Option<Head>), Error> {
    let (mut page, mut head) = (Vec::new(), None);
    for (line, text) in lines {
        let text = text.map_err(|source| Error::file(path, source))?;
        let not_a_line = |message| Error::Line { line, message };
        if head.is_some() {
            return Err(not_a_line("it follows the head, which is the last line".to_owned()));
        } else if text.starts_with(HEAD) {
            head = Some(read_head(&text).map_err(not_a_line)?);
        } else {
            page.push((line, text));
            if page.len() as i64 == PAGE {
                break;
            }
        }
    }
    let events =
        in_parallel(&page, |(line, text)| read_event(text).map_err(|message| Error::Line { line: *line, message }));
    Ok((events.into_iter().collect::<Result<_, _>>()?, head))
}

pub(super) fn read_event(text: &str) -> Result<StoredEvent, String> {
    serde_json::from_str::<EventLine>(text).map_err(|error| error.to_string())?.read()
}

fn read_head(text: &str) -> Result<Head, String> {
    let line: HeadLine = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(Head { position: line.head, root: Some(unhex(&line.root)?) })
}
