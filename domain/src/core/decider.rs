//! The shape of every rule: state and command to events, events to state.

use super::refusal::Refusal;
use crate::access::Action;

/// An aggregate: one stream of events and the rules for what may be appended to it.
///
/// `decide` and `evolve` are pure and total. The same arguments give the same result, and `evolve` never panics,
/// whatever the order of events.
pub trait Decider {
    /// The category of the streams of this aggregate, for example `user`.
    const CATEGORY: &'static str;

    /// The identity of one aggregate of this type.
    type Id: ?Sized;
    /// The state that the rules need: the fold of the stream.
    type State: Default;
    /// A command, in the imperative.
    type Command;
    /// An event, in the past tense.
    type Event;
    /// Why a command is refused, for users.
    type Refusal: Into<Refusal>;

    /// The part of the stream's name after the category.
    fn key(id: &Self::Id) -> String;

    /// The right that a command needs.
    fn action(command: &Self::Command) -> Action;

    /// The events that a command causes. An empty list means that there is nothing to do, which is not an error.
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
