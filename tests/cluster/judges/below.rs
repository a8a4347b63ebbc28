//! What the cluster has below a workload: the pods and Jobs that it controls, by uid.

use crate::world::World;
use anyhow::Result;
use serde_json::Value;
use std::collections::HashMap;

/// The pods and Jobs of the cluster, by the uid of what is above them.
#[derive(Default)]
pub struct Below {
    pods: HashMap<String, Vec<Value>>,
    jobs: HashMap<String, Vec<Value>>,
}

impl Below {
    pub async fn read(world: &World) -> Result<Self> {
        let mut below = Self::default();
        let sets = world.list("apps/v1", "ReplicaSet").await?;
        let deployments: HashMap<String, String> =
            sets.iter().filter_map(|set| Some((uid(set).to_owned(), owner(set)?.to_owned()))).collect();
        for pod in world.list("v1", "Pod").await? {
            let Some(owner) = owner(&pod).map(str::to_owned) else { continue };
            let above = deployments.get(&owner).cloned().unwrap_or(owner);
            below.pods.entry(above).or_default().push(pod);
        }
        for job in world.list("batch/v1", "Job").await? {
            let Some(owner) = owner(&job).map(str::to_owned) else { continue };
            below.jobs.entry(owner).or_default().push(job);
        }
        Ok(below)
    }

    /// The pods of a workload; those of a Deployment through its ReplicaSets.
    pub fn pods(&self, workload: &Value) -> &[Value] {
        self.pods.get(uid(workload)).map_or(&[], Vec::as_slice)
    }

    /// The Jobs of a CronJob.
    pub fn jobs(&self, workload: &Value) -> &[Value] {
        self.jobs.get(uid(workload)).map_or(&[], Vec::as_slice)
    }
}

fn uid(object: &Value) -> &str {
    object.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default()
}

/// The uid of its controller.
fn owner(object: &Value) -> Option<&str> {
    let owners = object.pointer("/metadata/ownerReferences")?.as_array()?;
    owners.iter().find(|owner| owner["controller"] == true)?["uid"].as_str()
}
