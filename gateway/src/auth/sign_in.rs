//! Sign in, renew and sign out. A refusal does not reveal whether the account exists.

use super::{
    Auth, Error, Viewer,
    account::{self, Credential},
    attempts::{self, Attempt},
    finished,
    password::Verdict,
    session::{self, RefreshToken, Renewal},
    token::{self, Issued},
};
use chrono::Utc;
use commands::Origin;
use domain::{
    core::ids::{SessionId, UserId},
    platform::{
        access_log::{AccessEvent, Person, SignInRefusal},
        user::{User, UserCommand},
    },
};
use std::{num::NonZeroU32, time::Duration};

/// Why a sign-in is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    BadCredentials,
    TooManyAttempts,
    Expired,
}

/// A started or renewed session.
pub struct Session {
    pub access: Issued,
    pub refresh: RefreshToken,
    /// The lifetime of the refresh token.
    pub refresh_life: Duration,
    pub viewer: Viewer,
}

/// The source of a request.
#[derive(Clone, Debug, Default)]
pub struct From {
    pub source: String,
    pub request: String,
}

type Outcome = Result<Result<Session, Refusal>, Error>;

impl Auth {
    pub async fn sign_in(&self, username: &str, password: String, from: &From) -> Outcome {
        let username = account::canonical(username);
        let attempt = attempts::begin(&self.pool, &username, &from.source).await?;
        let credential = account::find(&self.pool, &username).await?;
        let user = credential.as_ref().map(|credential| UserId(credential.user_id));
        let Some(attempt) = attempt else {
            tracing::warn!(source = %from.source, "auth.sign_in.too_many_attempts");
            self.record_refusal(&username, user, SignInRefusal::TooManyAttempts, from).await?;
            return Ok(Err(Refusal::TooManyAttempts));
        };
        let stored = credential.as_ref().map(|credential| credential.hash(&self.sealing)).transpose()?;
        let verdict = self.passwords.verify(password, stored).await?;
        let (Some(credential), Verdict::Right | Verdict::RightWithNewHash(_)) = (credential, &verdict) else {
            tracing::info!(source = %from.source, "auth.sign_in.refused");
            self.record_refusal(&username, user, SignInRefusal::BadCredentials, from).await?;
            return Ok(Err(Refusal::BadCredentials));
        };
        let (auth, from) = (self.clone(), from.clone());
        finished(async move { auth.let_in(credential, verdict, &attempt, &from).await }).await.map(Ok)
    }

    /// A name without an account is recorded as a hash: it may be a password in the wrong field.
    async fn record_refusal(
        &self,
        username: &str,
        user: Option<UserId>,
        reason: SignInRefusal,
        from: &From,
    ) -> Result<(), Error> {
        let (person, name_hash) = match user {
            Some(user) => (Person::User(user), None),
            None => {
                let hash = self.sealing.hash("unknown user name", &[username.as_bytes()]);
                (Person::Unknown, Some(hex::encode(&hash[..16])))
            }
        };
        let (source, count) = (Some(from.source.as_str().into()), NonZeroU32::MIN);
        self.record(person, AccessEvent::SignInRefused { reason, name_hash, source, count }, from).await
    }

    async fn record(&self, person: Person, event: AccessEvent, from: &From) -> Result<(), Error> {
        let origin = Origin { request: Some(from.request.clone()), ..Origin::system("gateway") };
        Ok(self.dispatcher.record_access(origin, person, event).await?)
    }

    /// The password was right.
    async fn let_in(
        &self,
        credential: Credential,
        verdict: Verdict,
        attempt: &Attempt,
        from: &From,
    ) -> Result<Session, Error> {
        let new_hash = match verdict {
            Verdict::RightWithNewHash(hash) => Some(hash),
            Verdict::Right | Verdict::Wrong if credential.is_current(&self.sealing) => None,
            Verdict::Right | Verdict::Wrong => Some(credential.hash(&self.sealing)?),
        };
        if let Some(hash) = new_hash {
            account::replace_hash(&self.pool, &self.sealing, &credential, &hash).await?;
        }
        attempts::succeeded(&self.pool, attempt).await?;
        let refresh = RefreshToken::random();
        let viewer = Viewer {
            user: UserId(credential.user_id),
            display_name: account::display_name(&credential.username),
            username: credential.username,
            session: refresh.session(),
            expires_at: Utc::now(),
        };
        let (user, session, life) = (viewer.user, viewer.session, self.lifetimes.session);
        session::start(&self.pool, &self.sealing, user, &refresh, life).await?;
        // The log refuses events of an unknown session. A session missing in the log has no token yet.
        let started = UserCommand::StartSession { user, session };
        if let Err(error) = self.dispatcher.command::<User>(self.origin(&viewer, from), &user, started).await {
            self.end_session(user, session, from).await?;
            return Err(error.into());
        }
        self.session(viewer, refresh, life)
    }

