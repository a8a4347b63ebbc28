//! Bugs that are planted on purpose, to prove that the tests notice each of them (tests/planted). Built only with the
//! feature `planted-bugs` and never with optimisation, and even then nothing is wrong unless `BINNACLE_TEST_PLANTED` names one.

macro_rules! bugs {
    ($($(#[$doc:meta])+ $bug:ident,)+) => {
        /// What can be wrong. The words at each say what somebody would have got wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Bug {
            $($(#[$doc])+ $bug,)+
        }

        /// All of them.
        pub const BUGS: &[Bug] = &[$(Bug::$bug,)+];
    };
}

bugs! {
    /// A checkpoint is moved in a transaction of its own, before the rows.
    CheckpointAlone,
    /// An event that cannot be read is passed over.
    PoisonSkipped,
    /// A list that stopped is called as far as those that go on.
    StoppedCalledCurrent,
    /// A rebuild does not know which events are passed over.
    QuarantineForgotten,
    /// A late sight of an object overwrites a newer one.
    OlderOverwrites,
    /// A list of some time ago is taken for the state of now.
    OldListTaken,
    /// What is missing in a list is not taken for gone.
    ListWithoutDifference,
    /// Outcomes do not carry the fence of their claim.
    FenceForgotten,
    /// Idempotency keys are not stored with what they led to.
    KeyForgotten,
    /// A wish does not carry the session of who asks.
    EndedSessionForgotten,
    /// A wish is answered before its intent is committed.
    IntentNotAwaited,
    /// The outcome is appended before the cluster is called.
    OutcomeFirst,
    /// A claim after a lost answer calls again without looking.
    BlindRepeat,
    /// Who slept past its lease calls all the same when it wakes up.
    SleeperActs,
    /// After a lost connection an append is sent again without looking.
    BlindAppend,
    /// What came into the log after it was looked for is taken for somebody else's.
    LateArrivalForgotten,
    /// An append that failed is answered as done.
    FailureCalledDone,
    /// A subscriber whose queue was full goes on as if nothing had been left out.
    GapInLive,
    /// A subscription begins with the event it was resumed after.
    ResumeRepeats,
    /// The content of an event is not compared with its hash.
    ContentNotCompared,
    /// A tree is gone on from although its tiles were changed.
    SealedOverChange,
    /// An object that differed is forgotten when others do not.
    DifferenceForgotten,
    /// A checkpoint is believed whoever signed it.
    SignatureNotChecked,
}

/// Whether this bug was planted.
#[cfg(all(feature = "planted-bugs", debug_assertions))]
#[expect(clippy::disallowed_methods, reason = "not a setting: only tests are built with it")]
pub fn is_planted(bug: Bug) -> bool {
    static PLANTED: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    let planted = PLANTED.get_or_init(|| std::env::var("BINNACLE_TEST_PLANTED").ok());
    planted.as_ref().is_some_and(|planted| *planted == format!("{bug:?}"))
}

/// No bug is planted in what people run.
#[cfg(not(all(feature = "planted-bugs", debug_assertions)))]
pub const fn is_planted(_: Bug) -> bool {
    false
}
