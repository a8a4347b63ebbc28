//! Why a workload does not work: said by name, and after how long. More than 15 s are printed as late, and fail nothing: the
//! machine may be loaded.
//!
//! The time begins when the workload was created. Where the cluster itself says it later than that, because a kubelet
//! pulls or restarts slowly, a controller waits or the machine is loaded, the time begins when the API server first shows
//! the fact: in the status of a pod or of the node, or in a Kubernetes event. This test looks there by itself, and not at
//! what Binnacle took from it.

use crate::{
    judges::{is_said, key, words},
    situations::{Place, Situation, Step, failing, pods},
    world::{Key, World},
};
use anyhow::{Result, bail};
use domain::{
    core::message::Code,
    kubernetes::status::{State, Status},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};
use tokio::{sync::Mutex, time::Instant};

/// How soon a cause is to be said by name.
const BOUND: Duration = Duration::from_secs(15);
/// Bounds a hang. The node controller alone takes 50 s to miss a node, and the clock of a CronJob a minute.
const PATIENCE: Duration = Duration::from_secs(180);
const AGAIN: Duration = Duration::from_millis(100);
/// The workload on the node that is lost.
const LOST: &str = "lost-deployment";

/// A Deployment that goes on with its old version.
const SERVES: &str = "serves";

/// Situations whose cause must be named, on one kind each, with words by which the API server shows it. `quota` and
/// `label` on every kind that is brought into them.
const NAMED: [(&str, &str, &str); 17] = [
    ("image-name", "Deployment", "InvalidImageName"),
    ("image-gone", "Deployment", "ErrImagePull"),
    ("image-denied", "Deployment", "ErrImagePull"),
    ("readiness", "Deployment", "Readiness probe failed"),
    ("startup", "Deployment", "failed startup probe"),
    ("oom", "Deployment", "OOMKilled"),
    ("exit", "Deployment", "\"exitCode\":3"),
    ("cpu", "Deployment", "Insufficient cpu"),
    ("config", "Deployment", "CreateContainerConfigError"),
    ("claim", "Deployment", "persistentvolumeclaim"),
    ("command", "Deployment", "no such file or directory"),
    ("webhook", "Deployment", "failed calling webhook"),
    ("policy", "Deployment", "no pods here"),
    ("init", "Deployment", "\"exitCode\":4"),
    ("sidecar", "Deployment", "\"exitCode\":5"),
    ("quota", "", "exceeded quota"),
    ("label", "", "must be no more than 63"),
];

/// A situation, and when it was created and Binnacle named its cause.
struct Row {
    situation: Situation,
    shown_by: &'static str,
    created: Instant,
    /// The next of its steps.
    step: usize,
    named: Option<Instant>,
}

impl Row {
    fn new(situation: Situation, shown_by: &'static str) -> Self {
        Self { situation, shown_by, created: Instant::now(), step: 0, named: None }
    }

    /// How long it took from its creation, and from when the cluster showed the fact, if that was before.
    fn times(&self, shown: Option<Instant>) -> (Duration, Duration) {
        let named = self.named.unwrap_or_else(Instant::now);
        let since = |begin: Instant| named.saturating_duration_since(begin);
        (since(self.created), since(shown.unwrap_or(self.created)))
    }

    fn line(&self, shown: Option<Instant>) -> String {
        let (created, shown) = self.times(shown);
        let (created, shown) = (created.as_secs_f64(), shown.as_secs_f64());
        let names = self.situation.names.iter().map(|(name, value): &(&str, Value)| format!("{name}={value}"));
        let code = self.situation.cause.map_or("", Code::as_str);
        let (what, kind, names) = (&self.situation.what, self.situation.kind(), names.collect::<Vec<_>>().join(" "));
        format!("{created:8.1} {shown:8.1}  {what:13} {kind:12} {code} {names}")
    }
}

fn to_be_named(world: &World) -> Vec<Row> {
    let shown_by = |situation: &Situation| {
        let is_it = |(what, kind, _): &&(&str, &str, &str)| {
            situation.what == *what && (kind.is_empty() || situation.kind() == *kind)
        };
        NAMED.iter().find(is_it).map(|(.., words)| *words)
    };
    let quota = json!({"schedule": "* * * * *"});
    let cron_job = pods::object("CronJob", "quota-cronjob", pods::real("true"), quota);
    let cron_job = Situation::new("quota", cron_job, State::Unavailable)
        .at(Place::NoJobs)
        .because(Code::QuotaExceeded, &[("quota", json!("none"))]);
    let lost = pods::object("Deployment", LOST, pods::on(&lost_node(world)), json!({}));
    let lost = Situation::new("node", lost, State::Unavailable)
        .then(State::Progressing, Step::MakeReady)
        .because(Code::NodeLost, &[("node", json!(lost_node(world)))]);
    // The new version of something that serves cannot start.
    let typo = format!("{}/typo:1", world.registry);
    let image = pods::with(pods::container("sleep 3600"), json!({"image": typo}));
    let patch = pods::template(json!({"containers": [image]}));
    let serves = pods::object("Deployment", SERVES, pods::real("sleep 3600"), json!({"replicas": 2}));
    let serves = Situation::new(SERVES, serves, State::RolloutStuck)
        .then(State::Running, Step::Patch(patch))
        .because(Code::ImageNotFound, &[("image", json!(typo))]);
    let named = failing(&world.registry).into_iter().chain([cron_job]);
    let named = named.filter_map(|situation| Some(Row::new(situation.clone(), shown_by(&situation)?)));
    named.chain([Row::new(lost, "NodeStatusUnknown"), Row::new(serves, "ErrImagePull")]).collect()
}

