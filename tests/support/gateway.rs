//! The real gateway as a process of its own: started, asked over HTTP, killed, started again.

use crate::{PATIENCE, asking, cluster::kubeconfig, database::Database, until, write_side::CLUSTER};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::{
    fs::File,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

pub const USERNAME: &str = "admin";
pub const PASSWORD: &str = "correct horse battery staple";

/// How a gateway is started.
#[derive(Clone)]
pub struct Start {
    port: u16,
    database_url: String,
    settings: Vec<(String, String)>,
    open_files: Option<u32>,
    log: PathBuf,
}

/// A gateway under way. Killed with this value.
pub struct Gateway {
    process: Child,
    pub start: Start,
    pub url: String,
    http: reqwest::Client,
    token: tokio::sync::Mutex<Option<String>>,
}

/// The folder of the binaries under test.
pub fn binaries() -> Result<PathBuf> {
    Ok(PathBuf::from(
        std::env::var_os("BINNACLE_BIN").context("BINNACLE_BIN is not set: run the tests by `make test`")?,
    ))
}

/// A port that nobody uses, below those that the kernel gives to connections: it is free again whenever the gateway restarts.
fn free_port() -> Result<u16> {
    static RANGE: OnceLock<Option<(u16, File)>> = OnceLock::new();
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let (first, _) = RANGE.get_or_init(own_range).as_ref().context("every range of ports is taken")?;
    let candidates = (0..PORTS).map(|_| first + NEXT.fetch_add(1, Ordering::Relaxed) % PORTS);
    let mut free = candidates.filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.next().context("a free port")
}

/// Ports of one test program.
const PORTS: u16 = 200;

/// The first of the ports that no other test program takes while this one runs, with the lock that says so. A program that
/// ended has no locks.
fn own_range() -> Option<(u16, File)> {
    const FIRST: u16 = 20_000;
    const RANGES: u16 = 50;
    let lock = |range: u16| {
        let path = std::env::temp_dir().join(format!("binnacle-test-ports-{range}.lock"));
        let file = File::options().write(true).create(true).truncate(false).open(path).ok()?;
        file.try_lock().ok().map(|()| (FIRST + range * PORTS, file))
    };
    (0..RANGES).find_map(lock)
}

impl Start {
    /// A gateway on `database`, on a free port of its own.
    pub fn on(database: &Database) -> Result<Self> {
        let port = free_port()?;
        let log = std::env::temp_dir().join(format!("{}.log", database.name));
        let sealing_key = database.sealing_key.display().to_string();
        let password = ("BINNACLE_ADMIN_PASSWORD".to_owned(), PASSWORD.to_owned());
        let settings = vec![("BINNACLE_SEALING_KEY_FILE".to_owned(), sealing_key), password];
        Ok(Self { port, database_url: database.application_url(), settings, open_files: None, log })
    }

    /// A gateway that reaches Postgres by way of another port.
    pub fn by(mut self, database: &Database, port: u16) -> Self {
        self.database_url = database.application_url_by(port);
        self
    }

    /// The same with one more setting.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same without a setting of those that every gateway has.
    pub fn without(mut self, name: &str) -> Self {
        self.settings.retain(|(set, _)| set != name);
        self
    }

    /// The same with a limit of open files that it cannot raise.
    pub fn with_open_files(mut self, limit: u32) -> Self {
        self.open_files = Some(limit);
        self
    }

    /// Where it writes its log, over all its starts.
    pub fn log(&self) -> &std::path::Path {
        &self.log
    }

    /// Starts it and waits until it is ready.
    pub async fn run(self) -> Result<Gateway> {
        let mut gateway = self.spawn()?;
        gateway.until_ready().await?;
        Ok(gateway)
    }

    fn command(&self) -> Result<Command> {
        let program = binaries()?.join("binnacle");
        let Some(limit) = self.open_files else { return Ok(Command::new(program)) };
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -n {limit}; exec \"$0\" \"$@\"")]).arg(program);
        Ok(command)
    }

    /// Starts it and does not wait.
    pub fn spawn(self) -> Result<Gateway> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        let url = format!("http://127.0.0.1:{}", self.port);
        let process = self
            .command()?
            .arg("serve")
            .env("BINNACLE_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("BINNACLE_DATABASE_URL", &self.database_url)
            .env("KUBECONFIG", kubeconfig()?)
            .env("BINNACLE_CLUSTER_NAME", CLUSTER)
            .envs(self.settings.iter().cloned())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("binnacle cannot be started: run `cargo build --workspace`")?;
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        Ok(Gateway { process, start: self, url, http, token: tokio::sync::Mutex::new(None) })
    }
}

