//! `binnacle reset-password`.

use super::{runtime, wrong_setting};
use crate::{auth::account, config::Database, database};
use anyhow::bail;
use clap::Args;
use commands::{Clusters, Settings, WriteSide};
use std::{process::ExitCode, sync::Arc, time::Duration};
use uuid::Uuid;

#[derive(Args, Debug)]
pub struct ResetPassword {
    /// Whose password.
    username: String,
    #[command(flatten)]
    database: Database,
}

impl ResetPassword {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        if let Err(message) = self.database.check() {
            return Ok(wrong_setting(message));
        }
        runtime()?.block_on(self.reset())
    }

    async fn reset(self) -> anyhow::Result<ExitCode> {
        let pools = database::connect(&self.database).await?;
        database::check_schema(&pools.read).await?;
        let settings = Settings {
            pool: pools.write.clone(),
            owner: Uuid::now_v7().to_string(),
            clusters: Vec::new(),
            operation_timeout: Duration::from_secs(60),
            on_appended: Arc::new(|_| {}),
        };
        let write_side = WriteSide::with_clusters(settings, Clusters::new(Vec::new()));
        match account::reset_password(&pools.write, &write_side.dispatcher(), &self.username).await? {
            Some(password) => println!("{password}"),
            None => bail!("there is no account {:?}", self.username),
        }
        Ok(ExitCode::SUCCESS)
    }
}
