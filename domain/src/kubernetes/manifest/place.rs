//! Places in a manifest or in a status, read in the same way whether their values were stored or not.

use crate::core::sealing::leaf::{self, FREE};
use serde_json::Value;

/// A value at a place, or that there is none.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a>(Option<&'a Value>);

impl<'a> Place<'a> {
    /// The whole manifest or status.
    pub const fn of(value: &'a Value) -> Self {
        Self(Some(value))
    }

    /// The value. None if there is none, or if it cannot be opened any more.
    pub fn value(self) -> Option<&'a Value> {
        let value = self.0?;
        let leaf = value.as_object().filter(|fields| leaf::is_leaf(fields));
        leaf.map_or(Some(value), |leaf| leaf.get(FREE)).filter(|value| !value.is_null())
    }

    /// The value as it is stored: a leaf where it is one.
    pub const fn stored(self) -> Option<&'a Value> {
        self.0
    }

    /// Whether there is a value that cannot be opened any more.
    pub fn is_closed(self) -> bool {
        self.value().is_none() && self.0.is_some_and(|stored| !stored.is_null())
    }

    /// The place of a field.
    #[must_use]
    pub fn get(self, field: &str) -> Self {
        Self(self.value().and_then(|value| value.get(field)))
    }

    /// The place of a field of a field, and so on.
    #[must_use]
    pub fn at(self, path: &[&str]) -> Self {
        path.iter().fold(self, |place, field| place.get(field))
    }

    pub fn text(self) -> Option<&'a str> {
        self.value()?.as_str()
    }

    pub fn number(self) -> Option<i64> {
        self.value()?.as_i64()
    }

    pub fn is_true(self) -> bool {
        self.value().and_then(Value::as_bool) == Some(true)
    }

    /// The items of a list. None of anything else.
    pub fn items(self) -> impl Iterator<Item = Self> {
        self.value().and_then(Value::as_array).into_iter().flatten().map(Self::of)
    }

    /// The fields of an object. None of anything else.
    pub fn fields(self) -> impl Iterator<Item = (&'a str, Self)> {
        let fields = self.value().and_then(Value::as_object).into_iter().flatten();
        fields.map(|(name, value)| (name.as_str(), Self::of(value)))
    }

    /// Whether the list or the object there has something in it.
    pub fn has_some(self) -> bool {
        self.items().next().is_some() || self.fields().next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_place_is_read_through_leaves() {
        let stored = json!({
            "phase": {"$free": "Bound", "$sealed": "s"}, "gone": {"$sealed": "s"}, "none": null,
            "used": {"$free": {"pods": "3", "deep": {"list": [1, 2]}}, "$sealed": "s"}, "plain": {"a": true},
        });
        let place = Place::of(&stored);
        assert_eq!(place.get("phase").text(), Some("Bound"));
        assert_eq!(place.get("phase").stored(), Some(&stored["phase"]));
        assert_eq!(place.at(&["used", "deep", "list"]).items().filter_map(Place::number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(place.get("used").fields().map(|(name, _)| name).collect::<Vec<_>>(), ["deep", "pods"]);
        assert!(place.at(&["plain", "a"]).is_true() && place.get("plain").has_some());
        for nothing in ["gone", "none", "phases"] {
            assert!(place.get(nothing).value().is_none() && !place.get(nothing).has_some(), "{nothing}");
            assert_eq!((place.get(nothing).text(), place.get(nothing).items().count()), (None, 0));
            assert_eq!(place.get(nothing).is_closed(), nothing == "gone");
        }
    }
}