impl Gateway {
    /// Waits until it is ready; fails at once when it has ended.
    pub async fn until_ready(&mut self) -> Result<()> {
        let end = tokio::time::Instant::now() + PATIENCE;
        let mut last = String::from("it does not answer");
        loop {
            if let Ok(answer) = self.http.get(format!("{}/readyz", self.url)).send().await {
                if answer.status().is_success() {
                    return Ok(());
                }
                last = answer.text().await?;
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("the gateway ended with {status}; its log is {}", self.start.log.display());
            }
            if tokio::time::Instant::now() > end {
                bail!("the gateway is not ready: {last}; its log is {}", self.start.log.display());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn has_ended(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(Some(_)))
    }

    /// `kill -9`, and waits for its end.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// SIGTERM; answers the exit code.
    pub async fn terminate(&mut self) -> Result<Option<i32>> {
        self.signal("TERM")?;
        until("the gateway has stopped", || {
            let ended = self.process.try_wait().ok().flatten();
            async move { ended }
        })
        .await;
        Ok(self.process.wait()?.code())
    }

    /// Sends a signal by its name, such as STOP and CONT.
    pub fn signal(&self, name: &str) -> Result<()> {
        let status = Command::new("kill").args([&format!("-{name}"), &self.process.id().to_string()]).status()?;
        if !status.success() {
            bail!("no signal {name} to {}", self.process.id());
        }
        Ok(())
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The log it wrote so far, over all its starts.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.start.log).unwrap_or_default()
    }

    /// The access token of the administrator, signing in if needed.
    pub async fn token(&self) -> Result<String> {
        let mut token = self.token.lock().await;
        if token.is_none() {
            *token = Some(self.sign_in().await?);
        }
        Ok(token.clone().unwrap_or_default())
    }

    /// The access token of a new session of the administrator.
    pub async fn sign_in(&self) -> Result<String> {
        let query =
            "mutation($input: LoginInput!) { login(input: $input) { __typename ... on Session { accessToken } } }";
        let variables = json!({"input": {"username": USERNAME, "password": PASSWORD}});
        let answer = self.post_again(None, query, variables).await?;
        let found = answer.pointer("/data/login/accessToken").and_then(Value::as_str);
        Ok(found.with_context(|| format!("no sign-in: {answer}"))?.to_owned())
    }

    /// Asks as the administrator; the whole answer.
    pub async fn ask(&self, query: &str, variables: Value) -> Result<Value> {
        let token = self.token().await?;
        self.post(Some(&token), query, variables).await
    }

    /// Asks as the administrator until there is an answer; the data. An error in the answer is an error here.
    pub async fn data(&self, query: &str, variables: Value) -> Result<Value> {
        asking::data(self.ask_again(query, variables).await?)
    }

    /// Posts a document with or without a token.
    pub async fn post(&self, token: Option<&str>, query: &str, variables: Value) -> Result<Value> {
        let mut request =
            self.http.post(format!("{}/graphql", self.url)).json(&json!({"query": query, "variables": variables}));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        serde_json::from_str(&body).with_context(|| format!("{status}: {body}"))
    }

    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.kill();
    }
}
