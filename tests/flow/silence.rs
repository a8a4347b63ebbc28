//! A cluster that does not answer is left alone: the others do not notice, its operations end at their deadline, and what
//! waited goes on when it is back.

use anyhow::Result;
use commands::{Receipt, kubernetes::fake::MemoryCluster};
use domain::{
    core::ids::ClusterId,
    kubernetes::object::ObjectRef,
    operation::{Intent, OperationState},
};
use std::{sync::Arc, time::Duration};
use tests::{
    cluster::manifest,
    database::Database,
    until,
    write_side::{Running, deployment, in_memories},
};

const OPERATIONS: usize = 40;

struct Two {
    database: Database,
    running: Running,
    silent: Arc<MemoryCluster>,
    busy: Arc<MemoryCluster>,
}

impl Two {
    async fn open(timeout: Duration) -> Result<Self> {
        let database = Database::create().await?;
        let (silent, busy) = (Arc::new(MemoryCluster::default()), Arc::new(MemoryCluster::default()));
        silent.silence(true);
        let clusters = vec![("silent", Arc::clone(&silent)), ("busy", Arc::clone(&busy))];
        let running = in_memories(&database, clusters, timeout).await;
        Ok(Self { database, running, silent, busy })
    }

    async fn create_many(&self, cluster: &str) -> Result<Vec<(ObjectRef, Receipt)>> {
        let mut asked = Vec::new();
        for nth in 0..OPERATIONS {
            let name = format!("web-{nth}");
            let target = ObjectRef { cluster: ClusterId::from_name(cluster), ..deployment("team", &name) };
            let intent = Intent::CreateWorkload { manifest: serde_json::from_str(&manifest("team", &name, 2))? };
            let receipt = self.running.request(&target, intent).await?;
            asked.push((target, receipt));
        }
        Ok(asked)
    }

    async fn all_end(&self, asked: &[(ObjectRef, Receipt)], state: OperationState) {
        for (target, receipt) in asked {
            self.running.until_state(target, receipt, state).await;
        }
    }

    async fn close(self) {
        self.running.stop().await;
        self.database.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_cluster_is_left_alone_and_what_waited_goes_on_when_it_is_back() -> Result<()> {
    let two = Two::open(Duration::from_secs(600)).await?;
    let waiting = two.create_many("silent").await?;
    until("it was tried", || async { (two.silent.calls() >= 5).then_some(()) }).await;
    let asked = two.create_many("busy").await?;
    two.all_end(&asked, OperationState::Succeeded).await;
    assert_eq!(two.busy.changes().len(), OPERATIONS);
    // Without the breaker each of them would be tried again and again.
    let calls = two.silent.calls();
    assert!(calls < OPERATIONS * 3, "{calls} calls");

    two.silent.silence(false);
    two.all_end(&waiting, OperationState::Succeeded).await;
    assert_eq!(two.silent.changes().len(), OPERATIONS, "each once");
    two.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_on_a_silent_cluster_end_at_their_deadline() -> Result<()> {
    let two = Two::open(Duration::from_secs(3)).await?;
    let asked = two.create_many("silent").await?;
    two.all_end(&asked, OperationState::Failed).await;
    assert!(two.silent.changes().is_empty());
    two.close().await;
    Ok(())
}
