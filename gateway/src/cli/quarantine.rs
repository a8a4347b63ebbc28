//! `binnacle quarantine`.

use super::{must_be_said, runtime, say, write_side, wrong_setting};
use crate::config::{Database, Sealing};
use anyhow::Context;
use clap::{Args, value_parser};
use commands::Origin;
use domain::{
    core::{actor::Actor, sealing::SealingKeys},
    platform::projection::{Projection, ProjectionCommand},
};
use projections::{DataKeys, engine::quarantine, models::registry::PROJECTIONS, with_source};
use std::{process::ExitCode, sync::Arc};

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
    #[arg(long, default_value_t = super::user_of_the_shell(), hide_default_value = true)]
    by: String,
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    sealing: Sealing,
}

impl Quarantine {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        if let Err(message) = self.database.check() {
            return Ok(wrong_setting(message));
        }
        match self.sealing.keys() {
            Ok(keys) => runtime()?.block_on(self.append(Arc::new(keys))),
            Err(message) => Ok(wrong_setting(message)),
        }
    }

    async fn append(self, sealing: Arc<SealingKeys>) -> anyhow::Result<ExitCode> {
        must_be_said("--reason", &self.reason)?;
        must_be_said("--by", &self.by)?;
        let (pool, write_side) = write_side(&self.database, Arc::clone(&sealing)).await?;
        let keys = DataKeys::new(pool.clone(), sealing);
        // Held until the decision is in the log, so that the projection cannot pass the event before.
        let held = quarantine::hold(&pool, &keys, PROJECTIONS, &self.projection, self.position).await?;
        let actor = Actor::system(&format!("command line of {}", self.by));
        let origin = Origin { reason: Some(self.reason), ..Origin::by(actor) };
        let (projection, position) = (self.projection, self.position);
        let command = ProjectionCommand::Quarantine { projection: projection.clone(), position };
        let decided = write_side
            .dispatcher()
            .command::<Projection>(origin, &projection, command)
            .await
            .context("nothing was decided")?;
        say(with_source(&held.cause));
        say(format_args!(
            "event {} of the log: {projection} goes on without the event at position {position}",
            decided.position
        ));
        Ok(ExitCode::SUCCESS)
    }
}
