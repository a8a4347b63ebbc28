//! What every row needs: 3,000 pods on fake nodes, a gateway of our own that knows them, the API server as control.

use anyhow::{Context, Result, ensure};
use http::Request;
use kube::client::Body;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::{
    cluster::Namespace,
    database::Database,
    gateway::{Gateway, Start},
};

pub const DEPLOYMENTS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(240);

pub struct Scene {
    pub database: Database,
    pub owner: sqlx::PgPool,
    pub gateway: Gateway,
    /// Holds the fake pods.
    pub crowd: Namespace,
    /// For everything else.
    pub place: Namespace,
    /// The id our gateway knows the cluster by.
    pub cluster: String,
    pub pods: usize,
    pub repetitions: usize,
    /// A try-out: shorter times, fewer samples.
    pub quick: bool,
    pub seed: u64,
    /// From the start of the process until every pod was in the read model.
    pub first_look_millis: f64,
}

/// What a scene is made with.
pub struct Wanted {
    pub pods: usize,
    pub repetitions: usize,
    pub quick: bool,
    pub seed: u64,
}

impl Scene {
    pub async fn set_up(wanted: &Wanted) -> Result<Self> {
        let crowd = Namespace::create("bench-crowd").await?;
        let place = Namespace::create("bench").await?;
        gather(&crowd, wanted.pods).await?;
        let database = Database::create().await?;
        let owner = database.owner().await;
        let begun = Instant::now();
        let gateway = start(&database)?.run().await?;
        let (cluster, first_look_millis) = (String::new(), 0.0);
        let Wanted { pods, repetitions, quick, seed } = *wanted;
        let mut scene =
            Self { database, owner, gateway, crowd, place, cluster, pods, repetitions, quick, seed, first_look_millis };
        scene.until_all_seen().await?;
        scene.first_look_millis = crate::load::millis(begun.elapsed());
        let found = scene.gateway.data("{ clusters { nodes { id } } }", json!({})).await?;
        scene.cluster = found.pointer("/clusters/nodes/0/id").and_then(Value::as_str).context("no cluster")?.to_owned();
        Ok(scene)
    }

    /// Waits until the read model holds every pod and the log is still for a second.
    pub async fn until_all_seen(&self) -> Result<()> {
        let query =
            "query($f: PodFilter) { pods(filter: $f, first: 1) { totalCount } server { position projectedPosition } }";
        let variables = json!({"f": {"namespaces": [self.crowd.name]}});
        let (begun, mut still, mut last) = (Instant::now(), Instant::now(), Value::Null);
        loop {
            let found = self.gateway.ask(query, variables.clone()).await?;
            let count = found.pointer("/data/pods/totalCount").and_then(Value::as_u64).unwrap_or_default();
            let server = found["data"]["server"].clone();
            if server != last || server["position"] != server["projectedPosition"] {
                (last, still) = (server, Instant::now());
            }
            if count as usize == self.pods && still.elapsed() > Duration::from_secs(1) {
                return Ok(());
            }
            ensure!(begun.elapsed() < PATIENCE, "{count} of {} pods in the read model: {found}", self.pods);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until our gateway leads again after a restart: a label changed in the cluster is in the read model.
    pub async fn until_watching(&self) -> Result<()> {
        let begun = Instant::now();
        let name = self.shuffled_pods().await?.pop().context("no pods")?;
        let mark = format!("m{}", begun.elapsed().as_nanos());
        let path = format!("/api/v1/namespaces/{}/pods/{name}", self.crowd.name);
        patch(&self.crowd.client, &path, &json!({"metadata": {"labels": {"mark": mark}}})).await?;
        let variables = json!({"f": {"namespaces": [self.crowd.name], "labelSelector": format!("mark={mark}")}});
        let query = "query($f: PodFilter) { pods(filter: $f, first: 1) { totalCount } }";
        while self.gateway.data(query, variables.clone()).await?.pointer("/pods/totalCount") != Some(&json!(1)) {
            ensure!(begun.elapsed() < PATIENCE, "the gateway does not watch again");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// The names of the fake pods, in an order that only the seed decides.
    pub async fn shuffled_pods(&self) -> Result<Vec<String>> {
        let list = get(&self.crowd.client, &format!("/api/v1/namespaces/{}/pods", self.crowd.name)).await?;
        let items = list["items"].as_array().cloned().unwrap_or_default();
        let mut names: Vec<String> =
            items.iter().filter_map(|pod| pod.pointer("/metadata/name")?.as_str().map(str::to_owned)).collect();
        let mut state = self.seed;
        for index in (1..names.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            names.swap(index, (state >> 33) as usize % (index + 1));
        }
        Ok(names)
    }

    pub async fn tear_down(self) {
        drop(self.gateway);
        self.owner.close().await;
        self.crowd.drop().await;
        self.place.drop().await;
        self.database.drop().await;
    }
}

/// A gateway as it is delivered, but for sessions that outlast a whole run.
pub fn start(database: &Database) -> Result<Start> {
    Ok(Start::on(database)?.with("BINNACLE_ACCESS_TOKEN_TTL", "1h"))
}

/// Asks the API server plainly.
pub async fn get(client: &kube::Client, path: &str) -> Result<Value> {
    Ok(serde_json::from_str(&client.request_text(Request::get(path).body(Vec::new())?).await?)?)
}

/// Changes an object at the API server by a merge patch; answers the bytes of the answer.
pub async fn patch(client: &kube::Client, path: &str, change: &Value) -> Result<usize> {
    let request = Request::patch(path).header("Content-Type", "application/merge-patch+json");
    let answer = client.send(request.body(Body::from(change.to_string().into_bytes()))?).await?;
    let status = answer.status();
    let body = answer.into_body().collect_bytes().await?;
    ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
    Ok(body.len())
}

/// The fake pods: three Deployments that only fake nodes take.
async fn gather(crowd: &Namespace, pods: usize) -> Result<()> {
    let each = pods / DEPLOYMENTS;
    for number in 0..DEPLOYMENTS {
        let name = format!("crowd-{number}");
        let spec = json!({
            "nodeSelector": {"type": "kwok"},
            "tolerations": [{"key": "kwok.x-k8s.io/node", "operator": "Exists"}],
            "terminationGracePeriodSeconds": 0,
            "containers": [{"name": "main", "image": "docker.io/library/web:1"}],
        });
        create_deployment(crowd, &name, each, &spec).await?;
    }
    let begun = Instant::now();
    loop {
        let mut ready = 0;
        for number in 0..DEPLOYMENTS {
            let found = crowd.live(&format!("crowd-{number}"), "/status/readyReplicas").await;
            ready += found.and_then(|found| found.as_u64()).unwrap_or_default();
        }
        if ready as usize == each * DEPLOYMENTS {
            println!("{ready} pods are ready after {:.0} s", begun.elapsed().as_secs_f64());
            return Ok(());
        }
        ensure!(begun.elapsed() < PATIENCE, "{ready} of {pods} fake pods are ready: does kwok run, with its nodes?");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

pub async fn create_deployment(namespace: &Namespace, name: &str, replicas: usize, pod: &Value) -> Result<()> {
    let object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace.name},
        "spec": {
            "replicas": replicas, "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": pod},
        },
    });
    let object = serde_json::from_value(object)?;
    namespace.deployments().create(&kube::api::PostParams::default(), &object).await?;
    Ok(())
}
