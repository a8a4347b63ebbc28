//! Everything with an id is found by it, whatever it is.

use crate::mutations::{created, until_seen};
use anyhow::Result;
use serde_json::{Value, json};
use tests::{cluster::Namespace, database::Database, gateway::Start, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_has_an_id_is_found_by_it_alone() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("nodes").await?);
    let gateway = Start::on(&database)?.run().await?;
    until_seen(&gateway, &namespace).await;
    let workload = created(&gateway, &namespace, "web").await?;
    let listed = "query($w: ID!, $n: String!) { workload(id: $w) { operations(first: 1) { nodes { id } } pods(first: 1) { nodes { id } } } \
        clusters { nodes { id } } namespaces(search: $n) { nodes { id } } \
        objects(filter: {namespaces: [$n], kinds: [\"ServiceAccount\"]}) { nodes { id } } }";
    let (workload, namespace_name) = (&workload, &namespace.name);
    let ids = until("a pod and an operation of the workload are listed", || async {
        let data = gateway.data(listed, json!({"w": workload, "n": namespace_name})).await.ok()?;
        let id = |pointer: &str| data.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        Some([
            ("Workload", workload.clone()),
            ("Operation", id("/workload/operations/nodes/0/id")?),
            ("Pod", id("/workload/pods/nodes/0/id")?),
            ("Cluster", id("/clusters/nodes/0/id")?),
            ("Namespace", id("/namespaces/nodes/0/id")?),
            ("KubernetesObject", id("/objects/nodes/0/id")?),
        ])
    })
    .await;
    let query = "query($id: ID!) { node(id: $id) { __typename id ... on Pod { phase } } }";
    for (kind, id) in &ids {
        let found = gateway.data(query, json!({"id": id})).await?["node"].take();
        assert_eq!((&found["__typename"], &found["id"]), (&json!(kind), &json!(id)), "{found}");
        assert_eq!(found["phase"].is_string(), *kind == "Pod", "{found}");
    }
    for unknown in [
        "",
        "mars",
        "Pod~dev~none~none",
        "Deployment~dev",
        "Secret~dev~none~none",
        "00000000-0000-4000-8000-000000000000",
    ] {
        assert_eq!(gateway.data(query, json!({"id": unknown})).await?["node"], Value::Null, "{unknown}");
    }
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
