//! The benchmarks: what users feel, against the goals and against the API server itself, in one run. Started by
//! `make bench`; see `run` beside this file for arguments, RESULTS.md for the figures of the last whole run.

mod broken;
mod command;
mod conditions;
mod create;
mod evidence;
mod live;
mod load;
mod memory;
mod opening;
mod page;
mod process;
mod relay;
mod report;
mod scale;
mod scene;
mod stats;
mod targets;
mod watches;

use anyhow::{Context, Result, bail};
use report::Report;
use scene::{Scene, Wanted};
use serde_json::Value;
use std::path::PathBuf;

const ROWS: [&str; 7] = ["page", "opening", "live", "memory", "create", "scale", "database"];

struct Arguments {
    wanted: Wanted,
    rows: Vec<String>,
}

fn arguments() -> Result<Arguments> {
    let mut found =
        Arguments { wanted: Wanted { pods: 3000, repetitions: 3, quick: false, seed: 1 }, rows: Vec::new() };
    let mut rest = std::env::args().skip(1);
    while let Some(word) = rest.next() {
        let mut value = || rest.next().with_context(|| format!("{word} needs a number"));
        match word.as_str() {
            "--quick" => (found.wanted.quick, found.wanted.repetitions) = (true, 1),
            "--pods" => found.wanted.pods = value()?.parse()?,
            "--repetitions" => found.wanted.repetitions = value()?.parse()?,
            "--seed" => found.wanted.seed = value()?.parse()?,
            row if ROWS.contains(&row) => found.rows.push(word),
            other => {
                bail!("{other}: unknown. Rows: {}. Flags: --quick --pods N --repetitions N --seed N", ROWS.join(" "))
            }
        }
    }
    if found.rows.is_empty() {
        found.rows = ROWS.map(str::to_owned).to_vec();
    }
    Ok(found)
}

#[tokio::main]
async fn main() -> Result<()> {
    if std::env::args().nth(1).as_deref() == Some("case-full") {
        println!("{}", broken::case("full").await?);
        return Ok(());
    }
    let Arguments { wanted, rows } = arguments()?;
    println!("setting up {} pods ...", wanted.pods);
    let mut scene = Scene::set_up(&wanted).await?;
    let conditions = conditions::look(&scene.owner, &scene.crowd.client, wanted.repetitions, wanted.seed).await?;
    print!("{}", conditions::words(&conditions));
    println!("Figures are min / median / max over the repetitions; a goal is compared with the median.");
    let mut report = Report::default();
    for row in &rows {
        let done = match row.as_str() {
            "page" => page::run(&scene, &mut report).await,
            "opening" => opening::run(&mut scene, &mut report).await,
            "live" => live::run(&scene, &mut report).await,
            "memory" => memory::run(&mut scene, &mut report).await,
            "create" => create::run(&scene, &mut report).await,
            "scale" => scale::run(&scene, &mut report).await,
            _ => broken::run(wanted.repetitions, &mut report).await,
        };
        if let Err(error) = done {
            report.note(format!("NOT MEASURED to its end: {error:#}"));
            report.failed();
        }
    }
    report.close();
    scene.tear_down().await;
    let is_whole = rows.len() == ROWS.len() && !wanted.quick && wanted.pods >= 3000;
    write(&report, &conditions, is_whole)?;
    println!("\nWhere we lose:");
    report.lost().iter().for_each(|lost| println!("  {lost}"));
    println!("  ({} figures fall short)", report.lost().len());
    Ok(())
}

fn folder() -> Result<PathBuf> {
    Ok(PathBuf::from(std::env::var_os("BENCH_FOLDER").context("BENCH_FOLDER is not set: use tests/bench/run")?))
}

/// The machine-readable copy always; the page people read only after a whole run.
fn write(report: &Report, conditions: &Value, is_whole: bool) -> Result<()> {
    let (folder, json) = (folder()?, serde_json::to_string_pretty(&report.json(conditions))?);
    std::fs::create_dir_all(folder.join("results"))?;
    let name = conditions["date"].as_str().unwrap_or_default().replace(':', "-");
    std::fs::write(folder.join(format!("results/{name}.json")), json)?;
    let page = if is_whole { folder.join("RESULTS.md") } else { folder.join("results/last.md") };
    let lost: String = report.lost().iter().map(|lost| format!("- {lost}\n")).collect();
    let lost = if lost.is_empty() { "- nowhere in this run\n".to_owned() } else { lost };
    let text = format!("{HEAD}{}\n## Where we lose\n\n{lost}\n{}", conditions::words(conditions), report.markdown());
    Ok(std::fs::write(page, text)?)
}

const HEAD: &str = "# Benchmarks\n\nWritten by `make bench`; repeat it with the same command (one row: `make bench` ends in \
    `tests/bench/run`, which takes names of rows and flags). Figures are min / median / max over the repetitions, a goal is \
    compared with the median. Client, gateway, Postgres, API server and etcd share the cores. The peers' figures were measured \
    on such a machine on 2026-11-22 and are not re-run: they are not to be had from a registry.\n\n";
