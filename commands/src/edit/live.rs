//! Objects that the log does not record, read from the API server when they are edited or deleted. They are the one case in which
//! a request waits for a cluster: nothing else is known of them.

use super::Edits;
use crate::{Error, kubernetes::live::LiveObject};
use domain::kubernetes::{
    object::ObjectRef,
    observed::{Content, Seen},
};
use std::time::Duration;
use tokio::time::timeout;

/// How long a request waits for a cluster.
pub const PATIENCE: Duration = Duration::from_secs(1);

impl Edits {
    /// The object as the API server has it. None if the log says how it is, or if there is none.
    pub(super) async fn seen_live(&self, object: &ObjectRef) -> Result<Option<Seen>, Error> {
        if self.clusters.records(object) || self.dispatcher.seen(object).await?.is_some() {
            return Ok(None);
        }
        let Some(found) = self.read_live(object).await? else { return Ok(None) };
        Ok(Some(Seen {
            uid: found.uid.unwrap_or_default(),
            content: Content::Revision(found.resource_version.unwrap_or_default()),
            is_going: found.report.deletion.is_some(),
            facts: None,
        }))
    }

    /// The object as the API server has it, with secrets masked. None if there is none.
    pub(super) async fn read_live(&self, object: &ObjectRef) -> Result<Option<LiveObject>, Error> {
        let Some(served) = self.served(object).await else { return Ok(None) };
        if served.namespaced != object.namespace.is_some() {
            return Ok(None);
        }
        let silent = |_| {
            let message =
                "the cluster did not say in time what the object is now: nothing was done, try again".to_owned();
            Error::Unavailable { message }
        };
        timeout(PATIENCE, self.live.get(object, &served)).await.map_err(silent)?
    }
}
