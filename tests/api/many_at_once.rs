//! Many at once over two gateways on one log: one key is one operation, one version lets one user in.

use crate::mutations::{created, mutate, until_ended, until_seen};
use anyhow::{Context, Result};
use futures::future::try_join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Gateway, Start},
};
use uuid::Uuid;

struct Two {
    database: Database,
    namespace: Namespace,
    gateways: [Gateway; 2],
    workload: String,
}

impl Two {
    async fn open(purpose: &str) -> Result<Self> {
        let (database, namespace) = (Database::create().await?, Namespace::create(purpose).await?);
        let gateways = [Start::on(&database)?.run().await?, Start::on(&database)?.run().await?];
        until_seen(&gateways[0], &namespace).await;
        let workload = created(&gateways[0], &namespace, "web").await?;
        for gateway in &gateways {
            gateway.token().await?;
        }
        Ok(Self { database, namespace, gateways, workload })
    }

    /// The same from `many` users at once, each at the other gateway than the one before; all results.
    async fn scale(&self, many: usize, input: impl Fn(usize) -> Value) -> Result<Vec<Value>> {
        try_join_all((0..many).map(|user| mutate(&self.gateways[user % 2], "scaleWorkload", input(user)))).await
    }

    async fn close(self) {
        drop(self.gateways);
        self.namespace.drop().await;
        self.database.drop().await;
    }
}

fn is_accepted(result: &Value) -> bool {
    result["__typename"] == "OperationAccepted"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_a_hundred_times_at_once_is_one_operation() -> Result<()> {
    let two = Two::open("same-key").await?;
    let key = Uuid::new_v4();
    let input = |replicas: usize| json!({"id": two.workload, "replicas": replicas, "idempotencyKey": key});
    let results = two.scale(100, |_| input(2)).await?;
    let operations: BTreeSet<&str> =
        results.iter().filter_map(|result| result.pointer("/operation/id").and_then(Value::as_str)).collect();
    assert!(results.iter().all(is_accepted) && operations.len() == 1, "{operations:?}");
    for other in two.scale(2, |_| input(3)).await? {
        assert_eq!((&other["code"], &other["field"]), (&json!("CONFLICT"), &json!("idempotencyKey")), "{other}");
    }
    let operation = operations.first().copied().context("an operation")?;
    assert_eq!(until_ended(&two.gateways[1], operation).await, "SUCCEEDED");
    assert_eq!(tests::cluster::effects_in_audit_log(domain::core::ids::OperationId(operation.parse()?))?.len(), 1);
    let owner = two.database.owner().await;
    let asked: i64 =
        sqlx::query_scalar("SELECT count(*) FROM events WHERE type = 'OperationRequested'").fetch_one(&owner).await?;
    assert_eq!(asked, 2, "the create and one scale");
    owner.close().await;
    two.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_edits_of_one_version_one_is_accepted() -> Result<()> {
    let two = Two::open("editors").await?;
    let query = "query($id: ID!) { workload(id: $id) { version } }";
    for _ in 0..3 {
        tests::until("one of twenty got in", || {
            let two = &two;
            async move {
                let found = two.gateways[0].data(query, json!({"id": two.workload})).await.ok()?;
                let version = found.pointer("/workload/version")?.clone();
                let input = |user: usize| json!({"id": two.workload, "replicas": user % 3, "expectedVersion": version});
                let results = two.scale(20, input).await.unwrap_or_else(|error| panic!("{error:#}"));
                let accepted: Vec<&Value> = results.iter().filter(|result| is_accepted(result)).collect();
                // None: the version that was shown is an older one by now.
                assert!(accepted.len() <= 1, "{accepted:?}");
                let others = results.iter().filter(|result| !is_accepted(result));
                assert!(others.clone().all(|result| result["code"] == "CONFLICT"), "{:?}", others.collect::<Vec<_>>());
                let operation = accepted.first()?.pointer("/operation/id")?.as_str()?;
                until_ended(&two.gateways[0], operation).await;
                Some(())
            }
        })
        .await;
    }
    two.close().await;
    Ok(())
}
