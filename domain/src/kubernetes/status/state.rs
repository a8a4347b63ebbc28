//! The states of workloads, and the status of one.

use crate::{
    core::message::{Code, Message},
    kubernetes::cause::{self, Cause},
};
use serde::{Deserialize, Serialize};

/// What a workload is doing. Exactly one of them holds, and the first that fits in this order of questions: is it being
/// deleted, is anything to run, is a change on its way, does it serve.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumIter,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// All that is desired is there, of the desired version, and available. A Job: its pods run. A CronJob: it is
    /// scheduled, and its last run did not fail.
    Running,
    /// On its way to what is desired, and nothing is known to keep it from getting there.
    Progressing,
    /// A change cannot come up, for a known cause, while pods of the version before it still serve.
    RolloutStuck,
    /// Serves, but less than desired or not steadily, for a known cause. A Job: a pod failed and is tried again, or
    /// some of its pods cannot run. A CronJob: its last run failed.
    Degraded,
    /// Nothing of it is available, for a known cause, and Kubernetes goes on trying.
    Unavailable,
    /// Kubernetes has given up and nothing of it is available: a Job that failed, a Deployment past its deadline.
    Failed,
    /// Its changes are held back by `spec.paused`. What ran before goes on.
    Paused,
    /// Nothing is to run, and nothing runs.
    Stopped,
    /// `spec.suspend` is set, and none of its pods runs.
    Suspended,
    /// A Job that did all it had to.
    Completed,
    /// Its deletion has begun.
    Deleting,
    /// The cluster does not report enough to say.
    Unknown,
}

impl State {
    /// The stable text of the API.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The states that somebody should look at, the worst first.
    pub const PROBLEMS: [Self; 4] = [Self::Failed, Self::Unavailable, Self::RolloutStuck, Self::Degraded];

    /// All states in the order of lists, the worst first.
    pub const ORDER: [Self; 12] = [
        Self::Failed,
        Self::Unavailable,
        Self::RolloutStuck,
        Self::Degraded,
        Self::Progressing,
        Self::Deleting,
        Self::Unknown,
        Self::Paused,
        Self::Suspended,
        Self::Stopped,
        Self::Running,
        Self::Completed,
    ];

    /// Its place in [`State::ORDER`], from 1.
    pub fn rank(self) -> i16 {
        (1..).zip(Self::ORDER).find_map(|(rank, state)| (state == self).then_some(rank)).unwrap_or(i16::MAX)
    }

    /// Whether somebody should look at it.
    pub const fn is_problem(self) -> bool {
        matches!(self, Self::RolloutStuck | Self::Degraded | Self::Unavailable | Self::Failed)
    }
}

/// How many pods there are. None where the kind has no such number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Pods that are to be there; for a Job, completions that are to be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired: Option<i32>,
    /// Pods of the current template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<i32>,
    /// Pods that were ready long enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<i32>,
    /// Pods of a Job that may run at the same time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<i32>,
    /// Pods of a Job, or Jobs of a CronJob, that run or wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<i32>,
}

/// The status of a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub state: State,
    /// How far it is, in the terms of its kind. None when the state says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Message>,
    /// Why it is not as desired. None when it is, and while nothing is known to be wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    pub counts: Counts,
    /// The generation of the workload that this is about.
    pub generation: i64,
}

impl Status {
    /// Keeps what only `previous` knows. `pods` show the cause now: where one of them showed it before, a change of the workload
    /// did not end it.
    pub(super) fn keep(&mut self, previous: Option<&Self>, pods: &[String]) {
        let Some((before, cause)) = previous.and_then(|previous| Some((previous, previous.cause.as_ref()?))) else {
            return;
        };
        let shows = |pod: &str| pods.iter().any(|shows| shows == pod);
        if let Some(now) = &mut self.cause
            && (now.message.code == cause.message.code && before.generation == self.generation
                || now.is_same(&cause.message) && cause.message.text("pod").is_some_and(shows))
        {
            now.since = now.since.into_iter().chain(cause.since).min();
            return;
        }
        if before.generation != self.generation {
            return;
        }
        match &mut self.cause {
            None if self.state.is_problem() && before.state.is_problem() => self.cause = Some(cause.clone()),
            Some(now) if is_verdict(&now.message) && !is_verdict(&cause.message) && self.state.is_problem() => {
                let mut kept = cause.clone();
                kept.evidence.append(&mut now.evidence);
                kept.evidence.truncate(cause::EVIDENCE_LIMIT);
                self.cause = Some(kept);
            }
            Some(_) | None => {}
        }
    }
}

/// Whether a message only says that Kubernetes gave up, not why.
fn is_verdict(message: &Message) -> bool {
    [
        Code::ProgressDeadlineExceeded,
        Code::JobBackoffLimitExceeded,
        Code::JobDeadlineExceeded,
        Code::JobIndexesFailed,
        Code::JobFailed,
    ]
    .into_iter()
    .any(|code| message.is(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn problems_come_first_in_lists() {
        for state in State::iter() {
            assert_eq!(State::PROBLEMS.contains(&state), state.is_problem(), "{state:?}");
        }
        assert_eq!(State::ORDER[..4], State::PROBLEMS);
        assert!(State::iter().all(|state| State::ORDER.contains(&state)));
    }
}
