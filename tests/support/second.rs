//! A second control plane beside the development cluster: without nodes, with nothing in it, and of its own.

use anyhow::{Context, Result, ensure};
use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use uuid::Uuid;

/// Stopped and removed with this value.
pub struct Second {
    folder: PathBuf,
    /// The text of its administrator's kubeconfig.
    pub kubeconfig: String,
}

impl Second {
    pub fn up() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("binnacle-second-{}", Uuid::new_v4().simple()));
        let mut second = Self { folder, kubeconfig: String::new() };
        let path = second.run("up")?;
        second.kubeconfig = fs::read_to_string(Path::new(path.trim())).context("its kubeconfig")?;
        Ok(second)
    }

    /// From now on it accepts connections and answers nothing.
    pub fn pause(&self) -> Result<()> {
        self.run("pause").map(drop)
    }

    pub fn resume(&self) -> Result<()> {
        self.run("resume").map(drop)
    }

    /// Puts another cluster under its address, with the same certificates.
    pub fn replace(&self) -> Result<()> {
        self.run("replace").map(drop)
    }

    /// A client of its administrator.
    pub async fn client(&self) -> Result<Client> {
        let config = Kubeconfig::from_yaml(&self.kubeconfig)?;
        let config = Config::from_custom_kubeconfig(config, &KubeConfigOptions::default()).await?;
        Ok(Client::try_from(config)?)
    }

    fn run(&self, what: &str) -> Result<String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster/empty.sh");
        let mut command = Command::new(script);
        let output = command.arg(what).arg(&self.folder).stdin(Stdio::null()).output()?;
        let words = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "empty.sh {what}: {words}");
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        if let Err(error) = self.run("down") {
            eprintln!("{error}");
        }
    }
}
