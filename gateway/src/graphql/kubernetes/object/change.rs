//! Mutations of objects of any kind: from inputs to commands.

use crate::graphql::{
    context::{origin, services},
    engine::{error::ApiError, scalar::Position},
    operation::{
        batch::{
            self,
            change::{BatchAccepted, BatchResult},
        },
        result::{self, OperationAccepted, OperationRefused, OperationResult},
    },
};
use async_graphql::{Context, Enum, ID, InputObject, Object, Union};
use commands::{
    Error,
    edit::{BasedOn, Deletion, Document, Request, Unread},
};
use domain::{
    core::{
        ids::ClusterId,
        message::Code,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::object::ObjectRef,
};
use uuid::Uuid;

/// One or many YAML documents, or JSON. For each object that is there already: the version the author started from.
#[derive(InputObject)]
pub struct ApplyManifestsInput {
    pub cluster: ID,
    pub manifests: String,
    /// Where a namespaced document names none; default if it is left out.
    pub default_namespace: Option<String>,
    /// A document of one of these is an edit: only what its author changed since that version is sent.
    pub based_on: Option<Vec<BasedOnInput>>,
    /// Fields of other managers that the author saw and takes over. The other fields of others in the same document are then left
    /// to them; without an entry for its object, a document that would take some is refused.
    pub take_over: Option<Vec<FieldOwnership>>,
    pub idempotency_key: Option<Uuid>,
    pub reason: Option<String>,
}

/// What the author of a document started from.
#[derive(InputObject, Clone)]
#[graphql(name = "BasedOn")]
pub struct BasedOnInput {
    pub id: ID,
    pub version: String,
    /// The text of the manifest as it was shown; needed where the kind is not recorded, and for pods.
    pub manifest: Option<String>,
}

/// A field of an object, by its path in a conflict.
#[derive(InputObject, Clone)]
pub struct FieldOwnership {
    pub id: ID,
    pub path: String,
}

#[derive(InputObject)]
pub struct DeleteObjectInput {
    id: ID,
    expected_version: Option<String>,
    /// What becomes of the objects that belong to it.
    #[graphql(default)]
    propagation: Propagation,
    /// How long its containers may take to end; null for what the object says.
    grace_period_seconds: Option<i32>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

/// Back to what it was at a position, as a new operation.
#[derive(InputObject)]
pub struct RestoreObjectInput {
    id: ID,
    /// The position of one of its revisions.
    position: Position,
    expected_version: Option<String>,
    idempotency_key: Option<Uuid>,
    reason: Option<String>,
}

#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
#[graphql(remote = "domain::operation::Propagation")]
pub enum Propagation {
    /// They go first.
    #[default]
    Foreground,
    /// They go after it.
    Background,
    /// They stay, without an owner.
    Orphan,
}

/// The outcome of applying documents: one operation, a batch of several, or a refusal.
#[derive(Union)]
pub enum ApplyResult {
    Accepted(OperationAccepted),
    Batch(BatchAccepted),
    Refused(OperationRefused),
}

impl From<BatchResult> for ApplyResult {
    fn from(result: BatchResult) -> Self {
        match result {
            BatchResult::Accepted(accepted) => Self::Batch(accepted),
            BatchResult::Refused(refused) => Self::Refused(refused),
        }
    }
}

impl From<OperationResult> for ApplyResult {
    fn from(result: OperationResult) -> Self {
        match result {
            OperationResult::Accepted(accepted) => Self::Accepted(accepted),
            OperationResult::Refused(refused) => Self::Refused(refused),
        }
    }
}

impl ApplyManifestsInput {
    /// The documents, each with what its author knew of the object, or why it cannot be read.
    pub async fn requests(&self, ctx: &Context<'_>) -> Result<Vec<Result<Request, Unread>>, Error> {
        let cluster = ClusterId::from_name(&self.cluster);
        let namespace = self.default_namespace.as_deref();
        let documents = services(ctx).edits.read(&cluster, &self.manifests, namespace).await?;
        let requests: Vec<_> = documents.into_iter().map(|read| read.map(|document| self.request(document))).collect();
        self.every_base_is_of_a_document(&requests)?;
        Ok(requests)
    }

    fn request(&self, document: Document) -> Request {
        let id = document.object.id();
        let base = self.based_on.iter().flatten().find(|base| *base.id == id);
        let based_on = base.map(|base| BasedOn {
            id: base.id.to_string(),
            version: base.version.clone(),
            manifest: base.manifest.clone(),
        });
        let fields = self.take_over.iter().flatten().filter(|field| *field.id == id);
        let take_over = fields.map(|field| field.path.clone()).collect();
        Request { document, based_on, take_over }
    }

    /// Whoever renames an object in the text of an edit would make a second one.
    fn every_base_is_of_a_document(&self, requests: &[Result<Request, Unread>]) -> Result<(), Refusal> {
        let ids: Vec<String> = requests.iter().flatten().map(|request| request.document.object.id()).collect();
        let is_all_read = requests.iter().all(Result::is_ok);
        match self.based_on.iter().flatten().find(|base| is_all_read && !ids.iter().any(|id| *id == *base.id)) {
            None => Ok(()),
            Some(base) => {
                let reason = Code::BasedOnAnother.message([("id", base.id.as_str().into())]);
                Err(Refusal::because(ErrorCode::Invalid, "basedOn", reason))
            }
        }
    }
}

#[derive(Default)]
pub struct ObjectMutation;

#[Object]
impl ObjectMutation {
    /// Applies documents, or edits their objects as far as the author changed them. Several are a batch: what others
    /// need is asked first. If one of them is refused, nothing is done.
    async fn apply_manifests(&self, ctx: &Context<'_>, input: ApplyManifestsInput) -> Result<ApplyResult, ApiError> {
        let requests = match input.requests(ctx).await {
            Ok(requests) => requests.into_iter().collect::<Result<Vec<_>, _>>().map_err(|unread| unread.refusal.into()),
            Err(error) => Err(error),
        };
        let origin = origin(ctx, input.reason, input.idempotency_key)?;
        let edits = &services(ctx).edits;
        let receipt = match requests {
            Ok(requests) if requests.len() != 1 => {
                let receipt = edits.apply_all(origin, requests).await;
                return Ok(batch::change::answer(ctx, receipt).await?.into());
            }
            Ok(mut requests) => edits.apply(origin, requests.remove(0)).await,
            Err(error) => Err(error),
        };
        Ok(result::answer(ctx, receipt).await?.into())
    }

    /// Deletes the incarnation that was seen last, or the one of expectedVersion.
    async fn delete_object(&self, ctx: &Context<'_>, input: DeleteObjectInput) -> Result<OperationResult, ApiError> {
        let Ok(object) = input.id.parse::<ObjectRef>() else { return Ok(result::not_found(ctx, Code::NoSuchObject)) };
        let Ok(grace_period_seconds) = input.grace_period_seconds.map(u32::try_from).transpose() else {
            let value = input.grace_period_seconds.unwrap_or_default().to_string();
            let reason = Code::NotACount.message([("value", value.into()), ("most", 86_400.into())]);
            let refusal = Refusal::because(ErrorCode::Invalid, "gracePeriodSeconds", reason);
            return Ok(OperationResult::refused(ctx, refusal));
        };
        let origin = origin(ctx, input.reason, input.idempotency_key)?;
        let (expected_version, propagation) = (input.expected_version, input.propagation.into());
        let deletion = Deletion { object, expected_version, propagation, grace_period_seconds };
        result::answer(ctx, services(ctx).edits.delete(origin, deletion).await).await
    }

    /// Edits an object so that it is again what it was at a position.
    async fn restore_object(&self, ctx: &Context<'_>, input: RestoreObjectInput) -> Result<OperationResult, ApiError> {
        let Ok(object) = input.id.parse::<ObjectRef>() else { return Ok(result::not_found(ctx, Code::NoSuchObject)) };
        let origin = origin(ctx, input.reason, input.idempotency_key)?;
        let Position(position) = input.position;
        let receipt = services(ctx).edits.restore(origin, object, position, input.expected_version).await;
        result::answer(ctx, receipt).await
    }
}
