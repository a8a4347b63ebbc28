//! Changes of a few fields: an answer that is lost leads to no second effect, and values of a Secret go with their effect.

use commands::{
    kubernetes::{
        Cluster, Error as ClusterError,
        fake::{Forced, MemoryCluster},
    },
    log::{Appended, Expected, NewEvent, Request},
};
use domain::{
    core::{actor::Actor, envelope::Metadata, free_value::Free, ids::EventId, message::Code, refusal::ErrorCode},
    kubernetes::{object::ObjectRef, observed::ObservedEvent, resource::Resource},
    operation::{Intent, OperationState},
};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tests::{
    database::Database,
    write_side::{Running, answered, cluster_id, in_memory, keyed},
};
use uuid::Uuid;

const TIMEOUT: Duration = Duration::from_secs(60);

fn lost() -> ClusterError {
    ClusterError::Ambiguous { message: "the answer was lost".to_owned(), retry_after: None }
}

/// An object that others made and the watch saw.
async fn appeared(running: &Running, cluster: &MemoryCluster, kind: Resource, name: &str) -> anyhow::Result<ObjectRef> {
    let namespace = Some("team".to_owned());
    let target = ObjectRef { cluster: cluster_id(), kind, namespace, name: name.to_owned() };
    let object = json!({"metadata": {"name": name, "uid": "u-1"}});
    cluster.apply(&target, &object, false).await?;
    let event = ObservedEvent::ObjectObserved {
        uid: "u-1".to_owned(),
        resource_version: "1".to_owned(),
        created_at: chrono::DateTime::UNIX_EPOCH,
        manifest_hash: "0a".into(),
        manifest: object.into(),
        managers: Vec::new(),
        report: Box::default(),
    };
    let metadata = Metadata::by(Actor::system("watch"));
    let new = NewEvent { id: EventId(Uuid::now_v7()), event: event.into(), metadata };
    let appended =
        running.write_side.store().append(Request::new(target.observed_stream(), Expected::Any, vec![new])).await?;
    anyhow::ensure!(matches!(appended, Appended::Done { .. }), "{appended:?}");
    Ok(target)
}

fn annotate() -> Intent {
    let annotations = [("example.org/note".to_owned(), Some(Free::from("by hand".to_owned())))];
    Intent::SetAnnotations { annotations: annotations.into() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_leads_to_one_effect() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let cluster = Arc::new(MemoryCluster::default());
    let running = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    for (name, forced) in [("after", Forced::EffectThen(lost())), ("before", Forced::Fail(lost()))] {
        let target = appeared(&running, &cluster, Resource::CONFIG_MAP, name).await?;
        cluster.force(forced);
        let receipt = running.request(&target, annotate()).await?;
        running.until_state(&target, &receipt, OperationState::Succeeded).await;
        let id = receipt.operation.to_string();
        let ours = cluster.changes().into_iter().filter(|(object, mark)| *object == target && *mark == id).count();
        assert_eq!(ours, 1, "lost {name} the effect");
        let found = cluster.object(&target).and_then(|object| object.pointer("/metadata/annotations").cloned());
        assert_eq!(found.and_then(|found| found.get("example.org/note").cloned()), Some(json!("by hand")), "{name}");
    }
    running.stop().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_of_a_secret_go_with_their_effect() -> anyhow::Result<()> {
    let database = Database::create().await?;
    let cluster = Arc::new(MemoryCluster::default());
    let running = in_memory(&database, Arc::clone(&cluster), TIMEOUT).await;
    let target = appeared(&running, &cluster, Resource::SECRET, "database").await?;
    let looks = cluster.hold_looks();
    let data = || BTreeMap::from([("password".to_owned(), Some("correct horse".to_owned()))]);
    let key = Uuid::now_v7();
    let set = async |key| {
        let dispatcher = &running.dispatcher;
        answered(async || dispatcher.set_secret_data(keyed(key), target.clone(), data(), None).await).await
    };
    let receipt = set(key).await?;
    assert_eq!(set(key).await?.operation, receipt.operation, "the same command again");

    // While it runs, its values are in the row of its effect, sealed, and no other one waits behind it with its own.
    let body: String = sqlx::query_scalar("SELECT body::text FROM effects").fetch_one(&running.pool).await?;
    assert!(body.contains("SecretData") && !body.contains("correct horse"), "{body}");
    match set(Uuid::now_v7()).await {
        Err(commands::Error::Refused(refusal)) => {
            assert!(refusal.code == ErrorCode::Unavailable && refusal.is_because(Code::ValuesCannotWait), "{refusal}");
        }
        other => panic!("not refused: {other:?}"),
    }
    looks.add_permits(100);
    running.until_state(&target, &receipt, OperationState::Succeeded).await;
    let found = cluster.object(&target).and_then(|object| object.pointer("/stringData/password").cloned());
    assert_eq!(found, Some(json!("correct horse")));
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM effects").fetch_one(&running.pool).await?;
    assert_eq!(left, 0);

    running.stop().await;
    database.drop().await;
    Ok(())
}
