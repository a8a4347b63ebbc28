//! Who wrote a field, by the managed fields of an object.

use super::path::{Path, Step};
use serde_json::Value;

/// The field manager that wrote the field last, or what it is in. None if the object names none.
pub fn owner(object: &Value, path: &Path) -> Option<String> {
    let entries = object.pointer("/metadata/managedFields")?.as_array()?;
    let found = entries.iter().filter_map(|entry| {
        let depth = depth(entry.get("fieldsV1")?, &path.0);
        let manager = entry.get("manager")?.as_str()?;
        let time = entry.get("time").and_then(Value::as_str).unwrap_or_default();
        (depth > 0).then_some((depth, time, manager))
    });
    found.max().map(|(_, _, manager)| manager.to_owned())
}

/// How many steps of a path the fields of a manager have.
fn depth(fields: &Value, path: &[Step]) -> usize {
    let Some((step, rest)) = path.split_first() else { return 0 };
    let name = match step {
        Step::Field(name) => format!("f:{name}"),
        Step::Item(keys) => format!("k:{}", serde_json::to_string(keys).unwrap_or_default()),
        Step::Member(value) => format!("v:{value}"),
    };
    fields.get(&name).map_or(0, |below| 1 + depth(below, rest))
}
