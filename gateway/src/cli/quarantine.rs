//! `binnacle quarantine`.

use super::{runtime, write_side, wrong_setting};
use crate::{config::Database, graphql::engine::limits};
use anyhow::{Context, ensure};
use clap::{Args, value_parser};
use commands::Origin;
use domain::{
    core::actor::Actor,
    platform::projection::{Projection, ProjectionCommand},
};
use projections::{engine::quarantine, models::registry::PROJECTIONS, with_source};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Quarantine {
    /// The stopped projection, as its alarm names it, for example pods.
    #[arg(long)]
    projection: String,
    /// The position of the event at which it stopped.
    #[arg(long, value_parser = value_parser!(i64).range(1..))]
    position: i64,
    /// Why it may skip the event, for the audit log.
    #[arg(long)]
    reason: String,
    /// Who decides so, for the audit log; without it, the user of the shell.
    #[arg(long, default_value_t = std::env::var("USER").unwrap_or_default(), hide_default_value = true)]
    by: String,
    #[command(flatten)]
    database: Database,
}

impl Quarantine {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        if let Err(message) = self.database.check() {
            return Ok(wrong_setting(message));
        }
        runtime()?.block_on(self.append())
    }

    async fn append(self) -> anyhow::Result<ExitCode> {
        for (flag, text) in [("--reason", &self.reason), ("--by", &self.by)] {
            ensure!(!text.trim().is_empty(), "{flag}: say it, the audit log keeps it");
            ensure!(text.len() <= limits::REASON, "{flag}: at most {} bytes", limits::REASON);
        }
        let (pool, write_side) = write_side(&self.database).await?;
        // Held until the decision is in the log, so that the projection cannot pass the event meanwhile.
        let held = quarantine::hold(&pool, PROJECTIONS, &self.projection, self.position).await?;
        let actor = Actor::system(&format!("command line of {}", self.by));
        let origin = Origin { reason: Some(self.reason), ..Origin::by(actor) };
        let (projection, position) = (self.projection, self.position);
        let command = ProjectionCommand::Quarantine { projection: projection.clone(), position };
        let decided = write_side
            .dispatcher()
            .command::<Projection>(origin, &projection, command)
            .await
            .context("nothing was decided")?;
        println!("{}", with_source(&held.cause));
        println!(
            "event {} of the log: {projection} goes on without the event at position {position}",
            decided.position
        );
        Ok(ExitCode::SUCCESS)
    }
}
