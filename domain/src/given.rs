//! Given events, when a command comes, then events, a refusal or silence.

use crate::decider::Decider;

pub struct Given<D: Decider>(D::State);

pub fn given<D: Decider>(events: impl IntoIterator<Item = D::Event>) -> Given<D> {
    let events: Vec<_> = events.into_iter().collect();
    Given(D::fold(&events))
}

impl<D: Decider> Given<D> {
    pub fn when(&self, command: D::Command) -> Result<Vec<D::Event>, D::Refusal> {
        D::decide(&self.0, command)
    }
}
