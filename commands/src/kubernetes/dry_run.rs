//! The dry run before a create: what the API server would store, or why it would refuse.

use super::{Cluster, Error, OPERATION_ANNOTATION};
use crate::failpoint::reach;
use domain::{
    core::{ids::OperationId, refusal::ErrorCode},
    kubernetes::object::ObjectRef,
};
use serde_json::Value;

/// Returns the object that the API server would store for `manifest`. Changes nothing. Fails as the create would: also when
/// the name is taken, unless by an object that `retry_of` made.
pub async fn dry_run(
    cluster: &dyn Cluster,
    object: &ObjectRef,
    manifest: &Value,
    retry_of: Option<OperationId>,
) -> Result<Value, Error> {
    match cluster.get(object).await? {
        Some(found) if found.pointer("/metadata/deletionTimestamp").is_some() => {
            let message = "an object of that name is still being deleted".to_owned();
            Err(Error::Transient { message, retry_after: None })
        }
        Some(found) if !carries(&found, retry_of) => Err(taken(object)),
        _ => {
            reach("effect.validating");
            // A dry run has no effect, so an unknown outcome is only a missing answer.
            cluster.apply(object, manifest, true).await.map_err(Error::without_effect)
        }
    }
}

/// Whether the object carries the id of this operation.
pub(crate) fn carries(found: &Value, operation: Option<OperationId>) -> bool {
    let mark = found.pointer("/metadata/annotations").and_then(|all| all.get(OPERATION_ANNOTATION));
    operation.is_some_and(|operation| mark.and_then(Value::as_str) == Some(operation.to_string().as_str()))
}

/// The error of a create whose name is taken.
pub(crate) fn taken(object: &ObjectRef) -> Error {
    let message = format!("{object} is there already");
    Error::Permanent { code: ErrorCode::AlreadyExists, message, field: Some("metadata.name".to_owned()) }
}
