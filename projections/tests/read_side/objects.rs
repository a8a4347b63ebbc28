//! Objects of every kind: rows, lists beside workloads and pods, relations, and what is left when they are forgotten.

use crate::log::{self, Log, object, pod, requested};
use chrono::DateTime;
use domain::{
    access::Scope,
    core::{decider::Decider, ids::ClusterId, sealing::KeyScope},
    kubernetes::{
        object::ObjectRef,
        observation::{Condition, Deletion, FreeText, Report, Truth},
        observed::ObservedEvent,
        resource::Resource,
        status::object::ObjectState,
    },
    platform::{
        cluster::{ClusterEvent, ClusterState, UnreadableKind},
        data_key::{DataKeyEvent, DataKeys},
    },
};
use projections::{
    Direction, Error, Topic, Window,
    evidence::{Verdict, check::Sample, replay},
    models::{
        manifests, namespaces,
        objects::{self, Filter, KindCount, ObjectRow, Order, OrderField},
    },
    query::search::Search,
};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::{collections::BTreeSet, pin::pin};

fn cluster_wide(kind: Resource, name: &str) -> ObjectRef {
    ObjectRef { cluster: ClusterId::from_name("dev"), kind, namespace: None, name: name.to_owned() }
}

fn config_map(name: &str) -> ObjectRef {
    object(Resource::CONFIG_MAP, "shop", name)
}

/// The object as it is with this content.
fn observed(uid: &str, manifest: Value, report: Report) -> ObservedEvent {
    ObservedEvent::ObjectObserved {
        uid: uid.to_owned(),
        resource_version: "1".to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        manifest_hash: FreeText::new(&manifest.to_string()),
        manifest: manifest.into(),
        managers: Vec::new(),
        report: Box::new(report),
    }
}

fn reported(uid: &str, report: Report) -> ObservedEvent {
    ObservedEvent::ObjectStatusObserved {
        uid: uid.to_owned(),
        resource_version: "2".to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        manifest_hash: FreeText::new("as before"),
        report: Box::new(report),
    }
}

fn gone(uid: &str) -> ObservedEvent {
    ObservedEvent::ObjectGone { uid: uid.to_owned() }
}

fn deleting() -> Report {
    let deletion = Deletion { since: DateTime::UNIX_EPOCH, finalizers: vec!["example.org/wait".to_owned()] };
    Report { deletion: Some(deletion), ..Report::default() }
}

async fn appear(log: &Log, object: &ObjectRef, labels: Value) -> i64 {
    let manifest = json!({"metadata": {"name": object.name, "labels": labels}, "data": {"mode": "slow"}});
    log.append(&object.observed_stream(), observed("u-1", manifest, Report::default())).await
}

async fn row(log: &Log, object: &ObjectRef) -> Option<ObjectRow> {
    objects::get(log.read.pool(), &Scope::everything(), &object.id()).await.unwrap()
}

