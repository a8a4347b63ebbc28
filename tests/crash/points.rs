//! One case for each named point, on a real gateway, a real Postgres and a real cluster.

use anyhow::{Context, Result, ensure};
use commands::failpoint::POINTS;
use domain::core::ids::OperationId;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};
use tests::{
    PATIENCE,
    cluster::{Namespace, deletes_in_audit_log, effects_in_audit_log, kubeconfig_by, manifest, server},
    database::Database,
    fault_proxy::{FaultProxy, Link},
    gateway::{Gateway, Start},
    until,
};
use uuid::Uuid;

const AGAIN: Duration = Duration::from_millis(100);
const RESULT: &str = "fragment R on OperationResult { __typename ... on OperationAccepted { operation { id } position } \
    ... on OperationRefused { code message field } }";
const OPERATION: &str = "query($id: ID!) { operation(id: $id) { state error { code message } } }";
const WORKLOAD: &str = "query($id: ID!) { workload(id: $id) { state } }";
const NAMESPACES: &str = "query($s: String) { namespaces(search: $s) { nodes { name } } }";

/// What is asked when the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Create,
    Scale,
    Apply,
    Delete,
}

/// One operation, and where the process dies: once, or once more after the restart.
struct Case {
    verb: Verb,
    points: Vec<String>,
    /// The API server cannot be reached while the first process lives.
    without_cluster: bool,
}

fn case(verb: Verb, points: &[&str]) -> Case {
    Case { verb, points: points.iter().map(|point| (*point).to_owned()).collect(), without_cluster: false }
}

