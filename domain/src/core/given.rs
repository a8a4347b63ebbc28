//! A test language for deciders: given events, when a command arrives, then events, a refusal or nothing.

use crate::core::decider::Decider;
use std::fmt::Debug;

pub struct Given<D: Decider>(D::State);

pub fn given<D: Decider>(events: impl IntoIterator<Item = D::Event>) -> Given<D> {
    let events: Vec<_> = events.into_iter().collect();
    Given(D::fold(&events))
}

pub struct When<D: Decider>(Result<Vec<D::Event>, D::Refusal>);

impl<D: Decider> Given<D> {
    pub fn when(&self, command: D::Command) -> When<D> {
        When(D::decide(&self.0, command))
    }
}

impl<D: Decider> When<D>
where
    D::Event: Debug + PartialEq,
    D::Refusal: Debug,
{
    pub fn then(self, expected: impl IntoIterator<Item = D::Event>) {
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(self.0.expect("events, not a refusal"), expected);
    }

    pub fn silence(self) {
        self.then([]);
    }

    pub fn refused(self) -> D::Refusal {
        self.0.expect_err("a refusal, not events")
    }
}
