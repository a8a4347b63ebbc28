//! `binnacle schema`.

use super::print;
use std::process::ExitCode;

pub fn run() -> anyhow::Result<ExitCode> {
    print(&crate::graphql::schema::sdl())?;
    Ok(ExitCode::SUCCESS)
}
