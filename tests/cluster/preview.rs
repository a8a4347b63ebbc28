//! What creating a workload would do, asked of the real API server: nothing is created, and nothing is recorded.

use anyhow::Result;
use commands::{
    Error,
    preview::{Answer, Preview},
};
use domain::core::{
    message::{Code, FREE_TEXT},
    refusal::ErrorCode,
};
use kube::{
    Api,
    api::PostParams,
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::json;
use tests::{
    cluster::{Namespace, manifest},
    database::Database,
    until,
    write_side::{Running, answered, cluster_id, on_cluster, origin},
};

/// What creating it would do, as soon as the watch has seen the namespace.
async fn preview(running: &Running, manifest: &str) -> Preview {
    let previews = running.write_side.previews();
    until("the namespace was seen", || async {
        match previews.create_workload(origin(), cluster_id(), manifest).await {
            Ok(preview) => Some(preview),
            Err(Error::Unavailable { .. }) => None,
            Err(Error::Refused(refusal)) => {
                assert_eq!(refusal.field.as_deref(), Some("manifest.metadata.namespace"), "{refusal}");
                None
            }
            Err(error) => panic!("{error}"),
        }
    })
    .await
}

/// Asserts what is in the log of commands: nothing.
async fn nothing_is_recorded(running: &Running) -> Result<()> {
    let recorded = "SELECT (SELECT count(*) FROM events WHERE stream LIKE 'target:%' OR stream LIKE 'access:%') + \
        (SELECT count(*) FROM commands) + (SELECT count(*) FROM effects)";
    let count: i64 = sqlx::query_scalar(recorded).fetch_one(&running.pool).await?;
    assert_eq!(count, 0, "events, idempotency keys and effects");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_answers_as_the_create_would_and_changes_nothing() -> Result<()> {
    let database = Database::create().await?;
    let namespace = Namespace::create("preview").await?;
    let running = on_cluster(&database).await?;

    let good = preview(&running, &manifest(&namespace.name, "web", 1)).await;
    let Answer::Stored { written, stored } = &good.answer else { panic!("{good:?}") };
    assert_eq!(stored.pointer("/spec/strategy/type"), Some(&json!("RollingUpdate")), "with the defaults");
    assert_eq!((written.pointer("/spec/strategy"), written["spec"]["replicas"].as_i64()), (None, Some(1)));
    assert!(stored.get("status").is_none() && stored.pointer("/metadata/uid").is_none(), "{stored}");
    assert_eq!(namespace.live("web", "/metadata/name").await, None, "nothing was created");

    for (name, field) in [("wrong-type", "minReadySeconds"), ("no-such-field", "planet")] {
        let written = format!("\"{field}\":\"soon\",\"replicas\":");
        let text = manifest(&namespace.name, name, 1).replace("\"replicas\":", &written);
        let refused = preview(&running, &text).await;
        let Answer::Refused { code: ErrorCode::Invalid, message, field: named } = &refused.answer else {
            panic!("{refused:?}")
        };
        assert!(message.is(Code::RequestRejected) && message.text(FREE_TEXT).is_some_and(|why| why.contains(field)));
        assert_eq!(named.as_deref(), Some(format!("spec.{field}").as_str()));
    }

    let wrong = manifest(&namespace.name, "policy", 1).replace("\"IfNotPresent\"", "\"Sometimes\"");
    let refused = preview(&running, &wrong).await;
    let Answer::Refused { code: ErrorCode::Invalid, field, .. } = &refused.answer else { panic!("{refused:?}") };
    assert_eq!(field.as_deref(), Some("spec.template.spec.containers[0].imagePullPolicy"));

    // Made after the last list of the watch: only the cluster knows of it.
    let object = serde_json::from_str(&manifest(&namespace.name, "taken", 0))?;
    namespace.deployments().create(&PostParams::default(), &object).await?;
    let (previews, text) = (running.write_side.previews(), manifest(&namespace.name, "taken", 1));
    let (code, field) = match answered(async || previews.create_workload(origin(), cluster_id(), &text).await).await {
        Ok(Preview { answer: Answer::Refused { code, field, .. }, .. }) => {
            (code, field.map(|field| format!("manifest.{field}")))
        }
        Err(Error::Refused(refusal)) => (refusal.code, refusal.field),
        other => panic!("{other:?}"),
    };
    assert_eq!((code, field.as_deref()), (ErrorCode::AlreadyExists, Some("manifest.metadata.name")));

    let quotas = ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "ResourceQuota"));
    let quotas: Api<DynamicObject> = Api::namespaced_with(namespace.client.clone(), &namespace.name, &quotas);
    let none = json!({"metadata": {"name": "none"}, "spec": {"hard": {"count/deployments.apps": "0"}}});
    quotas.create(&PostParams::default(), &serde_json::from_value(none)?).await?;
    until("the quota holds", || async {
        let refused = preview(&running, &manifest(&namespace.name, "more", 1)).await;
        let Answer::Refused { code: ErrorCode::Forbidden, message, .. } = &refused.answer else { return None };
        message.text(FREE_TEXT).is_some_and(|why| why.contains("exceeded quota")).then_some(())
    })
    .await;

    nothing_is_recorded(&running).await?;
    running.stop().await;
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
