//! How a fold handles the deletion of a scope's key. It removes rows computed from the sealed values, because a fold of
//! the same log could not compute them again.

use domain::{
    core::{
        event::{Event, Recorded},
        sealing::KeyScope,
    },
    platform::data_key::DataKeyEvent,
};
use std::sync::Arc;

/// The category of the streams that report deletions.
pub const CATEGORY: &str = "sealing";

/// A part of a page: the events up to a deletion, with the forgotten scope. The last part has none.
pub fn parts(events: &[Arc<Recorded>]) -> impl Iterator<Item = (&[Arc<Recorded>], Option<&KeyScope>)> {
    let parts = events.split_inclusive(|event| scope(event).is_some());
    parts.map(|part| (part, part.last().and_then(|event| scope(event))))
}

fn scope(event: &Arc<Recorded>) -> Option<&KeyScope> {
    match &event.event {
        Event::DataKey(DataKeyEvent::DataKeyForgotten { scope, .. }) => Some(scope),
        Event::DataKey(_)
        | Event::Operation(_)
        | Event::Observed(_)
        | Event::Cluster(_)
        | Event::User(_)
        | Event::Projection(_)
        | Event::Access(_) => None,
    }
}
