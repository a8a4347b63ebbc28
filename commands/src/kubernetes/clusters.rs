//! The clusters of this process. They come and go while it runs: [`super::registry`] follows the log and changes them here.
//!
//! Promises that whoever works on a cluster that is removed is told by [`Connected::ends`].

use super::{ClusterHandle, ClusterSource, client, discovery::Discovery};
use domain::{
    core::{
        ids::ClusterId,
        message::{Code, Message},
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::{object::ObjectRef, resource::Resource},
    platform::cluster::support::{self, VersionSupport},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Why this process knows a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownBy {
    Settings,
    /// A person registered it, with the credential of this id.
    Credential(String),
}

/// A cluster that this process can call.
#[derive(Clone)]
pub struct Connected {
    pub handle: ClusterHandle,
    /// None for a cluster in memory.
    pub discovery: Option<Discovery>,
    /// The only namespaces that the credential may see. Empty: it may see the cluster.
    pub namespaces: Arc<[String]>,
    pub known_by: KnownBy,
    /// Ends when the cluster is removed, with everything that is derived from it.
    pub ends: CancellationToken,
}

impl Connected {
    pub fn new(handle: ClusterHandle, namespaces: Arc<[String]>, known_by: KnownBy) -> Self {
        let discovery = handle.port.discovery().cloned();
        Self { handle, discovery, namespaces, known_by, ends: CancellationToken::new() }
    }
}

#[derive(Default)]
struct Known {
    connected: BTreeMap<ClusterId, Connected>,
    /// Those that were removed, and whether anything of them may still be observed.
    removed: HashMap<ClusterId, bool>,
    /// The last known versions.
    versions: HashMap<ClusterId, String>,
}

/// The clusters of this process. Clones share them.
#[derive(Clone)]
pub struct Clusters(Arc<watch::Sender<Known>>);

impl Clusters {
    /// Clusters of the settings.
    pub fn new(clusters: Vec<ClusterHandle>) -> Self {
        let connected =
            |handle: ClusterHandle| (handle.id.clone(), Connected::new(handle, Arc::default(), KnownBy::Settings));
        let connected = clusters.into_iter().map(connected).collect();
        Self(Arc::new(watch::Sender::new(Known { connected, ..Known::default() })))
    }

    /// Reads the credentials of the clusters. Makes no call yet.
    pub async fn open(sources: &[ClusterSource]) -> Result<Self, crate::Error> {
        let mut clusters = Vec::with_capacity(sources.len());
        for source in sources {
            let client = client::open(source).await?;
            clusters.push(ClusterHandle::new(source.id.clone(), source.name.clone(), source.environment, client));
        }
        Ok(Self::new(clusters))
    }

    pub fn all(&self) -> Vec<ClusterHandle> {
        self.0.borrow().connected.values().map(|known| known.handle.clone()).collect()
    }

    /// The ids of [`Clusters::all`].
    pub fn ids(&self) -> Vec<ClusterId> {
        self.0.borrow().connected.keys().cloned().collect()
    }

    /// The same with what belongs to them.
    pub fn connected(&self) -> Vec<Connected> {
        self.0.borrow().connected.values().cloned().collect()
    }

    pub fn get(&self, id: &ClusterId) -> Option<ClusterHandle> {
        self.0.borrow().connected.get(id).map(|known| known.handle.clone())
    }

    /// Which kinds a cluster serves. None for one in memory, or an unknown one.
    pub fn discovery(&self, id: &ClusterId) -> Option<Discovery> {
        self.0.borrow().connected.get(id)?.discovery.clone()
    }

    /// Why this process knows the cluster.
    pub fn known_by(&self, id: &ClusterId) -> Option<KnownBy> {
        self.0.borrow().connected.get(id).map(|known| known.known_by.clone())
    }

    /// The only namespaces that may be seen in the cluster. Empty: all.
    pub fn namespaces(&self, id: &ClusterId) -> Arc<[String]> {
        self.0.borrow().connected.get(id).map(|known| Arc::clone(&known.namespaces)).unwrap_or_default()
    }

    /// What ends when the cluster is removed. Of an unknown one, it has ended.
    pub fn ends(&self, id: &ClusterId) -> CancellationToken {
        self.0.borrow().connected.get(id).map_or_else(ended, |known| known.ends.child_token())
    }

    /// Changes when clusters come or go.
    pub(crate) fn changes(&self) -> Changes {
        Changes(self.0.subscribe())
    }

    /// Whether the cluster was removed, as far as this process knows.
    pub fn is_removed(&self, id: &ClusterId) -> bool {
        self.0.borrow().removed.contains_key(id)
    }

    /// The clusters that were removed.
    pub fn removed(&self) -> Vec<ClusterId> {
        self.0.borrow().removed.keys().cloned().collect()
    }

    /// The removed clusters of which something may still be observed.
    pub fn ending(&self) -> Vec<ClusterId> {
        let known = self.0.borrow();
        known.removed.iter().filter(|(_, has_ended)| !**has_ended).map(|(id, _)| id.clone()).collect()
    }

    /// Adds a cluster, or replaces it.
    pub(crate) fn connect(&self, connected: Connected) {
        self.0.send_modify(|known| {
            if let Some(before) = known.connected.insert(connected.handle.id.clone(), connected) {
                before.ends.cancel();
            }
        });
    }

    /// Takes a removed cluster away. `has_watch_ended`: nothing of it is observed any more.
    pub(crate) fn remove(&self, id: &ClusterId, has_watch_ended: bool) {
        self.0.send_if_modified(|known| {
            let before = known.connected.remove(id);
            before.iter().for_each(|before| before.ends.cancel());
            known.versions.remove(id);
            known.removed.insert(id.clone(), has_watch_ended) != Some(has_watch_ended) || before.is_some()
        });
    }

    /// Learns the version that the cluster last had. No reason to look what came or went.
    pub(crate) fn learn_version(&self, id: &ClusterId, version: &str) {
        self.0.send_if_modified(|known| {
            known.versions.insert(id.clone(), version.to_owned());
            false
        });
    }

    /// Whether the log has the objects of the kind of this one, as far as is known without a call.
    pub fn records(&self, object: &ObjectRef) -> bool {
        match self.discovery(&object.cluster) {
            Some(discovery) => discovery.is_known_to_be_recorded(&object.kind),
            None => object.kind.is_recorded_by_default(),
        }
    }

    /// Learns which kinds the cluster's log decided about.
    pub(crate) fn learn_kinds(&self, id: &ClusterId, kinds: &BTreeMap<Resource, bool>) {
        if let Some(discovery) = self.discovery(id) {
            discovery.learn(kinds);
        }
    }

    /// Refuses a command about a cluster that is not known here, or whose version is too old. `field`: the input that names it.
    pub fn must_take_commands(&self, id: &ClusterId, field: &str) -> Result<(), Refusal> {
        let known = self.0.borrow();
        let cluster = || ("cluster", id.as_str().into());
        if !known.connected.contains_key(id) {
            let code = if known.removed.contains_key(id) { Code::ClusterWasRemoved } else { Code::ClusterUnknown };
            return Err(Refusal::because(ErrorCode::NotFound, field, code.message([cluster()])));
        }
        match known.versions.get(id) {
            Some(version) if VersionSupport::of(version) == Some(VersionSupport::TooOld) => {
                let versions = [("version", version.as_str().into()), ("oldest", support::oldest().into())];
                let [version, oldest] = versions;
                let reason = Code::ClusterTooOld.message([cluster(), version, oldest]);
                Err(Refusal::because(ErrorCode::NotSupported, field, reason))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Why the cluster takes no command and will take none. None also for one that is not known here, which may come.
    pub fn closed(&self, id: &ClusterId) -> Option<Message> {
        let refusal = self.must_take_commands(id, "id").err()?;
        refusal.reason.filter(|reason| !reason.is(Code::ClusterUnknown)).map(|reason| *reason)
    }

    /// The client of a cluster, for direct reads.
    pub(super) fn client(&self, id: &ClusterId) -> Result<::kube::Client, crate::Error> {
        let client = self.get(id).and_then(|handle| handle.client);
        client.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "cluster", format!("there is no cluster {id}")).into())
    }
}

fn ended() -> CancellationToken {
    let token = CancellationToken::new();
    token.cancel();
    token
}

/// Tells that clusters came or went.
pub(crate) struct Changes(watch::Receiver<Known>);

impl Changes {
    /// Returns at the next change, or never when there can be none.
    pub async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending().await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::client::KubeCluster;
    use domain::platform::cluster::Environment;
    use kube::{Client, client::Body};

    fn handle(name: &str) -> ClusterHandle {
        let service = tower::service_fn(|_: http::Request<Body>| async {
            http::Response::builder().status(503).body(Body::empty())
        });
        let client = Client::new(service, "default");
        let (id, port) = (ClusterId::from_name(name), Arc::new(KubeCluster::new(client.clone())));
        ClusterHandle { id, name: name.to_owned(), environment: Environment::default(), port, client: Some(client) }
    }

    #[tokio::test]
    async fn a_removed_cluster_is_known_no_more_and_ends_what_runs_on_it() {
        let clusters = Clusters::new(vec![handle("a")]);
        let (a, b) = (ClusterId::from_name("a"), ClusterId::from_name("b"));
        clusters.connect(Connected::new(handle("b"), Arc::default(), KnownBy::Credential("c".to_owned())));
        let (ends, clone, mut changes) = (clusters.ends(&b), clusters.clone(), clusters.changes());
        assert!(clone.get(&b).is_some() && !ends.is_cancelled() && clone.must_take_commands(&b, "id").is_ok());
        clusters.remove(&b, false);
        changes.next().await;
        assert!(clone.get(&b).is_none() && ends.is_cancelled() && clone.ends(&b).is_cancelled());
        assert_eq!((clone.ending(), clone.ids()), (vec![b.clone()], vec![a.clone()]));
        let refusal = clone.must_take_commands(&b, "id").expect_err("it was removed");
        assert!(refusal.is_because(Code::ClusterWasRemoved));
        assert!(clone.closed(&b).is_some_and(|reason| reason.is(Code::ClusterWasRemoved)));
        assert_eq!((clone.closed(&a), clone.closed(&ClusterId::from_name("unknown"))), (None, None));
        clusters.remove(&b, true);
        assert_eq!((clone.ending(), clone.removed()), (Vec::new(), vec![b]));
        assert!(!clone.ends(&a).is_cancelled());
    }

    #[tokio::test]
    async fn a_version_that_is_too_old_takes_no_command() {
        let clusters = Clusters::new(vec![handle("a")]);
        let a = ClusterId::from_name("a");
        for (version, is_refused) in [("v1.28.3", true), ("v1.29.0", false), ("v1.40.0", false), ("?", false)] {
            clusters.learn_version(&a, version);
            let refusal = clusters.must_take_commands(&a, "id").err();
            assert_eq!(refusal.is_some_and(|refusal| refusal.is_because(Code::ClusterTooOld)), is_refused, "{version}");
        }
    }
}
