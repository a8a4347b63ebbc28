//! A value of any form that people may fill freely. It is stored sealed, as one leaf.

use serde::{Deserialize, Serialize};

/// A free value. What is in it may be read only where its key is known.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Free<T> {
    /// None if its key is not known.
    #[serde(rename = "$free", skip_serializing_if = "Option::is_none")]
    value: Option<T>,
    /// As it is stored. None if it was not stored yet, or is not needed again.
    #[serde(rename = "$sealed", skip_serializing_if = "Option::is_none")]
    sealed: Option<Box<str>>,
}

impl<T> Free<T> {
    /// None if it cannot be opened.
    pub const fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// Whether it cannot be opened, because its key is gone.
    pub const fn is_forgotten(&self) -> bool {
        self.value.is_none() && self.sealed.is_some()
    }
}

impl<T> From<T> for Free<T> {
    fn from(value: T) -> Self {
        Self { value: Some(value), sealed: None }
    }
}

/// Two values are the same whether they were stored or not.
impl<T: PartialEq> PartialEq for Free<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Some(value), Some(other)) => value == other,
            (None, None) => self.sealed == other.sealed,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_a_free_leaf_and_the_same_when_it_was_stored() {
        let new = Free::from(vec![1, 2]);
        assert_eq!(serde_json::to_value(&new).expect("written"), json!({"$free": [1, 2]}));
        let stored: Free<Vec<i32>> = serde_json::from_value(json!({"$free": [1, 2], "$sealed": "s"})).expect("read");
        assert_eq!((&stored, stored.is_forgotten()), (&new, false));
        let forgotten: Free<Vec<i32>> = serde_json::from_value(json!({"$sealed": "s"})).expect("read");
        assert!(forgotten.is_forgotten() && forgotten.get().is_none() && forgotten != new);
    }
}
