//! Rows and checkpoint move together, once, for the one that leads, and stop at what cannot be read.

use crate::log::{Log, manifest, object, pod, requested, snapshot};
use chrono::DateTime;
use domain::access::Scope;
use domain::kubernetes::{observed::ObservedEvent, resource::Resource, status::State};
use projections::{
    Error,
    evidence::{Verdict, replay},
    models::{
        pods,
        registry::PROJECTIONS,
        workloads::{self, Workloads},
    },
};
use serde_json::json;
use sqlx::PgPool;
use std::time::Duration;

#[sqlx::test(migrations = "../migrations")]
async fn a_workload_comes_changes_and_goes(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = object(Resource::DEPLOYMENT, "shop", "web");
    log.append(&web.target_stream(), requested(1, 3)).await;
    let added = log.append(&web.observed_stream(), manifest("aaaa-1", 1, json!({"app": "web"}))).await;
    log.append(&web.target_stream(), requested(2, 4)).await;
    let changed = ObservedEvent::WorkloadStatusObserved {
        uid: "aaaa-1".to_owned(),
        resource_version: "2".to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        manifest_hash: "hash-1".into(),
        snapshot: Box::new(snapshot(5, 1)),
    };
    let position = log.append(&web.observed_stream(), changed).await;
    log.projected(position).await;
    let row = workloads::get(log.read.pool(), &Scope::everything(), &web.id()).await.unwrap().unwrap();
    assert_eq!((row.version.as_str(), row.state, row.added_position), ("2.5.aaaa", State::Progressing, added));
    assert_eq!(row.images, ["registry/nginx:1"]);
    let brought = sqlx::query_scalar("SELECT recorded_at FROM events WHERE position = $1").bind(position);
    let brought: DateTime<chrono::Utc> = brought.fetch_one(&log.admin).await.unwrap();
    assert_eq!(row.state_since, Some(brought));
    assert!(workloads::manifest(log.read.pool(), &Scope::everything(), &web.id()).await.unwrap().is_some());

    let gone = log.append(&web.observed_stream(), ObservedEvent::WorkloadGone { uid: "aaaa-1".to_owned() }).await;
    log.projected(gone).await;
    assert_eq!(workloads::get(log.read.pool(), &Scope::everything(), &web.id()).await.unwrap(), None);
    let again = log.append(&web.observed_stream(), manifest("bbbb-2", 1, json!({}))).await;
    log.projected(again).await;
    let row = workloads::get(log.read.pool(), &Scope::everything(), &web.id()).await.unwrap().unwrap();
    assert_eq!((row.version.as_str(), row.added_position), ("2.1.bbbb", again));
    assert_eq!(row.state_since, None, "it may have had its first state for long");
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_checkpoint_never_moves_without_its_rows(admin: PgPool) {
    let log = Log::new(admin);
    let run = async |sql: &'static str| sqlx::raw_sql(sql).execute(&log.admin).await.unwrap();
    // Rows cannot be written for a while. A sequence counts the tries: it is not rolled back.
    run("CREATE SEQUENCE tries; GRANT USAGE ON tries TO PUBLIC; \
         CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN PERFORM nextval('public.tries'); RAISE EXCEPTION 'not now'; END $$; \
         CREATE TRIGGER refuse BEFORE INSERT ON read.audit_log FOR EACH ROW EXECUTE FUNCTION refuse()")
    .await;
    let running = log.run("a");
    let web = object(Resource::DEPLOYMENT, "shop", "web");
    log.append(&web.target_stream(), requested(1, 3)).await;
    let has_tried = async || sqlx::query_scalar("SELECT is_called FROM tries").fetch_one(&log.admin).await.unwrap();
    while !has_tried().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    run("DROP TRIGGER refuse ON read.audit_log").await;
    let position = log.append(&web.target_stream(), requested(2, 4)).await;
    log.projected(position).await;
    assert_eq!(log.count("audit_log").await, 2);
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_time_limit_of_reads_does_not_stop_a_projector(admin: PgPool) {
    let log = Log::with(PROJECTIONS, admin, &[("statement_timeout", "100")]);
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
                $$ BEGIN PERFORM pg_sleep(0.3); RETURN new; END $$; \
                CREATE TRIGGER slow BEFORE INSERT ON read.audit_log FOR EACH ROW EXECUTE FUNCTION slow()";
    sqlx::raw_sql(slow).execute(&log.admin).await.unwrap();
    let running = log.run("a");
    let web = object(Resource::DEPLOYMENT, "shop", "web");
    let position = log.append(&web.target_stream(), requested(1, 3)).await;
    log.projected(position).await;
    assert_eq!(log.count("audit_log").await, 1);
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pod_takes_its_containers_with_it(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = object(Resource::POD, "shop", "web-0");
    let seen = log.append(&web.observed_stream(), pod("u-1", "Running", None)).await;
    log.projected(seen).await;
    let row = pods::get(log.read.pool(), &Scope::everything(), &web.id()).await.unwrap().unwrap();
    assert_eq!(row.containers.iter().map(|container| container.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    let shown = "SELECT ordinal, name, state FROM read.containers WHERE pod = $1 ORDER BY ordinal";
    let shown = async || -> Vec<(i32, String, String)> {
        sqlx::query_as(shown).bind(web.id()).fetch_all(log.read.pool()).await.unwrap()
    };
    assert_eq!(shown().await, [(0, "b".to_owned(), "waiting".to_owned()), (1, "a".to_owned(), "waiting".to_owned())]);
    let gone = log.append(&web.observed_stream(), ObservedEvent::PodGone { uid: "u-1".to_owned() }).await;
    log.projected(gone).await;
    assert_eq!(pods::get(log.read.pool(), &Scope::everything(), &web.id()).await.unwrap(), None);
    assert_eq!(shown().await, []);
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_restart_goes_on_from_the_checkpoint(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let web = object(Resource::DEPLOYMENT, "shop", "web");
    let first = log.append(&web.target_stream(), requested(1, 3)).await;
    log.projected(first).await;
    running.stop().await;
    log.append(&web.target_stream(), requested(2, 3)).await;
    let last = log.append(&web.observed_stream(), manifest("aaaa", 1, json!({}))).await;
    let running = log.run("b");
    log.projected(last).await;
    let row = workloads::get(log.read.pool(), &Scope::everything(), &web.id()).await.unwrap().unwrap();
    assert_eq!(row.requests, 2, "an event taken in twice would be counted twice");
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn one_that_lost_the_lead_writes_nothing(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let position = log.append("observed:dev/shop/Deployment/web", manifest("u", 1, json!({}))).await;
    log.projected(position).await;
    sqlx::query("UPDATE read.checkpoints SET fence = 1000000").execute(&log.admin).await.unwrap();
    let position = log.append("observed:dev/shop/Deployment/api", manifest("u", 1, json!({}))).await;
    let waited = log.read.wait_for(log.read.list(), position, Duration::from_millis(700)).await;
    assert!(matches!(waited, Err(Error::NotYet { .. })), "{waited:?}");
    assert_eq!((log.count("workloads").await, log.count("audit_log").await), (1, 1));
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_event_that_cannot_be_read_is_never_skipped(admin: PgPool) {
    let log = Log::new(admin);
    log.workload("shop", "web", json!({})).await;
    let poison = log.append("observed:dev/shop/Deployment/web", manifest("u-1", 2, json!({}))).await;
    let last = log.append("observed:dev/shop/Deployment/api", manifest("u-1", 1, json!({}))).await;
    let rename = "UPDATE events SET type = $2 WHERE position = $1";
    sqlx::query(rename).bind(poison).bind("FromTheFuture").execute(&log.admin).await.unwrap();
    let running = log.run("a");
    log.projected(poison - 1).await;
    let stopped = ["audit_log", "namespaces", "objects", "pods", "workloads"].map(|name| format!("projection:{name}"));
    log.alarms(&stopped.each_ref().map(String::as_str)).await;
    let waited = log.read.wait_for(&[&Workloads], poison, Duration::from_millis(500)).await;
    assert!(
        matches!(waited, Err(Error::Behind { projection: "workloads", position }) if position == poison),
        "{waited:?}"
    );
    assert_eq!(log.count("workloads").await, 1);
    sqlx::query(rename).bind(poison).bind("WorkloadManifestObserved").execute(&log.admin).await.unwrap();
    log.projected(last).await;
    assert_eq!(log.count("workloads").await, 2);
    // The checkpoint is there to be read a moment before the projector hears that its own commit went through.
    log.alarms(&[]).await;
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_raised_version_is_rebuilt_from_the_log(admin: PgPool) {
    let log = Log::new(admin);
    let running = log.run("a");
    let id = log.workload("shop", "web", json!({})).await;
    let last = log.append("target:dev/shop/Deployment/web", requested(1, 3)).await;
    log.projected(last).await;
    running.stop().await;
    sqlx::query("UPDATE read.checkpoints SET version = 0 WHERE projection = 'workloads'")
        .execute(&log.admin)
        .await
        .unwrap();
    sqlx::query("UPDATE read.workloads SET requests = 99, state = 'FAILED'").execute(&log.admin).await.unwrap();
    let running = log.run("b");
    let next = log.append("target:dev/shop/Deployment/web", requested(2, 3)).await;
    log.projected(next).await;
    let row = workloads::get(log.read.pool(), &Scope::everything(), &id).await.unwrap().unwrap();
    assert_eq!((row.requests, row.state), (2, State::Running));
    assert!(matches!(replay::replay(log.read.pool(), log.read.keys()).await.unwrap(), Verdict::Holds(_)));
    running.stop().await;
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn only_one_of_two_projectors_leads_and_the_other_takes_over(admin: PgPool) {
    let (log, other) = (Log::new(admin.clone()), Log::new(admin));
    let first = log.run("a");
    log.workload("shop", "web", json!({})).await;
    log.projected(1).await;
    let second = other.run("b");
    log.workload("shop", "api", json!({})).await;
    // The other process hears of it although it does not project.
    other.projected(2).await;
    first.stop().await;
    let last = other.append("target:dev/shop/Deployment/web", requested(1, 3)).await;
    other.projected(last).await;
    second.stop().await;
    log.read.close().await;
    other.read.close().await;
}
