//! One case for each named point, on a real gateway, a real Postgres and a real cluster.

use anyhow::{Context, Result};
use commands::failpoint::POINTS;
use domain::ids::OperationId;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{
    cluster::{Namespace, effects_in_audit_log, manifest},
    database::Database,
    gateway::{Gateway, Start},
    until,
};
use uuid::Uuid;

const CREATE: &str = "mutation($input: CreateWorkloadInput!) { createWorkload(input: $input) { ...R } } \
    fragment R on OperationResult { __typename ... on OperationAccepted { operation { id } position } \
    ... on OperationRefused { code message field } }";
const SCALE: &str = "mutation($input: ScaleWorkloadInput!) { scaleWorkload(input: $input) { ...R } } \
    fragment R on OperationResult { __typename ... on OperationAccepted { operation { id } position } \
    ... on OperationRefused { code message field } }";
const OPERATION: &str = "query($id: ID!) { operation(id: $id) { state error { code message } } }";
const NAMESPACES: &str = "query($s: String) { namespaces(search: $s) { nodes { name } } }";

/// What is asked when the process dies.
enum Wish {
    Create,
    Scale,
}

/// Which wish passes a point, and at which pass the process dies: later passes are later stages.
fn cases() -> Vec<(String, Wish)> {
    let mut cases: Vec<(String, Wish)> = POINTS
        .iter()
        .filter(|point| !matches!(**point, "effect.looked" | "effect.postponing"))
        .map(|point| ((*point).to_owned(), Wish::Create))
        .collect();
    for point in ["effect.claimed:2", "effect.claimed:3", "outcome.appending:2", "outcome.appended:2"] {
        cases.push((point.to_owned(), Wish::Create));
    }
    for point in ["effect.calling", "effect.called", "outcome.appending"] {
        cases.push((point.to_owned(), Wish::Scale));
    }
    cases
}

struct Bench {
    database: Database,
    namespace: Namespace,
    start: Start,
}

impl Bench {
    async fn open() -> Result<Self> {
        let database = Database::create().await?;
        let namespace = Namespace::create("crash").await?;
        let start = Start::on(&database)?;
        Ok(Self { database, namespace, start })
    }

    async fn until_seen(&self, gateway: &Gateway) -> Result<()> {
        let name = &self.namespace.name;
        until("the namespace is in the read model", || async {
            let found = gateway.data(NAMESPACES, json!({"s": name})).await.ok()?;
            (found.pointer("/namespaces/nodes/0/name")?.as_str() == Some(name)).then_some(())
        })
        .await;
        Ok(())
    }

    /// Asks for a create. The same key, so that a repetition after a crash is the same wish.
    async fn create(&self, gateway: &Gateway, key: Uuid, name: &str) -> Result<String> {
        let text = manifest(&self.namespace.name, name, 1);
        let input = json!({"cluster": "dev", "manifest": text, "idempotencyKey": key});
        accepted(gateway.data(CREATE, json!({"input": input})).await?.pointer("/createWorkload"))
    }

    async fn scale(&self, gateway: &Gateway, key: Uuid, name: &str) -> Result<String> {
        let id = format!("Deployment~dev~{}~{name}", self.namespace.name);
        let input = json!({"id": id, "replicas": 2, "idempotencyKey": key});
        accepted(gateway.data(SCALE, json!({"input": input})).await?.pointer("/scaleWorkload"))
    }
}

fn accepted(result: Option<&Value>) -> Result<String> {
    let id = result.and_then(|result| result.pointer("/operation/id")).and_then(Value::as_str);
    Ok(id.with_context(|| format!("not accepted: {result:?}"))?.to_owned())
}

async fn until_ended(gateway: &Gateway, operation: &str) -> String {
    until("the operation has ended", || async {
        let found = gateway.data(OPERATION, json!({"id": operation})).await.ok()?;
        let state = found.pointer("/operation/state")?.as_str()?.to_owned();
        ["SUCCEEDED", "FAILED", "CANCELLED"].contains(&state.as_str()).then_some(state)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_point_nothing_is_lost_and_nothing_done_twice() -> Result<()> {
    let bench = Bench::open().await?;
    let mut gateway = bench.start.clone().run().await?;
    bench.until_seen(&gateway).await?;
    bench.create(&gateway, Uuid::new_v4(), "scaled").await.map(|_| ())?;
    let mut ended = 0;
    let mut reached = BTreeSet::new();
    for (nth, (point, wish)) in cases().into_iter().enumerate() {
        let (key, name) = (Uuid::new_v4(), format!("web-{nth}"));
        gateway.kill();
        drop(gateway);
        let mut doomed = bench.start.clone().with("BINNACLE_TEST_CRASH_AT", &point).run().await?;
        bench.until_seen(&doomed).await?;
        // The answer may be lost with the process: that is what the key is for.
        let _ = match wish {
            Wish::Create => bench.create(&doomed, key, &name).await,
            Wish::Scale => bench.scale(&doomed, key, "scaled").await,
        };
        until(&format!("the process died at {point}"), || {
            let ended = doomed.has_ended();
            async move { ended.then_some(()) }
        })
        .await;
        reached.insert(point.clone());
        drop(doomed);

        gateway = bench.start.clone().plain().run().await?;
        let operation = match wish {
            Wish::Create => bench.create(&gateway, key, &name).await,
            Wish::Scale => bench.scale(&gateway, key, "scaled").await,
        }
        .with_context(|| format!("asked again after {point}"))?;
        let state = until_ended(&gateway, &operation).await;
        assert_eq!(state, "SUCCEEDED", "after {point}");
        ended += 1;
        let effects = effects_in_audit_log(OperationId(operation.parse()?))?;
        assert_eq!(effects.len(), 1, "after {point}: {effects:#?}");
        // The next scale must change something again.
        if matches!(wish, Wish::Scale) {
            let input = json!({"id": format!("Deployment~dev~{}~scaled", bench.namespace.name), "replicas": 1});
            let back = gateway.data(SCALE, json!({"input": input})).await?;
            until_ended(&gateway, &accepted(back.pointer("/scaleWorkload"))?).await;
        }
    }
    println!("{} crashes at {} named points: {ended} ended, 0 lost, 0 doubled", cases().len(), reached.len());
    gateway.kill();
    drop(gateway);
    bench.namespace.drop().await;
    bench.database.drop().await;
    Ok(())
}
