//! Which versions of Kubernetes Binnacle works with, and what it leaves off for others.

use crate::core::message::{Code, Message};

/// The minor versions that Binnacle supports, of Kubernetes 1.
const OLDEST: u32 = 29;
const NEWEST: u32 = 37;

/// What Binnacle promises for a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionSupport {
    Supported,
    /// Newer than what Binnacle was tested with. Nothing is left off.
    Untested,
    /// Its objects are shown. Nothing is requested of it.
    TooOld,
}

impl VersionSupport {
    /// Of a version as the server writes it, for example `v1.35.4` or `v1.29.3-gke.100`. None if that says no version.
    pub fn of(version: &str) -> Option<Self> {
        let (major, minor) = numbers(version)?;
        Some(match (major, minor) {
            (1, OLDEST..=NEWEST) => Self::Supported,
            (0, _) | (1, ..OLDEST) => Self::TooOld,
            _ => Self::Untested,
        })
    }

    /// What is left off in a cluster of this version.
    pub fn switched_off(self) -> Vec<Message> {
        match self {
            Self::Supported | Self::Untested => Vec::new(),
            Self::TooOld => vec![Code::CommandsOff.message([("oldest", oldest().into())])],
        }
    }
}

/// The oldest supported version, for people.
pub fn oldest() -> String {
    format!("v1.{OLDEST}")
}

/// The newest supported version, for people.
pub fn newest() -> String {
    format!("v1.{NEWEST}")
}

fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.strip_prefix('v').unwrap_or(version).split('.');
    let major = parts.next()?.parse().ok()?;
    // Some write 29+.
    let minor: String = parts.next()?.chars().take_while(char::is_ascii_digit).collect();
    Some((major, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_1_29_to_1_37_are_supported() {
        for (version, support) in [
            ("v1.29.0", Some(VersionSupport::Supported)),
            ("v1.37.2", Some(VersionSupport::Supported)),
            ("1.30", Some(VersionSupport::Supported)),
            ("v1.31.4-eks-1a2b3c", Some(VersionSupport::Supported)),
            ("v1.29+", Some(VersionSupport::Supported)),
            ("v1.28.15", Some(VersionSupport::TooOld)),
            ("v0.9.0", Some(VersionSupport::TooOld)),
            ("v1.38.0-alpha.1", Some(VersionSupport::Untested)),
            ("v2.0.0", Some(VersionSupport::Untested)),
            ("newest", None),
            ("v1", None),
            ("", None),
        ] {
            assert_eq!(VersionSupport::of(version), support, "{version}");
        }
    }

    #[test]
    fn only_a_version_that_is_too_old_has_something_off() {
        assert!(VersionSupport::Supported.switched_off().is_empty());
        assert!(VersionSupport::Untested.switched_off().is_empty());
        assert_eq!(VersionSupport::TooOld.switched_off().len(), 1);
    }
}
