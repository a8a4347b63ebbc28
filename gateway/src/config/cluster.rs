//! Where the first cluster is: the kubeconfig that is named, the usual one, or the service account of the pod this runs in.

use super::Clusters;
use commands::ClusterSource;
use domain::core::ids::ClusterId;
use serde::Deserialize;
use std::path::{Path, PathBuf};

impl Clusters {
    /// The clusters to use. Empty: none is known, which is a state to start in and to say.
    pub fn sources(&self) -> Vec<ClusterSource> {
        let kubeconfig = self.named().or_else(usual);
        let is_inside = std::env::var_os("KUBERNETES_SERVICE_HOST").is_some();
        if kubeconfig.is_none() && !is_inside {
            return Vec::new();
        }
        let name = self.cluster_name.clone().or_else(|| kubeconfig.as_deref().and_then(current_context));
        let name = name.unwrap_or_else(|| "default".to_owned());
        vec![ClusterSource { id: ClusterId::from_name(&name), name, kubeconfig }]
    }

    /// KUBECONFIG may be a list: the first file that is there counts.
    fn named(&self) -> Option<PathBuf> {
        let named = self.kubeconfig.as_ref().filter(|path| !path.as_os_str().is_empty())?;
        std::env::split_paths(named).find(|path| path.exists()).or_else(|| Some(named.clone()))
    }
}

/// What the file calls the cluster it points to. Whether the file is right is seen when the cluster is opened.
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
