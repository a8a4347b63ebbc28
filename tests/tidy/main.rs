//! Rules of the repository that no compiler checks: which crate may see which, how large a file may grow, how a
//! migration is named.

mod modules;

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
};

/// What each crate of ours may use of ours, and which crates of others it must not see. From it follows that replay
/// cannot touch a cluster.
const ARROWS: [(&str, &[&str], &[&str]); 4] = [
    ("domain", &[], &["tokio", "sqlx", "sqlx-core", "kube", "rand", "axum", "async-graphql"]),
    ("commands", &["domain"], &["axum", "async-graphql"]),
    ("projections", &["domain"], &["kube", "kube-client", "k8s-openapi", "axum", "async-graphql"]),
    ("gateway", &["domain", "commands", "projections"], &[]),
];
/// Crates that the gateway may get only by way of `commands`.
const NOT_DIRECTLY_IN_GATEWAY: [&str; 3] = ["kube", "k8s-openapi", "kube-client"];
/// A file in a head: hand-written Rust beyond this many lines, tests apart, must be split.
const MAX_LINES: usize = 500;

pub(crate) fn root() -> PathBuf {
    // Without the detour by `tests`, which some rules take for a test.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn metadata() -> cargo_metadata::Metadata {
    cargo_metadata::MetadataCommand::new().manifest_path(root().join("Cargo.toml")).exec().expect("cargo metadata")
}

/// Every crate that the named one is built from, itself apart. Dependencies of tests do not count.
fn closure(metadata: &cargo_metadata::Metadata, name: &str) -> BTreeSet<String> {
    let names: HashMap<_, _> =
        metadata.packages.iter().map(|package| (&package.id, package.name.to_string())).collect();
    let nodes: HashMap<_, _> =
        metadata.resolve.iter().flat_map(|all| &all.nodes).map(|node| (&node.id, node)).collect();
    let start = metadata.packages.iter().find(|package| package.name.as_str() == name).expect("the crate");
    let mut open = vec![&start.id];
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        for dependency in &nodes[id].deps {
            let is_built =
                dependency.dep_kinds.iter().any(|kind| kind.kind != cargo_metadata::DependencyKind::Development);
            if is_built && found.insert(names[&dependency.pkg].clone()) {
                open.push(&dependency.pkg);
            }
        }
    }
    found
}

#[test]
fn dependencies_point_one_way() {
    let metadata = metadata();
    let ours: BTreeSet<String> = metadata.workspace_packages().iter().map(|package| package.name.to_string()).collect();
    for (name, allowed, banned) in ARROWS {
        let closure = closure(&metadata, name);
        for other in closure.intersection(&ours) {
            assert!(allowed.contains(&other.as_str()), "{name} must not depend on {other}");
        }
        for other in banned {
            assert!(!closure.contains(*other), "{name} must not see {other}");
        }
    }
}

#[test]
fn the_gateway_knows_no_kubernetes_types() {
    let metadata = metadata();
    let gateway = metadata.packages.iter().find(|package| package.name.as_str() == "gateway").expect("the crate");
    for dependency in &gateway.dependencies {
        assert!(!NOT_DIRECTLY_IN_GATEWAY.contains(&dependency.name.as_str()), "gateway depends on {}", dependency.name);
    }
}

#[test]
fn only_the_store_appends() {
    for file in rust_files() {
        let text = fs::read_to_string(&file).expect("a file");
        let path = file.to_string_lossy().replace('\\', "/");
        // Tests of the read side build their logs by hand, below this mark.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if ["FROM append", "SELECT append", "INSERT INTO events"].iter().any(|way| code.contains(way)) {
            assert!(path.contains("commands/src/log/append/columns.rs") || path.contains("/tests/"), "{path} appends");
        }
    }
}

/// `begin` of sqlx must not be dropped, and whoever asks may go away at any moment.
#[test]
fn a_transaction_of_a_pool_begins_in_one_place() {
    for file in rust_files() {
        let path = file.to_string_lossy().replace('\\', "/");
        let is_production = path.contains("/src/") && !path.contains("/tests/");
        if is_production && !path.ends_with("projections/src/engine/transaction.rs") {
            let text = fs::read_to_string(&file).expect("a file");
            assert!(!text.contains("pool.begin") && !text.contains("pool().begin"), "{path}: transaction::begin");
        }
    }
}

#[test]
fn a_file_fits_in_a_head() {
    for file in rust_files() {
        let text = fs::read_to_string(&file).expect("a file");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().count();
        assert!(lines <= MAX_LINES, "{} has {lines} lines: split it", file.display());
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in rust_files() {
        let text = fs::read_to_string(&file).expect("a file");
        let is_test_module = file.file_name().is_some_and(|name| name == "tests.rs");
        assert!(is_test_module || text.starts_with("//!"), "{} has no words at its head", file.display());
    }
}

#[test]
fn migrations_are_named_by_time_and_subject() {
    for entry in fs::read_dir(root().join("migrations")).expect("migrations") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".sql") else { continue };
        let (time, subject) = stem.split_once('_').expect("a time and a subject");
        assert!(time.len() == 14 && time.chars().all(|c| c.is_ascii_digit()), "{name}");
        assert!(subject.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
    }
}

#[test]
fn nothing_is_left_to_do_and_no_test_is_ignored() {
    let marks = [concat!("#[ign", "ore"), concat!("to", "do!("), concat!("unimpl", "emented!("), concat!("FIX", "ME")];
    for file in rust_files() {
        let text = fs::read_to_string(&file).expect("a file");
        for mark in marks {
            assert!(!text.contains(mark), "{} contains {mark}", file.display());
        }
    }
}

fn rust_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open: Vec<PathBuf> =
        ["domain", "commands", "projections", "gateway", "tests"].iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "node_modules" && name != "target" {
                open.push(path);
            } else if name.ends_with(".rs") {
                files.push(path);
            }
        }
    }
    files
}
