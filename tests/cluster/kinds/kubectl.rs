//! kubectl, asked for whole kinds: what it lists, and what it prints of it.

use crate::world::script;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use uuid::Uuid;

/// Namespace and name; the namespace is empty for an object outside namespaces.
pub type Key = (String, String);

/// An object as kubectl lists it.
pub struct Listed {
    pub revision: String,
    pub object: Value,
}

pub struct Kubectl(PathBuf);

impl Kubectl {
    pub fn find() -> Result<Self> {
        Ok(Self(Path::new(&script("build.sh", "kubernetes")?).join("kubectl")))
    }

    fn run(&self, arguments: &[&str]) -> Result<String> {
        let done = Command::new(&self.0).args(arguments).output()?;
        ensure!(done.status.success(), "kubectl {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        Ok(String::from_utf8(done.stdout)?)
    }

    /// The kinds that can be listed and read: `pods`, `leases.coordination.k8s.io`.
    pub fn kinds(&self) -> Result<Vec<String>> {
        let names = self.run(&["api-resources", "--verbs=list,get", "-o", "name"])?;
        Ok(names.lines().map(str::to_owned).collect())
    }

    pub fn create(&self, objects: &[Value]) -> Result<()> {
        let path = std::env::temp_dir().join(format!("objects-{}.json", Uuid::new_v4()));
        fs::write(&path, json!({"apiVersion": "v1", "kind": "List", "items": objects}).to_string())?;
        let created = self.run(&["create", "-f", &path.to_string_lossy()]);
        fs::remove_file(path)?;
        created.map(drop)
    }

    pub fn until_established(&self, definitions: &[String]) -> Result<()> {
        let names = definitions.iter().map(|name| format!("customresourcedefinition/{name}"));
        let names: Vec<String> = names.collect();
        let arguments = ["wait", "--for=condition=Established", "--timeout=60s"].into_iter();
        self.run(&arguments.chain(names.iter().map(String::as_str)).collect::<Vec<_>>()).map(drop)
    }

    pub fn delete_kinds(&self, definitions: &[String]) -> Result<()> {
        let arguments = ["delete", "customresourcedefinition", "--wait=false"].into_iter();
        self.run(&arguments.chain(definitions.iter().map(String::as_str)).collect::<Vec<_>>()).map(drop)
    }

    /// The objects of a kind, of all namespaces.
    pub fn list(&self, resource: &str) -> Result<BTreeMap<Key, Listed>> {
        let mut list: Value = serde_json::from_str(&self.run(&["get", resource, "-A", "-o", "json"])?)?;
        let items = list["items"].as_array_mut().context("items")?.iter_mut().map(Value::take);
        let listed = items.map(|object| {
            let text = |name: &str| object["metadata"][name].as_str().unwrap_or_default().to_owned();
            let (key, revision) = ((text("namespace"), text("name")), text("resourceVersion"));
            (key, Listed { revision, object })
        });
        Ok(listed.collect())
    }

    /// What it prints of each object, by the name of the column.
    pub fn printed(&self, resource: &str) -> Result<BTreeMap<Key, BTreeMap<String, String>>> {
        let mut text = self.run(&["get", resource, "-A"])?;
        // The names of events are in the wide table only.
        if text.lines().next().is_some_and(|head| columns(head).iter().all(|(_, name)| name != "NAME")) {
            text = self.run(&["get", resource, "-A", "-o", "wide"])?;
        }
        let mut lines = text.lines();
        let Some(head) = lines.next() else { return Ok(BTreeMap::new()) };
        let columns = columns(head);
        let row = |line: &str| {
            let mut cells = cells(line, &columns);
            let key = (cells.remove("NAMESPACE").unwrap_or_default(), cells.remove("NAME").unwrap_or_default());
            (key, cells)
        };
        Ok(lines.map(row).collect())
    }
}

/// The names of the columns, with the place where each begins. At least three spaces stand between two of them, and one inside
/// a name.
fn columns(head: &str) -> Vec<(usize, String)> {
    let characters: Vec<char> = head.chars().collect();
    let is_begin = |place: usize| {
        let before = &characters[place.saturating_sub(2)..place];
        characters[place] != ' ' && before.iter().all(|character| *character == ' ')
    };
    let begins: Vec<usize> = (0..characters.len()).filter(|place| is_begin(*place)).collect();
    let ends = begins.iter().skip(1).copied().chain([characters.len()]);
    let name = |(begin, end): (&usize, usize)| {
        let name: String = characters[*begin..end].iter().collect();
        (*begin, name.trim().to_owned())
    };
    begins.iter().zip(ends).map(name).collect()
}

fn cells(line: &str, columns: &[(usize, String)]) -> BTreeMap<String, String> {
    let characters: Vec<char> = line.chars().collect();
    let end = characters.len();
    let ends = columns.iter().skip(1).map(|(begin, _)| (*begin).min(end)).chain([end]);
    let cell = |((begin, name), end): (&(usize, String), usize)| {
        let text: String = characters[(*begin).min(end)..end].iter().collect();
        (name.clone(), text.trim().to_owned())
    };
    columns.iter().zip(ends).map(cell).collect()
}
