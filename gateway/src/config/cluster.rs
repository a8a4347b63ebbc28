//! How to reach the cluster: the given kubeconfig, the default one, or the service account of this pod.

use super::Clusters;
use commands::ClusterSource;
use domain::{core::ids::ClusterId, platform::cluster::name};
use serde::Deserialize;
use std::path::{Path, PathBuf};

impl Clusters {
    /// The configured clusters. May be empty: the process then starts with a warning.
    pub fn sources(&self) -> Vec<ClusterSource> {
        let kubeconfig = self.named().or_else(usual);
        let is_inside = std::env::var_os("KUBERNETES_SERVICE_HOST").is_some();
        if kubeconfig.is_none() && !is_inside {
            return Vec::new();
        }
        let name = self.cluster_name.clone().or_else(|| kubeconfig.as_deref().and_then(current_context));
        let name = name::canonical(&name.unwrap_or_else(|| "default".to_owned()));
        let (id, environment) = (ClusterId::from_name(&name), self.cluster_environment);
        vec![ClusterSource { id, name, environment, kubeconfig }]
    }

    /// KUBECONFIG may be a list: the first existing file counts.
    fn named(&self) -> Option<PathBuf> {
        let named = self.kubeconfig.as_ref().filter(|path| !path.as_os_str().is_empty())?;
        std::env::split_paths(named).find(|path| path.exists()).or_else(|| Some(named.clone()))
    }
}

/// The current context of the file. Errors in the file are reported when the cluster is opened.
fn current_context(path: &Path) -> Option<String> {
    #[derive(Deserialize)]
    struct Kubeconfig {
        #[serde(rename = "current-context")]
        current_context: Option<String>,
    }
    let text = std::fs::read_to_string(path).ok()?;
    let found: Kubeconfig = serde_saphyr::from_str(&text).ok()?;
    found.current_context.filter(|name| !name.is_empty())
}

fn usual() -> Option<PathBuf> {
    let file = std::env::home_dir()?.join(".kube").join("config");
    file.exists().then_some(file)
}
