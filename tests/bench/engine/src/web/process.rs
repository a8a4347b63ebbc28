//! A server as a process, and what it costs by /proc, its workers counted in.

use anyhow::{Context, Result};
use std::process::{Child, Command, Stdio};

/// Linux counts processor time in hundredths of a second on every architecture we run on.
const TICK_MILLIS: f64 = 10.0;

/// Killed with this value.
pub struct Process(Child);

impl Process {
    /// Starts it; what it says goes to a file beside others of its kind.
    pub fn start(command: &mut Command, log: &std::path::Path) -> Result<Self> {
        let log = std::fs::File::create(log)?;
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn();
        Ok(Self(child.with_context(|| format!("{} cannot be started", command.get_program().to_string_lossy()))?))
    }

    pub fn has_ended(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(Some(_)) | Err(_))
    }

    /// Processor time so far, user and system.
    pub fn cpu_millis(&self) -> f64 {
        self.family().filter_map(|id| Some((stat(id, 11)? + stat(id, 12)?) * TICK_MILLIS)).sum()
    }

    /// Memory that is resident now.
    pub fn memory_bytes(&self) -> f64 {
        let resident = |id| {
            let text = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
            let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
            line.trim().split(' ').next()?.parse::<f64>().ok()
        };
        self.family().filter_map(resident).sum::<f64>() * 1024.0
    }

    /// It and its children.
    fn family(&self) -> impl Iterator<Item = u32> {
        let parent = self.0.id();
        let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let ids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        ids.filter(move |&id| id == parent || stat(id, 1) == Some(f64::from(parent)))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A field of /proc/ID/stat, counted from the one after the name.
fn stat(id: u32, field: usize) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    text.rsplit_once(')')?.1.split_whitespace().nth(field)?.parse().ok()
}
