//! Mutations of workloads: from inputs to commands.

use crate::graphql::{
    context::{origin, services},
    engine::error::ApiError,
    operation::result::{self, OperationResult, WorkloadRequest},
};
use async_graphql::{Context, ID, InputObject, Object};
use domain::{core::ids::ClusterId, operation::Intent};
use uuid::Uuid;

#[derive(InputObject)]
pub struct CreateWorkloadInput {
    pub cluster: ID,
    /// One workload manifest, Kubernetes YAML or JSON as text.
    pub manifest: String,
    idempotency_key: Option<Uuid>,
    pub reason: Option<String>,
}

#[derive(InputObject)]
pub struct WorkloadInput {
    id: ID,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

/// One object, at the version that its author has looked at.
#[derive(InputObject)]
pub struct ObjectInput {
    id: ID,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

#[derive(InputObject)]
pub struct ScaleWorkloadInput {
    id: ID,
    replicas: i32,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

#[derive(InputObject)]
pub struct SetImageInput {
    id: ID,
    container: String,
    image: String,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

impl WorkloadInput {
    async fn request(self, ctx: &Context<'_>, intent: Intent) -> Result<OperationResult, ApiError> {
        let origin = origin(ctx, self.reason, self.idempotency_key)?;
        result::request(ctx, WorkloadRequest { id: self.id, intent, expected_version: self.expected_version, origin })
            .await
    }
}

impl ObjectInput {
    async fn request(self, ctx: &Context<'_>, intent: Intent) -> Result<OperationResult, ApiError> {
        let Self { id, expected_version, idempotency_key, reason } = self;
        WorkloadInput { id, expected_version, idempotency_key, reason }.request(ctx, intent).await
    }
}

impl ScaleWorkloadInput {
    fn split(self) -> (WorkloadInput, Intent) {
        let Self { id, replicas, expected_version, idempotency_key, reason } = self;
        (WorkloadInput { id, expected_version, idempotency_key, reason }, Intent::ScaleWorkload { replicas })
    }
}

#[derive(Default)]
pub struct WorkloadMutation;

#[Object]
impl WorkloadMutation {
    async fn create_workload(
        &self,
        ctx: &Context<'_>,
        input: CreateWorkloadInput,
    ) -> Result<OperationResult, ApiError> {
        let origin = origin(ctx, input.reason, input.idempotency_key)?;
        let cluster = ClusterId::from_name(&input.cluster);
        let result = services(ctx).dispatcher.create_workload(origin, cluster, &input.manifest).await;
        result::answer(ctx, result).await
    }

    async fn scale_workload(&self, ctx: &Context<'_>, input: ScaleWorkloadInput) -> Result<OperationResult, ApiError> {
        let (input, intent) = input.split();
        input.request(ctx, intent).await
    }

    async fn restart_workload(&self, ctx: &Context<'_>, input: WorkloadInput) -> Result<OperationResult, ApiError> {
        input.request(ctx, Intent::RestartWorkload).await
    }

    /// Scales to zero and remembers the replicas to restore.
    async fn stop_workload(&self, ctx: &Context<'_>, input: WorkloadInput) -> Result<OperationResult, ApiError> {
        input.request(ctx, Intent::StopWorkload).await
    }

    /// Restores the replicas that stopWorkload remembered.
    async fn start_workload(&self, ctx: &Context<'_>, input: WorkloadInput) -> Result<OperationResult, ApiError> {
        input.request(ctx, Intent::StartWorkload).await
    }

    async fn delete_workload(&self, ctx: &Context<'_>, input: WorkloadInput) -> Result<OperationResult, ApiError> {
        input.request(ctx, Intent::DeleteWorkload).await
    }

    /// Changes of the pods of a Deployment wait until its rollout is resumed.
    async fn pause_rollout(&self, ctx: &Context<'_>, input: ObjectInput) -> Result<OperationResult, ApiError> {
        input.request(ctx, Intent::PauseRollout).await
    }

    /// Changes of the pods of a Deployment that waited are carried out.
    async fn resume_rollout(&self, ctx: &Context<'_>, input: ObjectInput) -> Result<OperationResult, ApiError> {
        input.request(ctx, Intent::ResumeRollout).await
    }

    /// Sets the image of a container or an init container of a pod template.
    async fn set_image(&self, ctx: &Context<'_>, input: SetImageInput) -> Result<OperationResult, ApiError> {
        let SetImageInput { id, container, image, expected_version, idempotency_key, reason } = input;
        let input = ObjectInput { id, expected_version, idempotency_key, reason };
        input.request(ctx, Intent::SetImage { container, image }).await
    }
}
