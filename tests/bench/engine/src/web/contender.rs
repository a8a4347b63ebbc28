//! Who is measured, how each is started, and in which words each is asked the same things.

use super::{
    client::{Client, sign_in},
    process::Process,
    scene,
};
use crate::peers::{Fresh, libpq};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use std::{
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tokio::time::{Instant, sleep};

const PATIENCE: Duration = Duration::from_secs(30);
pub const PASSWORD: &str = "correct horse battery staple";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    Binnacle,
    Yoga,
    Mercurius,
    PostGraphile,
    Juniper,
    /// No GraphQL: the same rows by the same question, as JSON.
    AxumJson,
}

impl Contender {
    pub const NODE: [Self; 3] = [Self::Yoga, Self::Mercurius, Self::PostGraphile];
    /// Those with sockets.
    pub const LIVE: [Self; 4] = [Self::Binnacle, Self::Yoga, Self::Mercurius, Self::PostGraphile];

    pub fn name(self) -> String {
        match self {
            Self::Binnacle => "Binnacle".to_owned(),
            Self::Yoga => versioned("graphql-yoga"),
            Self::Mercurius => versioned("mercurius"),
            Self::PostGraphile => versioned("postgraphile"),
            Self::Juniper => "juniper 0.18.0".to_owned(),
            Self::AxumJson => "plain axum JSON".to_owned(),
        }
    }

    /// Started on its database, ready to answer.
    pub async fn start(self, fresh: &Fresh) -> Result<Running> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = match self {
            Self::Binnacle => gateway(fresh, port)?,
            Self::Yoga => node("yoga.js"),
            Self::Mercurius => node("mercurius.js"),
            Self::PostGraphile => node("postgraphile.js"),
            Self::Juniper => sibling("juniper")?,
            Self::AxumJson => sibling("axum-json")?,
        };
        if self != Self::Binnacle {
            command.env("PORT", port.to_string()).env("PGOPTIONS", "-c TimeZone=UTC");
            command.envs(libpq(&fresh.options, &fresh.name));
        }
        let log = std::env::temp_dir().join(format!("{}-{port}.log", fresh.name));
        let files = vec![log.clone(), kubeconfig(fresh, port), sealing_key(fresh, port)];
        let process = Process::start(&mut command, &log)?;
        let mut running =
            Running { contender: self, process, address: format!("127.0.0.1:{port}"), token: None, files };
        running.until_ready().await?;
        Ok(running)
    }

    /// A question by HTTP: a page of pods.
    pub fn page(self, first: usize) -> Option<Value> {
        let own = "namespace name phase ready restarts reason node createdAt";
        match self {
            Self::AxumJson => None,
            // It gives a column of JSON as it is, so its document names no fields of containers.
            Self::PostGraphile => Some(json!({"query": format!(
                "{{ pods: allPods(first: {first}, orderBy: [NAME_ASC, ROW_ID_ASC]) \
                 {{ nodes {{ id: rowId {own} containers }} pageInfo {{ hasNextPage }} }} }}"
            )})),
            _ => Some(json!({"query": format!(
                "{{ pods(first: {first}) {{ nodes {{ id {own} containers {{ name image ready restarts state reason }} }} \
                 pageInfo {{ hasNextPage }} }} }}"
            )})),
        }
    }

    /// A command by HTTP: a workload is to have so many replicas.
    pub fn scale(self, workload: usize, replicas: usize) -> Value {
        let input = json!({"id": scene::workload(workload), "replicas": replicas});
        match self {
            Self::Binnacle => json!({
                "query": "mutation($i: ScaleWorkloadInput!) { scaleWorkload(input: $i) \
                          { __typename ... on OperationAccepted { position } ... on OperationRefused { message } } }",
                "variables": {"i": input},
            }),
            Self::PostGraphile => json!({
                "query": "mutation($i: UpdateWorkloadByRowIdInput!) \
                          { updateWorkloadByRowId(input: $i) { workload { version } } }",
                "variables": {"i": {"rowId": input["id"], "workloadPatch": {"desiredReplicas": replicas}}},
            }),
            _ => json!({
                "query": "mutation($i: ScaleWorkloadInput!) { scaleWorkload(input: $i) { version } }",
                "variables": {"i": input},
            }),
        }
    }

    /// A subscription: the changes of workloads in a namespace, after a position where the server knows such.
    pub fn follow(self, namespace: &str, after: Option<&str>) -> Value {
        let fields = "kind workload { id namespace name version desiredReplicas }";
        let filter = json!({"namespaces": [namespace]});
        match self {
            Self::Binnacle => json!({
                "query": format!("subscription($f: WorkloadFilter, $a: Position) \
                                  {{ workloadChanged(filter: $f, after: $a) {{ position {fields} }} }}"),
                "variables": {"f": filter, "a": after},
            }),
            _ => {
                let of = if self == Self::PostGraphile { "ChangedFilter" } else { "WorkloadFilter" };
                json!({
                    "query": format!("subscription($f: {of}!) {{ workloadChanged(filter: $f) {{ {fields} }} }}"),
                    "variables": {"f": filter},
                })
            }
        }
    }

    /// The expression of the channel that its process listens on; None where nobody does.
    pub const fn channel(self) -> Option<&'static str> {
        match self {
            Self::Yoga | Self::Mercurius => Some("'workload_changed'"),
            Self::PostGraphile => Some("'workload_changed:' || NEW.namespace"),
            Self::Binnacle | Self::Juniper | Self::AxumJson => None,
        }
    }
}

