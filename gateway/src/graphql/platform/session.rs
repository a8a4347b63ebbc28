//! Sign-in, renewal and sign-out. The refresh token is in a cookie that scripts cannot read.

use super::user::User;
use crate::auth::{self, sign_in::Refusal};
use crate::graphql::{
    context::{RequestInfo, services},
    engine::error::ApiError,
};
use async_graphql::{Context, Enum, InputObject, Object, SimpleObject, Union};
use chrono::{DateTime, Utc};
use std::time::Duration;

#[derive(InputObject)]
pub struct LoginInput {
    username: String,
    #[graphql(secret)]
    password: String,
    /// Six digits, if the account has a second factor.
    #[graphql(secret)]
    code: Option<String>,
}

#[derive(Union)]
pub enum LoginResult {
    Session(Session),
    Refused(LoginRefused),
}

/// An open session.
#[derive(SimpleObject)]
pub struct Session {
    access_token: String,
    expires_at: DateTime<Utc>,
    viewer: User,
}

/// The sign-in was refused.
#[derive(SimpleObject)]
pub struct LoginRefused {
    code: LoginRefusal,
    message: String,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum LoginRefusal {
    BadCredentials,
    CodeRequired,
    TooManyAttempts,
    Disabled,
    Expired,
}

impl From<Refusal> for LoginRefused {
    fn from(refusal: Refusal) -> Self {
        let (code, message) = match refusal {
            Refusal::BadCredentials => (LoginRefusal::BadCredentials, "the name or the password is wrong"),
            Refusal::TooManyAttempts => {
                (LoginRefusal::TooManyAttempts, "too many failed attempts: wait, then try again")
            }
            Refusal::Expired => (LoginRefusal::Expired, "the session is over: sign in"),
        };
        Self { code, message: message.to_owned() }
    }
}

#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// The refresh token goes into an HttpOnly cookie, never into the answer.
    async fn login(&self, ctx: &Context<'_>, input: LoginInput) -> Result<LoginResult, ApiError> {
        let LoginInput { username, password, code: _ } = input;
        let from = ctx.data_unchecked::<RequestInfo>().from();
        let outcome = services(ctx).auth.sign_in(&username, password, &from).await?;
        Ok(answer(ctx, outcome))
    }

    /// Issues a new access token for the session of the cookie.
    async fn refresh_session(&self, ctx: &Context<'_>) -> Result<LoginResult, ApiError> {
        let info = ctx.data_unchecked::<RequestInfo>();
        let outcome = services(ctx).auth.renew(info.refresh_token.as_deref(), &info.from()).await?;
        if outcome.is_err() && info.refresh_token.is_some() {
            set_cookie(ctx, "", Duration::ZERO);
        }
        Ok(answer(ctx, outcome))
    }

    async fn logout(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        let info = ctx.data_unchecked::<RequestInfo>();
        set_cookie(ctx, "", Duration::ZERO);
        services(ctx).auth.sign_out(info.viewer.as_ref(), info.refresh_token.as_deref(), &info.from()).await?;
        Ok(true)
    }
}

fn answer(ctx: &Context<'_>, outcome: Result<auth::sign_in::Session, Refusal>) -> LoginResult {
    match outcome {
        Ok(session) => {
            set_cookie(ctx, &session.refresh.to_cookie(), session.refresh_life);
            LoginResult::Session(Session {
                access_token: session.access.token,
                expires_at: session.access.expires_at,
                viewer: User::from(&session.viewer),
            })
        }
        Err(refusal) => LoginResult::Refused(refusal.into()),
    }
}

fn set_cookie(ctx: &Context<'_>, value: &str, life: Duration) {
    let cookie = ctx.data_unchecked::<RequestInfo>().refresh_cookie;
    ctx.insert_http_header("set-cookie", cookie.set(value, life));
}
