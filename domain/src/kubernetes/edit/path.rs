//! Places in an object, as server-side apply names them: `.spec.containers[name="web"].image`.

use serde::{Deserialize, Serialize};
use serde_json::{Deserializer, Value};
use std::{collections::BTreeMap, fmt};

/// A step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Field(String),
    /// The item of a list whose fields have these values.
    Item(BTreeMap<String, Value>),
    /// This member of a set.
    Member(Value),
}

/// A place in an object. Empty for the object itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(pub Vec<Step>);

impl Step {
    /// The part of `value` that this step leads to.
    pub fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Self::Field(name) => value.get(name),
            Self::Item(_) | Self::Member(_) => value.as_array()?.iter().find(|item| self.is_item(item)),
        }
    }

    /// The index of that item of a list.
    pub(super) fn index_in(&self, items: &[Value]) -> Option<usize> {
        items.iter().position(|item| self.is_item(item))
    }

    fn is_item(&self, item: &Value) -> bool {
        match self {
            Self::Field(_) => false,
            Self::Item(keys) => keys.iter().all(|(key, value)| key_of(item, key).as_ref() == Some(value)),
            Self::Member(member) => member == item,
        }
    }
}

/// The value of a key of an item. Kubernetes has a default for one key alone.
pub(super) fn key_of(item: &Value, key: &str) -> Option<Value> {
    match item.get(key) {
        Some(value @ (Value::String(_) | Value::Number(_) | Value::Bool(_))) => Some(value.clone()),
        None if key == "protocol" => Some("TCP".into()),
        Some(_) | None => None,
    }
}

impl Path {
    pub fn get<'v>(&self, object: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(object, |value, step| step.of(value)).filter(|value| !value.is_null())
    }

    /// Whether it begins with these fields.
    pub fn is_in(&self, fields: &[&str]) -> bool {
        let is_it = |(step, name): (&Step, &&str)| matches!(step, Step::Field(field) if field == name);
        self.0.len() >= fields.len() && self.0.iter().zip(fields).all(is_it)
    }

    /// The place that a text names in `object`. Names of fields may have dots in them, so the object decides. None if it has no
    /// such place.
    pub fn parse(text: &str, object: &Value) -> Option<Self> {
        let (mut steps, mut rest, mut value) = (Vec::new(), text, object);
        while !rest.is_empty() {
            let (step, after) = if let Some(names) = rest.strip_prefix('.') {
                let name = longest_field(names, value)?;
                (Step::Field(name.to_owned()), &names[name.len()..])
            } else {
                item(rest.strip_prefix('[')?)?
            };
            value = step.of(value)?;
            steps.push(step);
            rest = after;
        }
        Some(Self(steps))
    }

    /// Removes what stands there. Objects that are empty afterwards stay.
    pub fn remove(&self, object: &mut Value) {
        let Some((last, parents)) = self.0.split_last() else { return };
        let Some(parent) = parents.iter().try_fold(object, |value, step| within(value, step)) else { return };
        match (last, parent) {
            (Step::Field(name), Value::Object(fields)) => drop(fields.remove(name)),
            (step, Value::Array(items)) => items.retain(|item| !step.is_item(item)),
            _ => {}
        }
    }
}

/// The same to be changed. None if it is not there.
pub(super) fn within<'v>(value: &'v mut Value, step: &Step) -> Option<&'v mut Value> {
    match step {
        Step::Field(name) => value.get_mut(name),
        Step::Item(_) | Step::Member(_) => value.as_array_mut()?.iter_mut().find(|item| step.is_item(item)),
    }
}

/// The longest field of `value` that `names` begins with.
fn longest_field<'v>(names: &str, value: &'v Value) -> Option<&'v str> {
    let is_begin = |field: &&String| {
        let rest = names.strip_prefix(field.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let fields = value.as_object()?.keys().filter(is_begin);
    fields.max_by_key(|field| field.len()).map(String::as_str)
}

/// A step into a list, after its bracket, and what follows.
fn item(text: &str) -> Option<(Step, &str)> {
    let mut keys = BTreeMap::new();
    let mut rest = text;
    loop {
        let (key, after) = rest.split_once('=')?;
        let mut values = Deserializer::from_str(after).into_iter::<Value>();
        let value = values.next()?.ok()?;
        let after = after.get(values.byte_offset()..)?;
        if key.is_empty() {
            return Some((Step::Member(value), after.strip_prefix(']')?));
        }
        keys.insert(key.to_owned(), value);
        match after.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Some((Step::Item(keys), after.strip_prefix(']')?)),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str(".");
        }
        for step in &self.0 {
            match step {
                Step::Field(name) => write!(formatter, ".{name}")?,
                Step::Item(keys) => {
                    let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
                    write!(formatter, "[{}]", keys.join(","))?;
                }
                Step::Member(value) => write!(formatter, "[={value}]")?,
            }
        }
        Ok(())
    }
}
