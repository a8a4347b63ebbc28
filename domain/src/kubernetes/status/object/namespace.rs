//! Namespaces.

use super::{ObjectState, Said, seen::Seen};
use crate::{core::message::Code, kubernetes::cause::Cause};

pub(super) fn evaluate(seen: &Seen) -> Said {
    match seen.phase() {
        "Terminating" => (ObjectState::Deleting, remains(seen)),
        "Active" => (ObjectState::Ready, None),
        _ => (ObjectState::Unknown, None),
    }
}

/// What keeps a namespace from going. What cannot even be listed comes before what is left, and a finalizer before what it
/// holds.
pub(super) fn remains(seen: &Seen) -> Option<Cause> {
    [
        ("NamespaceDeletionDiscoveryFailure", Code::NamespaceNotListed),
        ("NamespaceDeletionGroupVersionParsingFailure", Code::NamespaceNotListed),
        ("NamespaceDeletionContentFailure", Code::NamespaceContentNotDeleted),
        ("NamespaceFinalizersRemaining", Code::NamespaceContentHeld),
        ("NamespaceContentRemaining", Code::NamespaceContentRemains),
    ]
    .into_iter()
    .find_map(|(kind, code)| Some(seen.told_by(seen.holds(kind)?, code)))
}
