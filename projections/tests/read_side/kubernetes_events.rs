//! Kubernetes events: with which objects they are shown, and what finds them.

use crate::log::Log;
use domain::access::Scope;
use projections::{
    Window,
    models::kubernetes_events::{Filter, count, page},
};
use sqlx::PgPool;

/// An event about this object, as the watch writes it; its uid is its reason.
async fn report(admin: &PgPool, reason: &str, namespace: Option<&str>, object: &str, owner: Option<&str>) {
    let statement = "INSERT INTO kubernetes_events \
            (day, uid, cluster, namespace, object, owner, type, reason, message, count, first_seen, last_seen, source) \
        VALUES ((now() AT TIME ZONE 'UTC')::date, $1, 'dev', $2, $3, $4, 'Warning', $1, '', 1, now(), now(), 'kubelet')";
    sqlx::query(statement).bind(reason).bind(namespace).bind(object).bind(owner).execute(admin).await.unwrap();
}

async fn owns(admin: &PgPool, owner: &str, owned: &str) {
    let statement = "INSERT INTO read.object_edges (id, ordinal, relation, to_id) VALUES ($1, 0, 'OWNER', $2)";
    sqlx::query(statement).bind(owned).bind(owner).execute(admin).await.unwrap();
}

/// The reasons of the events that match, sorted.
async fn found(log: &Log, filter: &Filter) -> Vec<String> {
    let (pool, all) = (log.read.pool(), Scope::everything());
    let rows = page(pool, &all, filter, &Window::first(50)).await.unwrap().rows;
    assert_eq!(count(pool, &all, filter).await.unwrap(), i64::try_from(rows.len()).unwrap());
    let mut reasons: Vec<String> = rows.into_iter().map(|row| row.reason).collect();
    reasons.sort();
    reasons
}

const CERTIFICATE: &str = "Certificate.cert-manager.io~dev~shop~web";
const REQUEST: &str = "CertificateRequest.cert-manager.io~dev~shop~web-1";
const SOLVER: &str = "Deployment~dev~shop~solver";

#[sqlx::test(migrations = "../migrations")]
async fn an_event_is_shown_with_its_object_owner_and_namespace(admin: PgPool) {
    let log = Log::new(admin.clone());
    owns(&admin, CERTIFICATE, REQUEST).await;
    owns(&admin, CERTIFICATE, SOLVER).await;
    report(&admin, "Issuing", Some("shop"), CERTIFICATE, None).await;
    report(&admin, "OrderFailed", Some("shop"), REQUEST, None).await;
    report(&admin, "BackOff", Some("shop"), "Pod~dev~shop~solver-1", Some(SOLVER)).await;
    report(&admin, "Pulled", Some("data"), "Pod~dev~data~db-0", None).await;
    report(&admin, "NodeNotReady", None, "Node~dev~_~w01", None).await;
    report(&admin, "Finalizing", None, "Namespace~dev~_~shop", None).await;
    for (about, reasons) in [
        (CERTIFICATE, vec!["BackOff", "Issuing", "OrderFailed"]),
        (REQUEST, vec!["OrderFailed"]),
        (SOLVER, vec!["BackOff"]),
        ("Pod~dev~shop~solver-1", vec!["BackOff"]),
        ("Namespace~dev~_~shop", vec!["BackOff", "Finalizing", "Issuing", "OrderFailed"]),
        ("Namespace~other~_~shop", vec![]),
        ("Node~dev~_~w01", vec!["NodeNotReady"]),
        ("no id", vec![]),
    ] {
        let filter = Filter { about: Some(about.to_owned()), ..Filter::default() };
        assert_eq!(found(&log, &filter).await, reasons, "{about}");
    }
    log.read.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn events_are_found_by_reason_object_and_component(admin: PgPool) {
    let log = Log::new(admin.clone());
    report(&admin, "BackOff", Some("shop"), "Pod~dev~shop~solver-1", None).await;
    report(&admin, "Pulled", Some("shop"), "Pod~dev~shop~web-1", None).await;
    for (search, reasons) in [
        ("backo", vec!["BackOff"]),
        ("WEB-1", vec!["Pulled"]),
        ("kubelet", vec!["BackOff", "Pulled"]),
        // All of them are in it.
        ("shop", vec![]),
        ("%", vec![]),
        ("nowhere", vec![]),
    ] {
        let filter = Filter {
            about: Some("Namespace~dev~_~shop".to_owned()),
            search: Some(search.to_owned()),
            event_type: Some("Warning".to_owned()),
        };
        assert_eq!(found(&log, &filter).await, reasons, "{search}");
    }
    log.read.close().await;
}