fn lost_node(world: &World) -> String {
    format!("lost-{}", world.run)
}

/// Says the cause by name, whatever the state is by then: a probe may still pass. But what serves goes on, and that is said.
fn is_named(situation: &Situation, said: Option<&Status>) -> bool {
    said.is_some_and(|said| {
        let serves = Code::OldVersionServes.message([("available", 2.into()), ("desired", 2.into())]);
        let is_stuck = said.state == State::RolloutStuck && said.summary.as_ref() == Some(&serves);
        let is_right = situation.what != SERVES || is_stuck;
        is_right && is_said(&Situation { state: Some(said.state), ..situation.clone() }, Some(said))
    })
}

/// A fact that the API server is to show: the place, the beginning of the name of the object, and the words.
type Fact = (Place, String, &'static str);

/// What the API server says now in one place: each status of a pod and each event as JSON, with the name of the object.
async fn said_by_the_cluster(world: &World, place: Place) -> Result<Vec<(String, String)>> {
    let text =
        |object: &Value, pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let pods = world.list_in(place, "v1", "Pod").await?;
    let events = world.list_in(place, "v1", "Event").await?;
    let pods = pods.iter().map(|pod| (text(pod, "/metadata/name"), pod["status"].to_string()));
    let events = events.iter().map(|event| (text(event, "/involvedObject/name"), event.to_string()));
    Ok(pods.chain(events).collect())
}

/// Notes when the API server shows each fact, for ever.
async fn note_what_is_shown(world: &World, facts: &[Fact], shown: &Mutex<BTreeMap<usize, Instant>>) -> Result<()> {
    let places = facts.iter().map(|(place, ..)| *place).collect::<Vec<_>>();
    loop {
        for place in Place::ALL.into_iter().filter(|place| places.contains(place)) {
            let mut said = said_by_the_cluster(world, place).await?;
            if place == Place::Plain
                && let Some(node) = world.get("v1", "Node", None, &lost_node(world)).await?
            {
                said.push((LOST.to_owned(), node["status"].to_string()));
            }
            let now = Instant::now();
            for (at, (of, name, words)) in facts.iter().enumerate() {
                let is_shown = |(about, text): &(String, String)| about.starts_with(name) && text.contains(words);
                if *of == place && said.iter().any(is_shown) {
                    shown.lock().await.entry(at).or_insert(now);
                }
            }
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Takes the next step of a situation, or notes that its cause is named.
async fn look(world: &World, row: &mut Row, rows: &HashMap<Key, Status>) {
    let said = rows.get(&key(world, &row.situation));
    match row.situation.steps.get(row.step) {
        // A step that does not work yet is taken again.
        Some((state, next)) => {
            let is_due = said.is_some_and(|said| said.state == *state);
            if is_due && world.take(&row.situation.object, next).await.is_ok() {
                row.step += 1;
            }
        }
        None if row.named.is_none() && is_named(&row.situation, said) => row.named = Some(Instant::now()),
        None => {}
    }
}

/// Waits until the cause of each is named.
async fn until_named(world: &World, rows: &mut [Row]) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while rows.iter().any(|row| row.named.is_none()) {
        let said = world.rows().await?;
        for row in rows.iter_mut() {
            look(world, row, &said).await;
        }
        if Instant::now() > end {
            let left = rows.iter().filter(|row| row.named.is_none()).map(|row| {
                let (what, said) = (&row.situation.what, said.get(&key(world, &row.situation)));
                format!("{} {what}: {}", row.situation.kind(), words(said))
            });
            bail!("not said by name:\n{}", left.collect::<Vec<_>>().join("\n"));
        }
        tokio::time::sleep(AGAIN).await;
    }
    Ok(())
}

async fn name_all(world: &World) -> Result<()> {
    // Nothing renews its lease, so that it is lost.
    world.add_silent_node(&lost_node(world)).await?;
    let mut rows = to_be_named(world);
    let fact = |row: &Row| (row.situation.place, row.situation.name().to_owned(), row.shown_by);
    let (facts, shown): (Vec<Fact>, _) = (rows.iter().map(fact).collect(), Mutex::default());
    let named = async {
        for row in &mut rows {
            world.put(&mut row.situation).await?;
            row.created = Instant::now();
        }
        until_named(world, &mut rows).await
    };
    tokio::select! {
        named = named => named?,
        ended = note_what_is_shown(world, &facts, &shown) => ended?,
    }
    let shown = shown.into_inner();
    println!("seconds until the cause was said by name: from its creation, and from when the cluster showed it");
    let (mut late, mut lines) = (Vec::new(), Vec::new());
    for (at, row) in rows.iter().enumerate() {
        let shown = shown.get(&at).copied();
        let (from_creation, from_shown) = row.times(shown);
        if from_creation > BOUND && from_shown > BOUND {
            late.push(row.line(shown));
        }
        lines.push(row.line(shown));
    }
    println!("{}", lines.join("\n"));
    println!("{} later than {} s\n{}", late.len(), BOUND.as_secs(), late.join("\n"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_keeps_a_workload_from_working_is_said_by_name() -> Result<()> {
    let world = World::begin().await?;
    let named = name_all(&world).await;
    let node = world.delete_node(&lost_node(&world)).await;
    world.end().await?;
    named.and(node)
}
