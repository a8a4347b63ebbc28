//! Lists: exact windows, filters, counts.

use crate::log::{Log, manifest, object, pod, requested, snapshot};
use chrono::DateTime;
use domain::access::Scope;
use domain::{
    core::{decider::Decider, event::Event, ids::OperationId, message::Code, refusal::ErrorCode, sealing::KeyScope},
    kubernetes::{
        observation::{FieldManager, Part},
        observed::{ObservedEvent, Seen},
        resource::Resource,
        status::State,
    },
    operation::{
        CancelledBy, Failure, OperationEvent, OperationState, Stage, TargetCommand, queue::Target, retry::ENDED_KEPT,
    },
    platform::data_key::{DataKeyEvent, DataKeys},
};
use projections::{
    Direction, Error, Language, Window,
    models::{
        audit, namespaces, operations, overview, pods,
        workloads::{self, Filter, Order, OrderField},
    },
    query::search::Search,
};
use serde_json::json;
use sqlx::PgPool;
use std::collections::BTreeSet;
use uuid::Uuid;

#[sqlx::test(migrations = "../migrations")]
async fn pages_have_no_gap_and_no_duplicate_under_ties(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    for namespace in 0..5 {
        for name in ["web", "api", "db"] {
            log.workload(&format!("team-{namespace}"), name, json!({})).await;
        }
    }
    log.projected(15).await;
    for field in [OrderField::Name, OrderField::Namespace, OrderField::State, OrderField::CreatedAt] {
        for direction in [Direction::Asc, Direction::Desc] {
            let order = Order { field, direction };
            let mut seen = Vec::new();
            let mut window = Window::first(4);
            loop {
                let page = workloads::page(log.read.pool(), &Scope::everything(), &Filter::default(), order, &window)
                    .await
                    .unwrap();
                seen.extend(page.rows.iter().map(|row| row.id.clone()));
                window.after = page.cursors().next_back();
                if !page.has_next {
                    break;
                }
            }
            assert_eq!(seen.len(), 15, "{order:?}");
            assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 15, "{order:?}");
            let other = Order { field: OrderField::Name, direction: Direction::Asc };
            if other != order {
                let mixed =
                    workloads::page(log.read.pool(), &Scope::everything(), &Filter::default(), other, &window).await;
                assert!(matches!(mixed, Err(Error::BadCursor)));
            }
        }
    }
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_object_that_outlives_its_data_key_is_recorded_anew(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = object(Resource::DEPLOYMENT, "team", "web");
    let anew = async |position| {
        log.projected(position).await;
        let (pool, all, window) = (log.read.pool(), Scope::everything(), Window::first(10));
        let revisions = workloads::revisions(pool, &all, &web.id(), &window).await.unwrap();
        revisions.rows.iter().map(|revision| revision.anew).collect::<Vec<_>>()
    };
    let observe =
        async |uid, generation| log.append(&web.observed_stream(), manifest(uid, generation, json!({}))).await;
    let scope = KeyScope::of_namespace("dev", "team");
    let forget = async || {
        log.delete_key(&scope).await;
        let forgotten = DataKeyEvent::DataKeyForgotten { scope: scope.clone(), key: "0000000000000001".to_owned() };
        log.append(&DataKeys::stream(&scope), forgotten).await
    };
    assert_eq!(anew(observe("u-1", 1).await).await, [false]);
    log.append(&web.target_stream(), requested(1, 3)).await;
    assert_eq!(anew(forget().await).await, [false; 0]);
    assert_eq!(anew(observe("u-1", 1).await).await, [true]);
    assert_eq!(anew(observe("u-1", 2).await).await, [false, true], "the next one is a change");
    log.append(&web.observed_stream(), ObservedEvent::WorkloadGone { uid: "u-1".to_owned() }).await;
    assert_eq!(anew(observe("u-2", 1).await).await, [false, false, true], "another incarnation appears");
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_wrote_before_did_not_make_the_change(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = object(Resource::DEPLOYMENT, "team", "web");
    let observe = async |generation, labels, names: &[&str]| {
        let mut event = manifest("u-1", generation, labels);
        if let ObservedEvent::WorkloadManifestObserved { managers, .. } = &mut event {
            let manager = |name: &&str| FieldManager {
                manager: (*name).to_owned(),
                subresource: String::new(),
                at: Some(DateTime::UNIX_EPOCH),
                parts: vec![Part::Metadata],
            };
            *managers = names.iter().map(manager).collect();
        }
        log.append(&web.observed_stream(), event).await
    };
    observe(1, json!({}), &["nightly"]).await;
    observe(2, json!({"team": "web"}), &["nightly", "bob"]).await;
    let last = observe(3, json!({}), &["nightly", "bob"]).await;
    log.projected(last).await;
    let revisions =
        workloads::revisions(log.read.pool(), &Scope::everything(), &web.id(), &Window::first(10)).await.unwrap();
    let names: Vec<String> = revisions.rows.iter().map(|revision| revision.writers().join(" ")).collect();
    assert_eq!(names, ["", "bob", "nightly"], "whoever took the label away is unknown");
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn workloads_are_found_by_each_filter(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = log.workload("shop", "web", json!({"app": "web", "tier": "front"})).await;
    let api = log.workload("shop", "api-1", json!({"app": "api"})).await;
    let db = log.workload("data", "db", json!({})).await;
    log.projected(3).await;
    let found = async |filter: Filter| {
        let pool = log.read.pool();
        let ids = [web.clone(), api.clone(), db.clone()];
        let page =
            workloads::page(pool, &Scope::everything(), &filter, Order::default(), &Window::first(10)).await.unwrap();
        let names: Vec<String> = page.rows.into_iter().map(|row| row.name).collect();
        assert_eq!(workloads::count(pool, &Scope::everything(), &filter).await.unwrap(), names.len() as i64);
        assert_eq!(workloads::matching(pool, &Scope::everything(), &ids, &filter).await.unwrap().len(), names.len());
        let all = workloads::get_many(pool, &Scope::everything(), &ids).await.unwrap();
        let alike: BTreeSet<_> = all.iter().filter(|row| filter.matches(row)).map(|row| row.name.clone()).collect();
        assert_eq!(alike, names.iter().cloned().collect(), "a row is judged as the query does: {filter:?}");
        names.join(" ")
    };
    let search = |text: &str| Filter { search: Search::new(text), ..Filter::default() };
    let selector = |text: &str| Filter { labels: text.parse().unwrap(), ..Filter::default() };
    assert_eq!(found(Filter::default()).await, "api-1 db web");
    assert_eq!(found(search("I-1")).await, "api-1");
    assert_eq!(found(search("I_1")).await, "");
    assert_eq!(found(search("e%b")).await, "");
    assert_eq!(found(search("NGINX")).await, "api-1 db web");
    assert_eq!(found(search("quota")).await, "");
    let cause = json!({"message": Code::QuotaRefused.message([("detail", "".into())])});
    let caused =
        sqlx::query("UPDATE read.workloads SET status = jsonb_set(status::jsonb, '{cause}', $2) WHERE id = $1");
    caused.bind(&db).bind(cause).execute(&log.admin).await.unwrap();
    assert_eq!(found(search("quota")).await, "db");
    assert_eq!(found(search("配额")).await, "db");
    assert_eq!(found(selector("app in (web, api),tier!=front")).await, "api-1");
    assert_eq!(found(selector("!app")).await, "db");
    assert_eq!(found(selector("tier")).await, "web");
    assert_eq!(found(selector("app notin (web)")).await, "api-1 db");
    assert_eq!(found(Filter { namespaces: vec!["data".to_owned()], ..Filter::default() }).await, "db");
    assert_eq!(found(Filter { kinds: vec![Resource::JOB], ..Filter::default() }).await, "");
    assert_eq!(found(Filter { states: vec![State::Running], ..Filter::default() }).await, "api-1 db web");
    assert_eq!(found(Filter { cluster: Some("other".to_owned()), ..Filter::default() }).await, "");
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn pods_namespaces_operations_audit_and_overview_answer(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = log.workload("shop", "web", json!({})).await;
    for (name, workload) in [("web-0", Some(web.clone())), ("web-1", Some(web.clone())), ("lone", None)] {
        let object = object(Resource::POD, "shop", name);
        log.append(&object.observed_stream(), pod("u", "Running", workload)).await;
    }
    let namespace = ObservedEvent::NamespaceObserved {
        uid: "n".to_owned(),
        resource_version: "1".to_owned(),
        created_at: chrono::DateTime::UNIX_EPOCH,
        phase: "Active".to_owned(),
    };
    log.append("observed:dev/_/Namespace/shop", namespace).await;
    let target = object(Resource::DEPLOYMENT, "shop", "web").target_stream();
    log.append(&target, requested(1, 3)).await;
    let last = log.append(&target, requested(2, 4)).await;
    log.projected(last).await;
    let pool = log.read.pool();

    let filter = pods::Filter { workload: Some(web.clone()), ..pods::Filter::default() };
    let page =
        pods::page(pool, &Scope::everything(), &filter, pods::Order::default(), &Window::first(1), true).await.unwrap();
    let next = pods::page(
        pool,
        &Scope::everything(),
        &filter,
        pods::Order::default(),
        &Window { first: 1, after: page.cursors().next_back() },
        true,
    )
    .await
    .unwrap();
    assert_eq!((page.rows[0].name.as_str(), page.has_next), ("web-0", true));
    assert_eq!((next.rows[0].name.as_str(), next.has_next), ("web-1", false));

    let some = |filter: fn(&mut pods::Filter)| {
        let mut some = pods::Filter::default();
        filter(&mut some);
        some
    };
    for (filter, expected) in [
        (some(|_| {}), 3),
        (some(|filter| filter.cluster = Some("other".to_owned())), 0),
        (some(|filter| filter.namespaces = vec!["shop".to_owned(), "data".to_owned()]), 3),
        (some(|filter| filter.workload = Some("Deployment~dev~shop~web".to_owned())), 2),
        (some(|filter| filter.search = Search::new(" WEB-")), 2),
        (some(|filter| filter.search = Search::new("nginx")), 3),
        (some(|filter| filter.search = Search::new("BAD")), 3),
        (some(|filter| filter.labels = "app=web,!tier".parse().unwrap()), 3),
        (some(|filter| filter.labels = "app notin (web)".parse().unwrap()), 0),
        (some(|filter| filter.phases = vec!["Pending".to_owned()]), 0),
    ] {
        let all = pods::page(
            pool,
            &Scope::everything(),
            &pods::Filter::default(),
            pods::Order::default(),
            &Window::first(10),
            true,
        )
        .await
        .unwrap()
        .rows;
        let alike = all.iter().filter(|row| filter.matches(row)).count();
        assert_eq!(
            (pods::count(pool, &Scope::everything(), &filter).await.unwrap(), alike),
            (expected, expected as usize),
            "{filter:?}"
        );
    }

    let page =
        namespaces::page(pool, &Scope::everything(), &namespaces::Filter::default(), &Window::first(10)).await.unwrap();
    assert_eq!((page.rows[0].name.as_str(), page.rows[0].phase.as_str()), ("shop", "Active"));

    let filter = operations::Filter { actor: Some(Uuid::from_u128(7)), target: Some(web), ..Default::default() };
    let page = operations::page(pool, &Scope::everything(), &filter, &Window::first(1)).await.unwrap();
    assert_eq!((page.rows[0].id, page.has_next), (Uuid::from_u128(2), true));
    assert_eq!(operations::count(pool, &Scope::everything(), &filter).await.unwrap(), 2);

    let filter = audit::Filter { search: Some("requested to scale".to_owned()), ..Default::default() };
    let page = audit::page(pool, &Scope::everything(), &filter, &Window::first(10)).await.unwrap();
    let summary = Language::English.text(&page.rows[0].summary);
    assert_eq!(summary, "anna requested to scale Deployment shop/web to 4 replicas");
    assert_eq!(page.rows[0].payload["intent"], json!({"ScaleWorkload": {"replicas": 4}}));
    assert_eq!(audit::count(pool, &Scope::everything(), &filter).await.unwrap(), Some(2));
    assert!(page.rows.iter().all(|event| filter.matches(&Scope::everything(), event)));

    let counts = overview::get(pool, &Scope::everything(), None).await.unwrap();
    assert_eq!(counts.workloads, [(State::Running, 1)]);
    assert_eq!(counts.pods, [("Running".to_owned(), 3)]);
    assert_eq!((counts.operations, counts.position), (vec![(OperationState::Queued, 2)], last));
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_workload_sums_restarts_and_requests_of_its_pods(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let owned = |name: &str, phase, cpu: &[Option<&str>; 2], workload: &str| {
        let mut event = pod("u", phase, Some(workload.to_owned()));
        let ObservedEvent::PodObserved { pod, .. } = &mut event else { unreachable!() };
        for (container, cpu) in pod.containers.iter_mut().zip(cpu) {
            container.restarts = 2;
            container.cpu_request = cpu.map(str::to_owned);
            container.memory_request = Some("8Ei".to_owned()).filter(|_| name == "huge");
        }
        (object(Resource::POD, "shop", name).observed_stream(), event)
    };
    let mut last = 0;
    for (stream, event) in [
        owned("web-0", "Running", &[Some("250m"), Some("1")], "web"),
        owned("web-1", "Pending", &[Some("250m"), Some("1")], "web"),
        owned("ended", "Failed", &[None, None], "web"),
        owned("api-0", "Running", &[Some("250m"), None], "api"),
        owned("huge", "Running", &[None, None], "api"),
    ] {
        last = log.append(&stream, event).await;
    }
    log.projected(last).await;
    let (pool, all) = (log.read.pool(), Scope::everything());
    let ids = ["api", "none", "web"].map(str::to_owned);
    let mut sums = workloads::pod_sums(pool, &all, &ids).await.unwrap();
    sums.sort_by(|a, b| a.0.cmp(&b.0));
    let found: Vec<_> =
        sums.iter().map(|(id, sums)| (id.as_str(), sums.restarts, sums.cpu_request, sums.memory_request)).collect();
    assert_eq!(found, [("api", 8, None, None), ("web", 12, Some(2500.0), None)]);
    let elsewhere = Scope::only(vec![Scope::of("dev", Some("data"))]);
    assert_eq!(workloads::pod_sums(pool, &elsewhere, &ids).await.unwrap(), []);

    let pods = ["web-0", "ended"].map(|name| object(Resource::POD, "shop", name).id());
    let mut owned = workloads::owned_pods(pool, &all, &pods).await.unwrap();
    owned.sort_by(|a, b| a.id.cmp(&b.id));
    let found: Vec<_> = owned.iter().map(|pod| (pod.workload.as_str(), pod.cpu_request)).collect();
    assert_eq!(found, [("web", None), ("web", Some(1250))]);
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_requested_is_that_of_pods_with_a_node_that_go_on(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let mut last = 0;
    for (cluster, name, phase, node) in [
        ("dev", "runs", "Running", Some("node-1")),
        ("dev", "begins", "Pending", Some("node-2")),
        ("dev", "unplaced", "Pending", None),
        ("dev", "done", "Succeeded", Some("node-1")),
        ("dev", "failed", "Failed", Some("node-1")),
        ("other", "elsewhere", "Running", Some("node-1")),
    ] {
        let mut event = pod("u", phase, None);
        let ObservedEvent::PodObserved { pod, .. } = &mut event else { unreachable!() };
        pod.node = node.map(str::to_owned);
        for container in &mut pod.containers {
            container.cpu_request = Some("250m".to_owned());
            container.memory_request = Some("64Mi".to_owned());
        }
        last = log.append(&format!("observed:{cluster}/shop/Pod/{name}"), event).await;
    }
    log.projected(last).await;
    let (pool, all) = (log.read.pool(), Scope::everything());
    let sums = |pods: u8| pods::Requested {
        pods: pods.into(),
        cpu: 500.0 * f64::from(pods),
        memory: 134_217_728.0 * f64::from(pods),
    };
    for (cluster, expected) in [("dev", sums(2)), ("other", sums(1)), ("none", sums(0))] {
        assert_eq!(pods::requested(pool, &all, cluster).await.unwrap(), Some(expected), "{cluster}");
    }
    // The sums are about nodes, which are outside namespaces.
    let within = |namespace| Scope::only(vec![Scope::of("dev", namespace)]);
    assert_eq!(pods::requested(pool, &within(Some("shop")), "dev").await.unwrap(), None);
    assert_eq!(pods::requested(pool, &within(None), "other").await.unwrap(), None);
    assert_eq!(pods::requested(pool, &within(None), "dev").await.unwrap(), Some(sums(2)));
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_said_of_a_retry_is_what_the_command_answers(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let (web, kept) = (object(Resource::DEPLOYMENT, "shop", "web"), u128::try_from(ENDED_KEPT).unwrap());
    let id = |number| OperationId(Uuid::from_u128(number));
    // Of two operations at a time, the newer one ends first.
    let mut history = Vec::new();
    for number in (1..=kept + 4).step_by(2) {
        let end = |number| OperationEvent::OperationCancelled { operation: id(number), by: CancelledBy::User };
        history.extend([requested(number, 3), requested(number + 1, 3), end(number + 1), end(number)]);
    }
    history.push(requested(kept + 5, 3));
    let events = history.iter().cloned().map(Event::from).collect();
    let last = log.append_all(&web.target_stream(), events).await;
    log.projected(last).await;

    let target = Target::fold(&history);
    let seen = Seen::of_workload("u".to_owned(), snapshot(1, 1).workload, None);
    let (filter, window) = (operations::Filter::default(), Window::first(100));
    let page = operations::page(log.read.pool(), &Scope::everything(), &filter, &window).await.unwrap();
    let mut said = Vec::new();
    for row in page.rows {
        let (operation, kind, of) = (id(1000), Resource::DEPLOYMENT, OperationId(row.id));
        let (seen, deadline) = (Some(seen.clone()), row.requested_at);
        let retry = TargetCommand::Retry { operation, kind, of, seen, deadline };
        assert_eq!(row.can_retry(), Target::decide(&target, retry).is_ok(), "{}", row.id);
        said.push(row.can_retry());
    }
    let can = said.iter().filter(|can| **can).count();
    assert_eq!((said.len(), can, said[0]), (ENDED_KEPT + 5, ENDED_KEPT, false));
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_failed_operation_can_be_retried_where_that_can_help(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let codes = [
        (ErrorCode::Invalid, false),
        (ErrorCode::Forbidden, false),
        (ErrorCode::NotFound, false),
        (ErrorCode::Conflict, false),
        (ErrorCode::AlreadyExists, false),
        (ErrorCode::NotSupported, false),
        (ErrorCode::Internal, false),
        (ErrorCode::Unauthenticated, true),
        (ErrorCode::Unavailable, true),
        (ErrorCode::TimedOut, true),
        (ErrorCode::NotReady, true),
        (ErrorCode::Refused, true),
    ];
    let mut history = Vec::new();
    for (number, (code, _)) in (1..).zip(codes) {
        let message = Code::RetryNotEnded.message([]);
        let failure = Failure { code, message, cause: None };
        let (operation, stage) = (OperationId(Uuid::from_u128(number)), Stage::Apply);
        history.extend([requested(number, 3), OperationEvent::OperationFailed { operation, stage, failure }]);
    }
    let web = object(Resource::DEPLOYMENT, "shop", "web");
    let events = history.into_iter().map(Event::from).collect();
    log.projected(log.append_all(&web.target_stream(), events).await).await;
    let (filter, window) = (operations::Filter::default(), Window::first(100));
    let page = operations::page(log.read.pool(), &Scope::everything(), &filter, &window).await.unwrap();
    let mut can: Vec<_> = page.rows.iter().map(|row| (row.id, row.can_retry())).collect();
    can.sort_unstable();
    let expected: Vec<_> = (1..).zip(codes).map(|(number, (_, can))| (Uuid::from_u128(number), can)).collect();
    assert_eq!(can, expected);
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_replaced_incarnation_is_a_new_row(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = object(Resource::DEPLOYMENT, "shop", "web");
    log.append(&web.observed_stream(), manifest("one", 7, json!({}))).await;
    let last = log.append(&web.observed_stream(), manifest("two", 1, json!({}))).await;
    log.projected(last).await;
    let row = workloads::get(log.read.pool(), &Scope::everything(), &web.id()).await.unwrap().unwrap();
    assert_eq!((row.uid.as_str(), row.generation, row.added_position), ("two", 1, last));
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn each_list_shows_its_scope_and_nothing_else(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = log.workload("shop", "web", json!({})).await;
    let lone = object(Resource::POD, "shop", "lone");
    log.append(&lone.observed_stream(), pod("u", "Running", Some(web.clone()))).await;
    let last = log.append(&object(Resource::DEPLOYMENT, "shop", "web").target_stream(), requested(1, 3)).await;
    log.projected(last).await;
    let (pool, window) = (log.read.pool(), Window::first(10));

    for (namespace, expected) in [("shop", 1), ("shops", 0)] {
        let scope = Scope::only(vec![Scope::of("dev", Some(namespace))]);
        let found = [
            workloads::count(pool, &scope, &Filter::default()).await.unwrap(),
            workloads::get_many(pool, &scope, std::slice::from_ref(&web)).await.unwrap().len() as i64,
            i64::from(workloads::manifest(pool, &scope, &web).await.unwrap().is_some()),
            pods::page(pool, &scope, &pods::Filter::default(), pods::Order::default(), &window, true)
                .await
                .unwrap()
                .rows
                .len() as i64,
            pods::get_many(pool, &scope, &[lone.id()]).await.unwrap().len() as i64,
            operations::count(pool, &scope, &operations::Filter::default()).await.unwrap(),
            i64::from(audit::get(pool, &scope, last).await.unwrap().is_some()),
            overview::get(pool, &scope, None).await.unwrap().pods.len() as i64,
        ];
        assert_eq!(found, [expected; 8], "{namespace}");
        let rows = audit::page(pool, &scope, &audit::Filter::default(), &window).await.unwrap().rows;
        assert!(rows.is_empty() == (expected == 0), "{rows:?}");
    }
    running.stop().await;
    log.read.close().await;
}
