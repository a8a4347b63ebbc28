//! Inputs from public bug reports of other tools: what has to come of each, on the real cluster through the public API.
//!
//! An input is a file `NN-what` in the folder beside this file. [`rows`] is the table of the manifests. [`logs`],
//! [`frames`] and [`rights`] hold those that are no matter of one workload. The images are those of `images.sh`.

mod checks;
mod console;
mod frames;
mod logs;
mod place;
mod play;
mod rights;
mod rows;

use anyhow::{Result, ensure};
use console::Console;
use place::{Place, SET_UP, folder};
use play::{Play, Row, Step};
use std::{collections::BTreeSet, fs};

fn names(row: &Row) -> String {
    row.renamed.as_ref().map_or_else(|| row.input.to_owned(), |(_, name)| format!("{} as {name}", row.input))
}

#[test]
fn no_input_is_left_without_a_test() -> Result<()> {
    let rows = rows::rows();
    let applied = rows.iter().flat_map(|row| &row.steps).filter_map(|step| match step {
        Step::Apply(file) => Some(*file),
        _ => None,
    });
    let tested: BTreeSet<&str> = rows.iter().map(|row| row.input).chain(applied).collect();
    let tested = tested.into_iter().chain(SET_UP).chain(logs::INPUTS).chain(frames::INPUTS).chain([rights::INPUT]);
    let tested: BTreeSet<String> = tested.map(str::to_owned).collect();
    let mut inputs = BTreeSet::new();
    for entry in fs::read_dir(folder())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".rs") {
            inputs.insert(name);
        }
    }
    assert_eq!(inputs, tested);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_input_comes_to_what_it_has_to() -> Result<()> {
    let console = Console::open(Place::furnish("faults").await?, |start| start).await?;
    let rows = rows::rows();
    // What is told at the moment of the end of a request is not held up by the others.
    let (mut alone, together): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| row.steps.iter().any(|step| matches!(step, Step::Agrees(_))));
    let mut played = Vec::new();
    for row in &alone {
        played.push(Play::run(&console, row).await);
    }
    let crowd = futures::future::join_all(together.iter().map(|row| Play::run(&console, row)));
    let (crowd, logs, frames) = futures::join!(crowd, logs::hold(&console), frames::hold(&console));
    console.close().await?;
    alone.extend(together);
    played.extend(crowd);
    let mut wrong = Vec::new();
    let others = [("logs", logs), ("frames and requests", frames)].map(|(what, held)| (what.to_owned(), held));
    for (what, held) in alone.into_iter().map(names).zip(played).chain(others) {
        match held {
            Ok(()) => println!("holds  {what}"),
            Err(error) => wrong.push(format!("{what}: {error:#}")),
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
