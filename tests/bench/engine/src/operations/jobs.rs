//! Job queues as peers: a job that does nothing, added and performed by one process of its language, by the settings that its
//! documents give for many short jobs.

use super::CLIENTS;
use crate::{
    Wanted,
    external::{self, Language},
    peers::Server,
    table::words,
};
use anyhow::Result;
use serde::Deserialize;

/// Name, language, script, and whether jobs with the same name are kept in order.
const PEERS: [(&str, Language, &str, &str); 5] = [
    ("graphile-worker 0.18.0 (Node)", Language::Node, "graphile-worker.mjs", "any-order"),
    ("the same, a queue a target", Language::Node, "graphile-worker.mjs", "in-order"),
    ("pg-boss 12.38.0 (Node)", Language::Node, "pg-boss.mjs", "any-order"),
    ("procrastinate 3.10.0 (Python)", Language::Python, "procrastinate_jobs.py", "any-order"),
    ("the same, a lock a target", Language::Python, "procrastinate_jobs.py", "in-order"),
];

#[derive(Deserialize)]
struct Found {
    seconds: f64,
    /// Until the last job was added.
    adding: f64,
    lost: usize,
    doubled: usize,
}

pub async fn run(server: &Server, wanted: &Wanted, count: usize) -> Result<()> {
    for (name, language, script, order) in PEERS {
        // The slow ones would take minutes, and their speed does not depend on the number.
        let jobs = if order == "in-order" || language == Language::Python { count / 5 } else { count };
        let (mut speeds, mut adding, mut lost, mut doubled, mut failed) = (Vec::new(), Vec::new(), 0, 0, None);
        for _ in 0..wanted.rounds {
            let fresh = server.fresh().await?;
            let arguments = [jobs.to_string(), CLIENTS.to_string(), order.to_owned()];
            match external::run::<Found>(language, script, &fresh, &arguments).await {
                Ok(found) => {
                    speeds.push(jobs as f64 / found.seconds);
                    adding.push(found.adding);
                    lost += found.lost;
                    doubled += found.doubled;
                }
                Err(error) => failed = Some(error),
            }
            server.drop(fresh).await?;
        }
        match failed {
            Some(error) => println!("  {name:32} left out: {error:#}"),
            None => println!(
                "  {name:32} {}  [{}; {jobs} jobs; lost {lost}, doubled {doubled}]",
                words(speeds, 0),
                words(adding, 1)
            ),
        }
    }
    Ok(())
}