/// Every named point, and some again at a later stage (`:2` is the second pass) or with another verb.
fn cases() -> Vec<Case> {
    let plain = POINTS.iter().filter(|point| !matches!(**point, "effect.looked" | "effect.postponing"));
    let mut cases: Vec<Case> = plain.map(|point| case(Verb::Create, &[point])).collect();
    for point in ["effect.claimed:2", "effect.claimed:3", "outcome.appending:2"] {
        cases.push(case(Verb::Create, &[point]));
    }
    // Dies after the call, and then while it looks whether the call had its effect.
    cases.push(case(Verb::Create, &["effect.called", "effect.looked"]));
    cases.push(Case { without_cluster: true, ..case(Verb::Create, &["effect.postponing"]) });
    for point in ["effect.calling", "effect.called", "outcome.appending"] {
        cases.push(case(Verb::Scale, &[point]));
        cases.push(case(Verb::Apply, &[point]));
        cases.push(case(Verb::Delete, &[point]));
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

    async fn until_seen(&self, gateway: &Gateway) {
        until("the namespace is in the read model", || async { self.has_seen(gateway).await.then_some(()) }).await;
    }

    async fn has_seen(&self, gateway: &Gateway) -> bool {
        let name = &self.namespace.name;
        let Ok(found) = gateway.data(NAMESPACES, json!({"s": name})).await else { return false };
        found.pointer("/namespaces/nodes/0/name").and_then(Value::as_str) == Some(name)
    }

    /// Asks for a create. The same key, so that a repetition after a crash is the same command.
    async fn create(&self, gateway: &Gateway, key: Uuid, name: &str) -> Result<String> {
        let text = manifest(&self.namespace.name, name, 1);
        let input = json!({"cluster": "dev", "manifest": text, "idempotencyKey": key});
        accepted(&gateway.mutate("createWorkload", input, RESULT).await?)
    }

    async fn ask(&self, gateway: &Gateway, verb: Verb, key: Uuid, name: &str) -> Result<String> {
        match verb {
            Verb::Create => self.create(gateway, key, name).await,
            Verb::Scale => self.scale(gateway, Some(key), name, 2).await,
            Verb::Apply => {
                let text = manifest(&self.namespace.name, name, 2);
                let input = json!({"cluster": "dev", "manifests": text, "idempotencyKey": key});
                let result = RESULT.replace("on OperationResult", "on ApplyResult");
                accepted(&gateway.mutate("applyManifests", input, &result).await?)
            }
            Verb::Delete => {
                let input = json!({"id": self.id(name), "idempotencyKey": key});
                accepted(&gateway.mutate("deleteWorkload", input, RESULT).await?)
            }
        }
    }

    fn id(&self, name: &str) -> String {
        format!("Deployment~dev~{}~{name}", self.namespace.name)
    }

    async fn scale(&self, gateway: &Gateway, key: Option<Uuid>, name: &str, replicas: u32) -> Result<String> {
        let input = json!({"id": self.id(name), "replicas": replicas, "idempotencyKey": key});
        accepted(&gateway.mutate("scaleWorkload", input, RESULT).await?)
    }

    /// The effects that the API server itself recorded. A delete carries no mark, so it is counted by its name.
    fn effects(&self, verb: Verb, operation: &str, name: &str) -> Result<usize> {
        match verb {
            Verb::Create | Verb::Scale | Verb::Apply => {
                Ok(effects_in_audit_log(OperationId(operation.parse()?))?.len())
            }
            Verb::Delete => deletes_in_audit_log(&self.namespace.name, name),
        }
    }

    /// What must be there before the operation makes sense.
    async fn prepare(&self, gateway: &Gateway, verb: Verb, name: &str) -> Result<()> {
        let operation = match verb {
            Verb::Create => return Ok(()),
            Verb::Scale | Verb::Apply | Verb::Delete => self.create(gateway, Uuid::new_v4(), name).await?,
        };
        assert_eq!(until_ended(gateway, &operation).await, "SUCCEEDED");
        until("the workload was seen", || async {
            let found = gateway.data(WORKLOAD, json!({"id": self.id(name)})).await.ok()?;
            found.pointer("/workload/state")?.as_str().map(|_| ())
        })
        .await;
        Ok(())
    }

    /// Dies at each point of the case in turn, asked the same each time; answers with a gateway that lives.
    async fn die(&self, case: &Case, key: Uuid, name: &str) -> Result<Gateway> {
        let link = FaultProxy::open(server()?).await?;
        let kubeconfig = std::env::temp_dir().join(format!("{}.kubeconfig", self.database.name));
        kubeconfig_by(link.address.port(), &kubeconfig)?;
        for point in &case.points {
            let mut start = self.start.clone().with("BINNACLE_TEST_CRASH_AT", point);
            if case.without_cluster {
                start = start.with("KUBECONFIG", &kubeconfig.to_string_lossy());
            }
            let mut doomed = start.spawn()?;
            // What the one before left is claimed as soon as its lease is over, which may be before all is ready or seen.
            if let Err(error) = doomed.until_ready().await {
                ensure!(doomed.has_ended(), "{point}: {error:#}");
                continue;
            }
            let end = Instant::now() + PATIENCE;
            while !doomed.has_ended() && !self.has_seen(&doomed).await {
                ensure!(Instant::now() < end, "{point}: the namespace is not in the read model");
                tokio::time::sleep(AGAIN).await;
            }
            if doomed.has_ended() {
                continue;
            }
            if case.without_cluster {
                link.set(Link::Cut);
            }
            // The answer may be lost with the process: that is what the key is for.
            let answer = self.ask(&doomed, case.verb, key, name).await;
            until(&format!("the process died at {point} after {answer:?}"), || {
                let ended = doomed.has_ended();
                async move { ended.then_some(()) }
            })
            .await;
        }
        let _ = std::fs::remove_file(kubeconfig);
        self.start.clone().run().await
    }
}

fn accepted(result: &Value) -> Result<String> {
    let id = result.pointer("/operation/id").and_then(Value::as_str);
    Ok(id.with_context(|| format!("not accepted: {result}"))?.to_owned())
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
    bench.until_seen(&gateway).await;
    let (mut crashes, mut ended) = (0, 0);
    let mut reached = BTreeSet::new();
    for (nth, case) in cases().into_iter().enumerate() {
        let (key, name) = (Uuid::new_v4(), format!("web-{nth}"));
        bench.prepare(&gateway, case.verb, &name).await?;
        gateway.kill();
        drop(gateway);
        gateway = bench.die(&case, key, &name).await?;
        crashes += case.points.len();
        reached.extend(case.points.iter().filter_map(|point| point.split(':').next().map(str::to_owned)));

        let what = format!("{:?} after {:?}", case.verb, case.points);
        let operation = bench.ask(&gateway, case.verb, key, &name).await.with_context(|| what.clone())?;
        assert_eq!(until_ended(&gateway, &operation).await, "SUCCEEDED", "{what}");
        ended += 1;
        assert_eq!(bench.effects(case.verb, &operation, &name)?, 1, "effects of {what}");
    }
    assert_eq!(reached.len(), POINTS.len(), "every named point was reached");
    println!("{crashes} crashes at {} named points: {ended} operations ended, 0 lost, 0 doubled", reached.len());
    gateway.kill();
    drop(gateway);
    bench.namespace.drop().await;
    bench.database.drop().await;
    Ok(())
}
