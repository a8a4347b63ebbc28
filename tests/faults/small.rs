//! A Postgres of its own on a small disk in memory, which may be killed, filled and slowed down.

use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use tokio::process::Command;

pub struct SmallPostgres {
    pub admin: String,
    pub application: String,
}

fn command(word: &str) -> Command {
    let script: PathBuf = [env!("CARGO_MANIFEST_DIR"), "bench", "small-postgres.sh"].iter().collect();
    let mut command = Command::new(script);
    command.arg(word).env("SMALL_POSTGRES", "faults").env("SMALL_POSTGRES_SIZE", "900m");
    command
}

async fn run(word: &str) -> Result<String> {
    let output = command(word).output().await?;
    ensure!(output.status.success(), "small-postgres.sh {word}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// Whether this machine lets us have one.
pub async fn is_possible() -> bool {
    run("possible").await.is_ok()
}

impl SmallPostgres {
    pub async fn up() -> Result<Self> {
        let addresses = run("up").await?;
        let find = |name: &str| {
            let found = addresses.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            found.map(str::to_owned).with_context(|| format!("no {name} in {addresses}"))
        };
        Ok(Self { admin: find("BINNACLE_DATABASE_ADMIN_URL")?, application: find("BINNACLE_DATABASE_URL")? })
    }

    /// The process that all others are children of.
    pub async fn postmaster(&self) -> Result<u32> {
        Ok(run("pid").await?.trim().parse()?)
    }

    /// Starts it if it does not run.
    pub async fn start(&self) -> Result<()> {
        run("start").await.map(drop)
    }

    pub async fn fill(&self) -> Result<()> {
        run("fill").await.map(drop)
    }

    pub async fn free(&self) -> Result<()> {
        run("free").await.map(drop)
    }

    pub async fn down(self) -> Result<()> {
        run("down").await.map(drop)
    }
}
