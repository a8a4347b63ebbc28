//! Changes of the file of the sealing keys. Each replaces it as a whole, so that no reader sees half of it.

use crate::auth::random;
use anyhow::{Context, ensure};
use chrono::Utc;
use std::{
    fs,
    io::Write,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
    time::SystemTime,
};

/// What changes when the file does.
pub fn stamp(file: &Path) -> Option<(SystemTime, u64, u32)> {
    let about = fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len(), about.mode()))
}

/// Keeps other commands from changing the file until the value is dropped.
pub fn lock(file: &Path) -> anyhow::Result<fs::File> {
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    let named = || Path::new(&name).display().to_string();
    let lock = fs::File::options().create(true).append(true).mode(0o600).open(&name).with_context(named)?;
    lock.lock().with_context(named)?;
    Ok(lock)
}

/// Adds a new key behind the others: it opens and does not seal. Returns its name.
pub fn add(file: &Path) -> anyhow::Result<String> {
    let mut lines = lines(file)?;
    let name = format!("key-{}", Utc::now().format("%Y%m%d-%H%M%S-%3f"));
    lines.push(format!("{name} {}", hex::encode(random::bytes::<32>())));
    write(file, &lines)?;
    Ok(name)
}

/// Makes the last key the first, which seals.
pub fn activate(file: &Path) -> anyhow::Result<()> {
    let mut lines = lines(file)?;
    let is_key = |line: &String| !line.trim().is_empty() && !line.trim().starts_with('#');
    ensure!(
        lines.iter().filter(|line| is_key(line)).count() > 1,
        "there is one key only: add one first, without --activate"
    );
    let last = lines.iter().rposition(is_key).context("there is no key")?;
    let newest = lines.remove(last);
    lines.insert(0, newest);
    write(file, &lines)
}

fn lines(file: &Path) -> anyhow::Result<Vec<String>> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn write(file: &Path, lines: &[String]) -> anyhow::Result<()> {
    let new = file.with_extension("new");
    let mut options = fs::File::options();
    let opened = options.write(true).create(true).truncate(true).mode(0o600).open(&new);
    let mut written = opened.with_context(|| new.display().to_string())?;
    writeln!(written, "{}", lines.join("\n"))?;
    written.sync_all()?;
    fs::rename(&new, file).with_context(|| file.display().to_string())
}
