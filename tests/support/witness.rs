//! The independent witness: what the API server itself wrote into its audit log about our calls.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Seek, SeekFrom},
    path::PathBuf,
};

fn audit_log() -> Result<PathBuf> {
    let path = std::env::var_os("BINNACLE_API_AUDIT_LOG").context("BINNACLE_API_AUDIT_LOG is not set")?;
    Ok(PathBuf::from(path))
}

/// The end of the API server's audit log: where to begin reading later.
pub fn now() -> Result<u64> {
    Ok(std::fs::metadata(audit_log()?)?.len())
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
pub fn effects(begin: u64, namespace: &str) -> Result<Vec<Effect>> {
    let mut file = std::fs::File::open(audit_log()?)?;
    file.seek(SeekFrom::Start(begin))?;
    let mut found = Vec::new();
    let place = format!("/namespaces/{namespace}/");
    for line in BufReader::new(file).lines() {
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
