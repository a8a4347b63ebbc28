//! Messages for people: domain messages in the language of the reader.
//!
//! The catalogues are Fluent resources, because the two languages count differently (1 pod, 2 pods).

#[cfg(test)]
mod tests;

use domain::core::{
    message::{FREE_TEXT, Message},
    refusal::Refusal,
    sealing::leaf::{FREE, SEALED},
};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_langneg::{NegotiationStrategy, negotiate_languages, parse_accepted_languages};
use serde::Deserialize;
use serde_json::Value;
use std::sync::LazyLock;
use unic_langid::{LanguageIdentifier, langid};

const ENGLISH: LanguageIdentifier = langid!("en");
const CHINESE: LanguageIdentifier = langid!("zh-CN");

/// A language with a sentence for every message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Chinese,
}

struct Catalogue(FluentBundle<FluentResource>);

static CATALOGUE_ENGLISH: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::read(ENGLISH, include_str!("language/en.ftl")));
static CATALOGUE_CHINESE: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::read(CHINESE, include_str!("language/zh-CN.ftl")));

impl Language {
    /// The language that an `Accept-Language` header prefers; English if it names none that we have.
    pub fn accepted(header: &str) -> Self {
        let (wanted, available) = (parse_accepted_languages(header), [ENGLISH, CHINESE]);
        let found = negotiate_languages(&wanted, &available, None, NegotiationStrategy::Lookup);
        if found.first() == Some(&&available[1]) { Self::Chinese } else { Self::English }
    }

    /// The same without free values, for storage.
    pub fn text_in_clear(self, message: &Message) -> String {
        let mut message = message.clone();
        message.arguments.values_mut().for_each(clear);
        self.text(&message)
    }

    /// Why a command was refused. Words of Kubernetes itself are returned unchanged.
    pub fn refusal(self, refusal: &Refusal) -> String {
        refusal.reason.as_ref().map_or_else(|| refusal.message.clone(), |reason| self.text(reason))
    }

    /// The sentence of a message, without a full stop. An unknown code of a newer version is returned unchanged.
    pub fn text(self, message: &Message) -> String {
        match self {
            Self::English => CATALOGUE_ENGLISH.text(message),
            Self::Chinese => CATALOGUE_CHINESE.text(message),
        }
    }
}

/// Removes the free values.
fn clear(value: &mut Value) {
    match value {
        Value::Object(fields) if fields.contains_key(FREE) || fields.contains_key(SEALED) => *value = Value::Null,
        Value::Object(fields) => fields.values_mut().for_each(clear),
        Value::Array(items) => items.iter_mut().for_each(clear),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A message as an argument of another one.
fn nested(value: &Value) -> Option<Message> {
    Message::deserialize(value).ok()
}

impl Catalogue {
    /// The catalogue is part of the program, and a test checks that it is complete and correct.
    fn read(language: LanguageIdentifier, text: &str) -> Self {
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(read, _)| read);
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Direction marks would appear in exports and log lines. Both languages run from left to right.
        bundle.set_use_isolating(false);
        let _ = bundle.add_resource(resource);
        Self(bundle)
    }

    fn text(&self, message: &Message) -> String {
        let mut arguments = FluentArgs::new();
        for (name, value) in &message.arguments {
            arguments.set(name.as_ref(), self.argument(value));
        }
        let text = self.format(&message.code, &arguments).unwrap_or_else(|| message.code.to_string());
        let Some(detail) = message.text(FREE_TEXT).filter(|detail| !detail.is_empty()) else { return text };
        let both = FluentArgs::from_iter([("text", FluentValue::from(text.clone())), (FREE_TEXT, detail.into())]);
        self.format("with-detail", &both).unwrap_or(text)
    }

    /// None if the message is missing, or lacks an argument.
    fn format(&self, code: &str, arguments: &FluentArgs) -> Option<String> {
        let pattern = self.0.get_message(code)?.value()?;
        let mut faults = Vec::new();
        let text = self.0.format_pattern(pattern, Some(arguments), &mut faults).into_owned();
        faults.is_empty().then_some(text)
    }

    fn argument<'a>(&self, value: &'a Value) -> FluentValue<'a> {
        match value {
            Value::Number(number) => number.as_f64().map_or(FluentValue::None, FluentValue::from),
            Value::String(text) if text.is_empty() => "none".into(),
            Value::String(text) => text.as_str().into(),
            Value::Array(items) => {
                let separator = self.format("list-separator", &FluentArgs::new()).unwrap_or_default();
                let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                items.join(&separator).into()
            }
            Value::Bool(flag) => flag.to_string().into(),
            Value::Object(fields) if fields.contains_key(SEALED) || fields.contains_key(FREE) => {
                // Without its key, a sealed value cannot be shown.
                fields.get(FREE).and_then(Value::as_str).unwrap_or("<sealed>").into()
            }
            Value::Object(_) => nested(value).map_or("none".into(), |message| self.text(&message).into()),
            Value::Null => "none".into(),
        }
    }
}
