//! What the gateways hold: memory, open files, connections to Postgres.

use crate::world::World;
use anyhow::{Context, Result, ensure};
use std::{fmt, time::Duration};
use tokio::time::{Instant, sleep};

/// Connections of two gateways: each has 12 by its settings, 7 that follow the log, 2 for data keys, and 1 that listens for
/// notifications. Who reads meanwhile fills the pools.
const ALLOWED: i64 = 2 * (12 + 7 + 2 + 1);

/// Connections to the API server and those of the users are let go after 90 s without use.
const IDLE: Duration = Duration::from_secs(120);

#[derive(Clone, Copy)]
pub struct Footprint {
    mebibytes: u64,
    files: usize,
    connections: i64,
}

impl fmt::Display for Footprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} MiB, {} other files, {} connections", self.mebibytes, self.files, self.connections)
    }
}

impl Footprint {
    /// Memory of the larger gateway; files and connections of both, because subscribers change from one to the other.
    pub async fn of(world: &World) -> Result<Self> {
        let connections =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'binnacle'";
        let connections: i64 = sqlx::query_scalar(connections).fetch_one(&world.owner).await?;
        let (mut mebibytes, mut files) = (0, 0);
        for side in &world.sides {
            let id = side.gateway.id();
            let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
            let kibibytes: u64 = line.trim().split(' ').next().unwrap_or_default().parse()?;
            mebibytes = mebibytes.max(kibibytes / 1024);
            files += std::fs::read_dir(format!("/proc/{id}/fd"))?.count();
        }
        // Pools fill when somebody needs them; connections have a bound of their own.
        files = files.saturating_sub(connections as usize);
        Ok(Self { mebibytes, files, connections })
    }

    /// I13: back to what it was, and a tenth, within the time after which clients let go of connections that nobody uses.
    pub async fn back_near(before: &Self, world: &World) -> Result<Self> {
        let end = Instant::now() + IDLE;
        loop {
            let now = Self::of(world).await?;
            match now.must_be_near(before) {
                Err(_) if Instant::now() < end => sleep(Duration::from_secs(1)).await,
                judged => return judged.map(|()| now),
            }
        }
    }

    /// What a process fills once, such as its pools, is no growth.
    fn must_be_near(&self, before: &Self) -> Result<()> {
        ensure!(self.mebibytes <= before.mebibytes * 11 / 10 + 24, "I13: memory grew from {before} to {self}");
        ensure!(self.files <= before.files * 11 / 10 + 24, "I13: open files grew from {before} to {self}");
        ensure!(self.connections <= ALLOWED, "I13: connections grew from {before} to {self}");
        Ok(())
    }
}
