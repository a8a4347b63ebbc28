//! `binnacle seal`.

use super::{must_be_said, runtime, say, write_side, wrong_setting};
use crate::{
    auth::{account, keys::Keys},
    config::{Database, Sealing},
    sealing::key_file,
};
use clap::{Args, Subcommand};
use commands::WriteSide;
use domain::core::{actor::Actor, envelope::Metadata, sealing::SealingKeys};
use sqlx::PgPool;
use std::{path::Path, process::ExitCode, sync::Arc};

#[derive(Args, Debug)]
pub struct Seal {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Replace the sealing key, in three steps: a new key is added behind the others, --activate makes it the one that seals,
    /// --finish seals anew what the others sealed. Every gateway must have the changed file before the next step.
    Rotate(Rotate),
}

#[derive(Args, Debug)]
struct Rotate {
    /// Second step: make the newest key of the file the one that seals.
    #[arg(long)]
    activate: bool,
    /// Third step: seal anew what older keys sealed.
    #[arg(long, conflicts_with = "activate")]
    finish: bool,
    /// With --finish: why, for the audit log.
    #[arg(long, default_value = "the sealing key is rotated")]
    reason: String,
    /// With --finish: who decides so, for the audit log; without it, the user of the shell.
    #[arg(long, default_value_t = super::user_of_the_shell(), hide_default_value = true)]
    by: String,
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    sealing: Sealing,
}

impl Seal {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let Command::Rotate(rotate) = self.command;
        // Before the keys are read: what is sealed by a key must not lose it to a change at the same time.
        let _lock = key_file::lock(rotate.file())?;
        let keys = match rotate.database.check().and_then(|()| rotate.sealing.keys()) {
            Ok(keys) => keys,
            Err(message) => return Ok(wrong_setting(message)),
        };
        match rotate {
            Rotate { activate: true, .. } => rotate.activate(),
            Rotate { finish: true, .. } => runtime()?.block_on(rotate.finish(keys)),
            _ => rotate.add(),
        }
    }
}

impl Rotate {
    fn file(&self) -> &Path {
        &self.sealing.sealing_key_file
    }

    fn add(&self) -> anyhow::Result<ExitCode> {
        let name = key_file::add(self.file())?;
        say(format_args!("{name} was added behind the others: it opens and does not seal yet."));
        say(
            "Give this file to every gateway, which reads it within a second. Then run: binnacle seal rotate --activate",
        );
        Ok(ExitCode::SUCCESS)
    }

    fn activate(&self) -> anyhow::Result<ExitCode> {
        key_file::activate(self.file())?;
        say("The newest key is the first now.");
        say("Give this file to every gateway, which reads it within a second. Then run: binnacle seal rotate --finish");
        Ok(ExitCode::SUCCESS)
    }

    /// A gateway with the old order still seals with the old key. So this step comes after all have the new order.
    async fn finish(self, keys: SealingKeys) -> anyhow::Result<ExitCode> {
        must_be_said("--reason", &self.reason)?;
        must_be_said("--by", &self.by)?;
        let keys = Arc::new(keys);
        let (pool, write_side) = write_side(&self.database, Arc::clone(&keys)).await?;
        let actor = Actor::system(&format!("command line of {}", self.by));
        let metadata = Metadata { reason: Some(self.reason), ..Metadata::by(actor) };
        seal_anew(&pool, &write_side, &keys, &metadata).await?;
        say(
            "After the longest session nothing needs the older keys but copies of the database from before: without them those \
             cannot be read, nor what was forgotten since.",
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// Seals with the first key of the file what other keys sealed. The key of access tokens is replaced, as by a gateway that reads
/// the changed file: perhaps none runs now.
pub(super) async fn seal_anew(
    pool: &PgPool,
    write_side: &WriteSide,
    keys: &SealingKeys,
    metadata: &Metadata,
) -> anyhow::Result<()> {
    let wrapped = write_side.store().keys().wrap_anew(metadata).await?;
    let passwords = account::seal_anew(pool, keys).await?;
    Keys::open(pool, keys).await?;
    say(format_args!("{wrapped} data keys and {passwords} passwords were sealed anew by the first key of the file."));
    Ok(())
}
