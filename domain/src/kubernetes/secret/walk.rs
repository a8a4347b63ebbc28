//! The walk through a manifest. The meaning of a value depends on its key, its neighbours and its parents.

use super::{
    Finding, Rule, command,
    literal::{is_literal, is_literal_number},
    name::{self, Kind},
    text::{self, Style},
    token,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The maximum depth of JSON inside JSON, and of base64 of text.
const DEEPEST: usize = 3;
/// Fields that name a variable, a header or a parameter. Its value is in the field beside it.
const NAMES: [&str; 5] = ["name", "key", "parameter", "variable", "header"];
const VALUES: [&str; 4] = ["value", "default", "defaultValue", "content"];
/// Fields below a secret name that only describe the secret or its place.
const ABOUT: [&str; 29] = [
    "name",
    "namespace",
    "key",
    "path",
    "type",
    "kind",
    "apiVersion",
    "description",
    "title",
    "format",
    "optional",
    "mode",
    "defaultMode",
    "items",
    "audience",
    "expirationSeconds",
    "secretName",
    "secretKeyRef",
    "configMapKeyRef",
    "fieldPath",
    "resource",
    "valueFrom",
    "secretRef",
    "driver",
    "readOnly",
    "username",
    "user",
    "creationTimestamp",
    "id",
];

/// Finds the literal secrets of one value.
#[derive(Default)]
pub struct Walk {
    /// Keyed by JSON pointer, so that two rules at one place count once.
    found: BTreeMap<String, Finding>,
    path: String,
    pointer: String,
    depth: usize,
    /// The bytes that were read.
    pub steps: usize,
}

/// What the place of a value says about the value.
#[derive(Clone, Copy, Default)]
struct Context<'v> {
    key: Option<&'v str>,
    /// The kind of secret that a parent's name announces.
    secret: Option<Kind>,
    /// The program of the container, by its image.
    program: Option<&'v str>,
}

impl Walk {
    pub fn over(value: &Value) -> Self {
        let mut walk = Self::default();
        walk.value(value, Context::default());
        walk
    }

    /// Ordered by place.
    pub fn findings(self) -> Vec<Finding> {
        self.found.into_values().collect()
    }

