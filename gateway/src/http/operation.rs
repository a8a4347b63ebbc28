//! An operation as clients send it: in a JSON body, in the parameters of a GET, or in a socket message.

use crate::graphql::engine::error::{ApiError, code};
use async_graphql::{Request, Variables};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};
use std::fmt;

/// A document with its variables and extensions.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Operation {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<Variables>,
    extensions: Option<Map<String, Value>>,
}

/// Why an operation cannot be executed.
pub enum Incomplete {
    NoDocument,
    /// Only the hash of a document. The error makes clients send the document.
    Persisted(ApiError),
}

impl Operation {
    pub fn from_json(bytes: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Body(#[serde(deserialize_with = "object")] Operation);
        serde_json::from_slice(bytes).ok().map(|Body(operation)| operation)
    }

    /// Reads the parameters of a GET. Each may occur once. Others are refused, because they could be a token.
    pub fn from_query(query: &str) -> Option<Self> {
        let mut operation = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let is_first = match &*name {
                "query" => operation.query.replace(value.into_owned()).is_none(),
                "operationName" => operation.operation_name.replace(value.into_owned()).is_none(),
                "variables" => put(&mut operation.variables, &value)?,
                "extensions" => put(&mut operation.extensions, &value)?,
                _ => false,
            };
            if !is_first {
                return None;
            }
        }
        Some(operation)
    }

    pub fn into_request(self) -> Result<Request, Incomplete> {
        let Some(query) = self.query else {
            let is_persisted = self.extensions.is_some_and(|extensions| extensions.contains_key("persistedQuery"));
            // Apollo Client and urql match this text.
            let error = ApiError::new(code::PERSISTED_QUERY_NOT_SUPPORTED, "PersistedQueryNotSupported");
            return Err(if is_persisted { Incomplete::Persisted(error) } else { Incomplete::NoDocument });
        };
        let mut request = Request::new(query).variables(self.variables.unwrap_or_default());
        request.operation_name = self.operation_name;
        Ok(request)
    }
}

/// Whether the parameter is the first of its name; `None` if it is not JSON of its type.
fn put<T: DeserializeOwned>(parameter: &mut Option<T>, json: &str) -> Option<bool> {
    let is_first = parameter.is_none();
    *parameter = serde_json::from_str(json).ok()?;
    Some(is_first)
}

/// Accepts only an object. By default serde also accepts a list of the fields in order.
pub fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Operation, D::Error> {
    struct Object;

    impl<'de> Visitor<'de> for Object {
        type Value = Operation;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Operation, A::Error> {
            Operation::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(Object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of_json(body: &Value) -> Option<Request> {
        Operation::from_json(body.to_string().as_bytes())?.into_request().ok()
    }

    #[test]
    fn a_body_is_an_object_with_the_right_types() {
        let full = json!({"query": "{a}", "operationName": "A", "variables": {"x": 1}, "extensions": {"y": 2}});
        let request = of_json(&full).expect("a request");
        assert_eq!((request.query.as_str(), request.operation_name.as_deref()), ("{a}", Some("A")));
        assert_eq!(request.variables.get("x"), Some(&async_graphql::Value::from(1)));
        let nulls = json!({"query": "{a}", "operationName": null, "variables": null, "extensions": null, "more": 1});
        assert!(of_json(&nulls).is_some());
        for wrong in [
            json!(["{a}"]),
            json!([{"query": "{a}"}]),
            json!("{a}"),
            json!(null),
            json!({}),
            json!({"query": null}),
            json!({"query": ["{a}"]}),
            json!({"query": "{a}", "operationName": 1}),
            json!({"query": "{a}", "variables": [1]}),
            json!({"query": "{a}", "variables": "{}"}),
            json!({"query": "{a}", "extensions": [1]}),
        ] {
            assert!(of_json(&wrong).is_none(), "{wrong}");
        }
        for wrong in ["{\"query\": \"{a}\"} x", "{\"query\": \"{a}\", \"query\": \"{b}\"}", "{", ""] {
            assert!(Operation::from_json(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_get_has_the_same_parameters_each_once_and_no_others() {
        let of_query = |query: &str| Operation::from_query(query)?.into_request().ok();
        let query = "query=%7Ba%7D&operationName=A&variables=%7B%22x%22%3A1%7D&extensions=%7B%7D";
        let request = of_query(query).expect("a request");
        assert_eq!((request.query.as_str(), request.operation_name.as_deref()), ("{a}", Some("A")));
        assert_eq!(request.variables.get("x"), Some(&async_graphql::Value::from(1)));
        assert!(of_query("query=%7Ba%7D&variables=null").is_some());
        for wrong in [
            "",
            "variables=%7B%7D",
            "query=a&query=b",
            "query=a&variables=%7B%7D&variables=%7B%7D",
            "query=a&variables=x",
            "query=a&variables=%5B1%5D",
            "query=a&extensions=1",
            "query=a&token=secret",
        ] {
            assert!(of_query(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_hash_alone_is_answered_so_that_clients_send_the_document() {
        let extensions = json!({"persistedQuery": {"version": 1, "sha256Hash": "00"}});
        let operation = |body: Value| Operation::from_json(body.to_string().as_bytes()).expect("an operation");
        let hash = operation(json!({"extensions": extensions})).into_request();
        let Err(Incomplete::Persisted(error)) = hash else { panic!("not refused as persisted") };
        assert_eq!(
            (error.code, error.message.as_str()),
            ("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
        );
        assert!(operation(json!({"query": "{a}", "extensions": extensions})).into_request().is_ok());
        assert!(matches!(operation(json!({"extensions": {}})).into_request(), Err(Incomplete::NoDocument)));
    }
}
