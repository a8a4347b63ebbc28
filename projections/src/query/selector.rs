//! Label selectors in the syntax of Kubernetes, as a condition on a jsonb column. Equality and set based:
//! `app=web,tier!=cache,stage in (test,live),zone notin (a),canary,!old`.

use crate::Error;
use serde_json::{Map, Value};
use sqlx::{Postgres, QueryBuilder};
use std::str::FromStr;

/// One condition on a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// The label exists and has one of the values.
    In(String, Vec<String>),
    /// The label does not exist, or has none of the values.
    NotIn(String, Vec<String>),
    Exists(String),
    Absent(String),
}

/// Each is looked for in the labels of every row.
const MOST: usize = 50;

/// All requirements must hold. An empty selector selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector(Vec<Requirement>);

impl FromStr for Selector {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parts = split(text)?;
        if parts.len() > MOST {
            return Err(bad(format!("there are more than {MOST} requirements")));
        }
        parts.into_iter().map(requirement).collect::<Result<_, _>>().map(Self)
    }
}

impl Selector {
    /// The labels that all that it selects have. None if it names no value that must be there. An index of labels can answer
    /// it, and nothing else of a selector.
    pub(crate) fn contained(&self) -> Option<Value> {
        let one = |requirement: &Requirement| match requirement {
            Requirement::In(key, values) => match values.as_slice() {
                [value] => Some((key.clone(), Value::from(value.as_str()))),
                _ => None,
            },
            Requirement::NotIn(..) | Requirement::Exists(_) | Requirement::Absent(_) => None,
        };
        let labels: Map<String, Value> = self.0.iter().filter_map(one).collect();
        (!labels.is_empty()).then_some(Value::Object(labels))
    }

    /// Adds ` AND ..` for each requirement on the labels in `column`.
    pub(crate) fn push(&self, query: &mut QueryBuilder<Postgres>, column: &str) {
        self.0.iter().for_each(|requirement| push(query.push(" AND "), column, requirement));
    }

    /// The same condition as [`Selector::push`], for the labels of a row.
    pub(crate) fn matches(&self, labels: &Value) -> bool {
        self.0.iter().all(|requirement| holds(requirement, labels))
    }
}

fn push(query: &mut QueryBuilder<Postgres>, column: &str, requirement: &Requirement) {
    match requirement {
        Requirement::In(key, values) => {
            query.push("(").push(column).push(" ->> ").push_bind(key.clone());
            query.push(") = ANY (").push_bind(values.clone()).push(")");
        }
        Requirement::NotIn(key, values) => {
            query.push("coalesce((").push(column).push(" ->> ").push_bind(key.clone());
            query.push(") <> ALL (").push_bind(values.clone()).push("), true)");
        }
        Requirement::Exists(key) => {
            query.push("jsonb_exists(").push(column).push(", ").push_bind(key.clone()).push(")");
        }
        Requirement::Absent(key) => {
            query.push("NOT jsonb_exists(").push(column).push(", ").push_bind(key.clone()).push(")");
        }
    }
}

fn holds(requirement: &Requirement, labels: &Value) -> bool {
    let value = |key: &str| labels.get(key).and_then(Value::as_str);
    match requirement {
        Requirement::In(key, values) => value(key).is_some_and(|found| values.iter().any(|value| value == found)),
        Requirement::NotIn(key, values) => value(key).is_none_or(|found| values.iter().all(|value| value != found)),
        Requirement::Exists(key) => labels.get(key).is_some(),
        Requirement::Absent(key) => labels.get(key).is_none(),
    }
}