    fn value(&mut self, value: &Value, context: Context<'_>) {
        match value {
            Value::Object(fields) => self.object(fields, context),
            Value::Array(items) => self.list(items, context),
            Value::String(text) => self.text(text, context),
            Value::Number(number) => {
                let is_about = context.key.is_some_and(|key| ABOUT.contains(&key));
                if !is_about && context.secret.is_some_and(|kind| is_literal_number(&number.to_string(), kind)) {
                    self.add(Rule::Named);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn object(&mut self, fields: &Map<String, Value>, context: Context<'_>) {
        let is_secret = fields.get("kind").is_some_and(|kind| kind == "Secret");
        let program = fields.get("image").and_then(Value::as_str).map(program).or(context.program);
        let named = NAMES
            .iter()
            .find_map(|name| fields.get(*name)?.as_str())
            .filter(|_| VALUES.iter().any(|value| fields.contains_key(*value)));
        self.words_of_container(fields, program);
        for (key, value) in fields {
            self.steps += key.len();
            let secret = match named.filter(|_| VALUES.contains(&key.as_str())) {
                Some(name) => name::kind(name).or(context.secret),
                None => name::kind(key).or(context.secret),
            };
            let shown = if token::find(key).is_some() { super::REDACTED } else { key };
            self.below(&format!(".{shown}"), &key.replace('~', "~0").replace('/', "~1"), |walk| {
                if shown != key {
                    walk.add(Rule::Key);
                } else if is_secret && matches!(key.as_str(), "data" | "stringData") {
                    walk.all(value);
                } else {
                    walk.value(value, Context { key: Some(key), secret, program });
                }
            });
        }
        self.login_of_registry(fields);
    }

    /// `command` and `args` are one list of words.
    fn words_of_container(&mut self, fields: &Map<String, Value>, program: Option<&str>) {
        let words = |key: &'static str| {
            let items = fields.get(key).and_then(Value::as_array).into_iter().flatten().enumerate();
            items.filter_map(move |(index, item)| Some((key, index, item.as_str()?)))
        };
        let words: Vec<_> = words("command").chain(words("args")).collect();
        let texts: Vec<&str> = words.iter().map(|(_, _, text)| *text).collect();
        for (at, rule) in command::find(&texts, program) {
            let (key, index, _) = words[at];
            self.below(&format!(".{key}[{index}]"), &format!("{key}/{index}"), |walk| walk.add(rule));
        }
    }

    /// The value of `auth` in the settings of Docker, which is the base64 of user and password.
    fn login_of_registry(&mut self, fields: &Map<String, Value>) {
        for key in ["auth", "_auth"] {
            if fields.get(key).and_then(Value::as_str).is_some_and(token::is_login) {
                self.below(&format!(".{key}"), key, |walk| walk.add(Rule::Registry));
            }
        }
    }

    fn list(&mut self, items: &[Value], context: Context<'_>) {
        if !matches!(context.key, Some("command" | "args")) {
            let words: Vec<&str> = items.iter().map(|item| item.as_str().unwrap_or_default()).collect();
            for (at, rule) in command::find(&words, None) {
                self.below(&format!("[{at}]"), &at.to_string(), |walk| walk.add(rule));
            }
        }
        for (index, item) in items.iter().enumerate() {
            self.below(&format!("[{index}]"), &index.to_string(), |walk| {
                walk.value(item, Context { key: None, ..context })
            });
        }
    }

    fn text(&mut self, text: &str, context: Context<'_>) {
        self.steps += text.len();
        let is_about = context.key.is_some_and(|key| ABOUT.contains(&key));
        if !is_about && context.secret.is_some_and(|kind| is_literal(text, kind)) {
            self.add(Rule::Named);
        } else if let Some(rule) = self.inside(text) {
            self.add(rule);
        }
    }

    /// The rule that finds a secret in a text: as JSON, as base64, as a script or as other text.
    fn inside(&mut self, text: &str) -> Option<Rule> {
        if self.depth < DEEPEST {
            if text.trim_start().starts_with(['{', '['])
                && let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text)
            {
                let found = self.deeper(|walk| walk.value(&value, Context::default()));
                // The name or flag is inside, not at this place.
                return found
                    .map(|rule| if matches!(rule, Rule::Named | Rule::Flag) { Rule::Assignment } else { rule });
            }
            if let Some(decoded) = token::decoded(text)
                && self.deeper(|walk| walk.text(&decoded, Context::default())).is_some()
            {
                return Some(Rule::Encoded);
            }
        }
        let found = text::find(text, Style::Settings, &mut self.steps);
        found.or_else(|| text.contains(' ').then(|| command::in_script(text, &mut self.steps)).flatten())
    }

    fn deeper(&mut self, walk: impl FnOnce(&mut Self)) -> Option<Rule> {
        let mut inner = Self { depth: self.depth + 1, ..Self::default() };
        walk(&mut inner);
        self.steps += inner.steps;
        inner.found.into_values().next().map(|finding| finding.rule)
    }

    /// Everything below is secret, because it is the data of a Secret.
    fn all(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    let pointer = key.replace('~', "~0").replace('/', "~1");
                    self.below(&format!(".{key}"), &pointer, |walk| walk.all(value));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.below(&format!("[{index}]"), &index.to_string(), |walk| walk.all(item));
                }
            }
            Value::String(text) if text == super::REDACTED || text.is_empty() => {}
            Value::Null => {}
            Value::String(_) | Value::Number(_) | Value::Bool(_) => self.add(Rule::Data),
        }
    }

    /// Runs `walk` one step below this place.
    fn below(&mut self, path: &str, pointer: &str, walk: impl FnOnce(&mut Self)) {
        let (path_end, pointer_end) = (self.path.len(), self.pointer.len());
        self.path.push_str(if path_end == 0 { path.trim_start_matches('.') } else { path });
        self.pointer.push('/');
        self.pointer.push_str(pointer);
        walk(self);
        self.path.truncate(path_end);
        self.pointer.truncate(pointer_end);
    }

    fn add(&mut self, rule: Rule) {
        let finding = Finding { path: self.path.clone(), pointer: self.pointer.clone(), rule };
        self.found.entry(self.pointer.clone()).or_insert(finding);
    }
}

/// The program of an image: the last part of its name.
fn program(image: &str) -> &str {
    let name = image.rsplit('/').next().unwrap_or_default();
    name.split(['@', ':']).next().unwrap_or_default()
}
