//! What applying documents would do.

use super::change::ApplyManifestsInput;
use crate::graphql::{
    context::{origin, services},
    engine::error::ApiError,
    kubernetes::{
        manifest::{self, ManifestFormat},
        revision::FieldChange,
    },
    operation::{FieldConflict, OperationError},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use commands::{Error, edit::preview};
use domain::operation::Failure;
use projections::models::manifests;
use serde_json::Value;

/// What applying would do, by a dry run of the server with its defaults and admission. Changes nothing.
#[derive(SimpleObject)]
pub struct ManifestPreview {
    /// By document, in their order.
    objects: Vec<ObjectPreview>,
}

/// What one document would do.
#[derive(SimpleObject)]
pub struct ObjectPreview {
    /// Null when the document cannot be read.
    id: Option<ID>,
    change: PreviewChange,
    /// The manifest as it is, YAML; null when there is none.
    live: Option<String>,
    /// The manifest as the server would store it, YAML; null when it was not tried or is refused.
    result: Option<String>,
    /// How the result differs from what is there, at most 500 fields.
    diff: Vec<FieldChange>,
    conflicts: Vec<FieldConflict>,
    /// What the server warns of.
    warnings: Vec<String>,
    /// Something else keeps this object as it wants it, for example Argo CD, Flux, Helm or an autoscaler.
    managed_by: Option<String>,
    error: Option<OperationError>,
    /// The line in which the document begins.
    line: Option<i32>,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum PreviewChange {
    Create,
    Update,
    None,
    Refused,
    /// The server could not try it, for example because its namespace or kind is made by the same documents.
    Untested,
}

impl From<preview::Effect> for PreviewChange {
    fn from(effect: preview::Effect) -> Self {
        match effect {
            preview::Effect::Create => Self::Create,
            preview::Effect::Update => Self::Update,
            preview::Effect::Nothing => Self::None,
            preview::Effect::Refused => Self::Refused,
            preview::Effect::Untested => Self::Untested,
        }
    }
}

/// Fields of a diff.
const MOST: usize = 500;

#[derive(Default)]
pub struct ManifestPreviewQuery;

#[Object]
impl ManifestPreviewQuery {
    /// What `applyManifests` with the same input would do. Changes nothing and records nothing. It needs the same right. By POST
    /// only. The idempotency key is not used.
    #[graphql(complexity = "500 + child_complexity")]
    async fn manifest_preview(
        &self,
        ctx: &Context<'_>,
        input: ApplyManifestsInput,
    ) -> Result<ManifestPreview, ApiError> {
        let requests = match input.requests(ctx).await {
            Ok(requests) => requests,
            Err(Error::Refused(refusal)) => {
                let unread = commands::edit::Unread { refusal, line: 1 };
                vec![Err(unread)]
            }
            Err(error) => return Err(error.into()),
        };
        let origin = origin(ctx, input.reason, None)?;
        let previews = services(ctx).edits.preview(&origin, requests).await;
        let mut objects = Vec::with_capacity(previews.len());
        for preview in previews {
            objects.push(said(preview).await?);
        }
        Ok(ManifestPreview { objects })
    }
}

async fn said(preview: preview::Preview) -> Result<ObjectPreview, ApiError> {
    let preview::Preview { object, line, effect, live, result, conflicts, warnings, kept_by, error } = preview;
    let nothing = Value::Object(serde_json::Map::new());
    let diff = match &result {
        Some(result) => manifests::changes(live.as_ref().unwrap_or(&nothing), result),
        None => Vec::new(),
    };
    Ok(ObjectPreview {
        id: object.map(|object| ID(object.id())),
        change: effect.into(),
        live: text(live).await?,
        result: text(result).await?,
        diff: diff.into_iter().take(MOST).map(FieldChange::from).collect(),
        conflicts: conflicts.into_iter().map(FieldConflict::from).collect(),
        warnings,
        managed_by: kept_by,
        error: error.map(|(code, message)| OperationError::from(Failure { code, message, cause: None })),
        line: i32::try_from(line).ok(),
    })
}

async fn text(manifest: Option<Value>) -> Result<Option<String>, ApiError> {
    match manifest {
        Some(manifest) => Ok(Some(manifest::text(manifest, ManifestFormat::Yaml).await?)),
        None => Ok(None),
    }
}
