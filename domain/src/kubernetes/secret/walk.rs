//! The walk through a manifest. The meaning of a value depends on its key, its neighbours and its parents.

use super::{
    Finding, Rule, command,
    context::Context,
    literal::{is_literal, is_literal_number},
    text::{self, Style},
    token,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The maximum depth of JSON inside JSON, and of base64 of text.
const DEEPEST: usize = 3;
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

/// Whether the registry of an image has a user and a password before it.
pub fn has_credentials(image: &str) -> bool {
    let registry = image.split('/').next().unwrap_or_default();
    image.contains('/') && registry.split_once('@').is_some_and(|(user, _)| user.contains(':'))
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
                if !context.is_about()
                    && context.secret.is_some_and(|kind| is_literal_number(&number.to_string(), kind))
                {
                    self.add(Rule::Named);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn object(&mut self, fields: &Map<String, Value>, context: Context<'_>) {
        let is_secret = fields.get("kind").is_some_and(|kind| kind == "Secret");
        let of_field = context.of_fields(fields);
        self.words_of_container(fields, of_field("image").program);
        for (key, value) in fields {
            self.steps += key.len();
            let shown = if token::find(key).is_some() { super::REDACTED } else { key };
            self.below(&format!(".{shown}"), &key.replace('~', "~0").replace('/', "~1"), |walk| {
                if shown != key {
                    walk.add(Rule::Key);
                } else if is_secret && matches!(key.as_str(), "data" | "stringData") {
                    walk.all(value);
                } else {
                    walk.value(value, of_field(key));
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
        if !context.is_about() && context.secret.is_some_and(|kind| is_literal(text, kind)) {
            self.add(Rule::Named);
        } else if context.key == Some("image") && has_credentials(text) {
            self.add(Rule::Address);
        } else if let Some(rule) = self.inside(text, context.style()) {
            self.add(rule);
        }
    }

    /// The rule that finds a secret in a text: as JSON, as base64, as a script or as other text.
    fn inside(&mut self, text: &str, style: Style) -> Option<Rule> {
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
        let found = text::find(text, style, &mut self.steps);
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
            Value::String(text) if text.starts_with("{{") && text.ends_with("}}") => {}
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
