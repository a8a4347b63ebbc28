//! The independent witness: what the API server itself wrote into its audit log about our calls.

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::{
    fs::File,
    io::{BufRead, BufReader, Seek, SeekFrom},
    os::unix::fs::MetadataExt,
    path::PathBuf,
};

fn audit_log() -> Result<PathBuf> {
    let path = std::env::var_os("BINNACLE_API_AUDIT_LOG").context("BINNACLE_API_AUDIT_LOG is not set")?;
    Ok(PathBuf::from(path))
}

/// A place in the audit log of the API server, which gives a full file another name and begins a new one.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    inode: u64,
    offset: u64,
}

/// The end of the audit log: where to begin reading later.
pub fn now() -> Result<Mark> {
    let log = std::fs::metadata(audit_log()?)?;
    Ok(Mark { inode: log.ino(), offset: log.len() })
}

/// What the API server wrote down since `begin`, line by line; everything that is left when there is none.
pub fn lines(begin: Option<Mark>) -> Result<impl Iterator<Item = std::io::Result<String>>> {
    let mut files = files()?;
    if let Some(begin) = begin {
        while !files.is_empty() && files[0].metadata()?.ino() != begin.inode {
            files.remove(0);
        }
        ensure!(!files.is_empty(), "the API server has thrown away what it wrote down since");
        files[0].seek(SeekFrom::Start(begin.offset))?;
    }
    Ok(files.into_iter().flat_map(|file| BufReader::new(file).lines()))
}

/// The files of the audit log, the oldest first: full ones carry a time in their name, `audit-2026-01-02T03-04-05.678.log`.
fn files() -> Result<Vec<File>> {
    let current = audit_log()?;
    let newest = File::open(&current)?;
    let name = current.file_stem().context("no name")?.to_string_lossy().into_owned();
    let mut full = Vec::new();
    for entry in std::fs::read_dir(current.parent().context("no folder")?)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|found| found.to_string_lossy().starts_with(&format!("{name}-"))) {
            full.push(path);
        }
    }
    full.sort();
    let mut files = full.iter().map(File::open).collect::<std::io::Result<Vec<_>>>()?;
    // It may have been full between the two looks.
    if files.last().map(|last| last.metadata().map(|of| of.ino())).transpose()? != Some(newest.metadata()?.ino()) {
        files.push(newest);
    }
    Ok(files)
}

/// A change of ours that the API server carried out.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The operation whose mark it carries.
    pub operation: Option<String>,
    /// The name of the object.
    pub object: String,
    pub received_at: DateTime<Utc>,
    /// Of the object after it: the order in which the store of the API server took changes in.
    pub revision: u64,
    /// Otherwise the caller went away before the answer (5xx), and the store may have taken it in or not.
    pub is_certain: bool,
}

/// Our effects in `namespace` since `begin`, those that are not certain among them.
pub fn effects(begin: Mark, namespace: &str) -> Result<Vec<Effect>> {
    let mut found = Vec::new();
    let place = format!("/namespaces/{namespace}/");
    for line in lines(Some(begin))? {
        let line = line?;
        if !line.contains(&place) || !line.contains("fieldManager=binnacle") {
            continue;
        }
        // The last line may still be being written; whoever must see it reads again.
        let Ok(entry) = serde_json::from_str::<Value>(&line) else { continue };
        let uri = entry["requestURI"].as_str().unwrap_or_default();
        let code = entry.pointer("/responseStatus/code").and_then(Value::as_i64).unwrap_or_default();
        let is_certain = (200..300).contains(&code);
        let is_effect = uri.contains(&place) && uri.contains("fieldManager=binnacle") && !uri.contains("dryRun");
        if !is_effect || !(is_certain || code >= 500) || entry["stage"] != "ResponseComplete" {
            continue;
        }
        let text = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let received_at = entry["requestReceivedTimestamp"].as_str().context("no time")?.parse()?;
        let revision = text("/responseObject/metadata/resourceVersion").and_then(|text| text.parse().ok());
        found.push(Effect {
            operation: text("/requestObject/metadata/annotations/binnacle.io~1operation-id"),
            object: text("/objectRef/name").unwrap_or_default(),
            received_at,
            revision: revision.unwrap_or_default(),
            is_certain,
        });
    }
    Ok(found)
}
