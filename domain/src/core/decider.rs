//! The shape of every rule: state and command to events, events to state.

use super::refusal::Refusal;
use crate::access::Action;

/// A consistency boundary: one stream of events and the rules that decide what may be appended to it.
///
/// `decide` and `evolve` are pure and total: the same arguments give the same answer, and `evolve` never panics,
/// whatever order of events it meets.
pub trait Decider {
    /// What the streams of this aggregate begin with, for example `user`.
    const CATEGORY: &'static str;

    /// What tells one aggregate of this kind from another.
    type Id: ?Sized;
    /// What the rules need to remember; the fold of the stream.
    type State: Default;
    /// A command, in the imperative.
    type Command;
    /// A fact, in the past tense.
    type Event;
    /// The rule that forbids a command, in words for people.
    type Refusal: Into<Refusal>;

    /// The name of the stream, after its category.
    fn key(id: &Self::Id) -> String;

    /// The right that a command needs.
    fn action(command: &Self::Command) -> Action;

    /// The events a command causes. An empty list means that there is nothing to do, which is not an error.
    fn decide(state: &Self::State, command: Self::Command) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// The state after one more event.
    fn evolve(state: &mut Self::State, event: &Self::Event);

    /// The stream of one aggregate.
    fn stream(id: &Self::Id) -> String {
        format!("{}:{}", Self::CATEGORY, Self::key(id))
    }

    /// The state after all `events`, from the beginning.
    fn fold<'a>(events: impl IntoIterator<Item = &'a Self::Event>) -> Self::State
    where
        Self::Event: 'a,
    {
        let mut state = Self::State::default();
        for event in events {
            Self::evolve(&mut state, event);
        }
        state
    }
}
