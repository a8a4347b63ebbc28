//! Messages for people: domain messages in the language of the reader.

use super::{
    error::ApiError,
    visible::{make_visible, visible},
};
use crate::graphql::context::{language, services};
use async_graphql::{Context, Object};
use domain::{
    core::{free_text::FreeText, message, refusal::Refusal},
    kubernetes::secret,
};
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
    visible(language(ctx).refusal(refusal))
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
    Ok(secret::masked_words(&text).map_or_else(|| visible(text), str::to_owned))
}
