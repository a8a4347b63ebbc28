//! The health of a cluster, polled.

use super::unreadable::Unreadable;
use crate::{
    dispatch::{Dispatcher, Origin},
    kubernetes::{ClusterHandle, Error, failure::explain, identity::Identities},
};
use domain::{
    core::{free_text::FreeText, refusal::ErrorCode},
    platform::cluster::{Cluster, ClusterCommand, ClusterState},
};
use kube::Client;
use std::time::Duration;

/// Polls the health of the cluster and reports changes.
pub(super) struct Health<'a> {
    pub cluster: &'a ClusterHandle,
    pub dispatcher: &'a Dispatcher,
    pub identities: &'a Identities,
    pub client: &'a Client,
    pub unreadable: Unreadable,
}

impl Health<'_> {
    /// Returns when another cluster answers.
    pub async fn run(&self) -> Error {
        let mut every = tokio::time::interval(Duration::from_secs(5));
        loop {
            every.tick().await;
            let command = self.look().await;
            if let ClusterCommand::Report { state: ClusterState::Unreachable, .. } = command {
                self.identities.doubt(&self.cluster.id);
            } else if let Err(error @ Error::Permanent { code: ErrorCode::Conflict, .. }) =
                self.identities.confirm(self.cluster, self.dispatcher).await
            {
                return error;
            }
            if let Err(error) =
                self.dispatcher.command::<Cluster>(Origin::system("watcher"), &self.cluster.id, command).await
            {
                tracing::debug!(%error, "watcher.state_not_recorded");
            }
        }
    }

    async fn look(&self) -> ClusterCommand {
        let cluster = self.cluster.id.clone();
        let version = tokio::time::timeout(Duration::from_secs(5), self.client.apiserver_version()).await;
        match version {
            Ok(Ok(version)) => {
                let (version, unreadable) = (Some(version.git_version), self.unreadable.all());
                let state = if unreadable.is_empty() { ClusterState::Ready } else { ClusterState::Degraded };
                ClusterCommand::Report { cluster, state, version, code: None, reason: None, unreadable }
            }
            Ok(Err(error)) => self.unreachable(explain(&error).code(), &error.to_string()),
            Err(_) => self.unreachable(None, "it did not answer within 5 s"),
        }
    }

    fn unreachable(&self, code: Option<ErrorCode>, reason: &str) -> ClusterCommand {
        let cluster = self.cluster.id.clone();
        let unreadable = self.unreadable.all();
        let (state, reason) = (ClusterState::Unreachable, Some(FreeText::new(reason)));
        ClusterCommand::Report { cluster, state, version: None, code, reason, unreadable }
    }
}
