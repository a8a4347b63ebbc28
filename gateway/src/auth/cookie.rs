//! The cookie of the refresh token: its name and attributes.

use std::time::Duration;

/// The security of the cookie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RefreshCookie {
    /// Sent over plain HTTP too.
    #[default]
    Plain,
    /// Sent over TLS only.
    Secure,
    /// Sent over TLS only. No other host can set it, not even one of the same domain.
    HostOnly,
}

impl RefreshCookie {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain | Self::Secure => "binnacle_refresh",
            Self::HostOnly => "__Host-binnacle_refresh",
        }
    }

    /// The value of `Set-Cookie`. A lifetime of zero deletes the cookie.
    pub fn set(self, value: &str, life: Duration) -> String {
        let (name, life) = (self.name(), life.as_secs());
        let scope = match self {
            Self::Plain => "Path=/graphql",
            Self::Secure => "Path=/graphql; Secure",
            // Browsers accept the prefix with this path only.
            Self::HostOnly => "Path=/; Secure",
        };
        format!("{name}={value}; {scope}; Max-Age={life}; HttpOnly; SameSite=Strict")
    }
}
