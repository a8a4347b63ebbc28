//! Scaling, answered when the record is durable and before anything is done; against the same patch at the API server.

use crate::{
    command::{SCALE, held, id, until_known},
    evidence::{Mark, judge, now, until_quiet},
    load::{Ask, Load, Until, closed_loop, each},
    report::{Goal, Report},
    scene::{Scene, patch},
    stats::{median, quantile},
};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tests::gateway::Gateway;

const PEERS: &str = "2026-11-22: Kite p50 10.3 ms at 1 client, recorded after the effect; the API server alone 5.0 ms";
const OBJECTS: usize = 50;
const PATIENCE: Duration = Duration::from_secs(180);

/// Which replicas come next on each object: always another number than the last.
struct Turns(Vec<AtomicUsize>);

impl Turns {
    fn new() -> Arc<Self> {
        Arc::new(Self((0..OBJECTS).map(|_| AtomicUsize::new(0)).collect()))
    }

    fn next(&self, object: usize) -> usize {
        2 - self.0[object].fetch_add(1, Ordering::Relaxed) % 2
    }
}

type Accepted = Arc<Mutex<Vec<String>>>;

pub async fn run(scene: &Scene, report: &mut Report) -> Result<()> {
    report.section("Scale commands", PEERS);
    held(&scene.place, "held", OBJECTS).await?;
    held(&scene.place, "control", OBJECTS).await?;
    until_known(&scene.gateway, &scene.place, 2 * OBJECTS).await?;
    until_quiet(&scene.owner, PATIENCE).await?;
    let (begin, accepted) = (now()?, Accepted::default());
    let ours = ours(scene, Arc::clone(&accepted)).await?;
    let control = control(scene);
    for ask in [&ours, &control] {
        closed_loop(1, Until::Requests(5), ask).await;
    }

    let few = Until::Requests(15);
    let (loads, controls, _) = turns(scene, 1, few, [&ours, &control]).await?;
    report.ours("1 client: answer, record durable, p50", "ms", Goal::AtMost(8.0), each(&loads, |load| load.p(0.5)));
    report.ours("1 client: answer, p99", "ms", Goal::None, each(&loads, |load| load.p(0.99)));
    report.control("1 client: the patch itself, p50", "ms", each(&controls, |load| load.p(0.5)));
    failures(report, &loads);

    let time = Until::Time(Duration::from_secs(if scene.quick { 1 } else { 5 }));
    let (loads, controls, drained) = turns(scene, OBJECTS, time, [&ours, &control]).await?;
    report.ours("50 clients: accepted, record durable", "/s", Goal::AtLeast(500.0), each(&loads, Load::rate));
    report.ours("50 clients: answer, p50", "ms", Goal::None, each(&loads, |load| load.p(0.5)));
    report.ours("50 clients: answer, p99", "ms", Goal::None, each(&loads, |load| load.p(0.99)));
    report.ours("50 clients: until the last effect was done and recorded", "ms", Goal::None, drained);
    report.control("50 clients: patches", "/s", each(&controls, Load::rate));
    report.control("50 clients: patch, p50", "ms", each(&controls, |load| load.p(0.5)));
    failures(report, &loads);
    witnesses(scene, report, begin, &accepted).await
}

/// Ours, control, ours, control in each repetition, each when the one before has come to rest.
async fn turns(
    scene: &Scene,
    clients: usize,
    half: Until,
    asks: [&Ask; 2],
) -> Result<(Vec<Load>, Vec<Load>, Vec<f64>)> {
    let (mut ours, mut controls, mut drained) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..scene.repetitions {
        let (mut one, mut two) = (Load::default(), Load::default());
        for _ in 0..2 {
            one.add(closed_loop(clients, half, asks[0]).await);
            drained.push(until_quiet(&scene.owner, PATIENCE).await?);
            two.add(closed_loop(clients, half, asks[1]).await);
            until_quiet(&scene.owner, PATIENCE).await?;
        }
        ours.push(one);
        controls.push(two);
    }
    Ok((ours, controls, drained))
}

