//! What the place of a value says about the value: its key, its neighbours and its parents.

use super::{
    name::{self, Kind},
    text::Style,
};
use serde_json::{Map, Value};

/// Fields that name a variable, a header or a parameter. Its value is in the field beside it.
const NAMES: [&str; 5] = ["name", "key", "parameter", "variable", "header"];
const VALUES: [&str; 4] = ["value", "default", "defaultValue", "content"];
/// Fields below a secret name that only describe the secret or its place.
const ABOUT: [&str; 35] = [
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
    "pattern",
    "regex",
    "prefix",
    "account",
    "aud",
    "templateAs",
];
/// Endings of such fields.
const ABOUT_ENDINGS: [&str; 9] = ["Name", "Type", "Path", "Mode", "Ref", "Host", "Url", "URL", "Id"];
/// Fields with sentences for people.
const PROSE: [&str; 4] = ["description", "message", "summary", "title"];
/// Fields that name a Secret. Beside them, `secretKey` is the name of a key in it.
const OF_SECRET: [&str; 4] = ["remoteRef", "sourceRef", "secretRef", "secretName"];

/// What the place of a value says about the value.
#[derive(Clone, Copy, Default)]
pub struct Context<'v> {
    pub key: Option<&'v str>,
    /// The kind of secret that a parent's name announces.
    pub secret: Option<Kind>,
    /// The program of the container, by its image.
    pub program: Option<&'v str>,
    /// The value describes fields, and holds none.
    pub is_schema: bool,
}

impl<'v> Context<'v> {
    /// Whether the value only describes a secret or its place.
    pub fn is_about(&self) -> bool {
        let is_ending = |key: &str| ABOUT_ENDINGS.iter().any(|ending| key.ends_with(ending));
        self.key.is_some_and(|key| ABOUT.contains(&key) || is_ending(key))
    }

    pub fn style(&self) -> Style {
        if self.key.is_some_and(|key| PROSE.contains(&key)) { Style::Prose } else { Style::Settings }
    }

    /// The context of each field of an object in this context.
    pub fn of_fields(self, fields: &'v Map<String, Value>) -> impl Fn(&'v str) -> Self {
        let program = fields.get("image").and_then(Value::as_str).map(program).or(self.program);
        let is_schema = self.is_schema || fields.get("properties").is_some_and(Value::is_object);
        let is_of_secret =
            OF_SECRET.iter().filter_map(|field| fields.get(*field)).any(|name| name != "" && !name.is_null());
        let named = NAMES
            .iter()
            .find_map(|name| fields.get(*name)?.as_str())
            .filter(|_| VALUES.iter().any(|value| fields.contains_key(*value)));
        // The fields of an object that describes a login are not one.
        let inherited = self.secret.filter(|kind| !matches!(kind, Kind::Login { .. }));
        move |key| {
            let is_value = VALUES.contains(&key);
            let is_inherited = key != "audiences" && (is_value || !is_schema);
            let kind = name::kind(named.filter(|_| is_value).unwrap_or(key)).or(inherited.filter(|_| is_inherited));
            let secret = match kind {
                Some(_) if is_of_secret && key == "secretKey" => None,
                // Beside the name of a Secret, the name of a key in it is a reference.
                Some(_) if is_of_secret => Some(Kind::Secret { is_reference: true }),
                kind => kind,
            };
            Self { key: Some(key), secret, program, is_schema }
        }
    }
}

/// The program of an image: the last part of its name.
fn program(image: &str) -> &str {
    let name = image.rsplit('/').next().unwrap_or_default();
    name.split(['@', ':']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use serde_json::json;

    #[test]
    fn what_describes_a_secret_is_not_one() {
        for harmless in [
            json!({"properties": {"password": {"type": "object", "required": ["secretRef"], "maxLength": 1024}}}),
            json!({"properties": {"token": {"type": "object", "x-kubernetes-map-type": "atomic"}}}),
            json!({"passwordSecret": {"secretName": "bridge", "password": "password"}}),
            json!({"secretKey": "username", "remoteRef": {"key": "prod/db"}}),
            json!({"basicAuth": {"secret": "dashboard", "realm": "internal: staff"}}),
            json!({"serviceAccountToken": {"audiences": ["vault"]}}),
            json!({"description": "Types of secrets. SECRET = Secrets of a safe"}),
        ] {
            assert_eq!(find(&harmless), [], "{harmless}");
        }
        for leaking in [
            json!({"properties": {"password": {"type": "string", "default": "hunter2"}}}),
            json!({"credentials": {"properties": {"password": "hunter2"}}}),
            json!({"secretName": "", "password": "swordfish"}),
            json!({"secretName": "bridge", "password": "hunter2"}),
            json!({"args": ["--basic-auth", "admin:hunter2"]}),
            json!({"description": "password: hunter2"}),
            json!({"description": "for the test, token = elephant"}),
        ] {
            assert_ne!(find(&leaking), [], "{leaking}");
        }
    }
}
