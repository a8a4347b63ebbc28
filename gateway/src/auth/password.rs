//! Passwords: argon2id with 19 MiB, two passes, one lane. Hashing runs on blocking threads, at most two at a time. An
//! unknown user costs the same as a known one.

use super::Error;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Longer passwords are refused without hashing.
const MAX_LENGTH: usize = 128;
/// How long a sign-in waits for a hashing slot.
const PATIENCE: Duration = Duration::from_secs(8);

/// Checks whether a password may be set.
pub fn acceptable(password: &str) -> Result<(), String> {
    match password.chars().count() {
        0..8 => Err("it must have at least 8 characters".to_owned()),
        8..=MAX_LENGTH => Ok(()),
        _ => Err(format!("it must have at most {MAX_LENGTH} characters")),
    }
}

/// Hashes and verifies passwords.
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Verified if there is no such account.
    dummy: String,
}

/// The result of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but the stored hash uses old parameters: store this one.
    RightWithNewHash(String),
}

impl Passwords {
    pub fn new() -> Result<Self, Error> {
        Ok(Self { turns: Arc::new(Semaphore::new(2)), dummy: hash("no such account")? })
    }

    pub async fn hash(&self, password: String) -> Result<String, Error> {
        self.beside(move || hash(&password)).await
    }

    /// `stored` is `None` if there is no such account.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<Verdict, Error> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.dummy.clone());
        let verdict = self.beside(move || verify(&password, &stored)).await?;
        Ok(if exists { verdict } else { Verdict::Wrong })
    }

    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|error| Error::Hash(error.to_string()))?
    }
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| Error::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String, Error> {
    let hashed: PasswordHash =
        argon2()?.hash_password(password.as_bytes()).map_err(|error| Error::Hash(error.to_string()))?;
    Ok(hashed.to_string())
}

fn verify(password: &str, stored: &str) -> Result<Verdict, Error> {
    let parsed = PasswordHash::new(stored).map_err(|error| Error::Hash(error.to_string()))?;
    if password.chars().count() > MAX_LENGTH || argon2()?.verify_password(password.as_bytes(), &parsed).is_err() {
        return Ok(Verdict::Wrong);
    }
    let current = parsed.params.get_decimal("m") == Some(MEMORY_KIB) && parsed.params.get_decimal("t") == Some(PASSES);
    if current { Ok(Verdict::Right) } else { Ok(Verdict::RightWithNewHash(hash(password)?)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_verified_whole_and_hashed_with_todays_parameters() {
        let long = "x".repeat(73);
        let stored = hash(&long).expect("hashed");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(verify(&long, &stored).ok(), Some(Verdict::Right));
        assert_eq!(verify(&format!("{}y", &long[..72]), &stored).ok(), Some(Verdict::Wrong));
        assert_eq!(verify(&long.to_uppercase(), &stored).ok(), Some(Verdict::Wrong));
    }

    #[test]
    fn a_weak_hash_is_made_anew() {
        let params = Params::new(1024, 1, 1, None).expect("parameters");
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let stored: PasswordHash = weak.hash_password(b"correct horse").expect("hashed");
        assert!(matches!(verify("correct horse", &stored.to_string()), Ok(Verdict::RightWithNewHash(_))));
    }

    #[test]
    fn the_length_has_two_ends() {
        assert!(acceptable(&"ü".repeat(7)).is_err() && acceptable(&"ü".repeat(8)).is_ok());
        assert!(acceptable(&"x".repeat(128)).is_ok() && acceptable(&"x".repeat(129)).is_err());
    }
}
