//! Notifications from other processes. They only save time: every receiver also polls.

use sqlx::{
    PgPool,
    postgres::{PgListener, PgNotification},
};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Calls `heard` for each notification on `channel`, until `shutdown`.
pub(crate) async fn listen(
    pool: &PgPool,
    channel: &str,
    shutdown: &CancellationToken,
    mut heard: impl FnMut(&PgNotification),
) {
    let mut is_deaf = false;
    let listening = async {
        loop {
            let Err(error) = hear(pool, channel, &mut is_deaf, &mut heard).await;
            if !std::mem::replace(&mut is_deaf, true) {
                tracing::warn!(channel, error = %error, "no hints from the database: polling only");
            }
            tokio::time::sleep(RETRY_AFTER).await;
        }
    };
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = listening => {}
    }
}

async fn hear(
    pool: &PgPool,
    channel: &str,
    is_deaf: &mut bool,
    heard: &mut impl FnMut(&PgNotification),
) -> Result<std::convert::Infallible, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(channel).await?;
    if std::mem::replace(is_deaf, false) {
        tracing::info!(channel, "hints from the database again");
    }
    loop {
        heard(&listener.recv().await?);
    }
}
