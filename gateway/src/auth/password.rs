//! Passwords: argon2id with 19 MiB, two passes, one lane, on separate threads. An unknown user costs as much as a known
//! one. A new password must be long and hard to guess.

use super::{Error, hashing::Hashing};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::time::Duration;
use zxcvbn::{Score, zxcvbn};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Longer passwords are refused without hashing.
const MAX_LENGTH: usize = 128;
const MIN_LENGTH: usize = 12;
/// How long a sign-in waits for its hash.
const PATIENCE: Duration = Duration::from_secs(8);

/// Checks whether `username` may set this password. The message says what to change and repeats nothing of the
/// password.
pub fn acceptable(password: &str, username: &str) -> Result<(), String> {
    match password.chars().count() {
        0..MIN_LENGTH => return Err(format!("it must have at least {MIN_LENGTH} characters")),
        MIN_LENGTH..=MAX_LENGTH => {}
        _ => return Err(format!("it must have at most {MAX_LENGTH} characters")),
    }
    let guessed = zxcvbn(password, &[username, "binnacle"]);
    if guessed.score() >= Score::Three {
        return Ok(());
    }
    let why = guessed.feedback().and_then(|feedback| feedback.warning());
    let why = why.map(|why| format!(" ({})", why.to_string().trim_end_matches('.'))).unwrap_or_default();
    Err(format!("it is easy to guess{why}: take four words or more that do not belong together, or a random one"))
}

/// Hashes and verifies passwords.
pub struct Passwords {
    threads: Hashing,
    /// The hash to verify if the account does not exist.
    dummy: String,
}

/// The result of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Correct, but the stored hash has old parameters: store this one.
    RightWithNewHash(String),
}

impl Passwords {
    pub fn new() -> Result<Self, Error> {
        Ok(Self { threads: Hashing::start(), dummy: hash("no such account")? })
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
        tokio::time::timeout(PATIENCE, self.threads.run(work)).await.unwrap_or(Err(Error::Busy))
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
        let long = "größe-über-höhe-länge-";
        let cut = |length: usize| long.chars().cycle().take(length).collect::<String>();
        assert!(acceptable(&cut(11), "admin").is_err() && acceptable(&cut(12), "admin").is_ok());
        assert!(acceptable(&cut(128), "admin").is_ok() && acceptable(&cut(129), "admin").is_err());
    }

    #[test]
    fn a_password_that_others_guess_is_refused() {
        for common in [
            "password1234",
            "Password1234!",
            "qwertyuiop[]",
            "123456789012",
            "aaaaaaaaaaaaaaaa",
            "iloveyou1234",
            "administrator",
            "letmeinletmein",
            "binnacle1234",
            "ottoline1995",
        ] {
            let refused = acceptable(common, "ottoline");
            assert!(refused.as_ref().is_err_and(|why| why.contains("easy to guess")), "{common}: {refused:?}");
            assert!(!refused.is_err_and(|why| why.contains(common)), "the password is repeated");
        }
    }

    #[test]
    fn generated_passwords_and_odd_words_are_taken() {
        for _ in 0..200 {
            let made_up = crate::auth::random::password();
            assert_eq!(acceptable(&made_up, "admin"), Ok(()), "{made_up}");
        }
        assert_eq!(acceptable("correct horse battery staple", "admin"), Ok(()));
    }
}
