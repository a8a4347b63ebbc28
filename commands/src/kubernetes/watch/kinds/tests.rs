use super::*;
use kube::client::Body;

/// A server that describes its kinds, and is too busy for the rest.
fn server() -> Client {
    let service = tower::service_fn(|request: http::Request<Body>| async move {
        let (status, body) = match request.uri().path() {
            "/api" => (200_u16, include_str!("../../discovery/samples/api.json")),
            "/apis" => (200, include_str!("../../discovery/samples/apis.json")),
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions" => {
                (200, r#"{"items": [{"metadata": {"name": "widgets.example.org"}}]}"#)
            }
            _ => (503, ""),
        };
        http::Response::builder().status(status).body(Body::from(body.as_bytes().to_vec()))
    });
    Client::new(service, "default")
}

fn kind(text: &str) -> Resource {
    text.parse().expect("a kind")
}

fn watches(in_log: &[&str]) -> (Watches, mpsc::Receiver<WatchEvent>) {
    watches_in(in_log, &[])
}

fn watches_in(in_log: &[&str], namespaces: &[&str]) -> (Watches, mpsc::Receiver<WatchEvent>) {
    let (client, (events, received)) = (server(), mpsc::channel(1024));
    let shared = Shared {
        discovery: Discovery::new(client.clone()),
        client,
        cluster: ClusterId::from_name("dev"),
        identity: None,
        namespaces: namespaces.iter().map(|name| (*name).to_owned()).collect(),
        events,
        unreadable: Unreadable::default(),
        has_owners: watch::Sender::new(true).subscribe(),
        shutdown: CancellationToken::new(),
    };
    let newest = in_log.iter().map(|text| (kind(text), NewestRevision::default())).collect();
    (Watches::start(shared, newest), received)
}

#[tokio::test]
async fn only_what_is_served_and_recorded_is_watched() {
    let (mut watches, _received) = watches(&[]);
    let kinds = watches.shared.discovery.refresh().await.expect("it answers");
    watches.follow(&kinds).await;
    let is_watched = |text: &str| watches.running.contains_key(&kind(text));
    for text in ["Deployment", "Pod", "Event", "Namespace", "ConfigMap", "Node", "Widget.example.org"] {
        assert!(is_watched(text), "{text}");
    }
    for text in ["Service", "SubjectAccessReview.authorization.k8s.io", "NodeMetrics.metrics.k8s.io"] {
        assert!(!is_watched(text), "{text}");
    }
    watches.shared.shutdown.cancel();
}

#[tokio::test]
async fn a_credential_of_namespaces_watches_what_stands_in_them() {
    let (mut watches, _received) = watches_in(&[], &["team", "shop"]);
    let kinds = watches.shared.discovery.refresh().await.expect("it answers");
    watches.follow(&kinds).await;
    let is_watched = |text: &str| watches.running.contains_key(&kind(text));
    for text in ["Deployment", "Pod", "Event", "ConfigMap", "HorizontalPodAutoscaler"] {
        assert!(is_watched(text), "{text}");
    }
    for text in ["Namespace", "Node"] {
        assert!(!is_watched(text), "{text}");
    }
    let places: Vec<Option<String>> = watches.shared.places().into_iter().map(|(place, _)| place).collect();
    assert_eq!(places, [Some("team".to_owned()), Some("shop".to_owned())]);
    watches.shared.shutdown.cancel();
}

#[tokio::test]
async fn a_kind_is_gone_when_it_is_missing_for_a_while_and_its_group_answers() {
    let (mut watches, _received) =
        watches(&["Gadget.example.org", "Widget.example.org", "NodeMetrics.metrics.k8s.io", "Pod", "Namespace"]);
    let kinds = watches.shared.discovery.refresh().await.expect("it answers");
    assert_eq!(watches.vanished(&kinds), []);
    let gadget = kind("Gadget.example.org");
    let since = watches.missing.get_mut(&gadget).expect("it is missing");
    *since -= SETTLES;
    assert_eq!(watches.vanished(&kinds), [gadget]);
    assert_eq!(watches.missing.len(), 1);
    watches.shared.shutdown.cancel();
}

#[tokio::test]
async fn a_kind_is_released_and_recorded_again_as_a_person_says() {
    let (mut watches, mut received) = watches(&["ConfigMap"]);
    let kinds = watches.shared.discovery.refresh().await.expect("it answers");
    let maps = kind("ConfigMap");
    for (is_recorded, is_watched) in [(true, true), (false, false), (true, true)] {
        watches.shared.discovery.learn(&BTreeMap::from([(maps.clone(), is_recorded)]));
        watches.follow(&kinds).await;
        assert_eq!(watches.running.contains_key(&maps), is_watched);
    }
    watches.shared.shutdown.cancel();
    drop(watches);
    let mut released = 0;
    while let Some(event) = received.recv().await {
        released += usize::from(matches!(event, WatchEvent::Released { kind } if kind == maps));
    }
    assert_eq!(released, 1);
}

#[tokio::test]
async fn a_kind_that_is_gone_ends_with_an_empty_list() {
    let (mut watches, mut received) = watches(&["Gadget.example.org"]);
    let kinds = watches.shared.discovery.refresh().await.expect("it answers");
    let gadget = kind("Gadget.example.org");
    watches.missing.insert(gadget.clone(), Instant::now() - SETTLES);
    watches.follow(&kinds).await;
    assert!(!watches.newest.contains_key(&gadget) && watches.missing.is_empty());
    watches.shared.shutdown.cancel();
    drop(watches);
    let mut about = Vec::new();
    while let Some(event) = received.recv().await {
        match event {
            WatchEvent::ListBegins { kind, .. } if kind == gadget => about.push("begins"),
            WatchEvent::ListEnds { kind, .. } if kind == gadget => about.push("ends"),
            _ => {}
        }
    }
    assert_eq!(about, ["begins", "ends"]);
}
