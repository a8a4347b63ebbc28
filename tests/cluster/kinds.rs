//! Every kind of the cluster beside kubectl: what can be listed and read there is listed, counted and shown here.

mod kubectl;

use anyhow::{Context, Result, bail, ensure};
use domain::kubernetes::secret;
use kubectl::{Key, Kubectl, Listed};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Gateway, Start},
    until,
};
use tokio::time::{Instant, sleep};

const KINDS: &str = "{ kinds(cluster: \"dev\", first: 500) { nodes { id group version plural namespaced recorded } } }";
const LIST: &str = "query($k: [ID!], $a: String) { objects(filter: {cluster: \"dev\", kinds: $k}, first: 500, after: $a) { \
    totalCount pageInfo { hasNextPage endCursor } nodes { id namespace name columns } } }";
const DETAIL: &str = "query($id: ID!) { object(id: $id) { uid labels createdAt manifest(format: JSON) kind { id } } }";

/// How long a kind may take to be the same.
const SETTLES: Duration = Duration::from_secs(20);

/// Three kinds of the test's own: in namespaces, outside, and in two versions with different columns.
fn definitions(group: &str) -> Vec<Value> {
    let version = |name: &str, is_stored: bool, columns: Value| {
        json!({"name": name, "served": true, "storage": is_stored, "additionalPrinterColumns": columns,
            "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}})
    };
    let column = |name: &str, kind: &str, path: &str| json!({"name": name, "type": kind, "jsonPath": path});
    let definition = |kind: &str, scope: &str, versions: Vec<Value>| {
        let plural = format!("{}s", kind.to_lowercase());
        json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": format!("{plural}.{group}")},
            "spec": {"group": group, "scope": scope, "names": {"kind": kind, "plural": plural}, "versions": versions}})
    };
    let size = || column("Size", "integer", ".spec.size");
    let age = column("Age", "date", ".metadata.creationTimestamp");
    vec![
        definition("Widget", "Namespaced", vec![version("v1", true, json!([size(), age]))]),
        definition(
            "Planet",
            "Cluster",
            vec![version("v1", true, json!([column("Ringed", "boolean", ".spec.ringed")]))],
        ),
        definition(
            "Gadget",
            "Namespaced",
            vec![
                version("v1", true, json!([size(), column("Color", "string", ".spec.color")])),
                version("v1beta1", false, json!([size()])),
            ],
        ),
    ]
}

fn objects(group: &str, namespace: &str) -> Vec<Value> {
    let object = |kind: &str, name: &str, namespace: Option<&str>, spec: Value| {
        let metadata = json!({"name": name, "namespace": namespace, "labels": {"made-by": "tests"}});
        json!({"apiVersion": format!("{group}/v1"), "kind": kind, "metadata": metadata, "spec": spec})
    };
    let inside = Some(namespace);
    vec![
        object("Widget", "small", inside, json!({"size": 1})),
        object("Widget", "large", inside, json!({"size": 5000, "parts": ["a", {"b": null}]})),
        object("Planet", "saturn", None, json!({"ringed": true})),
        object("Gadget", "blue.one", inside, json!({"size": 3, "color": "sky blue"})),
    ]
}

/// A kind as the API names it.
struct Kind {
    id: String,
    /// As kubectl is asked for it.
    resource: String,
    is_recorded: bool,
}

impl Kind {
    fn of(node: &Value) -> Result<Self> {
        let text = |field: &str| node[field].as_str().with_context(|| format!("no {field}: {node}"));
        let (plural, version) = (text("plural")?, text("version")?);
        let resource = match text("group")? {
            "" => plural.to_owned(),
            group => format!("{plural}.{version}.{group}"),
        };
        let is_recorded = node["recorded"].as_bool().context("recorded")?;
        Ok(Self { id: text("id")?.to_owned(), resource, is_recorded })
    }
}

async fn kinds(gateway: &Gateway) -> Result<Vec<Value>> {
    let found = gateway.data(KINDS, json!({})).await?;
    Ok(found.pointer("/kinds/nodes").and_then(Value::as_array).context("kinds")?.clone())
}

