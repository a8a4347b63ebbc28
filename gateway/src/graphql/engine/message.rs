//! Messages for people: domain messages in the language of the reader.

use super::error::ApiError;
use crate::graphql::context::{language, services};
use async_graphql::{Context, Object};
use domain::{
    core::{free_text::FreeText, message, refusal::Refusal},
    kubernetes::{
        edit::{CONFLICTS, Conflict, conflicts_in},
        secret,
    },
};
use projections::evidence::printable::on_page;
use serde::Deserialize;
use serde_json::Value;

/// A message for people: a stable code and its arguments.
#[derive(Clone)]
pub struct Message(message::Message);

impl From<&message::Message> for Message {
    fn from(message: &message::Message) -> Self {
        Self(message.clone())
    }
}

#[Object]
impl Message {
    async fn code(&self) -> &str {
        &self.0.code
    }
    async fn arguments(&self, ctx: &Context<'_>) -> Result<Value, ApiError> {
        let arguments = revealed(ctx, &self.0).await?.arguments.into_iter();
        Ok(Value::Object(arguments.map(|(name, value)| (name.into_owned(), value)).collect()))
    }
    /// The sentence, in the language of the request's `Accept-Language`. A subscription names it as `acceptLanguage` in the
    /// payload of `connection_init`.
    async fn text(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        text(ctx, &self.0).await
    }
}

/// The sentence of a message, with its sealed values opened.
pub async fn text(ctx: &Context<'_>, message: &message::Message) -> Result<String, ApiError> {
    Ok(language(ctx).text(&revealed(ctx, message).await?))
}

/// The same for an optional message.
pub async fn text_of(ctx: &Context<'_>, message: Option<&message::Message>) -> Result<Option<String>, ApiError> {
    match message {
        Some(message) => Ok(Some(text(ctx, message).await?)),
        None => Ok(None),
    }
}

/// Why a command was refused, in the language of the request. It may quote the API server.
pub fn refusal(ctx: &Context<'_>, refusal: &Refusal) -> String {
    on_page(language(ctx).refusal(refusal))
}

/// The conflicts that a message tells of.
pub async fn conflicts(ctx: &Context<'_>, message: &message::Message) -> Result<Vec<Conflict>, ApiError> {
    if !message.arguments.contains_key(CONFLICTS) {
        return Ok(Vec::new());
    }
    Ok(conflicts_in(&revealed(ctx, message).await?))
}

/// The message as a reader may see it.
async fn revealed(ctx: &Context<'_>, message: &message::Message) -> Result<message::Message, ApiError> {
    let mut message = opened(ctx, message).await?;
    message.arguments.values_mut().for_each(make_visible);
    Ok(message)
}

/// The message with its sealed values opened. Only a non-scalar argument can hold one.
async fn opened(ctx: &Context<'_>, message: &message::Message) -> Result<message::Message, ApiError> {
    if !message.arguments.values().any(|value| value.is_object() || value.is_array()) {
        return Ok(message.clone());
    }
    let mut value = reveal(ctx, message.clone().into()).await?;
    secret::mask_words(&mut value);
    message::Message::deserialize(value).map_err(|error| ApiError::new("INTERNAL", error.to_string()))
}

/// JSON with its sealed values opened, for readers who may see the object. Plain secrets are not masked.
pub async fn reveal(ctx: &Context<'_>, value: Value) -> Result<Value, ApiError> {
    Ok(services(ctx).projections.keys().reveal(value).await?)
}

/// One opened text. Plain secrets that it quotes are masked, and characters that nobody sees are escaped.
pub async fn reveal_text(ctx: &Context<'_>, text: &FreeText) -> Result<String, ApiError> {
    let text = services(ctx).projections.keys().reveal_text(text).await?;
    Ok(secret::masked_words(&text).map_or_else(|| on_page(text), str::to_owned))
}

/// Escapes what nobody sees in each text of a value. Keys are names of arguments.
pub fn make_visible(value: &mut Value) {
    match value {
        Value::String(text) => *text = on_page(std::mem::take(text)),
        Value::Array(items) => items.iter_mut().for_each(make_visible),
        Value::Object(fields) => fields.values_mut().for_each(make_visible),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_text_of_a_value_is_shown() {
        let mut value = json!({"detail": "a\u{202e}b", "of": [{"image": "\u{200b}"}], "count": 3, "none": null});
        make_visible(&mut value);
        assert_eq!(value, json!({"detail": "a\\u202eb", "of": [{"image": "\\u200b"}], "count": 3, "none": null}));
    }
}
