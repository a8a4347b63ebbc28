//! A circuit breaker for each cluster. If a cluster does not respond, its effects stay in the table, without
//! connections and time-outs. One of them is retried from time to time until the cluster responds.

use crate::kubernetes::pause;
use domain::core::ids::ClusterId;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How many consecutive calls without an answer open the circuit.
const FAILURES: u32 = 5;
/// The first and the longest time that the circuit stays open. Each failed try doubles it.
const OPEN: (Duration, Duration) = (Duration::from_secs(1), pause::LONGEST);

#[derive(Default)]
pub struct Breakers(Mutex<HashMap<ClusterId, Silence>>);

/// The state of a cluster that did not answer the last calls.
struct Silence {
    failures: u32,
    /// When the next call may be tried.
    until: Instant,
}

impl Breakers {
    /// How many calls may run now: `most`, one to probe an open circuit, or none.
    pub fn allow(&self, cluster: &ClusterId, most: usize, now: Instant) -> usize {
        match self.silent_until(cluster) {
            None => most,
            Some(until) if until <= now => 1,
            Some(_) => 0,
        }
    }

    pub fn is_open(&self, cluster: &ClusterId) -> bool {
        self.silent_until(cluster).is_some()
    }

    /// Records the result of a call.
    pub fn record(&self, cluster: &ClusterId, answered: bool, now: Instant) {
        let mut silent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answered {
            if silent.remove(cluster).is_some_and(|silence| silence.failures >= FAILURES) {
                tracing::info!(%cluster, "cluster.answers_again");
            }
            return;
        }
        let silence = silent.entry(cluster.clone()).or_insert(Silence { failures: 0, until: now });
        // Calls that were running when the circuit opened do not count.
        if silence.failures < FAILURES || silence.until <= now {
            silence.failures += 1;
            if silence.failures >= FAILURES {
                let doubled = OPEN.0 * 2_u32.saturating_pow((silence.failures - FAILURES).min(10));
                silence.until = now + doubled.min(OPEN.1);
                tracing::warn!(%cluster, failures = silence.failures, "cluster.left_alone");
            }
        }
    }

    /// When the cluster may be tried again. None if the circuit is closed.
    fn silent_until(&self, cluster: &ClusterId) -> Option<Instant> {
        let silent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        silent.get(cluster).filter(|silence| silence.failures >= FAILURES).map(|silence| silence.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_cluster_is_tried_once_at_a_time_and_less_often_until_it_answers() {
        let (breakers, cluster) = (Breakers::default(), ClusterId::from_name("dev"));
        let mut now = Instant::now();
        for _ in 1..FAILURES {
            breakers.record(&cluster, false, now);
            assert_eq!(breakers.allow(&cluster, 9, now), 9, "closed");
        }
        let mut wait = OPEN.0;
        for _ in 0..7 {
            breakers.record(&cluster, false, now);
            // A call that was running all the time.
            breakers.record(&cluster, false, now);
            assert_eq!(breakers.allow(&cluster, 9, now + wait - Duration::from_millis(1)), 0, "open for {wait:?}");
            now += wait;
            assert_eq!(breakers.allow(&cluster, 9, now), 1, "half open");
            wait = (wait * 2).min(OPEN.1);
        }
        assert_eq!(breakers.allow(&ClusterId::from_name("other"), 9, now), 9, "the others do not notice");
        breakers.record(&cluster, true, now);
        assert_eq!(breakers.allow(&cluster, 9, now), 9, "closed again");
    }
}