/// What is read is what the log says: all of it, and each object alone.
async fn holds(log: &Log) {
    let verdict = replay::replay(log.read.pool(), log.read.keys()).await.unwrap();
    assert!(matches!(verdict, Verdict::Holds(_)), "{verdict:?}");
    let mut sample = Sample::open(log.read.pool(), log.read.keys(), log.read.list()).await.unwrap();
    assert_eq!(sample.look(200, &mut None).await.unwrap(), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_object_comes_changes_and_goes(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = config_map("web");
    let manifest = |mode: &str| json!({"metadata": {"name": "web", "labels": {"app": "web"}}, "data": {"mode": mode}});
    log.append(&web.target_stream(), requested(1, 3)).await;
    let added = log.append(&web.observed_stream(), observed("aaaa-1", manifest("slow"), Report::default())).await;
    log.projected(added).await;
    let first = row(&log, &web).await.unwrap();
    assert_eq!((first.state, first.added_position, first.state_since), (ObjectState::Ready, added, None));
    assert_eq!((&first.labels, first.uid.as_str()), (&json!({"app": "web"}), "aaaa-1"));
    let [requests, content, incarnation] = first.version.split('.').collect::<Vec<_>>()[..] else {
        panic!("{first:?}")
    };
    assert_eq!((requests, content.len(), incarnation), ("1", 16, "aaaa"));

    let columns = [("Data".to_owned(), FreeText::new("1"))].into();
    let report = Report { columns, ..deleting() };
    log.append(&web.observed_stream(), reported("aaaa-1", report)).await;
    // A report about an incarnation that is gone.
    let last = log.append(&web.observed_stream(), reported("bbbb-1", Report::default())).await;
    log.projected(last).await;
    let second = row(&log, &web).await.unwrap();
    assert_eq!((second.state, second.version.as_str()), (ObjectState::Deleting, first.version.as_str()));
    assert!(second.state_since.is_some() && second.status.cause.is_some(), "{second:?}");
    let shown = log.read.keys().reveal(serde_json::to_value(&second.columns).unwrap()).await.unwrap();
    assert_eq!(shown, json!({"Data": "1"}));

    log.append(&web.observed_stream(), observed("aaaa-1", manifest("fast"), Report::default())).await;
    let last = log.append(&web.target_stream(), requested(2, 3)).await;
    log.projected(last).await;
    let third = row(&log, &web).await.unwrap();
    assert!(third.version.starts_with("2.") && third.version.ends_with(".aaaa"), "{}", third.version);
    assert!(!third.version.contains(content) && third.added_position == added, "{third:?}");
    let (pool, all, window) = (log.read.pool(), Scope::everything(), Window::first(10));
    let revisions = manifests::revisions(pool, &all, &web.id(), &window).await.unwrap().rows;
    let [now, before] = &revisions[..] else { panic!("{revisions:?}") };
    assert!(before.changes.is_empty() && now.changes[0].path.starts_with("/data"), "{revisions:?}");
    assert!(manifests::manifest(pool, &all, &web.id()).await.unwrap().is_some());

    let last = log.append(&web.observed_stream(), gone("aaaa-1")).await;
    log.projected(last).await;
    assert_eq!(row(&log, &web).await, None);
    assert_eq!(manifests::manifest(pool, &all, &web.id()).await.unwrap(), None);
    assert_eq!(manifests::revision_count(pool, &all, &web.id()).await.unwrap(), 2, "history stays");
    holds(&log).await;
    running.stop().await;
    log.read.close().await;
}

/// Deployments, pods and objects of several kinds, in and outside namespaces: how many there are.
async fn of_all_kinds(log: &Log) -> usize {
    let mut last = 0;
    for namespace in ["shop", "team"] {
        for name in ["web", "api", "db"] {
            log.workload(namespace, name, json!({"app": name})).await;
            log.append(&object(Resource::POD, namespace, name).observed_stream(), pod("u", "Running", None)).await;
            for kind in [Resource::CONFIG_MAP, Resource::SERVICE] {
                last = appear(log, &object(kind, namespace, name), json!({"app": name})).await;
            }
        }
    }
    for name in ["web", "node-1"] {
        let node = observed("n-1", json!({"metadata": {"name": name}}), deleting());
        last = log.append(&cluster_wide("Node".parse().unwrap(), name).observed_stream(), node).await;
    }
    log.projected(last).await;
    2 * 3 * 4 + 2
}

#[sqlx::test(migrations = "../migrations")]
async fn a_list_of_all_kinds_has_no_gap_and_no_duplicate(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let number = of_all_kinds(&log).await;
    let (pool, all) = (log.read.pool(), Scope::everything());
    for field in [OrderField::Name, OrderField::Namespace, OrderField::Kind, OrderField::State, OrderField::CreatedAt] {
        for direction in [Direction::Asc, Direction::Desc] {
            let order = Order { field, direction };
            let (mut rows, mut window) = (Vec::new(), Window::first(5));
            loop {
                let page = objects::page(pool, &all, &Filter::default(), order, &window).await.unwrap();
                window.after = page.cursors().next_back();
                let has_next = page.has_next;
                rows.extend(page.rows);
                if !has_next {
                    break;
                }
            }
            let key = |row: &ObjectRow| match field {
                OrderField::Name => row.name.clone(),
                OrderField::Namespace => row.namespace.clone(),
                OrderField::Kind => row.kind.to_string(),
                OrderField::State => format!("{:02}", row.rank),
                OrderField::CreatedAt => row.created_at.to_rfc3339(),
            };
            let found: Vec<(String, String)> = rows.iter().map(|row| (key(row), row.id.clone())).collect();
            let mut sorted = found.clone();
            sorted.sort();
            if direction == Direction::Desc {
                sorted.reverse();
            }
            assert_eq!((found.len(), &found), (number, &sorted), "{order:?}");
            let other = if field == OrderField::Name { OrderField::Kind } else { OrderField::Name };
            let mixed = objects::page(pool, &all, &Filter::default(), Order { field: other, direction }, &window).await;
            assert!(matches!(mixed, Err(Error::BadCursor)), "{order:?}");
        }
    }
    holds(&log).await;
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn objects_are_found_by_each_filter(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let number = of_all_kinds(&log).await;
    let (pool, all) = (log.read.pool(), Scope::everything());
    let page = objects::page(pool, &all, &Filter::default(), Order::default(), &Window::first(100)).await.unwrap();
    let ids: Vec<String> = page.rows.iter().map(|row| row.id.clone()).collect();
    assert_eq!(ids.len(), number);
    let columns = |kind: Resource| {
        let row = page.rows.iter().find(|row| row.kind == kind).unwrap();
        row.columns.iter().map(|(name, text)| format!("{name} {}", text.as_str())).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(columns(Resource::DEPLOYMENT), "Available 2, Ready 2/2, Up-to-date 2");
    assert!(columns(Resource::POD).starts_with("Ready 2/2, Restarts 0, Status "), "{}", columns(Resource::POD));
    let found = async |filter: Filter| {
        let found = objects::page(pool, &all, &filter, Order::default(), &Window::first(100)).await.unwrap().rows;
        assert_eq!(objects::count(pool, &all, &filter).await.unwrap(), found.len() as i64, "{filter:?}");
        let of = |rows: &[ObjectRow]| rows.iter().map(|row| row.id.clone()).collect::<BTreeSet<String>>();
        let alike = objects::matching(pool, &all, &ids, &filter).await.unwrap();
        assert_eq!(of(&found), of(&alike), "a row is judged as the query does: {filter:?}");
        let kinds = objects::kinds(pool, &all, &filter).await.unwrap();
        assert_eq!(kinds.iter().map(|kind| kind.count).sum::<i64>(), found.len() as i64, "{kinds:?}");
        found.len()
    };
    let some = |change: fn(&mut Filter)| {
        let mut filter = Filter::default();
        change(&mut filter);
        filter
    };
    for (filter, expected) in [
        (some(|filter| filter.cluster = Some("other".to_owned())), 0),
        (some(|filter| filter.kinds = vec![Resource::SERVICE]), 6),
        (some(|filter| filter.kinds = vec![Resource::SERVICE, Resource::CONFIG_MAP, Resource::POD]), 18),
        (some(|filter| filter.kinds = vec![Resource::JOB]), 0),
        (some(|filter| filter.namespaces = vec!["shop".to_owned()]), 12),
        (some(|filter| filter.states = vec![ObjectState::Deleting]), 2),
        (some(|filter| filter.states = vec![ObjectState::Failed]), 0),
        (some(|filter| filter.search = Search::new("W")), 9),
        (some(|filter| filter.search = Search::new("shop")), 12),
        (some(|filter| filter.search = Search::new("finalizers")), 2),
        (some(|filter| filter.labels = "app=api".parse().unwrap()), 6),
        // Each pod is of the app "web".
        (some(|filter| filter.labels = "app in (db, web)".parse().unwrap()), 18),
        (some(|filter| filter.labels = "!app".parse().unwrap()), 2),
    ] {
        assert_eq!(found(filter.clone()).await, expected, "{filter:?}");
    }
    let kinds = objects::kinds(pool, &all, &Filter::default()).await.unwrap();
    let nodes = KindCount { kind: "Node".parse().unwrap(), count: 2, problems: 0 };
    assert_eq!((kinds.len(), kinds.contains(&nodes)), (5, true), "{kinds:?}");

    // A reader of one namespace.
    let shop = Scope::only(vec![Scope::of("dev", Some("shop"))]);
    assert_eq!(objects::count(pool, &shop, &Filter::default()).await.unwrap(), 12);
    assert_eq!(objects::get_many(pool, &shop, &ids).await.unwrap().len(), 12);
    let outside = Scope::only(vec![Scope::of("dev", None)]);
    assert_eq!(objects::count(pool, &outside, &Filter::default()).await.unwrap(), 2);
    let node = cluster_wide("Node".parse().unwrap(), "node-1").id();
    assert!(manifests::manifest(pool, &outside, &node).await.unwrap().is_some());
    assert!(manifests::manifest(pool, &shop, &node).await.unwrap().is_none());
    running.stop().await;
    log.read.close().await;
}

/// A workload whose manifest is this one.
async fn write(log: &Log, object: &ObjectRef, written: Value) {
    let mut event = log::manifest("u-1", 1, json!({}));
    let ObservedEvent::WorkloadManifestObserved { manifest, .. } = &mut event else { unreachable!() };
    *manifest = written.into();
    log.append(&object.observed_stream(), event).await;
}

/// What an object is to others, in pages of two.
async fn related(log: &Log, scope: &Scope, object: &ObjectRef) -> Vec<String> {
    let (pool, mut window, mut found) = (log.read.pool(), Window::first(2), Vec::new());
    loop {
        let page = objects::related(pool, scope, &object.id(), &window).await.unwrap();
        found.extend(page.rows.iter().map(|one| format!("{} {}", one.relation.as_str(), one.id)));
        window.after = page.cursors().next_back();
        if !page.has_next {
            break;
        }
    }
    assert_eq!(objects::related_count(pool, scope, &object.id()).await.unwrap(), found.len() as i64);
    found
}

#[sqlx::test(migrations = "../migrations")]
async fn a_relation_is_read_from_both_ends(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let of = |kind: &str, name: &str| object(kind.parse().unwrap(), "shop", name);
    let (web, set, pod_1) = (of("Deployment", "web"), of("ReplicaSet", "web-1"), of("Pod", "web-1"));
    let (conf, service, scaler) = (of("ConfigMap", "conf"), of("Service", "web"), of("HorizontalPodAutoscaler", "web"));
    let ingress = of("Ingress.networking.k8s.io", "web");
    let (db, pods) = (of("StatefulSet", "db"), ["db-0", "db-1"].map(|name| of("Pod", name)));
    let claim = of("PersistentVolumeClaim", "data-db-0");
    let policies = ["open", "shut"].map(|name| of("NetworkPolicy.networking.k8s.io", name));
    let reference = |name: &str| json!({"configMapRef": {"name": name}});
    let container =
        json!({"name": "a", "image": "a:1", "envFrom": [reference("conf"), reference("none"), reference("conf")]});
    write(&log, &web, json!({"spec": {"template": {"spec": {"containers": [container]}}}})).await;
    let owner = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "u-1", "controller": true});
    write(&log, &set, json!({"metadata": {"ownerReferences": [owner]}})).await;
    log.append(&pod_1.observed_stream(), pod("u", "Running", Some(web.id()))).await;
    let template = json!({"metadata": {"name": "data"}});
    let spec = json!({"replicas": 2, "template": {}, "volumeClaimTemplates": [template]});
    write(&log, &db, json!({"metadata": {"name": "db"}, "spec": spec})).await;
    for one in &pods {
        log.append(&one.observed_stream(), pod("u", "Running", Some(db.id()))).await;
    }
    let backend = |name: &str| json!({"path": "/", "backend": {"service": {"name": name}}});
    let rule = |operator: &str, key: &str, values: &[&str]| json!({"key": key, "operator": operator, "values": values});
    let selector = |rules: Value| json!({"spec": {"podSelector": {"matchExpressions": rules}}});
    let open = [rule("In", "app", &["api", "web"]), rule("NotIn", "app", &["db"]), rule("NotIn", "tier", &["back"])];
    let open = json!([open[0], open[1], open[2], rule("Exists", "app", &[]), rule("DoesNotExist", "tier", &[])]);
    let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"});
    let mut last = 0;
    for (object, manifest) in [
        (&conf, json!({})),
        (&claim, json!({})),
        (&service, json!({"spec": {"selector": {"app": "web"}}})),
        (&scaler, json!({"spec": {"scaleTargetRef": target}})),
        (&ingress, json!({"spec": {"rules": [{"http": {"paths": [backend("web"), backend("none")]}}]}})),
        (&policies[0], selector(open)),
        (&policies[1], selector(json!([rule("In", "app", &["api"])]))),
    ] {
        last = log.append(&object.observed_stream(), observed("o-1", manifest, Report::default())).await;
    }
    // In another namespace the same selector selects nothing of this one.
    let other = object(Resource::SERVICE, "team", "web");
    log.append(
        &other.observed_stream(),
        observed("o-1", json!({"spec": {"selector": {"app": "web"}}}), Report::default()),
    )
    .await;
    log.projected(last + 1).await;

    let all = Scope::everything();
    for (object, expected) in [
        (&web, vec![("MOUNTS", &conf), ("OWNED", &pod_1), ("OWNED", &set), ("SCALED_BY", &scaler)]),
        (&set, vec![("OWNER", &web)]),
        (&pod_1, vec![("MOUNTS", &conf), ("OWNER", &web), ("SELECTED_BY", &policies[0]), ("SELECTED_BY", &service)]),
        (&conf, vec![("MOUNTED_BY", &web), ("MOUNTED_BY", &pod_1)]),
        (&claim, vec![("MOUNTED_BY", &pods[0]), ("MOUNTED_BY", &db)]),
        (&service, vec![("ROUTED_FROM", &ingress), ("SELECTS", &pods[0]), ("SELECTS", &pods[1]), ("SELECTS", &pod_1)]),
        (&scaler, vec![("SCALES", &web)]),
        (&ingress, vec![("ROUTES_TO", &service)]),
        (&policies[0], vec![("SELECTS", &pods[0]), ("SELECTS", &pods[1]), ("SELECTS", &pod_1)]),
        (&policies[1], vec![]),
        (&other, vec![]),
    ] {
        let expected: Vec<String> = expected.iter().map(|(relation, of)| format!("{relation} {}", of.id())).collect();
        assert_eq!(related(&log, &all, object).await, expected, "{object}");
    }
    let shop = Scope::only(vec![Scope::of("dev", Some("shop"))]);
    assert_eq!(related(&log, &shop, &conf).await.len(), 2);
    let team = Scope::only(vec![Scope::of("dev", Some("team"))]);
    assert_eq!(related(&log, &team, &conf).await, Vec::<String>::new());

    let missing = async |scope: &Scope, object: &ObjectRef| {
        let found = objects::missing(log.read.pool(), scope, &object.id()).await.unwrap();
        found.iter().map(|one| format!("{} {}", one.relation.as_str(), one.object.id())).collect::<Vec<_>>()
    };
    assert_eq!(missing(&all, &ingress).await, ["ROUTES_TO Service~dev~shop~none"]);
    assert_eq!(missing(&shop, &web).await, ["MOUNTS ConfigMap~dev~shop~none"]);
    assert_eq!(missing(&all, &db).await, ["MOUNTS PersistentVolumeClaim~dev~shop~data-db-1"]);
    assert_eq!((missing(&all, &set).await, missing(&team, &ingress).await), (Vec::new(), Vec::new()));
    let dev = ClusterId::from_name("dev");
    let registered = ClusterEvent::ClusterRegistered { cluster: dev.clone(), name: "dev".to_owned() };
    log.append("cluster:dev", registered).await;
    let unreadable = vec![UnreadableKind { kind: Resource::SERVICE, message: "forbidden".into() }];
    let (state, version) = (ClusterState::Degraded, None);
    let forbidden =
        ClusterEvent::ClusterStateChanged { cluster: dev, state, version, code: None, reason: None, unreadable };
    log.projected(log.append("cluster:dev", forbidden).await).await;
    assert_eq!(missing(&all, &ingress).await, Vec::<String>::new(), "nobody knows which Services there are");

    // What the manifest does not say any more is no relation.
    write(&log, &web, json!({"spec": {"template": {"spec": {"containers": []}}}})).await;
    let last = log.append(&ingress.observed_stream(), gone("o-1")).await;
    log.projected(last).await;
    assert_eq!(related(&log, &all, &conf).await, Vec::<String>::new());
    assert_eq!(related(&log, &all, &service).await.len(), 3);
    holds(&log).await;
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_forgotten_is_gone_until_it_is_recorded_anew(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let (web, node, other) =
        (config_map("web"), cluster_wide("Node".parse().unwrap(), "node-1"), object(Resource::SERVICE, "team", "api"));
    for one in [&web, &node, &other] {
        appear(&log, one, json!({})).await;
    }
    log.append(&web.target_stream(), requested(1, 3)).await;
    for scope in [KeyScope::of_namespace("dev", "shop"), KeyScope::of_object(&node.path())] {
        log.delete_key(&scope).await;
        let forgotten = DataKeyEvent::DataKeyForgotten { scope: scope.clone(), key: "0000000000000001".to_owned() };
        let last = log.append(&DataKeys::stream(&scope), forgotten).await;
        log.projected(last).await;
    }
    let (pool, all) = (log.read.pool(), Scope::everything());
    let left = objects::page(pool, &all, &Filter::default(), Order::default(), &Window::first(10)).await.unwrap();
    assert_eq!(left.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["api"]);
    for one in [&web, &node] {
        assert_eq!(manifests::manifest(pool, &all, &one.id()).await.unwrap(), None);
        assert_eq!(manifests::revision_count(pool, &all, &one.id()).await.unwrap(), 0);
    }
    holds(&log).await;

    // The objects live on. A report comes before their manifest is read again.
    log.append(&web.observed_stream(), reported("u-1", Report::default())).await;
    let last = appear(&log, &web, json!({})).await;
    log.projected(last).await;
    let again = row(&log, &web).await.unwrap();
    assert_eq!((again.added_position, again.version.starts_with("1.")), (last, true), "{again:?}");
    let revisions = manifests::revisions(pool, &all, &web.id(), &Window::first(10)).await.unwrap().rows;
    assert_eq!(revisions.iter().map(|revision| revision.anew).collect::<Vec<_>>(), [true]);
    holds(&log).await;
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_namespace_is_recorded_like_any_other_object(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let shop = cluster_wide(Resource::NAMESPACE, "shop");
    let before = ObservedEvent::NamespaceObserved {
        uid: "n-1".to_owned(),
        resource_version: "1".to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        phase: "Active".to_owned(),
    };
    let phase = async |position| {
        log.projected(position).await;
        let found = namespaces::get(log.read.pool(), &Scope::everything(), &shop.id()).await.unwrap();
        found.map(|namespace| (namespace.phase, namespace.added_position))
    };
    let of = |phase: &str| Report { status: json!({"phase": phase}).into(), ..Report::default() };
    let active = Some(("Active".to_owned(), 1));
    assert_eq!(phase(log.append(&shop.observed_stream(), before).await).await, active);
    let manifest = json!({"metadata": {"name": "shop"}});
    assert_eq!(phase(log.append(&shop.observed_stream(), observed("n-1", manifest, of("Active"))).await).await, active);
    let ending = log.append(&shop.observed_stream(), reported("n-1", of("Terminating"))).await;
    assert_eq!(phase(ending).await, Some(("Terminating".to_owned(), 1)));
    // A ConfigMap of that name is none.
    let last = appear(&log, &object(Resource::CONFIG_MAP, "shop", "shop"), json!({})).await;
    assert_eq!((phase(last).await.is_some(), log.count("namespaces").await), (true, 1));
    holds(&log).await;
    assert_eq!(phase(log.append(&shop.observed_stream(), gone("n-1")).await).await, None);
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_change_carries_the_row_of_its_object(admin: PgPool) {
    use futures::StreamExt;
    let log = Log::new(admin);
    let running = log.run("a");
    log.projected(appear(&log, &config_map("first"), json!({})).await).await;
    let mut changes = pin!(log.read.changes(&objects::Objects, vec![Topic::Everything], None));
    let not_ready = Condition {
        kind: "Ready".to_owned(),
        status: Truth::False,
        reason: "Broken".to_owned(),
        message: FreeText::new("the disk is full"),
        since: None,
    };
    let widget = object("Widget.example.org".parse().unwrap(), "shop", "web");
    let report = Report { conditions: vec![not_ready], ..Report::default() };
    let event = observed("w-1", json!({"metadata": {"name": "web"}}), report);
    let stream = widget.observed_stream();
    let (change, position) = tokio::join!(changes.next(), log.append(&stream, event));
    let change = change.unwrap().unwrap();
    let shown = change.row.of::<ObjectRow>().unwrap();
    assert_eq!((change.position(), shown.name.as_str(), shown.added_position), (position, "web", position));
    assert_ne!(shown.state, ObjectState::Ready, "{shown:?}");
    let (removed, _) = tokio::join!(changes.next(), log.append(&stream, gone("w-1")));
    assert!(removed.unwrap().unwrap().row.of::<ObjectRow>().is_none());
    running.stop().await;
    log.read.close().await;
}
