//! The messages of `graphql-transport-ws`, in both directions. A message of another shape does not parse.

use async_graphql::{Request, Response, ServerError, Variables};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    ConnectionInit { payload: Option<Map<String, Value>> },
    Subscribe { id: String, payload: Operation },
    Complete { id: String },
    Ping { payload: Option<Map<String, Value>> },
    Pong {},
}

/// A document with what belongs to it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    query: String,
    operation_name: Option<String>,
    variables: Option<Variables>,
}

impl From<Operation> for Request {
    fn from(operation: Operation) -> Self {
        let mut request = Self::new(operation.query).variables(operation.variables.unwrap_or_default());
        request.operation_name = operation.operation_name;
        request
    }
}

/// What the server says.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage<'a> {
    ConnectionAck,
    Next {
        id: &'a str,
        payload: &'a Response,
    },
    Error {
        id: &'a str,
        payload: &'a [ServerError],
    },
    Complete {
        id: &'a str,
    },
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Value>>,
    },
}
