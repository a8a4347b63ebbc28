//! A closed loop of clients: each sends its next request when the last answer is read to its end. HTTP/1.1 keep-alive,
//! nothing unpacked.

use crate::stats::quantile;
use anyhow::Result;
use futures::future::BoxFuture;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// One request of client number `.0`, its `.1`th; answers the bytes of the body.
pub type Ask = Arc<dyn Fn(usize, usize) -> BoxFuture<'static, Result<usize>> + Send + Sync>;

#[derive(Clone, Copy)]
pub enum Until {
    /// So many requests of each client.
    Requests(usize),
    Time(Duration),
}

#[derive(Default, Clone)]
pub struct Load {
    pub millis: Vec<f64>,
    pub seconds: f64,
    pub bytes: usize,
    pub failures: Vec<String>,
}

impl Load {
    pub fn p(&self, q: f64) -> f64 {
        quantile(&self.millis, q)
    }

    /// Answers per second.
    pub fn rate(&self) -> f64 {
        self.millis.len() as f64 / self.seconds.max(f64::EPSILON)
    }

    pub fn bytes_each(&self) -> f64 {
        self.bytes as f64 / self.millis.len().max(1) as f64
    }

    /// Both, one after the other.
    pub fn add(&mut self, other: Self) {
        self.millis.extend(other.millis);
        self.bytes += other.bytes;
        self.seconds += other.seconds;
        self.failures.extend(other.failures);
    }
}

pub async fn closed_loop(clients: usize, until: Until, ask: &Ask) -> Load {
    let begun = Instant::now();
    let loops: Vec<_> = (0..clients).map(|client| tokio::spawn(one(client, until, Arc::clone(ask)))).collect();
    let mut all = Load::default();
    for one in loops {
        if let Ok(load) = one.await {
            all.add(load);
        }
    }
    all.seconds = begun.elapsed().as_secs_f64();
    all
}

async fn one(client: usize, until: Until, ask: Ask) -> Load {
    let begun = Instant::now();
    let mut load = Load::default();
    for number in 0.. {
        let is_over = match until {
            Until::Requests(count) => number >= count,
            Until::Time(time) => begun.elapsed() >= time,
        };
        if is_over {
            break;
        }
        let sent = Instant::now();
        match ask(client, number).await {
            Ok(bytes) => {
                load.bytes += bytes;
                load.millis.push(millis(sent.elapsed()));
            }
            Err(error) => load.failures.push(format!("{error:#}")),
        }
    }
    load
}

/// All targets in turn, twice inside each repetition: a, b, a, b. Answers the loads by target, then by repetition.
pub async fn in_turn(repetitions: usize, clients: usize, until: Until, targets: &[Ask]) -> Vec<Vec<Load>> {
    let half = match until {
        Until::Requests(count) => Until::Requests(count.div_ceil(2)),
        Until::Time(time) => Until::Time(time / 2),
    };
    let mut loads = vec![Vec::new(); targets.len()];
    for _ in 0..repetitions {
        let mut repetition = vec![Load::default(); targets.len()];
        for _ in 0..2 {
            for (target, sum) in targets.iter().zip(&mut repetition) {
                sum.add(closed_loop(clients, half, target).await);
            }
        }
        for (all, load) in loads.iter_mut().zip(repetition) {
            all.push(load);
        }
    }
    loads
}

pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// One figure of each repetition.
pub fn each(loads: &[Load], figure: impl Fn(&Load) -> f64) -> Vec<f64> {
    loads.iter().map(figure).collect()
}
