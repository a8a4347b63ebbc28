//! Which columns of the server's table are recorded: those that it shows by default, and that change only when something
//! happens.

use chrono::DateTime;
use domain::kubernetes::resource::Resource;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Columns that say how long ago something was, in lower case.
const AGES: [&str; 8] =
    ["age", "duration", "first seen", "last run", "last schedule", "last seen", "last transition", "uptime"];

/// A measured value, which the server prints anew every few seconds.
const MEASURED: (Resource, &str) = (Resource::AUTOSCALER, "Targets");

/// A column as the server describes it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Definition {
    pub name: String,
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default)]
    pub format: String,
    /// 0 for what is shown by default.
    #[serde(default)]
    pub priority: i64,
}

/// The names of the recorded columns by their place in a row. None: it is left out.
#[derive(Debug, Default)]
pub(super) struct Columns(Vec<Option<String>>);

impl Columns {
    pub fn of(resource: &Resource, definitions: &[Definition]) -> Self {
        let name = |one: &Definition| is_recorded(resource, one).then(|| one.name.clone());
        Self(definitions.iter().map(name).collect())
    }

    /// The names of the recorded columns, in the order of the server.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flatten().map(String::as_str)
    }

    /// The text of each recorded cell. Cells of another table have no names.
    pub fn cells(&self, cells: &[Value]) -> BTreeMap<String, String> {
        if cells.len() != self.0.len() {
            return BTreeMap::new();
        }
        let named = self.0.iter().zip(cells).filter_map(|(name, cell)| Some((name.as_ref()?, text(cell)?)));
        named.map(|(name, text)| (name.clone(), text)).collect()
    }
}

fn is_recorded(resource: &Resource, column: &Definition) -> bool {
    let is_age = || AGES.contains(&column.name.to_lowercase().as_str());
    let is_time = || [&column.kind, &column.format].iter().any(|form| *form == "date");
    // The name of the object is no news.
    let is_name = || column.format == "name" || column.name == "Name";
    let is_measured = || (resource, column.name.as_str()) == (&MEASURED.0, MEASURED.1);
    column.priority == 0 && !is_age() && !is_time() && !is_name() && !is_measured()
}

/// None for an empty cell, and for a time: it is when a controller last looked, as far as anybody can tell.
fn text(cell: &Value) -> Option<String> {
    match cell {
        Value::Null => None,
        Value::String(text) if text.is_empty() || DateTime::parse_from_rfc3339(text).is_ok() => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(cell.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn columns(resource: &Resource, definitions: &[(&str, &str, &str, i64)]) -> Columns {
        let definition = |&(name, kind, format, priority): &(&str, &str, &str, i64)| Definition {
            name: name.to_owned(),
            kind: kind.to_owned(),
            format: format.to_owned(),
            priority,
        };
        Columns::of(resource, &definitions.iter().map(definition).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_wide_or_ages_is_no_column() {
        let nodes = columns(
            &"Node".parse().expect("a kind"),
            &[
                ("Name", "string", "name", 0),
                ("Status", "string", "", 0),
                ("Ready", "integer", "", 0),
                ("Age", "string", "", 0),
                ("Last Seen", "string", "", 0),
                ("Expires", "date", "", 0),
                ("Renewed", "string", "date", 0),
                ("Kernel-Version", "string", "", 1),
                ("Reason", "string", "", 0),
                ("Checked", "string", "", 0),
                ("Spot", "boolean", "", 0),
            ],
        );
        let row = json!(["a", "Ready", 3, "5d", "1m", "in 5d", "5d", "6.1", null, "2026-12-01T00:00:00Z", false]);
        let cells = nodes.cells(row.as_array().expect("cells"));
        let wanted = [("Ready", "3"), ("Spot", "false"), ("Status", "Ready")];
        assert!(cells.iter().map(|(name, text)| (name.as_str(), text.as_str())).eq(wanted), "{cells:?}");
    }

    #[test]
    fn a_row_of_another_table_has_no_cells() {
        let one = columns(&Resource::NAMESPACE, &[("Status", "string", "", 0)]);
        assert!(one.cells(&[json!("a"), json!("b")]).is_empty() && one.cells(&[]).is_empty());
        assert_eq!(one.cells(&[json!("Active")]).len(), 1);
    }

    #[test]
    fn what_an_autoscaler_measures_is_not_recorded() {
        let definitions = [("Targets", "string", "", 0), ("Replicas", "integer", "", 0)];
        let cells = [json!("cpu: 3%/80%"), json!(2)];
        let names = |kind: &Resource| columns(kind, &definitions).cells(&cells).into_keys().collect::<Vec<_>>();
        assert_eq!(names(&Resource::AUTOSCALER), ["Replicas"]);
        assert_eq!(names(&"Route.example.org".parse().expect("a kind")), ["Replicas", "Targets"]);
    }
}
