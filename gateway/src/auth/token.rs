//! Access tokens: JWT, EdDSA only, with the key of a known `kid`. Every claim is required and has a fixed type.

use super::{Error, Viewer, keys::Keys};
use chrono::{DateTime, Utc};
use domain::core::ids::{SessionId, UserId};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

const ISSUER: &str = "binnacle";
const AUDIENCE: &str = "binnacle-api";
const TYPE: &str = "access";
const HEADER_TYPE: &str = "at+jwt";
/// A longer token is refused.
const MAX_LENGTH: usize = 4096;
/// The accepted clock difference between replicas, in seconds: twice the difference that raises the alarm.
const LEEWAY: i64 = 60;
/// How long an expired token is still accepted, in seconds.
const EXPIRY_LEEWAY: i64 = 1;

/// The claims of a token. A missing, duplicate or mistyped claim makes it invalid.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: Uuid,
    typ: String,
    username: String,
    display_name: String,
}

/// A token and its expiry.
pub struct Issued {
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// Issues a token for `viewer` that expires after `life`.
pub fn issue(keys: &Keys, viewer: &Viewer, life: Duration) -> Result<Issued, Error> {
    let now = Utc::now().timestamp();
    let exp = now + seconds(life);
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: viewer.user.0,
        sid: viewer.session.0,
        exp,
        nbf: now - LEEWAY,
        iat: now,
        jti: Uuid::now_v7(),
        typ: TYPE.to_owned(),
        username: viewer.username.clone(),
        display_name: viewer.display_name.clone(),
    };
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(HEADER_TYPE.to_owned());
    header.kid = Some(keys.kid.clone());
    let token = jsonwebtoken::encode(&header, &claims, &keys.signing).map_err(|error| Error::Key(error.to_string()))?;
    Ok(Issued { token, expires_at: DateTime::from_timestamp(exp, 0).unwrap_or_default() })
}

/// The viewer of a token, if this installation signed it and it is valid now. It is valid for at most `life`, whatever
/// it claims. Does not check its session.
pub fn verify(keys: &Keys, token: &str, life: Duration) -> Option<Viewer> {
    if token.len() > MAX_LENGTH {
        return None;
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    let is_ours = header.alg == Algorithm::EdDSA && header.typ.as_deref() == Some(HEADER_TYPE) && header.crit.is_none();
    let key = keys.verifying(header.kid.as_deref()?).filter(|_| is_ours)?;
    let claims = jsonwebtoken::decode::<Claims>(token, key, &validation()).ok()?.claims;
    let now = Utc::now().timestamp();
    let exp = claims.exp.min(claims.iat.saturating_add(seconds(life)));
    let is_in_time = claims.iat <= now + LEEWAY && exp > claims.iat && exp + EXPIRY_LEEWAY >= now;
    if claims.typ != TYPE || !is_in_time {
        return None;
    }
    Some(Viewer {
        user: UserId(claims.sub),
        session: SessionId(claims.sid),
        username: claims.username,
        display_name: claims.display_name,
        expires_at: DateTime::from_timestamp(exp, 0)?,
    })
}

fn seconds(life: Duration) -> i64 {
    i64::try_from(life.as_secs()).unwrap_or(i64::MAX)
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = EXPIRY_LEEWAY.unsigned_abs();
    validation
}

#[cfg(test)]
mod tests;
