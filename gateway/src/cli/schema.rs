//! `binnacle schema`.

use std::{io::Write, process::ExitCode};

pub fn run() -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(crate::graphql::schema::sdl().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
