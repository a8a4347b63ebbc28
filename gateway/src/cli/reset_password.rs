//! `binnacle reset-password`.

use super::{runtime, say, write_side, wrong_setting};
use crate::{
    auth::account,
    config::{Database, Sealing},
};
use anyhow::bail;
use clap::Args;
use domain::core::sealing::SealingKeys;
use std::{process::ExitCode, sync::Arc};

#[derive(Args, Debug)]
pub struct ResetPassword {
    /// Name of the account.
    username: String,
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    sealing: Sealing,
}

impl ResetPassword {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        if let Err(message) = self.database.check() {
            return Ok(wrong_setting(message));
        }
        match self.sealing.keys() {
            Ok(keys) => runtime()?.block_on(self.reset(Arc::new(keys))),
            Err(message) => Ok(wrong_setting(message)),
        }
    }

    async fn reset(self, keys: Arc<SealingKeys>) -> anyhow::Result<ExitCode> {
        let (pool, write_side) = write_side(&self.database, Arc::clone(&keys)).await?;
        match account::reset_password(&pool, &write_side.dispatcher(), &keys, &self.username).await? {
            Some(password) => say(password),
            None => bail!("there is no account {:?}", self.username),
        }
        Ok(ExitCode::SUCCESS)
    }
}
