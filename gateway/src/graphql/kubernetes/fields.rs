//! Mutations that change a few fields of an object, from inputs to commands.

use crate::graphql::{
    context::{origin, services},
    engine::error::ApiError,
    operation::result::{self, OperationResult, WorkloadRequest},
};
use async_graphql::{Context, ID, InputObject, Object};
use domain::{
    core::{free_value::Free, message::Code},
    kubernetes::object::ObjectRef,
    operation::{
        Intent,
        change::{ClearValues, Values},
    },
};
use uuid::Uuid;

/// A value by its name.
#[derive(InputObject)]
pub struct NamedValueInput {
    name: String,
    /// Null removes it.
    value: Option<String>,
}

#[derive(InputObject)]
pub struct SetEnvironmentInput {
    id: ID,
    container: String,
    variables: Vec<NamedValueInput>,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

#[derive(InputObject)]
pub struct SetResourcesInput {
    id: ID,
    container: String,
    requests: Option<Vec<NamedValueInput>>,
    limits: Option<Vec<NamedValueInput>>,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

#[derive(InputObject)]
pub struct SetLabelsInput {
    id: ID,
    labels: Vec<NamedValueInput>,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

#[derive(InputObject)]
pub struct SetAnnotationsInput {
    id: ID,
    annotations: Vec<NamedValueInput>,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

#[derive(InputObject)]
pub struct SetConfigMapDataInput {
    id: ID,
    data: Vec<NamedValueInput>,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

#[derive(InputObject)]
pub struct SetSecretDataInput {
    id: ID,
    /// Values as text. Nobody can read them here again.
    data: Vec<NamedValueInput>,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

/// What every one of these inputs has.
struct Of {
    id: ID,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

impl Of {
    async fn request(self, ctx: &Context<'_>, intent: Intent) -> Result<OperationResult, ApiError> {
        let Self { id, expected_version, idempotency_key, reason } = self;
        let origin = origin(ctx, reason, idempotency_key)?;
        result::request(ctx, WorkloadRequest { id, intent, expected_version, origin }).await
    }

    /// The same for an object of any kind, also of one that the log does not record.
    async fn request_of_any(self, ctx: &Context<'_>, intent: Intent) -> Result<OperationResult, ApiError> {
        let Self { id, expected_version, idempotency_key, reason } = self;
        let origin = origin(ctx, reason, idempotency_key)?;
        let Ok(object) = id.parse::<ObjectRef>() else { return Ok(result::not_found(ctx, Code::NoSuchObject)) };
        result::answer(ctx, services(ctx).edits.operate(origin, object, intent, expected_version).await).await
    }
}

fn free(values: Vec<NamedValueInput>) -> Values {
    values.into_iter().map(|NamedValueInput { name, value }| (name, value.map(Free::from))).collect()
}

fn clear(values: Vec<NamedValueInput>) -> ClearValues {
    values.into_iter().map(|NamedValueInput { name, value }| (name, value)).collect()
}

#[derive(Default)]
pub struct FieldMutation;

#[Object]
impl FieldMutation {
    /// Sets and removes variables of a container or an init container of a pod template.
    async fn set_environment(
        &self,
        ctx: &Context<'_>,
        input: SetEnvironmentInput,
    ) -> Result<OperationResult, ApiError> {
        let SetEnvironmentInput { id, container, variables, expected_version, idempotency_key, reason } = input;
        let intent = Intent::SetEnvironment { container, variables: free(variables) };
        Of { id, expected_version, idempotency_key, reason }.request(ctx, intent).await
    }

    /// Sets and removes requests and limits of a container or an init container of a pod template.
    async fn set_resources(&self, ctx: &Context<'_>, input: SetResourcesInput) -> Result<OperationResult, ApiError> {
        let SetResourcesInput { id, container, requests, limits, expected_version, idempotency_key, reason } = input;
        let (requests, limits) = (clear(requests.unwrap_or_default()), clear(limits.unwrap_or_default()));
        let intent = Intent::SetResources { container, requests, limits };
        Of { id, expected_version, idempotency_key, reason }.request(ctx, intent).await
    }

    /// Sets and removes labels of an object of any kind.
    async fn set_labels(&self, ctx: &Context<'_>, input: SetLabelsInput) -> Result<OperationResult, ApiError> {
        let SetLabelsInput { id, labels, expected_version, idempotency_key, reason } = input;
        let intent = Intent::SetLabels { labels: clear(labels) };
        Of { id, expected_version, idempotency_key, reason }.request_of_any(ctx, intent).await
    }

    /// Sets and removes annotations of an object of any kind.
    async fn set_annotations(
        &self,
        ctx: &Context<'_>,
        input: SetAnnotationsInput,
    ) -> Result<OperationResult, ApiError> {
        let SetAnnotationsInput { id, annotations, expected_version, idempotency_key, reason } = input;
        let intent = Intent::SetAnnotations { annotations: free(annotations) };
        Of { id, expected_version, idempotency_key, reason }.request_of_any(ctx, intent).await
    }

    /// Sets and removes keys of the data of a ConfigMap.
    async fn set_config_map_data(
        &self,
        ctx: &Context<'_>,
        input: SetConfigMapDataInput,
    ) -> Result<OperationResult, ApiError> {
        let SetConfigMapDataInput { id, data, expected_version, idempotency_key, reason } = input;
        let intent = Intent::SetConfigMapData { data: free(data) };
        Of { id, expected_version, idempotency_key, reason }.request(ctx, intent).await
    }

    /// Sets and removes values of a Secret. The log has the names of the keys and a keyed hash of each value. Such an operation
    /// does not wait behind another one, and cannot be retried after its end.
    async fn set_secret_data(&self, ctx: &Context<'_>, input: SetSecretDataInput) -> Result<OperationResult, ApiError> {
        let SetSecretDataInput { id, data, expected_version, idempotency_key, reason } = input;
        let origin = origin(ctx, reason, idempotency_key)?;
        let Ok(target) = id.parse::<ObjectRef>() else { return Ok(result::not_found(ctx, Code::NoSuchObject)) };
        let result = services(ctx).dispatcher.set_secret_data(origin, target, clear(data), expected_version).await;
        result::answer(ctx, result).await
    }
}
