//! Text that people may fill freely, or that may quote what they filled in. It is stored sealed.

use crate::core::sealing::leaf::{FREE, SEALED};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::hash::{Hash, Hasher};

/// A text of the cluster that may quote what people wrote: the message of a condition, an event, a termination.
/// Reason codes, names and types are no free text.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FreeText {
    /// None if its key is not known.
    #[serde(rename = "$free", default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// As it is stored. None if it was not stored yet, or is not needed again.
    #[serde(rename = "$sealed", default, skip_serializing_if = "Option::is_none")]
    sealed: Option<Box<str>>,
}

impl FreeText {
    /// Bytes that are kept at most. Kubernetes allows 32 KiB in a condition; the first sentences say what is wrong.
    pub const LIMIT: usize = 2048;

    /// Keeps the first [`FreeText::LIMIT`] bytes, to the end of a character.
    pub fn new(text: &str) -> Self {
        Self { text: Some(text[..text.floor_char_boundary(Self::LIMIT)].to_owned()), sealed: None }
    }

    /// A text as it is stored.
    pub fn stored(sealed: &str) -> Self {
        Self { text: None, sealed: Some(sealed.into()) }
    }

    /// The text. Empty if it cannot be opened.
    pub fn as_str(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// As it is stored.
    pub fn sealed(&self) -> Option<&str> {
        self.sealed.as_deref()
    }

    /// Whether there is nothing to store.
    pub fn is_empty(&self) -> bool {
        self.sealed.is_none() && self.as_str().is_empty()
    }
}

impl From<&str> for FreeText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// Two texts are the same whether they were stored or not.
impl PartialEq for FreeText {
    fn eq(&self, other: &Self) -> bool {
        match (&self.text, &other.text) {
            (Some(text), Some(other)) => text == other,
            (None, None) => self.sealed == other.sealed,
            _ => self.is_empty() && other.is_empty(),
        }
    }
}

impl Eq for FreeText {}

impl Hash for FreeText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

/// As an argument of a message.
impl From<&FreeText> for Value {
    fn from(text: &FreeText) -> Self {
        let of = |key: &str, text: Option<&str>| Some((key.to_owned(), Self::from(text?)));
        let both = [of(FREE, text.text.as_deref()), of(SEALED, text.sealed.as_deref())];
        if text.is_empty() { "".into() } else { Self::Object(Map::from_iter(both.into_iter().flatten())) }
    }
}

impl From<FreeText> for Value {
    fn from(text: FreeText) -> Self {
        Self::from(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let text = "漢".repeat(1000);
        let kept = FreeText::new(&text);
        assert!(kept.as_str().len() <= FreeText::LIMIT && kept.as_str().len() > FreeText::LIMIT - 3);
        assert!(text.starts_with(kept.as_str()));
        assert_eq!(FreeText::new("short").as_str(), "short");
    }

    #[test]
    fn a_text_is_a_free_leaf_and_the_same_when_it_was_stored() {
        let (new, stored) = (FreeText::new("x"), json!({"$free": "x", "$sealed": "s"}));
        assert_eq!(serde_json::to_value(&new).expect("written"), json!({"$free": "x"}));
        let read: FreeText = serde_json::from_value(stored.clone()).expect("read");
        assert_eq!(read, new);
        assert_eq!(Value::from(&read), stored);
        assert_eq!((FreeText::stored("s").as_str(), FreeText::stored("s").is_empty()), ("", false));
        assert_ne!(FreeText::stored("s"), new);
    }
}
