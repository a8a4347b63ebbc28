//! The duties of the leader, which one process does for all: project, seal, check, publish.

use crate::{
    Projections,
    engine::{leader, listen::listen, projector::Projector},
    evidence::{
        check::Checker,
        notary::Notary,
        publish::{CheckpointStore, Publisher},
        seal::Sealer,
    },
};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

impl Projections {
    /// Projects the log, for ever, while this process leads.
    pub async fn run_projector(&self, owner: String, shutdown: CancellationToken) {
        let projector = Projector(self);
        let led = leader::run(&projector, self, &owner, &shutdown);
        let heard = listen(self.own(), "log", &shutdown, |_| self.hint());
        tokio::join!(led, heard);
    }

    /// Seals the log, for ever, while this process leads. Without a notary the checkpoints are not signed.
    pub async fn run_sealer(&self, owner: String, notary: Option<Arc<Notary>>, shutdown: CancellationToken) {
        leader::run(&Sealer { projections: self, notary: notary.as_deref() }, self, &owner, &shutdown).await;
    }

    /// Compares a sample of the read model with the log, for ever, while this process leads.
    pub async fn run_checker(&self, owner: String, shutdown: CancellationToken) {
        leader::run(&Checker::of(self), self, &owner, &shutdown).await;
    }

    /// Publishes signed checkpoints, for ever, while this process leads.
    pub async fn run_publisher(&self, owner: String, store: Arc<CheckpointStore>, shutdown: CancellationToken) {
        leader::run(&Publisher { projections: self, store: &store }, self, &owner, &shutdown).await;
    }
}
