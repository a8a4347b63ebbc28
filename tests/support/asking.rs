//! Asks again what the log was too busy to answer, as the error says. A mutation of workloads carries an idempotency key, so
//! that it is done once.

use crate::{gateway::Gateway, until};
use anyhow::{Context, Result, bail};
use reqwest::{RequestBuilder, header::HeaderMap};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// How often something without an answer is sent again, and after what time.
pub const TRIES: usize = 20;
pub const PAUSE: Duration = Duration::from_secs(1);

/// Whether an answer says that there is none for now.
pub fn is_unavailable(answer: &Value) -> bool {
    has_code(answer, "UNAVAILABLE")
}

fn has_code(answer: &Value, code: &str) -> bool {
    let errors = answer["errors"].as_array();
    errors.is_some_and(|errors| errors.iter().any(|error| error["extensions"]["code"] == code))
}

/// The data of an answer. An error in the answer is an error here.
pub fn data(mut answer: Value) -> Result<Value> {
    if !answer["errors"].is_null() {
        bail!("{}", answer["errors"]);
    }
    Ok(answer["data"].take())
}

/// The input of a mutation with an idempotency key, if it has none.
pub fn keyed(mut input: Value) -> Value {
    if input["idempotencyKey"].is_null() {
        input["idempotencyKey"] = json!(Uuid::now_v7());
    }
    input
}

/// The document of the mutation `field`. `fragment` says what is read of the result, under the name `R`.
pub fn mutation(field: &str, fragment: &str) -> String {
    let argument = match field {
        "createWorkload" => "CreateWorkloadInput",
        "scaleWorkload" => "ScaleWorkloadInput",
        "applyManifests" => "ApplyManifestsInput",
        "deleteObject" => "DeleteObjectInput",
        "restoreObject" => "RestoreObjectInput",
        "cancelOperation" | "retryOperation" => "OperationInput",
        "cancelBatch" | "retryBatch" => "BatchInput",
        _ => "WorkloadInput",
    };
    format!("mutation($input: {argument}!) {{ {field}(input: $input) {{ ...R }} }} {fragment}")
}

/// Sends a request until there is an answer; its headers and the whole answer.
pub async fn answered(request: impl Fn() -> RequestBuilder) -> (HeaderMap, Value) {
    until("it is answered", || async {
        let response = request().send().await.ok()?;
        let headers = response.headers().clone();
        let answer: Value = response.json().await.ok()?;
        (!is_unavailable(&answer)).then_some((headers, answer))
    })
    .await
}

impl Gateway {
    /// Asks as the administrator until there is an answer; the whole answer.
    pub async fn ask_again(&self, query: &str, variables: Value) -> Result<Value> {
        let token = self.token().await?;
        self.post_again(Some(&token), query, variables).await
    }

    /// The same with or without a token.
    pub async fn post_again(&self, token: Option<&str>, query: &str, variables: Value) -> Result<Value> {
        let mut answer = self.post(token, query, variables.clone()).await?;
        for _ in 0..TRIES {
            if !is_unavailable(&answer) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
            answer = self.post(token, query, variables.clone()).await?;
        }
        Ok(answer)
    }

    /// Sends `input` to the mutation `field`; the result, accepted or refused.
    pub async fn mutate(&self, field: &str, input: Value, fragment: &str) -> Result<Value> {
        let (document, input) = (mutation(field, fragment), json!({"input": keyed(input)}));
        let mut answer = self.ask_again(&document, input.clone()).await?;
        for _ in 0..TRIES {
            // It is recorded, and the read side of a busy machine does not show it yet.
            if !has_code(&answer, "NOT_YET") {
                break;
            }
            answer = self.ask_again(&document, input.clone()).await?;
        }
        let result = answer.pointer(&format!("/data/{field}")).filter(|result| !result.is_null());
        Ok(result.with_context(|| answer.to_string())?.clone())
    }
}
