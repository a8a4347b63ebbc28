//! Where the first cluster is: the kubeconfig that is named, the usual one, or the service account of the pod this runs in.

use super::Clusters;
use commands::ClusterSource;
use domain::ids::ClusterId;
use std::path::PathBuf;

impl Clusters {
    /// The clusters to use. Empty: none is known, which is a state to start in and to say.
    pub fn sources(&self) -> Vec<ClusterSource> {
        let kubeconfig = self.named().or_else(usual);
        let is_inside = std::env::var_os("KUBERNETES_SERVICE_HOST").is_some();
        if kubeconfig.is_none() && !is_inside {
            return Vec::new();
        }
        let name = self.cluster_name.clone();
        vec![ClusterSource { id: ClusterId::from_name(&name), name, kubeconfig }]
    }

    /// KUBECONFIG may be a list: the first file that is there counts.
    fn named(&self) -> Option<PathBuf> {
        let named = self.kubeconfig.as_ref().filter(|path| !path.as_os_str().is_empty())?;
        std::env::split_paths(named).find(|path| path.exists()).or_else(|| Some(named.clone()))
    }
}

fn usual() -> Option<PathBuf> {
    let file = std::env::home_dir()?.join(".kube").join("config");
    file.exists().then_some(file)
}
