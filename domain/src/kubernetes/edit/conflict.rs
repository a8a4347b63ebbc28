//! Conflicts: fields that others changed, or own, which an author wants to change too.

use crate::core::{
    message::{Code, FREE_TEXT, Message},
    sealing::leaf::{FREE, free},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The argument of a message that holds its conflicts. It is a free value.
pub const CONFLICTS: &str = "conflicts";
/// Conflicts that are told, and bytes of each of their values.
const MOST: usize = 50;
const LONGEST: usize = 4096;

/// One field with what the author saw, what is there, and what the author wants. A long value is cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    pub path: String,
    /// The field manager that wrote it last. Empty if nobody knows.
    pub manager: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yours: Option<Value>,
}

impl Conflict {
    pub fn new(
        path: String,
        manager: Option<String>,
        base: Option<&Value>,
        live: Option<&Value>,
        yours: Option<&Value>,
    ) -> Self {
        let cut = |value: Option<&Value>| value.map(shortened);
        Self { path, manager: manager.unwrap_or_default(), base: cut(base), live: cut(live), yours: cut(yours) }
    }
}

fn shortened(value: &Value) -> Value {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.len() <= LONGEST {
        return value.clone();
    }
    format!("{}…", &text[..text.floor_char_boundary(LONGEST)]).into()
}

/// Why an edit was not made.
pub fn in_words(conflicts: &[Conflict]) -> Message {
    let told = &conflicts[..conflicts.len().min(MOST)];
    let fields: Vec<&str> = told.iter().map(|conflict| conflict.path.as_str()).collect();
    let (count, detail) = (conflicts.len().into(), fields.join(", ").into());
    Code::FieldsConflict.message([("count", count), (FREE_TEXT, detail), (CONFLICTS, free(json!(told)))])
}

/// The conflicts of a message, if it has some and they are open.
pub fn conflicts_in(message: &Message) -> Vec<Conflict> {
    let Some(told) = message.arguments.get(CONFLICTS) else { return Vec::new() };
    // Opened for a reader, or as it was made.
    Vec::<Conflict>::deserialize(told.get(FREE).unwrap_or(told)).unwrap_or_default()
}
