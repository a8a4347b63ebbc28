//! Manifests beside kubectl itself: what it reads is what is read here, or the text is refused with its line.

mod cases;

use anyhow::{Context, Result};
use cases::{ALIKE, REFUSED, SCALARS, TAKEN};
use commands::kubernetes::manifest;
use domain::core::refusal::Refusal;
use projections::language::Language;
use serde_json::{Map, Value};
use std::{collections::HashMap, fs, path::Path, process::Command};
use tests::write_side::cluster_id;
use uuid::Uuid;

/// The manifest with this number that a text of the tables stands for.
fn manifest(number: usize, text: &str) -> String {
    let object = format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: case-{number}}}\n");
    let is_spec = !text.contains("OBJECT") && !text.contains("NAME") && !NO_OBJECT.contains(&text);
    if is_spec {
        return format!("{object}spec:\n  {}\n", text.replace('\n', "\n  "));
    }
    text.replace("OBJECT", &object).replace("NAME", &format!("case-{number}"))
}

/// Whole texts without an object in them.
const NO_OBJECT: [&str; 6] = ["", "# only\n", "---\n---\n", "~", "text", "- 1"];

/// The `spec` that kubectl reads from each manifest. None where it refuses.
fn by_kubectl(manifests: &[String]) -> Result<Vec<Option<Value>>> {
    let build = Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster/build.sh");
    let built = String::from_utf8(Command::new(build).arg("kubernetes").output()?.stdout)?;
    let kubectl = Path::new(built.lines().last().context("no folder of kubectl")?).join("kubectl");
    let folder = std::env::temp_dir().join(format!("manifests-{}", Uuid::new_v4()));
    fs::create_dir(&folder)?;
    for (number, text) in manifests.iter().enumerate() {
        fs::write(folder.join(format!("{number}.yaml")), text)?;
    }
    let arguments = ["create", "--dry-run=client", "--validate=false", "-o", "json", "-f"];
    let printed = Command::new(kubectl).args(arguments).arg(&folder).output()?.stdout;
    fs::remove_dir_all(folder)?;
    let objects: Vec<Value> = serde_json::Deserializer::from_slice(&printed).into_iter().collect::<Result<_, _>>()?;
    let specs: HashMap<String, Value> = objects
        .into_iter()
        .map(|mut object| (object["metadata"]["name"].as_str().unwrap_or_default().to_owned(), object["spec"].take()))
        .collect();
    Ok((0..manifests.len()).map(|number| specs.get(&format!("case-{number}")).map(comparable)).collect())
}

fn by_binnacle(manifest: &str) -> Result<Value, Refusal> {
    manifest::read(manifest, &cluster_id()).map(|read| comparable(&read.manifest["spec"]))
}

/// The same value with every number that is no integer of Kubernetes as a float: JSON writes a large one in several ways.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.as_i64().is_none() => number.as_f64().map_or(Value::Null, Value::from),
        Value::Array(items) => items.iter().map(comparable).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| (key.clone(), comparable(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

fn words(read: &Result<Value, Refusal>) -> String {
    read.as_ref().map_or_else(said, Value::to_string)
}

/// The refusal as a reader of English sees it.
fn said(refusal: &Refusal) -> String {
    Language::English.refusal(refusal)
}

#[test]
fn a_manifest_is_read_like_kubectl_reads_it_or_refused() -> Result<()> {
    let alike =
        SCALARS.split_whitespace().map(|value| format!("a: {value}")).chain(ALIKE.iter().map(ToString::to_string));
    let alike: Vec<String> = alike.collect();
    let texts = alike.iter().map(String::as_str);
    let texts = texts.chain(REFUSED.iter().map(|(text, ..)| *text)).chain(TAKEN.iter().map(|(text, _)| *text));
    let manifests: Vec<String> = texts.enumerate().map(|(number, text)| manifest(number, text)).collect();
    let kubectl = by_kubectl(&manifests)?;
    let mut read = manifests.iter().zip(kubectl).map(|(text, kubectl)| (kubectl, by_binnacle(text)));
    let mut wrong = Vec::new();
    for (text, (kubectl, ours)) in alike.iter().zip(&mut read) {
        let is_alike = match (&kubectl, &ours) {
            (Some(kubectl), Ok(ours)) => kubectl == ours,
            (None, Err(refusal)) => said(refusal).starts_with("Line ") || said(refusal).ends_with("is empty"),
            _ => false,
        };
        if !is_alike {
            wrong.push(format!("{text:?}: kubectl {kubectl:?}, Binnacle {}", words(&ours)));
        }
    }
    for ((text, line, reason), (kubectl, ours)) in REFUSED.iter().zip(&mut read) {
        let names_line = |message: &str| {
            message.starts_with(&format!("Line {line}: ")) || message.contains(&format!("(from the lines {line}, "))
        };
        let is_refused = ours.as_ref().map_err(said).is_err_and(|said| names_line(&said) && said.contains(reason));
        if kubectl.is_none() || !is_refused {
            wrong.push(format!("{text:?}: kubectl {kubectl:?}, to be refused: {}", words(&ours)));
        }
    }
    for ((text, spec), (kubectl, ours)) in TAKEN.iter().zip(&mut read) {
        let spec: Value = serde_json::from_str(spec)?;
        if kubectl.is_some() || ours.as_ref().ok() != Some(&spec) {
            wrong.push(format!("{text:?}: kubectl {kubectl:?}, to be taken: {}", words(&ours)));
        }
    }
    println!("{} alike, {} refused only here, {} taken only here", alike.len(), REFUSED.len(), TAKEN.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
