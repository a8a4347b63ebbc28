//! The check of a cluster before it is registered: its steps, in order, and what each one found. The step that fails says what to
//! do; those after it are skipped.

use super::support::{self, VersionSupport};
use crate::core::message::{Code, Message};
use strum::IntoEnumIterator;

/// A difference of the clocks that is worth a warning: tokens and certificates are valid by the clock.
const CLOCK: i64 = 30;

/// The steps, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumIter)]
pub enum CheckName {
    /// What was given can be used.
    Credentials,
    /// The name of the server has an address.
    Address,
    Connect,
    /// The certificate of the server is the one that was vouched for.
    Tls,
    /// The server accepts the credential.
    Authentication,
    /// The credential may read what Binnacle shows.
    Rights,
    Version,
    Clock,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    Passed,
    Failed,
    Skipped,
    /// It can be registered, and something is missing.
    Warning,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckStep {
    pub name: CheckName,
    pub state: CheckState,
    pub message: Message,
}

/// What is found, step by step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check(Vec<CheckStep>);

impl Check {
    pub fn passed(&mut self, name: CheckName, message: Message) {
        self.0.push(CheckStep { name, state: CheckState::Passed, message });
    }

    pub fn warned(&mut self, name: CheckName, message: Message) {
        self.0.push(CheckStep { name, state: CheckState::Warning, message });
    }

    /// Ends the check: the steps after this one are skipped.
    pub fn failed(mut self, name: CheckName, message: Message) -> Self {
        self.0.push(CheckStep { name, state: CheckState::Failed, message });
        self.finished()
    }

    /// With the steps that were not reached.
    pub fn finished(mut self) -> Self {
        let reached = self.0.len();
        self.0.extend(CheckName::iter().skip(reached).map(|name| CheckStep {
            name,
            state: CheckState::Skipped,
            message: Code::CheckSkipped.message([]),
        }));
        self
    }

    pub fn is_ok(&self) -> bool {
        self.0.iter().all(|step| matches!(step.state, CheckState::Passed | CheckState::Warning))
    }

    pub fn steps(&self) -> &[CheckStep] {
        &self.0
    }

    /// The step of rights: kinds that may be read, and kinds that may not. An error ends the check.
    pub fn rights(&mut self, readable: &[String], missing: &[String]) -> Result<(), Message> {
        match (readable, missing) {
            ([], _) => return Err(Code::CheckRightsNone.message([("kinds", missing.to_vec().into())])),
            (_, []) => self.passed(CheckName::Rights, Code::CheckRights.message([("kinds", readable.to_vec().into())])),
            _ => {
                self.warned(CheckName::Rights, Code::CheckRightsMissing.message([("kinds", missing.to_vec().into())]));
            }
        }
        Ok(())
    }

    /// The step of the version.
    pub fn version(&mut self, version: &str) {
        let is = |code: Code, bound: &'static str, value: String| {
            code.message([("version", version.into()), (bound, value.into())])
        };
        match VersionSupport::of(version) {
            Some(VersionSupport::Supported) => {
                self.passed(CheckName::Version, Code::CheckVersion.message([("version", version.into())]));
            }
            Some(VersionSupport::TooOld) => {
                self.warned(CheckName::Version, is(Code::CheckVersionTooOld, "oldest", support::oldest()));
            }
            Some(VersionSupport::Untested) | None => {
                self.warned(CheckName::Version, is(Code::CheckVersionUntested, "newest", support::newest()));
            }
        }
    }

    /// The step of the clock: how many seconds the server is ahead. None if it did not say its time.
    pub fn clock(&mut self, ahead: Option<i64>) {
        match ahead {
            None => self.warned(CheckName::Clock, Code::CheckClockUnknown.message([])),
            Some(ahead) if ahead.abs() > CLOCK => {
                self.warned(CheckName::Clock, Code::CheckClockOff.message([("seconds", ahead.abs().into())]));
            }
            Some(_) => self.passed(CheckName::Clock, Code::CheckClock.message([])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(check: &Check) -> Vec<CheckState> {
        check.steps().iter().map(|step| step.state).collect()
    }

    #[test]
    fn the_steps_after_a_failed_one_are_skipped() {
        let mut check = Check::default();
        check.passed(CheckName::Credentials, Code::CheckCredentials.message([]));
        let check = check.failed(CheckName::Address, Code::CheckSkipped.message([]));
        let names: Vec<CheckName> = check.steps().iter().map(|step| step.name).collect();
        assert_eq!(names, CheckName::iter().collect::<Vec<_>>());
        assert_eq!(states(&check)[..3], [CheckState::Passed, CheckState::Failed, CheckState::Skipped]);
        assert!(!check.is_ok());
    }

    #[test]
    fn a_cluster_with_warnings_can_be_registered() {
        for (version, ahead, expected) in [
            ("v1.35.4", Some(0), [CheckState::Passed, CheckState::Passed]),
            ("v1.28.0", Some(-31), [CheckState::Warning, CheckState::Warning]),
            ("v1.99.0", None, [CheckState::Warning, CheckState::Warning]),
            ("what", Some(30), [CheckState::Warning, CheckState::Passed]),
        ] {
            let mut check = Check::default();
            check.version(version);
            check.clock(ahead);
            assert_eq!(states(&check), expected, "{version}");
            assert!(check.is_ok());
        }
    }

    #[test]
    fn without_any_right_there_is_nothing_to_show() {
        let kinds = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let mut check = Check::default();
        assert!(check.rights(&[], &kinds(&["pods"])).is_err() && check.steps().is_empty());
        assert!(check.rights(&kinds(&["pods"]), &kinds(&["nodes"])).is_ok());
        assert!(check.rights(&kinds(&["pods"]), &[]).is_ok());
        assert_eq!(states(&check), [CheckState::Warning, CheckState::Passed]);
    }
}
