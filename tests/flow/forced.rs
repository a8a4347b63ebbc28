//! The cluster fails before an effect, after an effect, and for ever: every operation ends, with at most one effect.

use commands::kubernetes::{
    Error as ClusterError,
    fake::{Forced, MemoryCluster},
};
use domain::core::{message::FREE_TEXT, refusal::ErrorCode};
use domain::{
    kubernetes::object::ObjectRef,
    operation::{Intent, OperationEvent, OperationState},
};
use std::{sync::Arc, time::Duration};
use tests::{
    cluster::manifest,
    database::Database,
    write_side::{Running, deployment, in_memory},
};

const TIMEOUT: Duration = Duration::from_secs(60);

fn lost() -> ClusterError {
    ClusterError::Ambiguous { message: "the answer was lost".to_owned(), retry_after: None }
}

fn busy() -> ClusterError {
    ClusterError::Transient { message: "busy".to_owned(), retry_after: Some(Duration::from_millis(10)) }
}

fn create() -> Intent {
    Intent::CreateWorkload { manifest: serde_json::from_str(&manifest("team", "web", 2)).expect("a manifest") }
}

struct Case {
    database: Database,
    cluster: Arc<MemoryCluster>,
    running: Running,
    target: ObjectRef,
}

impl Case {
    async fn open(timeout: Duration) -> anyhow::Result<Self> {
        let database = Database::create().await?;
        let cluster = Arc::new(MemoryCluster::default());
        let running = in_memory(&database, Arc::clone(&cluster), timeout).await;
        Ok(Self { database, cluster, running, target: deployment("team", "web") })
    }

    /// Asks for a create and waits for its end; answers the events of it.
    async fn created(&self, end: OperationState) -> anyhow::Result<Vec<OperationEvent>> {
        let receipt = self.running.request(&self.target, create()).await?;
        self.running.until_state(&self.target, &receipt, end).await;
        let events = self.running.events(&self.target).await;
        assert_eq!(events.iter().filter(|event| event.is_terminal()).count(), 1);
        Ok(events)
    }

    async fn close(self) {
        self.running.stop().await;
        self.database.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_apply_whose_answer_is_lost_is_found_by_looking_and_made_once() -> anyhow::Result<()> {
    let case = Case::open(TIMEOUT).await?;
    let manifest = serde_json::from_str(&manifest("team", "web", 2))?;
    let apply = Intent::ApplyManifests { manifest, take_over: Vec::new(), awaits: true };
    case.cluster.force(Forced::Fail(busy()));
    case.cluster.force(Forced::EffectThen(lost()));
    let receipt = case.running.request(&case.target, apply).await?;
    case.running.until_state(&case.target, &receipt, OperationState::Succeeded).await;
    assert_eq!(case.cluster.changes(), [(case.target.clone(), receipt.operation.to_string())], "one effect");
    case.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_lost_after_the_effect_is_found_by_looking() -> anyhow::Result<()> {
    let case = Case::open(TIMEOUT).await?;
    case.cluster.force(Forced::EffectThen(lost()));
    let events = case.created(OperationState::Succeeded).await?;
    assert!(events.iter().any(|event| matches!(event, OperationEvent::OperationOutcomeUnknown { .. })));
    assert!(events.iter().any(|event| matches!(event, OperationEvent::OperationResolved { .. })));
    assert_eq!(case.cluster.changes().len(), 1, "one effect");
    case.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_lost_before_the_effect_leads_to_one_repetition() -> anyhow::Result<()> {
    let case = Case::open(TIMEOUT).await?;
    case.cluster.force(Forced::Fail(lost()));
    let events = case.created(OperationState::Succeeded).await?;
    assert!(events.iter().any(|event| matches!(event, OperationEvent::OperationOutcomeUnknown { .. })));
    assert_eq!(case.cluster.changes().len(), 1, "one effect");
    case.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_cluster_is_retried_and_the_wait_is_recorded() -> anyhow::Result<()> {
    let case = Case::open(TIMEOUT).await?;
    (0..3).for_each(|_| case.cluster.force(Forced::Fail(busy())));
    let events = case.created(OperationState::Succeeded).await?;
    let says_busy = |event: &OperationEvent| matches!(event, OperationEvent::OperationProgressed { message, .. } if message.text(FREE_TEXT).is_some_and(|words| words.contains("busy")));
    assert!(events.iter().any(says_busy), "{events:?}");
    assert_eq!(case.cluster.changes().len(), 1, "one effect");
    case.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_of_the_cluster_fails_the_operation_and_is_not_repeated() -> anyhow::Result<()> {
    let case = Case::open(TIMEOUT).await?;
    case.cluster.force(Forced::Fail(ClusterError::permanent(ErrorCode::Forbidden, "not you")));
    let events = case.created(OperationState::Failed).await?;
    let Some(OperationEvent::OperationFailed { failure, .. }) = events.last() else { panic!("{events:?}") };
    assert_eq!((failure.code.as_str(), failure.message.text(FREE_TEXT)), ("FORBIDDEN", Some("not you")));
    assert!(case.cluster.changes().is_empty());
    case.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_that_is_busy_for_ever_ends_the_operation_at_its_deadline() -> anyhow::Result<()> {
    let case = Case::open(Duration::from_millis(300)).await?;
    (0..200).for_each(|_| case.cluster.force(Forced::Fail(busy())));
    let events = case.created(OperationState::Failed).await?;
    let Some(OperationEvent::OperationFailed { failure, .. }) = events.last() else { panic!("{events:?}") };
    assert!(failure.code == ErrorCode::TimedOut && failure.code.is_retryable());
    case.close().await;
    Ok(())
}
