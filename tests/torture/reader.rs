//! Follows the log as a subscriber does: by the projector and the live stream of the gateway, from where it was before.

use anyhow::{Context, Result};
use commands::log::pool;
use futures::StreamExt;
use projections::{Projections, Topic, models::audit::AuditLog};
use sqlx::postgres::PgConnectOptions;
use std::{io::Write, pin::pin};
use tests::database::sealing;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub async fn run(after: i64) -> Result<()> {
    let options: PgConnectOptions = std::env::var("BINNACLE_DATABASE_URL")?.parse()?;
    let pool = pool::options().max_connections(4).connect_with(options).await?;
    let (projections, shutdown) = (Projections::new(pool, sealing()), CancellationToken::new());
    let (projector, token) = (projections.clone(), shutdown.clone());
    tokio::spawn(async move { projector.run_projector(Uuid::now_v7().to_string(), token).await });
    let (reader, token) = (projections.clone(), shutdown.clone());
    tokio::spawn(async move { reader.run_changes(token).await });
    let mut changes = pin!(projections.changes(&AuditLog, vec![Topic::Everything], Some(after)).ready_chunks(500));
    while let Some(chunk) = changes.next().await {
        let mut lines = String::new();
        for change in chunk {
            let change = change.context("the live stream failed")?;
            let recorded = &change.recorded;
            let (id, stream) = (recorded.id.0.simple(), &recorded.stream);
            lines.push_str(&format!("{} {id} {} {stream}\n", recorded.position, recorded.version));
        }
        std::io::stdout().lock().write_all(lines.as_bytes())?;
    }
    anyhow::bail!("the live stream ended")
}
