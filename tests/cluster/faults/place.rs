//! Namespaces of a test's own, where the inputs stand for `cases`, and kubectl as another who changes things there.

use crate::world::{alone, script};
use anyhow::{Context, Result, bail, ensure};
use domain::kubernetes::object::ObjectRef;
use serde_json::Value;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use tokio::{sync::MutexGuard, time::Instant};
use uuid::Uuid;

/// What every input needs, and a namespace without room.
pub const SET_UP: [&str; 2] = ["00-setup.yaml", "28-quota.yaml"];
/// Bounds a hang. An operation may take its whole time, and the clock of a CronJob a minute.
const PATIENCE: Duration = Duration::from_secs(240);
const AGAIN: Duration = Duration::from_millis(400);

/// The namespaces of one test.
pub struct Place {
    _alone: MutexGuard<'static, ()>,
    /// What the inputs call `cases`.
    pub namespace: String,
    kubectl: PathBuf,
}

/// Where the inputs are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster/faults")
}

/// Asks `look` again and again until it finds something.
pub async fn until<T, F, Fut>(what: &str, mut look: F) -> Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Option<T>>>,
{
    let end = Instant::now() + PATIENCE;
    loop {
        let failed = match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if Instant::now() > end {
            bail!("waited in vain until {what}: {failed:?}");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

impl Place {
    pub async fn furnish(purpose: &str) -> Result<Self> {
        let alone = alone().await;
        let run = &Uuid::new_v4().simple().to_string()[..8];
        let kubectl = Path::new(&script("build.sh", "kubernetes")?).join("kubectl");
        let place = Self { _alone: alone, namespace: format!("test-{purpose}-{run}"), kubectl };
        for file in SET_UP {
            place.apply(file).await?;
        }
        Ok(place)
    }

    /// The text of an input, in the namespaces of this test.
    pub fn input(&self, file: &str) -> Result<String> {
        let text = fs::read_to_string(folder().join(file)).with_context(|| file.to_owned())?;
        let is_separator = |c: char| !c.is_ascii_alphanumeric() && c != '-';
        let placed = text.split_inclusive(is_separator).map(|part| {
            let (word, rest) = part.split_at(part.trim_end_matches(is_separator).len());
            match word {
                "cases" => format!("{}{rest}", self.namespace),
                "cases-full" => format!("{}-full{rest}", self.namespace),
                // It belongs to the whole cluster.
                "half-blind" => format!("{}-{word}{rest}", self.namespace),
                _ => part.to_owned(),
            }
        });
        Ok(placed.collect())
    }

    /// Another creates what an input says, or changes it to that.
    pub async fn apply(&self, file: &str) -> Result<()> {
        self.kubectl(&["apply", "-f", "-"], &self.input(file)?).await.map(|_| ())
    }

    /// What kubectl prints. It fails where kubectl does.
    pub async fn kubectl(&self, words: &[&str], input: &str) -> Result<String> {
        let mut command = Command::new(&self.kubectl);
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let input = input.to_owned();
        let done = tokio::task::spawn_blocking(move || {
            let mut running = command.spawn()?;
            running.stdin.take().context("its standard input")?.write_all(input.as_bytes())?;
            anyhow::Ok(running.wait_with_output()?)
        });
        let done = done.await??;
        let said = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "kubectl {}: {said}", words.join(" "));
        Ok(String::from_utf8(done.stdout)?)
    }

    /// Objects as the cluster has them: what `kubectl get` prints of these words.
    pub async fn get(&self, words: &[&str]) -> Result<Value> {
        let words = [&["get", "-o", "json"], words].concat();
        Ok(serde_json::from_str(&self.kubectl(&words, "").await?)?)
    }

    /// An object as the cluster has it.
    pub async fn live(&self, object: &ObjectRef) -> Result<Value> {
        let (kind, namespace) = (object.kind.kind(), object.namespace.as_deref().unwrap_or_default());
        self.get(&["-n", namespace, kind, &object.name]).await
    }

    /// Takes everything away again.
    pub async fn clear(self) -> Result<()> {
        let held = self.get(&["-n", &self.namespace, "deployments"]).await?;
        for one in held["items"].as_array().into_iter().flatten().filter(|one| !one["metadata"]["finalizers"].is_null())
        {
            let (name, patch) =
                (one["metadata"]["name"].as_str().unwrap_or_default(), r#"{"metadata":{"finalizers":null}}"#);
            let words = ["-n", &self.namespace, "patch", "deployment", name, "--type=merge", "-p", patch];
            self.kubectl(&words, "").await?;
        }
        let full = format!("{}-full", self.namespace);
        self.kubectl(&["delete", "namespace", "--wait=false", &self.namespace, &full], "").await.map(|_| ())
    }
}
