//! Clusters that are registered and removed at run time.

use crate::{
    database::Database,
    gateway::{Gateway, Start},
    until,
};
use anyhow::{Context, Result};
use serde_json::{Value, json};

const REGISTER: &str = "mutation($input: RegisterClusterInput!) { registerCluster(input: $input) { __typename \
    ... on ClusterAccepted { position cluster { id name environment state namespaces } } \
    ... on OperationRefused { code message field } } }";
const REMOVE: &str = "mutation($input: ClusterInput!) { removeCluster(input: $input) { __typename \
    ... on ClusterAccepted { position cluster { id } } ... on OperationRefused { code message field } } }";
const CHECK: &str = "query($input: RegisterClusterInput!) { clusterCheck(input: $input) { ok \
    steps { name state message { code text } } } }";

impl Start {
    /// A gateway that knows no cluster by its settings.
    pub fn without_clusters(database: &Database) -> Result<Self> {
        Ok(Self::on(database)?.with("KUBECONFIG", "").with("HOME", "/nowhere"))
    }
}

impl Gateway {
    /// Registers a cluster; the result, accepted or refused.
    pub async fn register(&self, input: Value) -> Result<Value> {
        Ok(self.data(REGISTER, json!({"input": input})).await?["registerCluster"].take())
    }

    /// The same where it must be accepted; its id.
    pub async fn registered(&self, input: Value) -> Result<String> {
        let result = self.register(input).await?;
        let id = result.pointer("/cluster/id").and_then(Value::as_str);
        Ok(id.with_context(|| result.to_string())?.to_owned())
    }

    /// Removes a cluster; the result, accepted or refused.
    pub async fn remove_cluster(&self, id: &str) -> Result<Value> {
        Ok(self.data(REMOVE, json!({"input": {"id": id}})).await?["removeCluster"].take())
    }

    /// The check of a cluster.
    pub async fn check_cluster(&self, input: Value) -> Result<Value> {
        Ok(self.data(CHECK, json!({"input": input})).await?["clusterCheck"].take())
    }

    /// Waits until the cluster is as wanted; as it is then. Null: it is not there.
    pub async fn until_cluster(&self, id: &str, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let query = "query($id: ID!) { cluster(id: $id) { id name state reason version versionSupport namespaces environment } }";
        until(&format!("{id} is {what}"), || async {
            let found = self.data(query, json!({"id": id})).await.ok()?["cluster"].take();
            wanted(&found).then_some(found)
        })
        .await
    }

    pub async fn until_ready_cluster(&self, id: &str) -> Value {
        // It may be that not every kind can be read.
        self.until_cluster(id, "reached", |found| found["state"] == "READY" || found["state"] == "DEGRADED").await
    }
}
