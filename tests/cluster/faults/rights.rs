//! Credentials with few rights: those of the published role are enough for everything, and of a kind that may not be read the
//! cluster says which right is missing.

use super::{
    console::Console,
    logs,
    place::{Place, until},
};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf};
use tests::socket::Subscription;

pub const INPUT: &str = "37-viewer-without-cronjobs.yaml";

/// The kinds that the input does not allow, with the API group and the name of each in the rule that is missing.
const MISSING: [(&str, &str, &str); 3] = [
    ("CronJob", "batch", "cronjobs"),
    ("Event", "", "events"),
    ("HorizontalPodAutoscaler", "autoscaling", "horizontalpodautoscalers"),
];

/// The published role.
const ROLE: &str = include_str!("../../../gateway/deploy/cluster-role.yaml");
/// What nodes, pods and workloads use, by metrics.k8s.io.
const USED: [(&str, &str); 3] = [
    ("capacity", "subscription { capacitySampled { message usageMessage nodes { count } usage { nodes } } }"),
    ("pods", "subscription { podMetricsSampled { message } }"),
    ("workloads", "subscription { workloadMetricsSampled { message } }"),
];

/// A kubeconfig of an account.
async fn kubeconfig(place: &Place, account: &str) -> Result<PathBuf> {
    let words = ["-n", &place.namespace, "create", "token", account, "--duration=1h"];
    let token = place.kubectl(&words, "").await?;
    let config = place.kubectl(&["config", "view", "--minify", "--flatten", "-o", "json"], "").await?;
    let mut config: Value = serde_json::from_str(&config)?;
    config["users"][0]["user"] = json!({"token": token.trim()});
    let path = std::env::temp_dir().join(format!("{}.kubeconfig", place.namespace));
    std::fs::write(&path, config.to_string())?;
    Ok(path)
}

/// The state of the cluster, and the words about each kind that it does not let be read. Other tests make kinds of their own
/// meanwhile, which no role here names: they are left out, and with them alone the cluster counts as ready.
async fn cluster(console: &Console) -> Result<(Value, BTreeMap<String, String>)> {
    let query = "{ clusters { nodes { state unreadable { kind message } } } }";
    let found = console.gateway.data(query, json!({})).await?;
    let cluster = found.pointer("/clusters/nodes/0").context("the cluster")?;
    let unreadable = cluster["unreadable"].as_array().context("a list")?;
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let all = unreadable.iter().map(|one| (text(one, "kind"), text(one, "message")));
    let ours: BTreeMap<String, String> = all.filter(|(kind, _)| !kind.ends_with(".test")).collect();
    let is_of_others = ours.is_empty() && !unreadable.is_empty() && cluster["state"] == "DEGRADED";
    Ok((if is_of_others { json!("READY") } else { cluster["state"].clone() }, ours))
}

