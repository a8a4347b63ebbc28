//! What Binnacle says of workloads beside two judges that are not ours: kstatus, and `kubectl rollout status`. Where they
//! differ, a list says why, and the reason must be so on the live object.

mod below;
mod differences;

use crate::{
    situations::{Situation, failing, working},
    world::{Key, World, script},
};
use anyhow::{Context, Result, bail, ensure};
use below::Below;
use differences::{KSTATUS, Live, ROLLOUT, Two, difference, same};
use domain::kubernetes::status::{State, Status};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write as _,
    io::Write as _,
    process::{Command, Stdio},
    time::Duration,
};
use tokio::time::Instant;

/// How long the world may take to come to rest.
const PATIENCE: Duration = Duration::from_secs(240);

/// What the two judges say of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub kstatus: String,
    /// `done`, `waits` or `error`; None for a kind without rollouts.
    pub rollout: Option<&'static str>,
    /// What both say in words.
    pub words: String,
}

/// Both judges about all objects, in their order.
pub fn judge<'a>(objects: impl Iterator<Item = &'a Value>) -> Result<Vec<Verdict>> {
    let folder = script("build.sh", "judges")?;
    let lines: String = objects.map(|object| format!("{object}\n")).collect();
    let mut program = Command::new(format!("{folder}/judges")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = program.stdin.take().context("its standard input")?;
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = program.wait_with_output()?;
    ensure!(output.status.success(), "the judges ended with {}", output.status);
    let _ = writer.join();
    String::from_utf8(output.stdout)?
        .lines()
        .map(|line| {
            let said: Value = serde_json::from_str(line)?;
            let rollout = said.get("rollout").map(|rollout| match (rollout.get("error"), &rollout["done"]) {
                (Some(_), _) => "error",
                (None, Value::Bool(true)) => "done",
                (None, _) => "waits",
            });
            let kstatus = said["kstatus"]["status"].as_str().unwrap_or_default().to_owned();
            Ok(Verdict { kstatus, rollout, words: line.to_owned() })
        })
        .collect()
}

/// Brings all situations about, until Binnacle has said of each what it has to say.
async fn bring_about(world: &World, situations: &mut [Situation]) -> Result<()> {
    let mut refused = Vec::new();
    for situation in situations.iter_mut() {
        if let Err(error) = world.put(situation).await {
            refused.push(format!("{error:#}"));
        }
    }
    ensure!(refused.is_empty(), "not created:\n{}", refused.join("\n"));
    let mut slowest = Vec::new();
    let (begun, mut steps) = (Instant::now(), vec![0; situations.len()]);
    let mut open: BTreeSet<usize> = (0..situations.len()).collect();
    let mut last = HashMap::new();
    while !open.is_empty() {
        if begun.elapsed() > PATIENCE {
            let mut left = String::new();
            for at in open {
                let situation = &situations[at];
                let said = last.get(&key(world, situation));
                writeln!(left, "{} {}: {}", situation.kind(), situation.what, words(said))?;
            }
            bail!("Binnacle does not say what it has to say of:\n{left}");
        }
        last = world.rows().await?;
        for at in open.clone() {
            let situation = &situations[at];
            let said = last.get(&key(world, situation));
            match situation.steps.get(steps[at]) {
                Some((state, step)) if said.is_some_and(|said| said.state == *state) => {
                    world.take(&situation.object, step).await?;
                    steps[at] += 1;
                }
                Some(_) => {}
                None if is_said(situation, said) => {
                    open.remove(&at);
                    slowest.push(format!(
                        "{} {} {:.0} s",
                        situation.kind(),
                        situation.what,
                        begun.elapsed().as_secs_f64()
                    ));
                }
                None => {}
            }
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    println!("{} situations brought about in {:.0} s", situations.len(), begun.elapsed().as_secs_f64());
    println!("the last: {}", slowest.split_off(slowest.len().saturating_sub(5)).join(", "));
    Ok(())
}

pub fn key(world: &World, situation: &Situation) -> Key {
    (world.namespace(situation.place), situation.kind().to_owned(), situation.name().to_owned())
}

/// Whether Binnacle says of a situation what it has to say.
pub fn is_said(situation: &Situation, said: Option<&Status>) -> bool {
    let (Some(said), Some(state)) = (said, situation.state) else { return said.is_none() && situation.state.is_none() };
    let cause = said.cause.as_ref().map(|cause| &cause.message);
    let is_named = |(name, value): &(&str, Value)| cause.is_some_and(|cause| cause.arguments.get(*name) == Some(value));
    said.state == state
        && situation.cause.is_none_or(|code| cause.is_some_and(|cause| cause.is(code)))
        && situation.names.iter().all(is_named)
}

pub fn words(said: Option<&Status>) -> String {
    said.map_or_else(
        || "nothing".to_owned(),
        |said| {
            let cause = said.cause.as_ref().map(|cause| &cause.message);
            format!("{} {:?} because {cause:?}", said.state.as_str(), said.counts)
        },
    )
}

/// The differences that are not on the list, by object, those that are, and the number of objects.
type Compared = (BTreeMap<Key, String>, BTreeMap<&'static str, usize>, usize);

/// Compares all that is there.
async fn compare(world: &World) -> Result<Compared> {
    let (live, below, rows) = (world.live().await?, Below::read(world).await?, world.rows().await?);
    let verdicts = judge(live.values())?;
    ensure!(verdicts.len() == live.len(), "{} verdicts on {} objects", verdicts.len(), live.len());
    let ghosts =
        rows.keys().filter(|key| !live.contains_key(*key)).map(|key| (key.clone(), "it is not there".to_owned()));
    let (mut unexplained, mut explained): (BTreeMap<Key, String>, BTreeMap<_, usize>) =
        (ghosts.collect(), BTreeMap::new());
    for ((key, object), verdict) in live.iter().zip(&verdicts) {
        let Some(said) = rows.get(key) else {
            unexplained.insert(key.clone(), "it is not shown".to_owned());
            continue;
        };
        let (state, same) = (said.state, same(said.state));
        let found = Live { object, pods: below.pods(object), jobs: below.jobs(object) };
        let of_kstatus = Two { state, same: same.map(|same| same.0), judge: &verdict.kstatus };
        let of_rollout = verdict.rollout.map(|judge| Two { state, same: same.map(|same| same.1), judge });
        let of_kstatus = difference(KSTATUS, &of_kstatus, &found);
        let of_rollout = of_rollout.map_or(Ok(None), |two| difference(ROLLOUT, &two, &found));
        for found in [of_kstatus, of_rollout] {
            match found {
                Ok(why) => why.into_iter().for_each(|why| *explained.entry(why).or_default() += 1),
                Err(error) => {
                    let words = format!("{error}; Binnacle: {}; judges: {}", words(Some(said)), verdict.words);
                    unexplained.entry(key.clone()).or_default().push_str(&words);
                }
            }
        }
    }
    Ok((unexplained, explained, live.len()))
}

async fn hold_against_the_judges(world: &World) -> Result<()> {
    let mut situations = working(&world.run);
    situations.extend(failing(&world.registry));
    bring_about(world, &mut situations).await?;
    script("build.sh", "judges")?;
    // The two lists are read one after the other; each object that changed between them is looked at again.
    let end = Instant::now() + Duration::from_secs(30);
    let (mut unexplained, explained, objects) = compare(world).await?;
    while !unexplained.is_empty() {
        let differences = unexplained.iter().map(|(key, why)| format!("{key:?}: {why}")).collect::<Vec<_>>();
        ensure!(Instant::now() < end, "{} unexplained differences:\n{}", differences.len(), differences.join("\n"));
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (again, ..) = compare(world).await?;
        unexplained.retain(|key, _| again.contains_key(key));
    }
    let kinds: BTreeSet<&str> = situations.iter().map(Situation::kind).collect();
    let whats: BTreeSet<&str> = situations.iter().map(|situation| situation.what.as_str()).collect();
    println!("{objects} objects of {} kinds in {} situations; differences:", kinds.len(), whats.len());
    explained.iter().for_each(|(why, times)| println!("{times:4}  {why}"));
    println!("   0  unexplained");
    ensure!(objects >= 120 && kinds.len() == 6, "only {objects} objects of {kinds:?}");
    for one in KSTATUS.iter().chain(ROLLOUT) {
        let is_of_a_moment = one.said == ["Current"] && one.states == [State::Degraded] && one.kinds.len() > 1;
        ensure!(
            is_of_a_moment || one.said == ["done"] || explained.contains_key(one.why),
            "nothing differs by: {}",
            one.why
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_difference_to_kstatus_and_kubectl_has_a_reason() -> Result<()> {
    let world = World::begin().await?;
    let held = hold_against_the_judges(&world).await;
    world.end().await?;
    held
}
