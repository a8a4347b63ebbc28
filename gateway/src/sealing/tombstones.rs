//! What was forgotten, in a file beside the sealing key: a copy of the database that is restored may hold the keys again.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::core::sealing::{KeyId, KeyScope};
use std::{
    fmt, fs,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// One line of the file: the name of the key, when it was deleted, and of what it was.
pub struct Tombstone(String);

impl Tombstone {
    pub fn of(key: KeyId, scope: &KeyScope, deleted_at: DateTime<Utc>) -> Self {
        Self(format!("{key:?} {} {scope}", deleted_at.to_rfc3339_opts(SecondsFormat::Secs, true)))
    }
}

impl fmt::Display for Tombstone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The file beside this key.
pub fn file(sealing_key: &Path) -> PathBuf {
    let mut name = sealing_key.as_os_str().to_owned();
    name.push(".forgotten");
    name.into()
}

/// Adds a line.
pub fn add(file: &Path, tombstone: &Tombstone) -> std::io::Result<()> {
    let mut file = open(file)?;
    writeln!(file, "{tombstone}")?;
    file.sync_all()
}

/// Opens the file to add to it, and makes it if it is missing.
pub fn open(file: &Path) -> std::io::Result<fs::File> {
    fs::File::options().create(true).append(true).mode(0o600).open(file)
}

/// The names of all keys that were deleted. A missing file is none. The error names the file.
pub fn read(file: &Path) -> Result<Vec<KeyId>, String> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(|error| format!("{}: {error}", file.display()))?,
    };
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let no_key = |nth| format!("{}: line {nth} names no key", file.display());
    lines.map(|(nth, line): (i32, &str)| key(line).ok_or_else(|| no_key(nth))).collect()
}

fn key(line: &str) -> Option<KeyId> {
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_no_line_is_named() {
        let path = file(&std::env::temp_dir().join(format!("tombstones-{}", std::process::id())));
        assert!(read(&path).expect("no file").is_empty());
        let keys = [KeyId([1; 8]), KeyId([2; 8])];
        for key in keys {
            add(&path, &Tombstone::of(key, &KeyScope::of_namespace("dev", "team"), Utc::now())).expect("written");
        }
        assert_eq!(read(&path).expect("read"), keys);
        fs::write(&path, "0102\n").expect("written");
        let error = read(&path).expect_err("too short");
        assert!(error.ends_with("line 1 names no key"), "{error}");
        fs::remove_file(&path).expect("removed");
    }
}
