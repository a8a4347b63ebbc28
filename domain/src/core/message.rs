//! Messages for users as data: a stable code and its arguments. The gateway makes the sentence in the reader's language.

mod arguments;
mod code;

pub use code::Code;

use crate::core::sealing::leaf::{FREE, free};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{borrow::Cow, collections::BTreeMap};

/// The argument that may quote what people wrote: words of the API server, of a probe, of a program. All other
/// arguments hold names, reason codes and numbers. It is a free leaf, so it is stored sealed.
pub const FREE_TEXT: &str = "detail";

/// A message without its sentence. Events and rows hold this and never a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// One of [`Code`]. A text, so that a message of a newer version can still be read.
    pub code: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<Cow<'static, str>, Value>,
}

impl Message {
    /// The code, when this version knows it.
    pub fn known(&self) -> Option<Code> {
        self.code.parse().ok()
    }

    /// Whether this message has that code.
    pub fn is(&self, code: Code) -> bool {
        self.code == code.as_str()
    }

    /// A text argument. A free one only if it is open.
    pub fn text(&self, argument: &str) -> Option<&str> {
        let value = self.arguments.get(argument)?;
        value.as_str().or_else(|| value.get(FREE)?.as_str())
    }
}

/// As an argument of another message.
impl From<Message> for Value {
    fn from(message: Message) -> Self {
        let arguments = message.arguments.into_iter().map(|(name, value)| (name.into_owned(), value)).collect();
        Self::Object(Map::from_iter([
            ("code".to_owned(), message.code.into_owned().into()),
            ("arguments".to_owned(), Self::Object(arguments)),
        ]))
    }
}

impl Code {
    /// The message of this code. `arguments` are those of [`Code::arguments`], in any order.
    pub fn message<const N: usize>(self, arguments: [(&'static str, Value); N]) -> Message {
        debug_assert!(
            N == self.arguments().len() && arguments.iter().all(|(name, _)| self.arguments().contains(name)),
            "{} takes {:?}, not {:?}",
            self.as_str(),
            self.arguments(),
            arguments.map(|(name, _)| name)
        );
        let argument = |(name, value): (&'static str, Value)| {
            let is_free = name == FREE_TEXT && value.as_str().is_some_and(|text| !text.is_empty());
            (Cow::Borrowed(name), if is_free { free(value) } else { value })
        };
        let arguments = arguments.into_iter().map(argument).collect();
        Message { code: Cow::Borrowed(self.as_str()), arguments }
    }

    /// The stable text of the code.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_is_code_and_arguments() {
        let message = Code::ImageNotFound.message([
            ("container", "web".into()),
            ("role", "main".into()),
            ("image", "web:typo".into()),
            ("pod", "web-1".into()),
            ("detail", "no such tag".into()),
        ]);
        let stored = serde_json::to_value(&message).expect("it is written");
        assert_eq!(stored["code"], json!("IMAGE_NOT_FOUND"));
        assert_eq!(stored["arguments"]["image"], json!("web:typo"));
        let read: Message = serde_json::from_value(stored).expect("it is read");
        assert_eq!((read.known(), &read), (Some(Code::ImageNotFound), &message));
    }

    #[test]
    fn a_code_of_a_newer_version_is_still_read() {
        let read: Message = serde_json::from_value(json!({"code": "FROM_LATER"})).expect("it is read");
        assert_eq!(read.known(), None);
    }
}
