//! What the viewer set for themselves.

use crate::auth::preferences::Error;
use crate::graphql::{
    context::{services, viewer},
    engine::error::ApiError,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use commands::log::data_keys;
use serde_json::Value;

/// A setting of the viewer. What a key means is the client's business.
#[derive(SimpleObject)]
pub struct Preference {
    key: String,
    value: Value,
}

#[derive(InputObject)]
pub struct SetPreferenceInput {
    /// 1 to 100 letters, digits, dots, hyphens or underscores.
    key: String,
    /// At most 16 KiB of JSON, and in it no text of more than 1 KiB. Null removes it.
    value: Option<Value>,
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Name | Error::Full => Self::bad_input("key", error.to_string()),
            Error::Value => Self::bad_input("value", error.to_string()),
            Error::Database(error) | Error::Key(data_keys::Error::Database(error)) => {
                projections::Error::Database(error).into()
            }
            Error::Key(_) | Error::Prepare(_) | Error::Seal(_) => Self::internal(&error),
        }
    }
}

#[derive(Default)]
pub struct PreferenceQuery;

#[Object]
impl PreferenceQuery {
    /// All settings of the viewer, by key.
    async fn preferences(&self, ctx: &Context<'_>) -> Result<Vec<Preference>, ApiError> {
        let user = viewer(ctx)?.user;
        let found = services(ctx).auth.preferences(user).await?;
        Ok(found.into_iter().map(|(key, value)| Preference { key, value }).collect())
    }
}

#[derive(Default)]
pub struct PreferenceMutation;

#[Object]
impl PreferenceMutation {
    /// Sets or removes a setting of the viewer. Nothing of it is in the log.
    async fn set_preference(&self, ctx: &Context<'_>, input: SetPreferenceInput) -> Result<Preference, ApiError> {
        let SetPreferenceInput { key, value } = input;
        let value = value.unwrap_or_default();
        services(ctx).auth.set_preference(viewer(ctx)?.user, &key, &value).await?;
        Ok(Preference { key, value })
    }
}
