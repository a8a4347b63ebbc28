//! `binnacle migrate`.

use super::{runtime, say, wrong_setting};
use crate::{
    config::{Secret, check_url},
    database::{self, MIGRATOR},
};
use anyhow::Context;
use clap::Args;
use sqlx::{Connection, PgConnection, migrate::MigrateError};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Migrate {
    /// Address of the database with the owner's role, or with the application's role if it is the same.
    #[arg(long, env = "BINNACLE_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<Secret>,
    /// Address with the owner's role; takes precedence.
    #[arg(long, env = "BINNACLE_DATABASE_ADMIN_URL", value_name = "URL", hide_env_values = true)]
    database_admin_url: Option<Secret>,
}

impl Migrate {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let owner = self.database_admin_url.map(|url| ("BINNACLE_DATABASE_ADMIN_URL", url));
        let Some((setting, url)) = owner.or(self.database_url.map(|url| ("BINNACLE_DATABASE_URL", url))) else {
            return Ok(wrong_setting("BINNACLE_DATABASE_ADMIN_URL or BINNACLE_DATABASE_URL: one of them is needed"));
        };
        if let Err(message) = check_url(setting, &url) {
            return Ok(wrong_setting(message));
        }
        runtime()?.block_on(migrate(&url))
    }
}

async fn migrate(url: &Secret) -> anyhow::Result<ExitCode> {
    let mut connection = PgConnection::connect(url.reveal()).await.context("Postgres cannot be reached")?;
    match MIGRATOR.run(&mut connection).await {
        Err(MigrateError::VersionMismatch(migration)) => return Err(database::Error::Unreleased(migration).into()),
        Err(MigrateError::VersionMissing(migration)) => return Err(database::unknown(migration).into()),
        migrated => migrated.context("the schema could not be brought up to date")?,
    }
    say(format_args!("the schema is up to date: {} migrations", MIGRATOR.iter().count()));
    Ok(ExitCode::SUCCESS)
}