/// A server under way.
pub struct Running {
    pub contender: Contender,
    pub process: Process,
    address: String,
    /// Of the administrator, where one must sign in.
    pub token: Option<String>,
    /// Gone with it; the first is what it said.
    files: Vec<PathBuf>,
}

impl Running {
    /// Where documents are posted.
    pub fn url(&self) -> String {
        match self.contender {
            Contender::AxumJson => format!("http://{}/pods?first=200", self.address),
            _ => format!("http://{}/graphql", self.address),
        }
    }

    pub fn socket_url(&self) -> String {
        let path = if self.contender == Contender::Binnacle { "/graphql/ws" } else { "/graphql" };
        format!("ws://{}{path}", self.address)
    }

    async fn until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        loop {
            match self.answers().await {
                Ok(()) => return Ok(()),
                Err(error) if self.process.has_ended() || begun.elapsed() > PATIENCE => {
                    let said = std::fs::read_to_string(&self.files[0]).unwrap_or_default();
                    bail!("{} does not answer: {error:#}; it said: {said}", self.contender.name());
                }
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    }

    async fn answers(&mut self) -> Result<()> {
        if self.contender == Contender::Binnacle && self.token.is_none() {
            let found = reqwest::get(format!("http://{}/readyz", self.address)).await?;
            found.error_for_status()?;
            self.token = Some(sign_in(&self.url(), PASSWORD).await?);
        }
        Client::new(self)?.page().await.map(drop)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for file in &self.files {
            let _ = std::fs::remove_file(file);
        }
    }
}

/// As it is delivered, on its own part of the work: nothing is watched and nothing is done in a cluster.
fn gateway(fresh: &Fresh, port: u16) -> Result<Command> {
    let binaries = std::env::var_os("BINNACLE_BIN").context("BINNACLE_BIN is not set")?;
    let url = std::env::var("BINNACLE_DATABASE_URL").context("BINNACLE_DATABASE_URL is not set")?;
    let database = url.parse::<PgConnectOptions>()?.database(&fresh.name);
    let kubeconfig = kubeconfig(fresh, port);
    std::fs::write(&kubeconfig, unreachable_cluster().to_string())?;
    let sealing_key = sealing_key(fresh, port);
    let file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(&sealing_key);
    writeln!(file?, "{}", crate::sealing::key_line())?;
    let mut command = Command::new(Path::new(&binaries).join("binnacle"));
    command.arg("serve").env("BINNACLE_LISTEN", format!("127.0.0.1:{port}"));
    command.env("BINNACLE_ROLES", "api,projector").env("BINNACLE_LOG", "warn");
    command.env("BINNACLE_DATABASE_URL", database.to_url_lossy().as_str());
    command.env("BINNACLE_ADMIN_PASSWORD", PASSWORD).env("BINNACLE_ACCESS_TOKEN_TTL", "1h");
    command.env("BINNACLE_SEALING_KEY_FILE", sealing_key);
    command.env("KUBECONFIG", kubeconfig).env("BINNACLE_CLUSTER_NAME", scene::CLUSTER);
    // All clients are one user at one address here.
    command.env("BINNACLE_CONNECTIONS_PER_ADDRESS", "16384").env("BINNACLE_SOCKETS_PER_USER", "16384");
    Ok(command)
}

fn kubeconfig(fresh: &Fresh, port: u16) -> PathBuf {
    std::env::temp_dir().join(format!("{}-{port}.kubeconfig", fresh.name))
}

fn sealing_key(fresh: &Fresh, port: u16) -> PathBuf {
    std::env::temp_dir().join(format!("{}-{port}.sealing-key", fresh.name))
}

/// Commands name a cluster. Nothing listens at its address here.
fn unreachable_cluster() -> Value {
    let name = scene::CLUSTER;
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": name,
        "clusters": [{"name": name, "cluster": {"server": "http://127.0.0.1:9"}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "users": [{"name": name, "user": {}}],
    })
}

fn node(file: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(format!("{}/servers/{file}", env!("CARGO_MANIFEST_DIR")));
    command.env("NODE_ENV", "production").env("GRAPHILE_ENV", "production");
    command
}

/// Another program of this package.
fn sibling(name: &str) -> Result<Command> {
    Ok(Command::new(std::env::current_exe()?.with_file_name(name)))
}

fn versioned(package: &str) -> String {
    let packages: Value = serde_json::from_str(include_str!("../../servers/package.json")).unwrap_or_default();
    let version = packages["dependencies"][package].as_str().unwrap_or("of unknown version");
    format!("{package} {version}")
}
