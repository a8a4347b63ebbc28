//! The registry: registers and removes clusters at run time, and keeps [`Clusters`] of this process as the log says.
//!
//! Promises that every process knows a new cluster, and one that is removed, within two seconds: each follows the streams of
//! clusters. The key of the credential of a removed cluster is deleted, by whichever process comes first. Tested in
//! tests/api/clusters.rs and tests/cluster/many.rs.

use super::{
    ClusterHandle, Clusters, Connected, KnownBy, check,
    credential::{Credential, Given},
    discovery::ServedKind,
    vault::Vault,
    watch::lease_of,
};
use crate::{
    dispatch::{Dispatcher, Executed, Origin},
    error::Error,
    log::{EventStore, forget::Pending, lease},
};
use domain::{
    access::Action,
    core::{
        decider::Decider,
        event::Event,
        ids::ClusterId,
        message::Code,
        refusal::{ErrorCode, Refusal},
        sealing::KeyScope,
    },
    kubernetes::resource::{Resource, is_label},
    platform::cluster::{Cluster, ClusterCommand, Connection, Environment, check::Check, name},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often the streams of clusters are looked at.
const POLL: Duration = Duration::from_millis(500);
/// Namespaces that a credential may be bound to.
const MOST_NAMESPACES: usize = 100;

/// What a person gave to register a cluster, or to check it before.
pub struct Registration {
    pub name: String,
    pub environment: Environment,
    pub given: Given,
    /// The only namespaces that the credential may see. Empty: it may see the cluster.
    pub namespaces: Vec<String>,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

struct Inner {
    clusters: Clusters,
    dispatcher: Dispatcher,
    store: EventStore,
    vault: Vault,
    /// Locked while the log is read, so that one caller reads it for all.
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// Each cluster of the log with the version of its stream.
    clusters: HashMap<ClusterId, (i64, Cluster)>,
    /// Removed ones whose credential is forgotten.
    forgotten: HashSet<ClusterId>,
    /// Those that cannot be opened, so that it is logged once.
    broken: HashSet<ClusterId>,
}

impl Registry {
    pub fn new(clusters: Clusters, dispatcher: Dispatcher, store: EventStore) -> Self {
        let vault = Vault::new(store.pool().clone(), store.keys().clone());
        Self(Arc::new(Inner { clusters, dispatcher, store, vault, seen: Mutex::default() }))
    }

    /// Follows the log until `shutdown`.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut is_failing = false;
        loop {
            let refreshed = self.refresh().await;
            if let Err(error) = &refreshed
                && !is_failing
            {
                tracing::warn!(%error, "clusters.not_read");
            }
            is_failing = refreshed.is_err();
            if shutdown.run_until_cancelled(tokio::time::sleep(POLL)).await.is_none() {
                return;
            }
        }
    }

    /// What is found at the address that was given. Records nothing.
    pub async fn check(&self, origin: Origin, registration: &Registration) -> Result<Check, Error> {
        self.must_administer(origin, &registration.name).await?;
        Ok(match wrong(registration) {
            Some(refusal) => check::of_refusal(refusal),
            None => check::run(&registration.given, &registration.namespaces).await,
        })
    }

    /// Registers a new cluster. Makes no call to it: the watch says what it finds.
    pub async fn register(&self, origin: Origin, registration: Registration) -> Result<(ClusterId, Executed), Error> {
        self.must_administer(origin.clone(), &registration.name).await?;
        if let Some(refusal) = wrong(&registration) {
            return Err(refusal.into());
        }
        let credential = Credential::read(&registration.given)?;
        credential.client().await?;
        self.refresh().await?;
        let (name, environment, namespaces) =
            (registration.name, registration.environment, once(registration.namespaces));
        let id = self.id_of(&name).await?;
        let (stored, server) = (Uuid::now_v7(), credential.server().map(str::to_owned));
        // Before the event, so that nobody reads the one without the other.
        self.0.vault.store(stored, &id, &credential).await?;
        let (cluster, credential) = (id.clone(), stored.to_string());
        let command = ClusterCommand::Connect { cluster, name, environment, credential, server, namespaces };
        match self.0.dispatcher.command::<Cluster>(origin, &id, command).await {
            Ok(executed) => {
                self.refresh_soon().await;
                Ok((id, executed))
            }
            // Otherwise the event may be in the log.
            Err(error @ (Error::Refused(_) | Error::SessionEnded)) => {
                self.0.vault.delete(stored).await?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Removes a cluster. Refused while the settings of a gateway name it: that gateway would go on with it.
    pub async fn remove(&self, origin: Origin, id: &ClusterId) -> Result<Executed, Error> {
        self.0.dispatcher.must_allow(origin.clone(), Action::Administer, Cluster::stream(id)).await?;
        self.refresh().await?;
        if self.is_of_settings(id).await? {
            let reason = Code::ClusterOfSettings.message([("cluster", id.as_str().into())]);
            return Err(Refusal::because(ErrorCode::NotSupported, "id", reason).into());
        }
        let command = ClusterCommand::Remove { cluster: id.clone() };
        let executed = self.0.dispatcher.command::<Cluster>(origin, id, command).await?;
        self.refresh_soon().await;
        Ok(executed)
    }

    /// Takes the objects of a kind into the log, or lets them go. Refused for a kind that the cluster does not serve.
    pub async fn choose_kind(
        &self,
        origin: Origin,
        id: &ClusterId,
        kind: Resource,
        is_recorded: bool,
    ) -> Result<Executed, Error> {
        self.0.dispatcher.must_allow(origin.clone(), Action::Administer, Cluster::stream(id)).await?;
        self.0.clusters.must_take_commands(id, "cluster")?;
        self.must_be_watchable(id, &kind).await?;
        let cluster = id.clone();
        let command = match is_recorded {
            true => ClusterCommand::RecordKind { cluster, kind },
            false => ClusterCommand::ReleaseKind { cluster, kind },
        };
        let executed = self.0.dispatcher.command::<Cluster>(origin, id, command).await?;
        self.refresh_soon().await;
        Ok(executed)
    }

    async fn must_be_watchable(&self, id: &ClusterId, kind: &Resource) -> Result<(), Error> {
        let kinds = self.0.clusters.kinds(id).await?;
        let served = kinds.get(kind);
        if served.is_some_and(ServedKind::can_be_watched) {
            return Ok(());
        }
        let code = if served.is_some() { Code::KindCannotBeWatched } else { Code::KindUnknown };
        let reason = code.message([("kind", kind.to_string().into()), ("cluster", id.as_str().into())]);
        Err(Refusal::because(ErrorCode::NotSupported, "kind", reason).into())
    }

    /// Whether the settings of this process name the cluster, or those of one that watches it.
    async fn is_of_settings(&self, id: &ClusterId) -> Result<bool, Error> {
        if let Some(known_by) = self.0.clusters.known_by(id) {
            return Ok(known_by == KnownBy::Settings);
        }
        let is_registered = {
            let seen = self.0.seen.lock().await;
            seen.clusters.get(id).is_some_and(|(_, cluster)| cluster.is_current() && cluster.connection.is_none())
        };
        Ok(is_registered && lease::is_held(self.0.store.pool(), &lease_of(id)).await?)
    }

    /// Whether this process can call the cluster, or knows that it was removed.
    pub(crate) fn knows(&self, id: &ClusterId) -> bool {
        self.0.clusters.get(id).is_some() || self.0.clusters.is_removed(id)
    }

    /// The clusters of the log that this process cannot call: those of the settings of others, and those whose credential it cannot
    /// open.
    pub(crate) async fn out_of_reach(&self) -> Vec<ClusterId> {
        let seen = self.0.seen.lock().await;
        let is_missing = |id: &ClusterId, cluster: &Cluster| cluster.is_current() && self.0.clusters.get(id).is_none();
        let missing = seen.clusters.iter().filter(|(id, (_, cluster))| is_missing(id, cluster));
        missing.map(|(id, _)| id.clone()).collect()
    }

    /// Says that nothing of a removed cluster is observed any more. Only for whoever has the lease of its watch.
    pub(crate) async fn end_watch(&self, id: &ClusterId) -> Result<(), Error> {
        let command = ClusterCommand::EndWatch { cluster: id.clone() };
        self.0.dispatcher.command::<Cluster>(Origin::system("watcher"), id, command).await?;
        self.0.clusters.remove(id, true);
        Ok(())
    }

    async fn must_administer(&self, origin: Origin, name: &str) -> Result<(), Error> {
        let stream = Cluster::stream(&ClusterId::from_name(name));
        self.0.dispatcher.must_allow(origin, Action::Administer, stream).await
    }

    /// An id for a new cluster of this name: never one that was given before.
    async fn id_of(&self, name: &str) -> Result<ClusterId, Error> {
        let seen = self.0.seen.lock().await;
        let has_name = |cluster: &Cluster| cluster.is_current() && cluster.name.as_deref() == Some(name);
        let taken = || {
            Refusal::because(ErrorCode::AlreadyExists, "name", Code::ClusterNameTaken.message([("name", name.into())]))
        };
        if seen.clusters.values().any(|(_, cluster)| has_name(cluster)) {
            return Err(taken().into());
        }
        // One of the settings may not be in the log yet.
        let is_given = |id: &ClusterId| seen.clusters.contains_key(id) || self.0.clusters.get(id).is_some();
        Ok(name::free_id(name, is_given).ok_or_else(taken)?)
    }

    /// The command is in the log: what fails here comes with the next look.
    async fn refresh_soon(&self) {
        if let Err(error) = self.refresh().await {
            tracing::debug!(%error, "clusters.not_read");
        }
    }

    /// Reads what the log says of clusters since the last time, and follows it.
    pub async fn refresh(&self) -> Result<(), Error> {
        let mut seen = self.0.seen.lock().await;
        let streams: Vec<(String, i64)> =
            sqlx::query_as("SELECT name, version FROM streams WHERE category = $1 ORDER BY name")
                .bind(Cluster::CATEGORY)
                .fetch_all(self.0.store.pool())
                .await?;
        for (stream, version) in streams {
            let id = stream.split_once(':').and_then(|(_, id)| ClusterId::parse(id));
            let Some(id) = id else { continue };
            let (known, state) = seen.clusters.entry(id).or_default();
            if *known >= version {
                continue;
            }
            for recorded in self.0.store.stream_after(&stream, *known).await? {
                *known = recorded.version;
                if let Event::Cluster(event) = &recorded.event {
                    Cluster::evolve(state, event);
                }
            }
        }
        self.follow(&mut seen).await;
        Ok(())
    }

    async fn follow(&self, seen: &mut Seen) {
        let Seen { clusters, forgotten, broken } = seen;
        for (id, (_, state)) in &*clusters {
            if state.is_removed {
                self.0.clusters.remove(id, state.has_watch_ended);
                if !forgotten.contains(id) {
                    match self.forget(id).await {
                        Ok(()) => drop(forgotten.insert(id.clone())),
                        Err(error) => tracing::debug!(cluster = %id, %error, "cluster.credential_not_forgotten"),
                    }
                }
                continue;
            }
            if let Some(version) = &state.version {
                self.0.clusters.learn_version(id, version);
            }
            self.0.clusters.learn_kinds(id, &state.kinds);
            let Some(connection) = state.connection.as_ref().filter(|connection| self.is_news(id, connection)) else {
                continue;
            };
            match self.open(id, state, connection).await {
                Ok(connected) => {
                    broken.remove(id);
                    tracing::info!(cluster = %id, "cluster.connected");
                    self.0.clusters.connect(connected);
                    self.0.clusters.learn_kinds(id, &state.kinds);
                }
                Err(error) if broken.insert(id.clone()) => tracing::error!(cluster = %id, %error, "cluster.not_opened"),
                Err(_) => {}
            }
        }
    }

    /// Whether this process does not know the cluster by this credential. One of its settings goes first.
    fn is_news(&self, id: &ClusterId, connection: &Connection) -> bool {
        match self.0.clusters.known_by(id) {
            None => true,
            Some(KnownBy::Settings) => false,
            Some(KnownBy::Credential(known)) => known != connection.credential,
        }
    }

    async fn open(&self, id: &ClusterId, state: &Cluster, connection: &Connection) -> Result<Connected, Error> {
        let unusable = |why: &str| Error::Internal(format!("the credential {}: {why}", connection.credential));
        let stored = connection.credential.parse::<Uuid>().map_err(|_| unusable("this is no id"))?;
        let credential = self.0.vault.read(stored, id).await?.ok_or_else(|| unusable("it is not there"))?;
        let client = credential.client().await?;
        let name = state.name.clone().unwrap_or_else(|| id.to_string());
        let handle = ClusterHandle::new(id.clone(), name, state.environment, client);
        let known_by = KnownBy::Credential(connection.credential.clone());
        Ok(Connected::new(handle, connection.namespaces.clone().into(), known_by))
    }

    /// Deletes the key of the credential of a removed cluster, and what it sealed.
    async fn forget(&self, id: &ClusterId) -> Result<(), Error> {
        let scope = KeyScope::of_credential(id.as_str());
        if let Some(key) = self.0.store.keys().name_of(&scope).await? {
            let reason = Some("the cluster was removed".to_owned());
            let origin = Origin { reason, ..Origin::system("gateway") };
            self.0.dispatcher.forget(origin, &scope, key, Pending::Forget).await?;
        }
        self.0.vault.delete_all(id).await
    }
}

/// Why a registration is refused before its credential is read.
fn wrong(registration: &Registration) -> Option<Refusal> {
    if let Err(refusal) = name::check(&registration.name) {
        return Some(refusal);
    }
    let refused = |reason| Some(Refusal::because(ErrorCode::Invalid, "namespaces", reason));
    if registration.namespaces.len() > MOST_NAMESPACES {
        return refused(Code::TooManyNamespaces.message([("most", MOST_NAMESPACES.into())]));
    }
    let wrong = registration.namespaces.iter().find(|name| !is_label(name));
    wrong.and_then(|name| refused(Code::NotALabelName.message([("value", name.as_str().into())])))
}

/// Each namespace once: of two lists of one place, the second would be taken for an empty one.
fn once(mut namespaces: Vec<String>) -> Vec<String> {
    namespaces.sort();
    namespaces.dedup();
    namespaces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_that_is_given_twice_is_watched_once() {
        assert_eq!(once(["b", "a", "b"].map(str::to_owned).to_vec()), ["a", "b"]);
    }

    #[test]
    fn names_are_checked_before_the_credential() {
        let of = |name: &str, namespaces: Vec<String>| {
            let (name, environment) = (name.to_owned(), Environment::Development);
            let registration = Registration { name, environment, given: Given::InCluster, namespaces };
            wrong(&registration).map(|refusal| refusal.message)
        };
        let one = |name: &str| vec![name.to_owned()];
        assert_eq!(of("prod", Vec::new()), None);
        assert_eq!(of("prod", one("team-a")), None);
        assert_eq!(of("Prod", Vec::new()).as_deref(), Some("CLUSTER_NAME_NOT_CANONICAL"));
        assert_eq!(of("prod", vec!["a".to_owned(); MOST_NAMESPACES + 1]).as_deref(), Some("TOO_MANY_NAMESPACES"));
        for name in ["", "Team", "-a", "a-", "a/b", "a.b", &"x".repeat(64)] {
            assert_eq!(of("prod", one(name)).as_deref(), Some("NOT_A_LABEL_NAME"), "{name}");
        }
    }
}
