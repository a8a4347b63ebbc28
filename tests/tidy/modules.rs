//! Modules inside a crate: no circle of them, and mechanism that knows no aggregate and no kind.
//!
//! A module uses another one if a path in its code leads there. What lies above or below it in the tree is left out: a parent
//! lists its children, and a child may use what its parent holds for all of them.

use crate::root;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};
use syn::{UseTree, visit::Visit};

type Module = Vec<String>;
type Graph = BTreeMap<Module, BTreeSet<Module>>;

const CRATES: [&str; 4] = ["domain", "commands", "projections", "gateway"];

/// The types of a GraphQL schema lead to each other in both directions: a workload has pods, and a pod a workload.
const OF_THE_SCHEMA: [&str; 3] = ["graphql::kubernetes::pod", "graphql::kubernetes::workload", "graphql::operation"];

/// Folders that are mechanism, and the folders of their crate that they must not use. In `domain`, event and codec are the sum
/// of all aggregates and stand in `core`; they are the one exception.
const MECHANISM: [(&str, &[&str], &[&str]); 4] = [
    ("domain", &["core"], &["kubernetes", "operation", "platform"]),
    ("commands", &["log"], &["dispatch", "executor", "kubernetes"]),
    ("projections", &["engine", "live", "query"], &["models"]),
    (
        "gateway",
        &["graphql::engine"],
        &["graphql::audit", "graphql::kubernetes", "graphql::operation", "graphql::platform"],
    ),
];
const SUMS: [&str; 2] = ["core::codec", "core::event"];
/// What mechanism must not use of `domain` either, except what names an object and the events that the engine itself has.
const NOUNS: [&str; 3] = ["kubernetes", "operation", "platform"];
const NAMES: [&[&str]; 3] =
    [&["domain", "kubernetes", "object"], &["domain", "kubernetes", "resource"], &["domain", "platform", "projection"]];

/// The modules of a crate by their path in it, without tests and binaries.
fn modules(source: &Path) -> BTreeMap<Module, syn::File> {
    let mut found = BTreeMap::new();
    let mut open = vec![source.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let relative = entry.strip_prefix(source).expect("inside").with_extension("");
            let module: Module = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            if module.iter().any(|part| part == "tests" || part == "bin") {
                continue;
            }
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|kind| kind == "rs") && module != ["lib"] && module != ["main"] {
                let text = fs::read_to_string(&entry).expect("a file");
                found.insert(
                    module,
                    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", entry.display())),
                );
            }
        }
    }
    found
}

/// Every path in the code of a file, tests apart.
#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl Paths {
    fn of_use(&mut self, before: &[String], tree: &UseTree) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.of_use(&with(&path.ident), &path.tree),
            UseTree::Name(name) => self.0.push(with(&name.ident)),
            UseTree::Rename(rename) => self.0.push(with(&rename.ident)),
            UseTree::Glob(_) => self.0.push(before.to_vec()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.of_use(before, tree)),
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.of_use(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.ident != "tests" {
            syn::visit::visit_item_mod(self, item);
        }
    }
}

fn graph(source: &Path) -> Graph {
    let modules = modules(source);
    let mut graph = Graph::new();
    for (module, file) in &modules {
        let mut paths = Paths::default();
        paths.visit_file(file);
        let used = paths.0.iter().filter_map(|path| resolve(&modules, module, path));
        let is_beside = |other: &Module| !other.starts_with(module) && !module.starts_with(other);
        graph.insert(module.clone(), used.filter(is_beside).collect());
    }
    graph
}

/// The module that a path of `module` leads to. None if it leads out of the crate.
fn resolve(modules: &BTreeMap<Module, syn::File>, module: &Module, path: &[String]) -> Option<Module> {
    let (mut base, mut rest) = match path.first()?.as_str() {
        "crate" => (Module::new(), &path[1..]),
        "self" => (module.clone(), &path[1..]),
        "super" => (module.clone(), path),
        _ => return None,
    };
    while rest.first().is_some_and(|first| first == "super") {
        base.pop();
        rest = &rest[1..];
    }
    base.extend_from_slice(rest);
    while !base.is_empty() && !modules.contains_key(&base) {
        base.pop();
    }
    (!base.is_empty()).then_some(base)
}

/// A circle through `start`, if there is one.
fn circle(graph: &Graph, start: &Module) -> Option<Vec<String>> {
    let mut before: BTreeMap<&Module, &Module> = BTreeMap::new();
    let mut open = vec![start];
    while let Some(module) = open.pop() {
        for next in graph.get(module).into_iter().flatten() {
            if next == start {
                let mut names = vec![start.join("::")];
                let mut at = module;
                while at != start {
                    names.push(at.join("::"));
                    at = before[at];
                }
                return Some(names);
            }
            if !before.contains_key(next) {
                before.insert(next, module);
                open.push(next);
            }
        }
    }
    None
}

#[test]
fn there_is_no_circle_of_modules() {
    for name in CRATES {
        let mut graph = graph(&root().join(name).join("src"));
        if name == "gateway" {
            graph.retain(|module, _| !OF_THE_SCHEMA.contains(&module.join("::").as_str()));
        }
        assert!(graph.len() > 20, "{name} has more modules than that");
        let circles: Vec<_> = graph.keys().filter_map(|module| circle(&graph, module)).collect();
        assert!(circles.is_empty(), "{name}: {circles:#?}");
    }
}

#[test]
fn mechanism_knows_no_aggregate_and_no_kind() {
    for (name, mechanism, others) in MECHANISM {
        let is_in = |module: &str, folders: &[&str]| {
            folders.iter().any(|folder| module == *folder || module.starts_with(&format!("{folder}::")))
        };
        for (module, used) in graph(&root().join(name).join("src")) {
            let module = module.join("::");
            if !is_in(&module, mechanism) || name == "domain" && SUMS.contains(&module.as_str()) {
                continue;
            }
            let wrong: Vec<String> =
                used.iter().map(|other| other.join("::")).filter(|other| is_in(other, others)).collect();
            assert!(wrong.is_empty(), "{name}: {module} is mechanism and uses {wrong:?}");
        }
    }
}

#[test]
fn mechanism_knows_no_noun_of_the_domain() {
    for (name, folders, _) in MECHANISM.iter().filter(|(name, ..)| ["commands", "projections"].contains(name)) {
        for (module, file) in modules(&root().join(name).join("src")) {
            if !folders.iter().any(|folder| module.first().is_some_and(|first| first == folder)) {
                continue;
            }
            let mut paths = Paths::default();
            paths.visit_file(&file);
            let is_noun = |path: &&Vec<String>| {
                path.first().is_some_and(|first| first == "domain")
                    && path.get(1).is_some_and(|second| NOUNS.contains(&second.as_str()))
                    && !NAMES.iter().any(|name| path.iter().map(String::as_str).take(3).eq(name.iter().copied()))
            };
            let wrong: Vec<&Vec<String>> = paths.0.iter().filter(is_noun).collect();
            assert!(wrong.is_empty(), "{name}: {} is mechanism and uses {wrong:?}", module.join("::"));
        }
    }
}
