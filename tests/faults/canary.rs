//! What must not leak (I10): secrets that the gateways know or see, and changes of objects in another namespace. The check
//! searches the events, the read tables, the gateways' logs, their metrics and an answer.

use crate::world::{World, name, paused};
use anyhow::{Result, ensure};
use kube::api::{Patch, PatchParams, PostParams};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tests::{cluster::Namespace, database::Database, gateway::PASSWORD};
use tokio::{sync::RwLock, task::JoinHandle, time::sleep};
use uuid::Uuid;

/// How often the object changes that subscribers to others must not hear of.
const PACE: Duration = Duration::from_millis(500);

/// A namespace of its own with an object of the same name as one that is subscribed to, and a secret in its manifest.
pub struct Canary {
    pub namespace: Namespace,
    secrets: Vec<String>,
    changes: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Canary {
    /// Puts it into the cluster and lets it change until it is dropped, at rest when users are. `tokens` are secrets too.
    pub async fn release(database: &Database, tokens: &[&str], turns: Arc<RwLock<()>>) -> Result<Self> {
        let namespace = Namespace::create("canary").await?;
        let secret = format!("canary-{}", Uuid::new_v4().simple());
        let mut object = paused(&namespace.name, &name(0));
        let address = format!("https://me:{secret}@host/");
        object["spec"]["template"]["spec"]["containers"][0]["env"] =
            json!([{"name": "API_TOKEN", "value": secret}, {"name": "URL", "value": address}]);
        let deployments = namespace.deployments();
        deployments.create(&PostParams::default(), &serde_json::from_value(object)?).await?;
        let changes = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&changes);
        let task = tokio::spawn(async move {
            for number in 0_u64.. {
                let change =
                    Patch::Merge(json!({"metadata": {"annotations": {"example.org/number": number.to_string()}}}));
                let turn = turns.read().await;
                let changed = deployments.patch(&name(0), &PatchParams::default(), &change).await;
                counted.fetch_add(changed.is_ok().into(), Ordering::Relaxed);
                drop(turn);
                sleep(PACE).await;
            }
        });
        let database = reqwest::Url::parse(&database.application_url())?.password().map(str::to_owned);
        let mut secrets = vec![secret, PASSWORD.to_owned()];
        secrets.extend(database);
        secrets.extend(tokens.iter().map(|token| (*token).to_owned()));
        Ok(Self { namespace, secrets, changes, task })
    }

    /// One more thing that must not get out.
    pub fn keep_secret(&mut self, secret: String) {
        self.secrets.push(secret);
    }

    pub async fn drop(self) {
        self.task.abort();
        self.namespace.drop().await;
    }
}

/// I10: no secret is anywhere. Subscribers check themselves what they receive.
pub async fn nothing_leaks(world: &World) -> Result<()> {
    let is_quiet = |place: &str, text: &str| {
        ensure!(!text.is_empty(), "I10 was not tested: {place} is empty");
        let found = world.canary.secrets.iter().position(|secret| text.contains(secret.as_str()));
        ensure!(found.is_none(), "I10: {place} holds secret {found:?}");
        Ok(())
    };
    for side in &world.sides {
        let gateway = &side.gateway;
        is_quiet("what a gateway wrote", &gateway.log())?;
        let metrics = gateway.http().get(format!("{}/metrics", gateway.url)).send().await?.text().await?;
        is_quiet("the metrics", &metrics)?;
    }
    let changes = world.canary.changes.load(Ordering::Relaxed);
    ensure!(changes > 0, "I10 was not tested: the object of the other namespace did not change");
    no_row_holds(&world.owner, &world.canary.secrets).await?;
    let query = "query($f: WorkloadFilter, $a: AuditFilter) { workloads(filter: $f) { nodes { name manifest } } \
        auditEvents(filter: $a, first: 20) { nodes { payload } } }";
    let of = &world.canary.namespace.name;
    let variables = json!({"f": {"namespaces": [of]}, "a": {"namespace": of}});
    let answer = world.traffic.caller.post(query, variables, 0).await?;
    let seen = answer.pointer("/data/workloads/nodes/0/name").and_then(Value::as_str);
    ensure!(seen == Some(name(0).as_str()), "I10 was not tested: {answer}");
    let text = answer.to_string();
    ensure!(text.contains("<redacted>"), "I10 was not tested: {text}");
    is_quiet("an answer", &text)
}

/// Looks through the events and all tables that are made of them. Those of sign-in hold what they hold by design.
async fn no_row_holds(owner: &PgPool, secrets: &[String]) -> Result<()> {
    let tables = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables \
        WHERE schemaname = 'read' OR schemaname = 'public' AND tablename IN ('effects', 'commands', 'streams')";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(owner).await?;
    ensure!(tables.len() > 8, "I10 was not tested: there are only {tables:?}");
    let in_events = "position(convert_to(secret, 'UTF8') IN payload || metadata) > 0";
    let in_tables = tables.iter().map(|table| (table.as_str(), "position(secret IN row::text) > 0"));
    for (table, holds) in in_tables.chain([("events", in_events)]) {
        let query = format!(
            "SELECT count(*) FROM {table} AS row WHERE EXISTS (SELECT FROM unnest($1::text[]) AS secret WHERE {holds})"
        );
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(query)).bind(secrets).fetch_one(owner).await?;
        ensure!(rows == 0, "I10: {rows} rows of {table} hold a secret");
    }
    Ok(())
}
