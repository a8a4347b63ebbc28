//! Bugs that tests plant on purpose, to prove that a test notices each of them (tests/planted). Built only with the
//! feature `planted-bugs` and without optimisation. Even then the code is correct unless `BINNACLE_TEST_PLANTED` names
//! a bug.

macro_rules! bugs {
    ($($(#[$doc:meta])+ $bug:ident,)+) => {
        /// The bugs that can be planted. Each docstring states the mistake.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Bug {
            $($(#[$doc])+ $bug,)+
        }

        /// All of them.
        pub const BUGS: &[Bug] = &[$(Bug::$bug,)+];
    };
}

bugs! {
    /// A checkpoint moves in its own transaction, before the rows.
    CheckpointAlone,
    /// An event that cannot be decoded is skipped.
    PoisonSkipped,
    /// A stopped projection is reported as up to date.
    StoppedCalledCurrent,
    /// A rebuild ignores quarantined events.
    QuarantineForgotten,
    /// A late watch event overwrites a newer one.
    OlderOverwrites,
    /// A stale list is taken for the current state.
    OldListTaken,
    /// An object that is missing from a list is not marked as gone.
    ListWithoutDifference,
    /// Outcomes do not carry the fence of their claim.
    FenceForgotten,
    /// Idempotency keys are not stored with their results.
    KeyForgotten,
    /// A command does not carry the session of its user.
    EndedSessionForgotten,
    /// A command is answered before its intent is committed.
    IntentNotAwaited,
    /// The outcome is appended before the cluster is called.
    OutcomeFirst,
    /// A claim after a lost answer repeats the call without reading the object first.
    BlindRepeat,
    /// A process that slept past its lease still makes its call.
    SleeperActs,
    /// An append is repeated after a lost connection without checking the log first.
    BlindAppend,
    /// A late commit of the same append is taken for that of another writer.
    LateArrivalForgotten,
    /// A failed append is reported as done.
    FailureCalledDone,
    /// A subscriber with a full queue continues as if nothing was dropped.
    GapInLive,
    /// A resumed subscription repeats the event that it resumed after.
    ResumeRepeats,
    /// The content of an event is not checked against its hash.
    ContentNotCompared,
    /// The sealer extends a tree whose tiles were changed.
    SealedOverChange,
    /// The checker forgets a difference as soon as another object matches.
    DifferenceForgotten,
    /// The signature of a checkpoint is not verified.
    SignatureNotChecked,
}

/// Whether this bug is planted.
#[cfg(all(feature = "planted-bugs", debug_assertions))]
#[expect(clippy::disallowed_methods, reason = "not a setting: only tests are built with it")]
pub fn is_planted(bug: Bug) -> bool {
    static PLANTED: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    let planted = PLANTED.get_or_init(|| std::env::var("BINNACLE_TEST_PLANTED").ok());
    planted.as_ref().is_some_and(|planted| *planted == format!("{bug:?}"))
}

/// Release builds have no planted bug.
#[cfg(not(all(feature = "planted-bugs", debug_assertions)))]
pub const fn is_planted(_: Bug) -> bool {
    false
}