/// Every row of a kind, and the count that the first page gave.
async fn rows(gateway: &Gateway, kind: &Kind) -> Result<(BTreeMap<Key, Value>, Value)> {
    let (mut rows, mut total, mut after) = (BTreeMap::new(), None, Value::Null);
    loop {
        let page = gateway.data(LIST, json!({"k": [kind.id], "a": after})).await?["objects"].take();
        total.get_or_insert_with(|| page["totalCount"].clone());
        for row in page["nodes"].as_array().context("nodes")? {
            let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
            rows.insert((text("namespace"), text("name")), row.clone());
        }
        if page["pageInfo"]["hasNextPage"] != true {
            return Ok((rows, total.unwrap_or_default()));
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// A ReplicaSet that a Deployment controls is a revision of that Deployment, and no workload of its own.
fn is_part(listed: &Listed) -> bool {
    let owners = listed.object.pointer("/metadata/ownerReferences").and_then(Value::as_array).into_iter().flatten();
    let is_set = listed.object["kind"] == "ReplicaSet";
    is_set && owners.into_iter().any(|owner| owner["controller"] == true && owner["kind"] == "Deployment")
}

/// Compares a kind once. Others change the cluster meanwhile, so that only what kubectl shows before and after counts.
async fn compare(gateway: &Gateway, kubectl: &Kubectl, kind: &Kind) -> Result<()> {
    let before = kubectl.list(&kind.resource)?;
    let (rows, total) = rows(gateway, kind).await?;
    let printed = kubectl.printed(&kind.resource)?;
    let after = kubectl.list(&kind.resource)?;
    for key in before.keys().filter(|key| after.contains_key(*key) && !is_part(&before[*key])) {
        ensure!(rows.contains_key(key), "{key:?} is not listed");
    }
    for key in rows.keys() {
        ensure!(before.contains_key(key) || after.contains_key(key), "{key:?} is not there");
    }
    let is_quiet = before.keys().eq(after.keys());
    match kind.is_recorded {
        true => ensure!(!is_quiet || total == rows.len(), "{total} are counted, and {} listed", rows.len()),
        false => ensure!(total.is_null(), "{total} are counted of what is read live"),
    }
    let is_still = |key: &&Key| {
        before.get(*key).is_some_and(|one| Some(&one.revision) == after.get(*key).map(|one| &one.revision))
    };
    for key in rows.keys().filter(is_still) {
        let cells = printed.get(key).with_context(|| format!("kubectl does not print {key:?}"))?;
        same_cells(&rows[key]["columns"], cells).with_context(|| format!("{key:?}"))?;
    }
    // The oldest: others may delete what they have just made.
    let since = |key: &&Key| before[*key].object.pointer("/metadata/creationTimestamp").map(Value::to_string);
    match rows.keys().filter(is_still).min_by_key(since) {
        Some(key) => same_detail(gateway, kind, &rows[key], &before[key]).await,
        None => Ok(()),
    }
}

/// Each column is one that kubectl prints, with the same text. Of the restarts of a pod, kubectl also says how long ago they
/// were.
fn same_cells(columns: &Value, cells: &BTreeMap<String, String>) -> Result<()> {
    for (name, text) in columns.as_object().context("columns")? {
        // What nobody sees is escaped: there as a terminal writes it.
        let text = text.as_str().context("a text")?.replace("\\u{1b}", "^[");
        let cell = cells.get(&name.to_uppercase());
        let cell = cell.with_context(|| format!("kubectl prints no {name}: {cells:?}"))?;
        // What is masked here, and what does not fit into a line there.
        let is_other = text.contains("<redacted") || text.contains('\n');
        let is_same = cell == text.trim() || cell.starts_with(&format!("{text} ("));
        ensure!(is_same || is_other, "{name} is {text:?}, and {cell:?} for kubectl");
    }
    Ok(())
}

async fn same_detail(gateway: &Gateway, kind: &Kind, row: &Value, listed: &Listed) -> Result<()> {
    let found = gateway.data(DETAIL, json!({"id": row["id"]})).await?["object"].take();
    let metadata = &listed.object["metadata"];
    let labels = if metadata["labels"].is_null() { json!({}) } else { metadata["labels"].clone() };
    ensure!((&found["uid"], &found["labels"]) == (&metadata["uid"], &labels), "{found}: {metadata}");
    ensure!(found["kind"]["id"] == kind.id, "{found}");
    let time = |value: &Value| value.as_str().and_then(|time| time.parse::<chrono::DateTime<chrono::Utc>>().ok());
    // A measurement is made anew for each answer.
    let is_stored = !metadata["uid"].is_null();
    let is_as_old = time(&found["createdAt"]) == time(&metadata["creationTimestamp"]);
    ensure!(is_as_old || !is_stored, "{found}: {metadata}");
    let mut manifest: Value = serde_json::from_str(found["manifest"].as_str().context("a manifest")?)?;
    let mut wanted = listed.object.clone();
    secret::redact(&mut wanted);
    for object in [&mut manifest, &mut wanted] {
        let fields = object.as_object_mut().context("an object")?;
        fields.remove("metadata");
        fields.remove("status");
    }
    ensure!(manifest == wanted, "{}: {manifest} and not {wanted}", row["id"]);
    Ok(())
}

/// Compares a kind until it is the same: the read model is a moment behind.
async fn must_agree(gateway: &Gateway, kubectl: &Kubectl, kind: &Kind) -> Result<()> {
    let end = Instant::now() + SETTLES;
    while let Err(error) = compare(gateway, kubectl, kind).await {
        if Instant::now() > end {
            return Err(error.context(kind.resource.clone()));
        }
        sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

async fn all_agree(gateway: &Gateway, kubectl: &Kubectl, group: &str) -> Result<()> {
    // The kinds of the test are there once the cluster was discovered again.
    let nodes = until("the kinds of the test are served", || async {
        let found = kinds(gateway).await.ok()?;
        (found.iter().filter(|kind| kind["group"] == group).count() == 3).then_some(found)
    })
    .await;
    let known: BTreeSet<String> = kubectl.kinds()?.into_iter().collect();
    let name = |node: &Value| {
        let (plural, group) = (node["plural"].as_str().unwrap_or_default(), node["group"].as_str().unwrap_or_default());
        if group.is_empty() { plural.to_owned() } else { format!("{plural}.{group}") }
    };
    let ours: BTreeSet<String> = nodes.iter().map(name).collect();
    // Other tests make kinds too, and take them away.
    let is_lasting = |name: &&String| !name.ends_with(".test") || name.ends_with(group);
    let missing: Vec<&String> = known.difference(&ours).filter(is_lasting).collect();
    ensure!(missing.is_empty(), "kubectl can list {missing:?}");
    let mut wrong = Vec::new();
    for node in nodes.iter().filter(|node| known.contains(&name(node))) {
        if let Err(error) = must_agree(gateway, kubectl, &Kind::of(node)?).await {
            wrong.push(format!("{error:#}"));
        }
    }
    println!("{} kinds", ours.len());
    if wrong.is_empty() { Ok(()) } else { bail!("{}", wrong.join("\n")) }
}

/// What the gateway itself says of its trouble.
fn warnings(gateway: &Gateway) -> String {
    let log = gateway.log();
    let warnings = log.lines().filter(|line| ["WARN", "ERROR"].iter().any(|level| line.contains(level)));
    warnings.take(50).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_that_can_be_listed_and_read_agrees_with_kubectl() -> Result<()> {
    let (database, namespace, kubectl) =
        (Database::create().await?, Namespace::create("kinds").await?, Kubectl::find()?);
    let group = format!("{}.binnacle.test", namespace.name);
    let gateway = Start::on(&database)?.run().await?;
    let definitions = definitions(&group);
    kubectl.create(&definitions)?;
    let names = definitions.iter().filter_map(|one| one.pointer("/metadata/name")?.as_str().map(str::to_owned));
    let names: Vec<String> = names.collect();
    kubectl.until_established(&names)?;
    kubectl.create(&objects(&group, &namespace.name))?;
    let outcome = all_agree(&gateway, &kubectl, &group).await;
    let outcome = outcome.with_context(|| warnings(&gateway));
    kubectl.delete_kinds(&names)?;
    drop(gateway);
    namespace.drop().await;
    database.drop().await;
    outcome
}
