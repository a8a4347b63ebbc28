//! A process of this same program that says each thing it did on a line, and that may be killed at any moment.

use anyhow::{Context, Result, ensure};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc::{Receiver, channel},
};
use tests::database::Database;

pub struct Child {
    process: std::process::Child,
    lines: Receiver<String>,
    reading: Option<std::thread::JoinHandle<()>>,
    name: String,
}

impl Child {
    pub fn start(database: &Database, arguments: &[&str]) -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(arguments)
            .env("BINNACLE_DATABASE_URL", database.application_url())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().context("its output")?;
        let (sender, lines) = channel();
        let reading = std::thread::spawn(move || {
            // The last line of one that was killed may be cut off: what has no end was not said.
            let mut output = BufReader::new(output);
            let mut line = String::new();
            while output.read_line(&mut line).is_ok_and(|length| length > 0) && line.ends_with('\n') {
                let _ = sender.send(std::mem::take(&mut line));
            }
        });
        Ok(Self { process, lines, reading: Some(reading), name: arguments.join(" ") })
    }

    /// What it said since the last time.
    pub fn lines(&self) -> Vec<String> {
        self.lines.try_iter().collect()
    }

    pub fn must_run(&mut self) -> Result<()> {
        let ended = self.process.try_wait()?;
        ensure!(ended.is_none(), "{} ended by itself: {ended:?}", self.name);
        Ok(())
    }

    /// `kill -9`; what it said before can still be read.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        // It ends with the pipe.
        if let Some(reading) = self.reading.take() {
            let _ = reading.join();
        }
        Ok(())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
