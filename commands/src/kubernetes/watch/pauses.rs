//! Pauses between the attempts of a watch.

use crate::kubernetes::pause;
use kube::runtime::{utils::Backoff, watcher::DefaultBackoff};
use std::time::Duration;

/// The pauses of kube-rs, limited to [`pause::LONGEST`] and with jitter.
#[derive(Default)]
pub(super) struct Soon(DefaultBackoff);

impl Iterator for Soon {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        self.0.next().map(|wait| pause::spread(wait.min(pause::LONGEST)))
    }
}

impl Backoff for Soon {
    fn reset(&mut self) {
        self.0.reset();
    }
}