/// Splits at commas outside parentheses.
fn split(selector: &str) -> Result<Vec<&str>, Error> {
    let (mut parts, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, c) in selector.char_indices() {
        match c {
            '(' if !inside => inside = true,
            ')' if inside => inside = false,
            '(' | ')' => return Err(bad("parentheses do not match")),
            ',' if !inside => {
                parts.push(&selector[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if inside {
        return Err(bad("a closing parenthesis is missing"));
    }
    parts.push(&selector[start..]);
    if parts.len() == 1 && selector.trim().is_empty() {
        return Ok(Vec::new());
    }
    Ok(parts)
}

fn requirement(part: &str) -> Result<Requirement, Error> {
    let part = part.trim();
    if let Some(name) = part.strip_prefix('!') {
        return Ok(Requirement::Absent(key(name)?));
    }
    if let Some((name, text)) = part.split_once("!=") {
        return Ok(Requirement::NotIn(key(name)?, vec![value(text)?]));
    }
    if let Some((name, text)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return Ok(Requirement::In(key(name)?, vec![value(text)?]));
    }
    if let Some((head, list)) = part.split_once('(') {
        return set(head, list);
    }
    if part.contains(['<', '>']) {
        return Err(bad(format!("{part:?}: < and > are not supported")));
    }
    Ok(Requirement::Exists(key(part)?))
}

fn set(head: &str, list: &str) -> Result<Requirement, Error> {
    let list = list.trim_end().strip_suffix(')').ok_or_else(|| bad(format!("{list:?} after a set")))?;
    let values = list.split(',').map(value).collect::<Result<_, _>>()?;
    let mut words = head.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(name), Some("in"), None) => Ok(Requirement::In(key(name)?, values)),
        (Some(name), Some("notin"), None) => Ok(Requirement::NotIn(key(name)?, values)),
        _ => Err(bad(format!("{:?}: a set wants `key in (..)` or `key notin (..)`", head.trim()))),
    }
}

/// A label key: an optional DNS prefix and `/`, then a name of at most 63 characters.
fn key(text: &str) -> Result<String, Error> {
    let text = text.trim();
    let (prefix, name) = text.rsplit_once('/').unwrap_or(("", text));
    let is_prefix = prefix.len() <= 253 && prefix.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    if !name.is_empty() && is_name(name) && is_prefix && !text.starts_with('/') {
        return Ok(text.to_owned());
    }
    Err(bad(format!("{text:?} is no label key")))
}

fn value(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if is_name(text) { Ok(text.to_owned()) } else { Err(bad(format!("{text:?} is no label value"))) }
}

fn is_name(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    text.len() <= 63
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && edge(text.chars().next())
        && edge(text.chars().last())
}

fn bad(message: impl Into<String>) -> Error {
    Error::BadSelector(message.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(text: &str) -> Result<Vec<Requirement>, Error> {
        text.parse().map(|Selector(all)| all)
    }

    #[test]
    fn the_number_of_requirements_is_bounded() {
        assert!(parse(&["!a"; MOST].join(",")).is_ok() && parse(&["!a"; MOST + 1].join(",")).is_err());
    }

    #[test]
    fn every_form_of_kubernetes_is_read() {
        let words = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>();
        let read = parse(
            "app=web, app.kubernetes.io/part-of == shop,tier!=cache,stage in (test, live),zone notin (a),canary,! old",
        )
        .unwrap();
        assert_eq!(
            read,
            [
                Requirement::In("app".into(), words(&["web"])),
                Requirement::In("app.kubernetes.io/part-of".into(), words(&["shop"])),
                Requirement::NotIn("tier".into(), words(&["cache"])),
                Requirement::In("stage".into(), words(&["test", "live"])),
                Requirement::NotIn("zone".into(), words(&["a"])),
                Requirement::Exists("canary".into()),
                Requirement::Absent("old".into()),
            ]
        );
        assert_eq!(parse("  ").unwrap(), []);
        assert_eq!(parse("app=").unwrap(), [Requirement::In("app".into(), words(&[""]))]);
    }

    #[test]
    fn an_index_answers_for_the_values_that_must_be_there() {
        let contained = |text: &str| text.parse::<Selector>().unwrap().contained();
        assert_eq!(contained("app=web,tier!=x,a in (b),c in (d, e),f"), Some(json!({"app": "web", "a": "b"})));
        assert_eq!((contained("tier!=x"), contained("")), (None, None));
        // Of two values at once there is none: what is left is found by the other condition.
        assert_eq!(contained("a=b,a=c"), Some(json!({"a": "c"})));
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for selector in
            [",", "app=web,", "=web", "a in b", "a in (b", "a in (b))", "a within (b)", "a b", "x>1", "a=b=c", "'"]
        {
            assert!(matches!(parse(selector), Err(Error::BadSelector(_))), "{selector:?} passed");
        }
    }
}
