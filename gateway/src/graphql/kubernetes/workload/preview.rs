//! What creating a workload would do.

use super::change::CreateWorkloadInput;
use crate::graphql::{
    context::{origin, services},
    engine::{error::ApiError, message::text},
    kubernetes::revision::FieldChange,
    operation::result::OperationRefused,
};
use async_graphql::{Context, ID, Object, SimpleObject, Union};
use commands::{
    Error,
    preview::{Answer, Preview},
};
use domain::core::ids::ClusterId;
use projections::models::workloads;
use serde_json::Value;

/// What a create would do, by a dry run of the API server.
#[derive(Union)]
pub enum WorkloadPreviewResult {
    Stored(WorkloadPreview),
    NotChecked(WorkloadNotChecked),
    Refused(OperationRefused),
}

/// The API server would accept the workload.
#[derive(SimpleObject)]
pub struct WorkloadPreview {
    /// The id that the workload would have.
    workload_id: ID,
    /// What the API server would store, with its defaults and what admission changes. Secrets are masked.
    manifest: Value,
    /// How that differs from what was written: at most 100 fields.
    changes: Vec<FieldChange>,
    /// The fields that are removed from the manifest, because only the server sets them.
    removed: Vec<String>,
}

/// The cluster could not be asked, or its answer may change. The operation would try again until its deadline.
#[derive(SimpleObject)]
pub struct WorkloadNotChecked {
    message: String,
}

#[derive(Default)]
pub struct PreviewQuery;

#[Object]
impl PreviewQuery {
    /// Asks the API server what `createWorkload` with the same input would do. Changes nothing and records nothing. It needs
    /// the same right and is refused like it. By POST only. The idempotency key is not used.
    #[graphql(complexity = "200 + child_complexity")]
    async fn workload_preview(
        &self,
        ctx: &Context<'_>,
        input: CreateWorkloadInput,
    ) -> Result<WorkloadPreviewResult, ApiError> {
        let origin = origin(ctx, input.reason, None)?;
        let cluster = ClusterId::from_name(&input.cluster);
        match services(ctx).previews.create_workload(origin, cluster, &input.manifest).await {
            Ok(preview) => said(ctx, preview).await,
            Err(Error::Refused(refusal)) => Ok(WorkloadPreviewResult::Refused(OperationRefused::new(ctx, refusal))),
            Err(error) => Err(error.into()),
        }
    }
}

async fn said(ctx: &Context<'_>, preview: Preview) -> Result<WorkloadPreviewResult, ApiError> {
    let Preview { object, answer, removed } = preview;
    Ok(match answer {
        Answer::Stored { written, stored } => WorkloadPreviewResult::Stored(WorkloadPreview {
            workload_id: ID(object.id()),
            changes: workloads::changes(&written, &stored).into_iter().map(FieldChange::from).collect(),
            manifest: stored,
            removed,
        }),
        Answer::Refused { code, message, field } => WorkloadPreviewResult::Refused(OperationRefused {
            code: code.into(),
            message: text(ctx, &message).await?,
            field: field.map(|field| format!("manifest.{field}")),
            current_version: None,
            conflicts: Vec::new(),
        }),
        Answer::NotChecked { message } => {
            WorkloadPreviewResult::NotChecked(WorkloadNotChecked { message: text(ctx, &message).await? })
        }
    })
}
