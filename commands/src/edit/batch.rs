//! Many documents as one batch of operations.

use super::{Edits, Request};
use crate::{BatchReceipt, Error, Origin, dispatch::Prepared};
use domain::{
    core::{
        message::Code,
        refusal::{ErrorCode, Refusal},
    },
    kubernetes::resource::Resource,
    operation::batch::Wanted,
};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use std::{collections::HashSet, time::Duration};
use tokio::time::timeout;

/// How long it may take to compare all documents with what is known of their objects.
const LIMIT: Duration = Duration::from_secs(10);
const AT_A_TIME: usize = 16;

impl Edits {
    /// Requests that documents are applied, and that objects are edited, as one batch. A document that changes nothing is left
    /// out. If one of them is refused, nothing is requested.
    pub async fn apply_all(&self, origin: Origin, requests: Vec<Request>) -> Result<BatchReceipt, Error> {
        let asked: Vec<Value> = requests.iter().map(Request::asked).collect();
        let late = || {
            let message = "the documents could not be compared in time: nothing was done, try again".to_owned();
            Error::Unavailable { message }
        };
        let members = match timeout(LIMIT, self.members(&requests)).await.unwrap_or_else(|_| Err(late())) {
            Ok(members) => Ok(members),
            Err(Error::Refused(refusal)) => Err(refusal),
            Err(error) => return Err(error),
        };
        let receipt = self.dispatcher.request_prepared_batch(origin, &json!({"apply": asked}), members).await;
        receipt.map_err(|error| match error {
            Error::Refused(refusal) => of_documents(refusal).into(),
            other => other,
        })
    }

    async fn members(&self, requests: &[Request]) -> Result<Vec<Wanted>, Error> {
        let is_namespace = |request: &&Request| request.document.object.kind == Resource::NAMESPACE;
        let made: HashSet<String> =
            requests.iter().filter(is_namespace).map(|request| request.document.object.name.clone()).collect();
        let members = requests.iter().cloned().map(|request| self.member(request, &made));
        let members: Vec<Option<Wanted>> = stream::iter(members).buffered(AT_A_TIME).try_collect().await?;
        let members: Vec<Wanted> = members.into_iter().flatten().collect();
        if members.is_empty() {
            return Err(Refusal::because(ErrorCode::Invalid, "manifests", Code::NothingChanged.message([])).into());
        }
        Ok(members)
    }

    /// What is wanted of the object of a document. None if it is as the document says.
    async fn member(&self, request: Request, made: &HashSet<String>) -> Result<Option<Wanted>, Error> {
        let target = request.document.object.clone();
        if let (None, Some(namespace)) = (&request.based_on, &target.namespace)
            && !made.contains(namespace)
        {
            self.dispatcher.must_exist(&target.cluster, namespace).await?;
        }
        match self.prepared(&request).await {
            Ok(Prepared { intent, expected_version, .. }) => {
                Ok(Some(Wanted { target, intent, expected_version, retry_of: None }))
            }
            Err(Error::Refused(refusal)) if refusal.is_because(Code::NothingChanged) => Ok(None),
            Err(Error::Refused(refusal)) => Err(in_line(request.document.line, refusal).into()),
            Err(error) => Err(error),
        }
    }
}

/// The refusal of the members of a batch, as one of the documents.
fn of_documents(refusal: Refusal) -> Refusal {
    let field = refusal.field.map(|field| if field == "members" { "manifests".to_owned() } else { field });
    Refusal { field, ..refusal }
}

/// A refusal that names the document. One of a conflict stays as it is: its fields are shown.
fn in_line(line: usize, refusal: Refusal) -> Refusal {
    let Refusal { code, field, current_version, reason: Some(reason), .. } = refusal.clone() else { return refusal };
    if code == ErrorCode::Conflict {
        return refusal;
    }
    let reason = Code::ManifestLine.message([("line", line.into()), ("message", (*reason).into())]);
    let field = field.unwrap_or_else(|| "manifests".to_owned());
    Refusal { current_version, ..Refusal::because(code, &field, reason) }
}
