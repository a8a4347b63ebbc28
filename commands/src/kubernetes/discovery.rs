//! Which kinds a cluster serves, by discovery. A group that is stale or does not answer keeps what was known of it: it is not
//! gone.
//!
//! [`documents`] reads what the API server says, [`kinds`] is what is known of it.

mod documents;
mod kinds;

use super::{Clusters, Error};
use crate::kubernetes::failure::{CALL_LIMIT, explain};
use domain::{
    core::{
        ids::ClusterId,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::resource::Resource,
    platform::cluster::MOST_CUSTOM_OBJECTS,
};
use futures::{StreamExt, stream};
use http::{Request, header::ACCEPT};
use kinds::Described;
pub use kinds::{Kinds, ServedKind};
use kube::Client;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

/// How old an answer to [`Discovery::kinds`] may be before the kinds are read again.
const AGE: Duration = Duration::from_secs(30);
/// Calls at a time to a server that describes each group on its own.
const AT_A_TIME: usize = 8;
/// CustomResourceDefinitions in one page. Only their metadata is read.
const PAGE: u32 = 500;

const PLAIN: &str = "application/json";
const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
                          application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
const METADATA: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/// The kinds of one cluster, as last discovered. Clones share them.
#[derive(Clone)]
pub struct Discovery(Arc<Shared>);

struct Shared {
    client: Client,
    known: watch::Sender<Arc<Kinds>>,
    /// The last attempt to read the kinds. Locked while they are read, so that one caller reads them for all.
    tried: tokio::sync::Mutex<Option<Tried>>,
    /// The kinds of which was decided whether they are recorded: custom ones by their number, any by a person.
    judged: watch::Sender<BTreeMap<Resource, bool>>,
}

/// An attempt to read the kinds.
struct Tried {
    /// When it ended.
    at: Instant,
    /// None if they were read.
    error: Option<Error>,
}

impl Discovery {
    pub fn new(client: Client) -> Self {
        Self(Arc::new(Shared {
            client,
            known: watch::Sender::new(Arc::default()),
            tried: tokio::sync::Mutex::new(None),
            judged: watch::Sender::default(),
        }))
    }

    /// What is known now. Empty until the kinds were read once. Makes no call.
    pub fn known(&self) -> Arc<Kinds> {
        Arc::clone(&self.0.known.borrow())
    }

    /// Tells of changes.
    pub fn changes(&self) -> watch::Receiver<Arc<Kinds>> {
        self.0.known.subscribe()
    }

    /// The kinds, at once where some are known. They are then read again if they are old.
    pub async fn kinds(&self) -> Result<Arc<Kinds>, Error> {
        let known = self.known();
        if known.is_empty() {
            return self.read_if_older(AGE).await;
        }
        // While it is locked, somebody reads them already.
        let is_old = |tried: &Tried| tried.at.elapsed() >= AGE;
        if self.0.tried.try_lock().is_ok_and(|tried| tried.as_ref().is_none_or(is_old)) {
            let this = self.clone();
            tokio::spawn(async move { this.read_if_older(AGE).await });
        }
        Ok(known)
    }

    /// Reads the kinds now.
    pub async fn refresh(&self) -> Result<Arc<Kinds>, Error> {
        self.read_if_older(Duration::ZERO).await
    }

    async fn read_if_older(&self, age: Duration) -> Result<Arc<Kinds>, Error> {
        let asked = Instant::now();
        let mut tried = self.0.tried.lock().await;
        match &*tried {
            Some(Tried { at, error: None }) if at.elapsed() < age => return Ok(self.known()),
            // It was tried while this caller waited. In a queue of callers, each would wait for a time-out of its own.
            Some(Tried { at, error: Some(error) }) if *at >= asked => return Err(error.clone()),
            Some(_) | None => {}
        }
        let read = self.read().await;
        *tried = Some(Tried { at: Instant::now(), error: read.as_ref().err().cloned() });
        read
    }

    async fn read(&self) -> Result<Arc<Kinds>, Error> {
        let before = self.known();
        let (described, definitions) = tokio::join!(describe(&self.0.client), definitions(&self.0.client));
        let kinds = Kinds::of(described?).after(&before).with_custom(definitions.as_ref(), &before);
        if kinds.is_empty() {
            return Err(Error::Unreachable { message: "the API server says that it serves no kinds".to_owned() });
        }
        let kinds = Arc::new(kinds);
        self.0.known.send_if_modified(|known| {
            let is_change = *known != kinds;
            if is_change {
                *known = Arc::clone(&kinds);
            }
            is_change
        });
        Ok(kinds)
    }

    /// Whether a kind is recorded, if somebody said so or its objects were counted.
    pub fn judged(&self, kind: &Resource) -> Option<bool> {
        self.0.judged.borrow().get(kind).copied()
    }

    /// Tells of changes of [`Discovery::judged`].
    pub fn judgements(&self) -> watch::Receiver<BTreeMap<Resource, bool>> {
        self.0.judged.subscribe()
    }

    /// Judges a custom kind by the number of its objects. It is judged once: a later count changes nothing.
    pub fn judge(&self, kind: &Resource, objects: u64) -> bool {
        let mut is_small = objects <= MOST_CUSTOM_OBJECTS;
        self.0.judged.send_if_modified(|judged| {
            let before = judged.get(kind).copied();
            is_small = *judged.entry(kind.clone()).or_insert(is_small);
            before.is_none()
        });
        is_small
    }

    /// Takes what the log says of kinds. It goes before what this process counted.
    pub(super) fn learn(&self, kinds: &BTreeMap<Resource, bool>) {
        self.0.judged.send_if_modified(|judged| {
            let news: Vec<_> = kinds.iter().filter(|(kind, recorded)| judged.get(*kind) != Some(*recorded)).collect();
            judged.extend(news.iter().map(|(kind, recorded)| ((*kind).clone(), **recorded)));
            !news.is_empty()
        });
    }

    /// Whether the log records objects of this kind, as far as this process knows: until it is judged, a kind counts as small.
    pub fn is_recorded(&self, kind: &ServedKind) -> bool {
        let is_meant = || kind.is_custom || kind.resource.is_recorded_by_default();
        kind.can_be_watched() && self.judged(&kind.resource).unwrap_or_else(is_meant)
    }

    /// The same without a word of the cluster, which may be dead.
    pub fn is_known_to_be_recorded(&self, kind: &Resource) -> bool {
        self.judged(kind).unwrap_or_else(|| kind.is_recorded_by_default())
    }
}

impl Clusters {
    /// The kinds that a cluster serves.
    pub async fn kinds(&self, cluster: &ClusterId) -> Result<Arc<Kinds>, crate::Error> {
        let unknown = || Refusal::new(ErrorCode::NotFound, "cluster", format!("there is no cluster {cluster}"));
        Ok(self.discovery(cluster).ok_or_else(unknown)?.kinds().await?)
    }
}

/// The number of objects of a kind, by the first page of their list: how many are on it, the token of the next page, and how
/// many the server says to follow.
pub(super) fn number_of(first: usize, next: &str, following: Option<u64>) -> u64 {
    // A server that does not count the rest may have any number.
    let more = if next.is_empty() { 0 } else { u64::MAX };
    following.unwrap_or(more).saturating_add(first as u64)
}

/// Every group version that the server describes.
async fn describe(client: &Client) -> Result<Vec<Described>, Error> {
    let (core, groups) = tokio::try_join!(read(client, "/api", AGGREGATED), read(client, "/apis", AGGREGATED))?;
    let unreadable = |_| unreadable_in("/apis");
    match (documents::aggregated(&core).map_err(unreadable)?, documents::aggregated(&groups).map_err(unreadable)?) {
        (Some(core), Some(groups)) => Ok(core.into_iter().chain(groups).collect()),
        (None, None) => one_by_one(client, documents::versions(&groups).map_err(unreadable)?).await,
        // Two servers of different versions answered.
        (Some(_), None) | (None, Some(_)) => Err(unreadable_in("/apis")),
    }
}

/// As older servers do it: each group version has a document of its own. One that does not answer is stale.
async fn one_by_one(client: &Client, versions: Vec<(String, String)>) -> Result<Vec<Described>, Error> {
    let core = (String::new(), "v1".to_owned());
    let described = stream::iter(std::iter::once(core).chain(versions)).map(move |(group, version)| async move {
        let path = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
        let listed =
            read(client, &path, PLAIN).await.ok().and_then(|text| documents::listed(&group, &version, &text).ok());
        listed.unwrap_or(Described { group, is_stale: true, kinds: Vec::new() })
    });
    Ok(described.buffered(AT_A_TIME).collect().await)
}

/// The names of the CustomResourceDefinitions: `plural.group`. None if they cannot be read.
async fn definitions(client: &Client) -> Option<HashSet<String>> {
    let (mut names, mut next) = (HashSet::new(), String::new());
    loop {
        let path = format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions?limit={PAGE}{next}");
        let page = documents::names(&read(client, &path, METADATA).await.ok()?).ok()?;
        names.extend(page.names);
        match page.next {
            Some(token) => next = format!("&continue={}", utf8_percent_encode(&token, NON_ALPHANUMERIC)),
            None => return Some(names),
        }
    }
}

async fn read(client: &Client, path: &str, accept: &str) -> Result<String, Error> {
    let request = Request::get(path).header(ACCEPT, accept).body(Vec::new());
    let request = request.map_err(|error| Error::permanent(ErrorCode::Internal, error.to_string()))?;
    let answer = timeout(CALL_LIMIT, client.request_text(request)).await.map_err(|_| {
        let message = format!("the API server did not answer {path} within {} s", CALL_LIMIT.as_secs());
        Error::Unreachable { message }
    })?;
    answer.map_err(|error| explain(&error).without_effect())
}

fn unreadable_in(path: &str) -> Error {
    Error::permanent(ErrorCode::Internal, format!("the answer of the API server to {path} cannot be read"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kube::client::Body;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A server that answers by path, and 503 to what it does not know.
    fn server(answers: &'static [(&'static str, &'static str)]) -> Client {
        let service = tower::service_fn(move |request: http::Request<Body>| async move {
            let known = answers.iter().find(|(path, _)| *path == request.uri().path());
            let (status, body) = known.map_or((503_u16, "it is busy"), |(_, body)| (200, *body));
            http::Response::builder().status(status).body(Body::from(body.as_bytes().to_vec()))
        });
        Client::new(service, "default")
    }

    fn kind(text: &str) -> Resource {
        text.parse().expect("a kind")
    }

    const CORE: &str = include_str!("discovery/samples/api.json");
    const GROUPS: &str = include_str!("discovery/samples/apis.json");
    const DEFINITIONS: &str = r#"{"metadata": {}, "items": [{"metadata": {"name": "widgets.example.org"}}]}"#;
    const DEFINITIONS_AT: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    #[tokio::test]
    async fn kinds_with_a_definition_are_custom_and_no_others() {
        let answers = &[("/api", CORE), ("/apis", GROUPS), (DEFINITIONS_AT, DEFINITIONS)];
        let discovery = Discovery::new(server(answers));
        assert!(discovery.known().is_empty());
        let kinds = discovery.refresh().await.expect("it answers");
        let custom: Vec<String> =
            kinds.all().filter(|kind| kind.is_custom).map(|kind| kind.resource.to_string()).collect();
        assert_eq!(custom, ["Widget.example.org"]);
        assert_eq!(discovery.known(), kinds);
    }

    #[tokio::test]
    async fn an_old_server_is_asked_group_by_group_and_one_that_is_silent_is_stale() {
        let answers = &[
            ("/api", r#"{"kind": "APIVersions", "versions": ["v1"]}"#),
            ("/apis", include_str!("discovery/samples/groups.json")),
            ("/api/v1", include_str!("discovery/samples/core-v1.json")),
            ("/apis/apps/v1", include_str!("discovery/samples/apps-v1.json")),
        ];
        let kinds = Discovery::new(server(answers)).refresh().await.expect("it answers");
        let deployment = kinds.get(&Resource::DEPLOYMENT).expect("it is served");
        assert_eq!((deployment.path().as_str(), deployment.namespaced), ("/apis/apps/v1/deployments", true));
        assert!(kinds.get(&Resource::POD).is_some() && !kinds.is_stale("apps") && kinds.is_stale("metrics.k8s.io"));
    }

    #[tokio::test]
    async fn a_server_that_does_not_answer_changes_nothing() {
        let discovery = Discovery::new(server(&[("/api", CORE), ("/apis", "{\"kind\": 7}")]));
        assert!(discovery.refresh().await.is_err());
        assert!(discovery.known().is_empty());
        assert!(Discovery::new(server(&[])).kinds().await.is_err());
    }

    #[tokio::test]
    async fn callers_who_wait_together_get_one_answer() {
        let asked = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&asked);
        let service = tower::service_fn(move |request: http::Request<Body>| {
            if request.uri().path() == "/api" {
                seen.fetch_add(1, Ordering::SeqCst);
            }
            async move {
                tokio::task::yield_now().await;
                http::Response::builder().status(503_u16).body(Body::from(b"it is busy".to_vec()))
            }
        });
        let discovery = Discovery::new(Client::new(service, "default"));
        let answers = futures::future::join_all((0..5).map(|_| discovery.kinds())).await;
        assert!(answers.iter().all(Result::is_err) && asked.load(Ordering::SeqCst) == 1, "{asked:?}");
        assert!(discovery.kinds().await.is_err() && asked.load(Ordering::SeqCst) == 2, "a later one asks again");
    }

    #[tokio::test]
    async fn a_custom_kind_is_judged_once() {
        let discovery = Discovery::new(server(&[("/api", CORE), ("/apis", GROUPS), (DEFINITIONS_AT, DEFINITIONS)]));
        let kinds = discovery.refresh().await.expect("it answers");
        let widgets = kinds.get(&kind("Widget.example.org")).expect("it is served");
        assert!(discovery.is_recorded(widgets), "until it is counted");
        assert!(
            discovery.judge(&widgets.resource, MOST_CUSTOM_OBJECTS)
                && discovery.judge(&widgets.resource, MOST_CUSTOM_OBJECTS + 1)
        );
        let other = kind("Gadget.example.org");
        assert!(!discovery.judge(&other, MOST_CUSTOM_OBJECTS + 1) && !discovery.judge(&other, 0));
    }
}