async fn ours(scene: &Scene, accepted: Accepted) -> Result<Ask> {
    let gateway = Caller::of(&scene.gateway).await?;
    let ids: Vec<String> =
        (0..OBJECTS).map(|number| id(&scene.cluster, &scene.place, &format!("held-{number}"))).collect();
    let (ids, turns, alone) = (Arc::new(ids), Turns::new(), Arc::new(AtomicUsize::new(0)));
    Ok(Arc::new(move |client, _| {
        let object = if client == 0 { alone.fetch_add(1, Ordering::Relaxed) % OBJECTS } else { client };
        let input = json!({"input": {"id": ids[object], "replicas": turns.next(object)}});
        let (gateway, accepted) = (gateway.clone(), Arc::clone(&accepted));
        Box::pin(async move {
            let (operation, length) = gateway.scale(input).await?;
            accepted.lock().unwrap_or_else(PoisonError::into_inner).push(operation);
            Ok(length)
        })
    }))
}

/// The gateway for many clients at once.
#[derive(Clone)]
struct Caller {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Caller {
    async fn of(gateway: &Gateway) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().http1_only().timeout(Duration::from_secs(60)).build()?;
        Ok(Self { http, url: format!("{}/graphql", gateway.url), token: gateway.token().await? })
    }

    /// Asks; the operation and the bytes of the answer.
    async fn scale(&self, variables: Value) -> Result<(String, usize)> {
        let body = json!({"query": SCALE, "variables": variables});
        let answer = self.http.post(&self.url).bearer_auth(&self.token).json(&body).send().await?.bytes().await?;
        let value: Value = serde_json::from_slice(&answer)?;
        let result = &value["data"]["scaleWorkload"];
        if result["__typename"] != "OperationAccepted" {
            bail!("{value}");
        }
        let operation = result.pointer("/operation/id").and_then(Value::as_str).context("no operation")?;
        Ok((operation.to_owned(), answer.len()))
    }
}

fn control(scene: &Scene) -> Ask {
    let (client, turns, alone) = (scene.place.client.clone(), Turns::new(), Arc::new(AtomicUsize::new(0)));
    let path = format!("/apis/apps/v1/namespaces/{}/deployments/control", scene.place.name);
    Arc::new(move |number, _| {
        let object = if number == 0 { alone.fetch_add(1, Ordering::Relaxed) % OBJECTS } else { number };
        let change = json!({"spec": {"replicas": turns.next(object)}});
        let (client, path) = (client.clone(), format!("{path}-{object}/scale"));
        Box::pin(async move { patch(&client, &path, &change).await })
    })
}

fn failures(report: &mut Report, loads: &[Load]) {
    let failures: Vec<&String> = loads.iter().flat_map(|load| &load.failures).collect();
    if let Some(first) = failures.first() {
        report.note(format!("{} commands were not accepted, first: {first}", failures.len()));
    }
}

async fn witnesses(scene: &Scene, report: &mut Report, begin: Mark, accepted: &Accepted) -> Result<()> {
    let accepted = accepted.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let judgement = judge(&scene.owner, &scene.place.name, begin, &accepted).await?;
    report.ours(
        "effects in the API server's audit log without an older record",
        "",
        Goal::AtMost(0.0),
        vec![judgement.unrecorded as f64],
    );
    report.ours(
        "commands answered as accepted that the log does not hold",
        "",
        Goal::AtMost(0.0),
        vec![judgement.lost as f64],
    );
    report.note(format!(
        "{} commands accepted, {} effects at the API server; the record was {:.1} ms (least), {:.1} ms (median) older than its effect",
        accepted.len(), judgement.effects, quantile(&judgement.lead, 0.0), median(&judgement.lead)
    ));
    Ok(())
}
