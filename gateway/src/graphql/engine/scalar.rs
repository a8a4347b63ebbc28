//! Scalars of our own.

use async_graphql::{ID, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The id as rows have it. An id of another form becomes the nil id, which no row has.
pub fn uuid(id: ID) -> Uuid {
    id.parse().unwrap_or_default()
}

/// Labels are an object, even when there are none.
pub fn object(value: Json) -> Json {
    if value.is_null() { json!({}) } else { value }
}

/// A position in the log: the decimal digits of a 64-bit integer; the first event is 1. Ordered; safe to store and to
/// resume from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub i64);

/// A position in the log: the decimal digits of a 64-bit integer; the first event is 1. Ordered; safe to store and to
/// resume from.
#[Scalar(name = "Position")]
impl ScalarType for Position {
    fn parse(value: Value) -> InputValueResult<Self> {
        let position = match &value {
            Value::String(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok()
            }
            Value::Number(number) => number.as_i64().filter(|position| *position >= 0),
            _ => None,
        };
        position.map(Self).ok_or_else(|| InputValueError::custom("a position is the digits of a 64-bit integer"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
