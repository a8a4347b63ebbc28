//! A gateway of a test's own, and what people ask it.

use super::place::{Place, until};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::{
    asking,
    database::Database,
    gateway::{Gateway, Start},
    socket::Subscription,
};

/// What never works ends with this.
const OPERATION_TIMEOUT: &str = "2m";

const RESULT: &str = "fragment R on OperationResult { __typename \
    ... on OperationAccepted { operation { id } removed } ... on OperationRefused { code message field } }";
const OPERATION: &str = "query($id: ID!) { \
    operation(id: $id) { state canRetry overtakenBy lastPosition error { code retryable } \
        cause { message { code arguments } } } \
    auditEvents(first: 100, filter: {operation: $id}) { nodes { type payload } } }";
const WORKLOAD: &str = "query($id: ID!, $p: Position) { workload(id: $id, minPosition: $p) { \
    state summary { code arguments } cause { message { code arguments } } owner { id } \
    desiredReplicas updatedReplicas readyReplicas availableReplicas active succeeded failed \
    schedule { expression timeZone lastRunAt } \
    availableActions { action allowed reason { code } caution { code arguments } } } }";
const PODS: &str = "query($id: ID!) { pods(filter: {workload: $id}, first: 20) { nodes { id name ready restarts reason \
    workload { id } containers { name role restarts reason termination { reason exitCode } } } } }";

pub struct Console {
    pub place: Place,
    pub database: Database,
    pub gateway: Gateway,
}

/// How an operation ended.
pub struct Ended {
    pub operation: Value,
    /// The payloads of its events by type; of several of a type the last one.
    pub events: BTreeMap<String, Value>,
}

impl Console {
    /// Starts a gateway for the namespaces of `place`, once it has seen them.
    pub async fn open(place: Place, change: impl FnOnce(Start) -> Start) -> Result<Self> {
        let database = Database::create().await?;
        let start = Start::on(&database)?.with("BINNACLE_OPERATION_TIMEOUT", OPERATION_TIMEOUT);
        let gateway = change(start).run().await?;
        let console = Self { place, database, gateway };
        let query = "query($s: String) { namespaces(search: $s) { totalCount } }";
        until("the namespaces are in the read model", || async {
            let found = console.gateway.data(query, json!({"s": console.place.namespace})).await?;
            Ok((found.pointer("/namespaces/totalCount") == Some(&json!(2))).then_some(()))
        })
        .await?;
        Ok(console)
    }

    /// Sends a mutation; what it is answered with.
    pub async fn mutate(&self, field: &str, input: Value) -> Result<Value> {
        self.gateway.mutate(field, input, RESULT).await
    }

    /// Sends a command, whose operation must succeed.
    pub async fn succeeds(&self, command: &str, input: Value) -> Result<()> {
        let answer = self.mutate(command, input).await?;
        let operation = answer.pointer("/operation/id").and_then(Value::as_str).with_context(|| answer.to_string())?;
        let ended = self.ended(operation).await?;
        ensure!(ended.operation["state"] == "SUCCEEDED", "{command}: {}", ended.operation);
        Ok(())
    }

    async fn data(&self, query: &str, variables: Value) -> Result<Value> {
        asking::data(self.gateway.ask_again(query, variables).await?)
    }

    pub async fn ended(&self, operation: &str) -> Result<Ended> {
        until("the operation has ended", || async {
            let mut found = self.data(OPERATION, json!({"id": operation})).await?;
            let Some(Value::Array(nodes)) = found.pointer_mut("/auditEvents/nodes").map(Value::take) else {
                bail!("no events: {found}");
            };
            let of_type =
                |mut node: Value| (node["type"].as_str().unwrap_or_default().to_owned(), node["payload"].take());
            // The newest comes first.
            let events: BTreeMap<String, Value> = nodes.into_iter().rev().map(of_type).collect();
            let state = found.pointer("/operation/state").and_then(Value::as_str).context("a state")?;
            let last = match state {
                "SUCCEEDED" => "OperationSucceeded",
                "FAILED" => "OperationFailed",
                "OVERTAKEN" => "OperationOvertaken",
                "CANCELLED" => "OperationCancelled",
                _ => return Ok(None),
            };
            let operation = found["operation"].clone();
            Ok(events.contains_key(last).then_some(Ended { operation, events }))
        })
        .await
    }

    /// What is shown of a workload; null where it is no row.
    pub async fn workload(&self, id: &str, position: Option<&Value>) -> Result<Value> {
        Ok(self.data(WORKLOAD, json!({"id": id, "p": position})).await?["workload"].take())
    }

    /// The pods of a workload.
    pub async fn pods(&self, id: &str) -> Result<Vec<Value>> {
        let mut found = self.data(PODS, json!({"id": id})).await?;
        match found.pointer_mut("/pods/nodes").map(Value::take) {
            Some(Value::Array(pods)) => Ok(pods),
            _ => bail!("no pods: {found}"),
        }
    }

    /// The first `many` lines of the log of the only pod of a workload, with whether the container restarted before.
    pub async fn log(&self, id: &str, many: usize) -> Result<Vec<(String, bool)>> {
        let pod = until("it has a pod that has started", || async {
            let pods = self.pods(id).await?;
            Ok(pods.into_iter().find(|pod| pod["ready"] == true).map(|pod| pod["id"].clone()))
        })
        .await?;
        let query = "subscription($i: PodLogInput!) { podLog(input: $i) { line restarted } }";
        let variables = json!({"i": {"pod": pod, "tailLines": 1000}});
        let token = self.gateway.token().await?;
        // The inputs keep the gateway busy: it may ask to try again.
        let (mut lines, first) = until("its log opens", || async {
            let mut lines = Subscription::open(&self.gateway.url, &token, query, variables.clone()).await?;
            let first = lines.next().await?.context("the log has no line")?;
            Ok(Some((lines, first)))
        })
        .await?;
        let mut found = vec![line_of(&first)?];
        while found.len() < many {
            let next = lines.next().await?.with_context(|| format!("the log ended after {found:?}"))?;
            found.push(line_of(&next)?);
        }
        Ok(found)
    }

    pub async fn close(self) -> Result<()> {
        drop(self.gateway);
        self.database.drop().await;
        self.place.clear().await
    }
}

/// The text of a line, and whether it is the first after a restart.
fn line_of(answer: &Value) -> Result<(String, bool)> {
    let line = answer.pointer("/podLog/line").and_then(Value::as_str).context("a line")?;
    Ok((line.to_owned(), answer.pointer("/podLog/restarted") == Some(&json!(true))))
}