async fn hold(console: &Console) -> Result<()> {
    let found = until("the cluster is degraded, with every kind that is missing", || async {
        let (state, unreadable) = cluster(console).await?;
        let kinds = unreadable.keys().map(String::as_str);
        ensure!(state == "DEGRADED" && kinds.eq(MISSING.map(|(kind, ..)| kind)), "{state} {unreadable:?}");
        Ok(Some(unreadable))
    })
    .await?;
    for (kind, group, plural) in MISSING {
        let rule = format!("cannot list resource \"{plural}\" in API group \"{group}\" at the cluster scope");
        ensure!(found[kind].contains(&rule), "{kind}: {}", found[kind]);
    }

    // The rest works as ever.
    let id = |kind: &str, name: &str| format!("{kind}~dev~{}~{name}", console.place.namespace);
    let (deployment, cron_job) = (id("Deployment", "helmish"), id("CronJob", "everyminute"));
    until("the Deployment runs", || async {
        let row = console.workload(&deployment, None).await?;
        ensure!(row["state"] == "RUNNING", "{row}");
        Ok(Some(()))
    })
    .await?;
    console.succeeds("scaleWorkload", json!({"id": deployment, "replicas": 2})).await?;
    ensure!(console.workload(&cron_job, None).await?.is_null(), "it may not be read, and is shown");

    let rules = MISSING.map(|(_, group, plural)| {
        let rule = json!({"apiGroups": [group], "resources": [plural], "verbs": ["get", "list", "watch"]});
        json!({"op": "add", "path": "/rules/-", "value": rule})
    });
    let (role, patch) = (format!("{}-half-blind", console.place.namespace), json!(rules).to_string());
    console.place.kubectl(&["patch", "clusterrole", &role, "--type=json", "-p", &patch], "").await?;
    until("with the rules that were named, nothing is missing", || async {
        let (state, unreadable) = cluster(console).await?;
        ensure!(state == "READY" && unreadable.is_empty(), "{state} {unreadable:?}");
        ensure!(!console.workload(&cron_job, None).await?.is_null(), "the CronJob is not shown");
        Ok(Some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kind_that_may_not_be_read_is_named_with_its_missing_rule() -> Result<()> {
    let place = Place::furnish("rights").await?;
    for file in [INPUT, "03-empty-documents.yaml", "36-cronjob.yaml"] {
        place.apply(file).await?;
    }
    let kubeconfig = kubeconfig(&place, &format!("{}-half-blind", place.namespace)).await?;
    let path = kubeconfig.display().to_string();
    let console = Console::open(place, |start| start.with("KUBECONFIG", &path)).await?;
    let held = hold(&console).await;
    let role = format!("{}-half-blind", console.place.namespace);
    console.place.kubectl(&["delete", "clusterrole,clusterrolebinding", &role], "").await?;
    console.close().await?;
    std::fs::remove_file(kubeconfig)?;
    held
}

/// Every command once, a log, an object that is recorded, and what is used.
async fn everything(console: &Console) -> Result<()> {
    until("nothing is missing", || async {
        let (state, unreadable) = cluster(console).await?;
        Ok((state == "READY" && unreadable.is_empty()).then_some(()))
    })
    .await?;
    let namespace = &console.place.namespace;
    let manifest = console.place.input("03-empty-documents.yaml")?;
    let id = json!(format!("Deployment~dev~{namespace}~helmish"));
    for (command, input) in [
        ("createWorkload", json!({"cluster": "dev", "manifest": manifest})),
        ("scaleWorkload", json!({"id": id, "replicas": 2})),
        ("restartWorkload", json!({"id": id})),
        ("stopWorkload", json!({"id": id})),
        ("startWorkload", json!({"id": id})),
    ] {
        console.succeeds(command, input).await?;
    }
    logs::read(console, logs::INPUTS[0], 1).await?;
    let account = json!({"id": format!("ServiceAccount~dev~{namespace}~binnacle")});
    until("the account of the test is recorded", || async {
        let found = console.gateway.data("query($id: ID!) { object(id: $id) { manifest } }", account.clone()).await?;
        Ok(found.pointer("/object/manifest").is_some().then_some(()))
    })
    .await?;
    console.succeeds("deleteWorkload", json!({"id": id})).await?;
    let token = console.gateway.token().await?;
    for (what, query) in USED {
        let mut samples = Subscription::open(&console.gateway.url, &token, query, json!({})).await?;
        let sample = samples.next().await?.with_context(|| format!("a sample of {what}"))?.to_string();
        ensure!(!sample.contains("forbidden"), "{what}: {sample}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_published_role_is_enough() -> Result<()> {
    let place = Place::furnish("role").await?;
    let (namespace, role) = (place.namespace.clone(), format!("{}-binnacle", place.namespace));
    place.kubectl(&["apply", "-f", "-"], &ROLE.replace("name: binnacle", &format!("name: {role}"))).await?;
    place.kubectl(&["-n", &namespace, "create", "serviceaccount", "binnacle"], "").await?;
    let (of, to) = (format!("--clusterrole={role}"), format!("--serviceaccount={namespace}:binnacle"));
    place.kubectl(&["create", "clusterrolebinding", &role, &of, &to], "").await?;
    // Its rules are gathered by a controller. No role for viewers lets Secrets be read.
    until("the role has its rules", || async {
        let rules = place.kubectl(&["get", "clusterrole", &role, "-o", "jsonpath={.rules}"], "").await?;
        Ok(rules.contains("\"secrets\"").then_some(()))
    })
    .await?;
    let kubeconfig = kubeconfig(&place, "binnacle").await?;
    let path = kubeconfig.display().to_string();
    let console = Console::open(place, |start| start.with("KUBECONFIG", &path)).await?;
    let held = everything(&console).await;
    console.place.kubectl(&["delete", "clusterrole,clusterrolebinding", &role], "").await?;
    console.place.kubectl(&["delete", "clusterrole", &format!("{role}-rules")], "").await?;
    console.close().await?;
    std::fs::remove_file(kubeconfig)?;
    held
}
