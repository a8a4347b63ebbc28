//! B2: how late events are delivered while an unrelated transaction that has written stays open.

use crate::{
    Wanted,
    peers::{Server, Which},
    table::quantile,
};
use anyhow::Result;
use projections::engine::feed;
use sqlx::Connection;
use std::time::Duration;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};

/// The reader looks this often, whichever store.
const POLL: Duration = Duration::from_millis(5);

pub async fn run(server: &Server, wanted: &Wanted) -> Result<()> {
    let open = Duration::from_secs(if wanted.quick { 3 } else { 10 });
    println!(
        "B2 delivery after the acknowledgement while an unrelated write transaction stays open {} s: p50 / p99 / max ms",
        open.as_secs()
    );
    for which in [Which::Binnacle, Which::Mire] {
        let fresh = server.fresh().await?;
        let peer = server.peer(which, &fresh, 8).await?;
        let mut other = sqlx::PgConnection::connect_with(&fresh.options).await?;
        sqlx::raw_sql("CREATE TABLE unrelated (n int)").execute(&mut other).await?;
        let (acknowledged, mut expected) = mpsc::unbounded_channel();
        let pool = peer.pool().clone();
        let keys = projections::DataKeys::new(pool.clone(), crate::sealing::sealing());
        let reader = tokio::spawn(async move {
            let (mut seen, mut late, mut after) = (0_usize, Vec::new(), (0_u64, 0_i64));
            let store = mire::EventStore::new(pool.clone());
            let mut waiting = std::collections::VecDeque::new();
            loop {
                match which {
                    Which::Mire => {
                        let page = store.read_category_after("pod", after.0, after.1, 1000).await?;
                        seen += page.len();
                        after = page.last().map_or(after, |last| (last.transaction_id, last.global_position));
                    }
                    _ => {
                        let page = feed::read(&pool, &keys, after.1, i64::MAX, 1000).await?;
                        seen += page.len();
                        after.1 = page.last().map_or(after.1, feed::position_of);
                    }
                }
                let mut is_closed = false;
                loop {
                    match expected.try_recv() {
                        Ok(at) => waiting.push_back(at),
                        Err(mpsc::error::TryRecvError::Empty) => break,
                        Err(mpsc::error::TryRecvError::Disconnected) => {
                            is_closed = true;
                            break;
                        }
                    }
                }
                while late.len() < seen {
                    let Some(at) = waiting.pop_front() else { break };
                    let at: Instant = at;
                    late.push(at.elapsed().as_secs_f64() * 1000.0);
                }
                if is_closed && waiting.is_empty() {
                    return anyhow::Ok(late);
                }
                sleep(POLL).await;
            }
        });
        let mut tx = other.begin().await?;
        sqlx::query("INSERT INTO unrelated VALUES (1)").execute(&mut *tx).await?;
        let begun = Instant::now();
        let mut version = 0;
        while begun.elapsed() < open {
            peer.append(0, version, 1).await?;
            version += 1;
            acknowledged.send(Instant::now())?;
            sleep(Duration::from_millis(10)).await;
        }
        tx.commit().await?;
        drop(acknowledged);
        let mut late = reader.await??;
        let (p50, p99, most) = (quantile(&mut late, 0.5), quantile(&mut late, 0.99), quantile(&mut late, 1.0));
        println!("  {:32} {p50:.1} / {p99:.1} / {most:.1}  ({} events)", which.name(), late.len());
        server.drop(fresh).await?;
    }
    println!();
    Ok(())
}