    /// Issues a new access token for a refresh token.
    pub async fn renew(&self, cookie: Option<&str>, from: &From) -> Outcome {
        let Some(refresh) = cookie.and_then(RefreshToken::parse) else { return Ok(Err(Refusal::Expired)) };
        let (auth, from) = (self.clone(), from.clone());
        finished(async move { auth.renew_by(&refresh, &from).await }).await
    }

    async fn renew_by(&self, refresh: &RefreshToken, from: &From) -> Outcome {
        let session = refresh.session();
        match session::renew(&self.pool, &self.sealing, refresh).await? {
            Renewal::Refused => Ok(Err(Refusal::Expired)),
            Renewal::Reused(user) => {
                tracing::warn!(%session, source = %from.source, "auth.refresh_token.reused");
                self.revocations.end(session);
                let (source, count) = (from.source.as_str().into(), NonZeroU32::MIN);
                let reused = AccessEvent::RefreshTokenReused { session, source, count };
                let recorded = self.record(Person::User(user), reused, from).await;
                self.record_end(user, session, from).await?;
                recorded.map(|()| Err(Refusal::Expired))
            }
            Renewal::Renewed(renewed) => {
                let left = (renewed.expires_at - Utc::now()).to_std().unwrap_or_default();
                let viewer = Viewer {
                    user: renewed.user,
                    display_name: account::display_name(&renewed.username),
                    username: renewed.username,
                    session,
                    expires_at: Utc::now(),
                };
                self.session(viewer, renewed.token, left).map(Ok)
            }
        }
    }

    /// Ends the session of the access token and that of the refresh token, which are usually the same.
    pub async fn sign_out(&self, viewer: Option<&Viewer>, cookie: Option<&str>, from: &From) -> Result<(), Error> {
        let (auth, viewer, refresh, from) =
            (self.clone(), viewer.cloned(), cookie.and_then(RefreshToken::parse), from.clone());
        finished(async move { auth.end_sessions(viewer.as_ref(), refresh, &from).await }).await
    }

    async fn end_sessions(
        &self,
        viewer: Option<&Viewer>,
        refresh: Option<RefreshToken>,
        from: &From,
    ) -> Result<(), Error> {
        if let Some(viewer) = viewer {
            self.end_session(viewer.user, viewer.session, from).await?;
        }
        let refresh = refresh.filter(|token| viewer.is_none_or(|viewer| viewer.session != token.session()));
        if let Some(token) = refresh
            && let Some(user) = session::owner(&self.pool, &self.sealing, &token).await?
        {
            self.end_session(user, token.session(), from).await?;
        }
        Ok(())
    }

    /// The session ends even if the event cannot be recorded.
    async fn end_session(&self, user: UserId, session: SessionId, from: &From) -> Result<(), Error> {
        session::end(&self.pool, session).await?;
        self.revocations.end(session);
        self.record_end(user, session, from).await
    }

    async fn record_end(&self, user: UserId, session: SessionId, from: &From) -> Result<(), Error> {
        let viewer = self.named(user, session).await?;
        let command = UserCommand::EndSession { user, session };
        self.dispatcher.command::<User>(self.origin(&viewer, from), &user, command).await?;
        Ok(())
    }

    async fn named(&self, user: UserId, session: SessionId) -> Result<Viewer, Error> {
        let read = "SELECT username FROM auth.credentials WHERE user_id = $1";
        let username: Option<String> = sqlx::query_scalar(read).bind(user.0).fetch_optional(&self.pool).await?;
        let username = username.unwrap_or_default();
        Ok(Viewer { user, display_name: account::display_name(&username), username, session, expires_at: Utc::now() })
    }

    fn session(&self, mut viewer: Viewer, refresh: RefreshToken, refresh_life: Duration) -> Result<Session, Error> {
        let access = token::issue(&self.keys(), &viewer, self.lifetimes.access_token)?;
        viewer.expires_at = access.expires_at;
        Ok(Session { access, refresh, refresh_life, viewer })
    }

    fn origin(&self, viewer: &Viewer, from: &From) -> Origin {
        // Without a session: it is about to begin, or has just ended.
        Origin { request: Some(from.request.clone()), ..Origin::by(viewer.actor(Some(from.source.clone()))) }
    }
}
