//! Ingresses. Whether the Service behind one exists is a matter of its relations.

use super::{
    ObjectState, Said,
    seen::{Seen, plain},
};
use crate::core::message::Code;

pub(super) fn evaluate(seen: &Seen) -> Said {
    let (default, rules) = (seen.spec.get("defaultBackend"), seen.spec.get("rules"));
    if seen.spec.value().is_none() || default.is_closed() || rules.is_closed() {
        return (ObjectState::Unknown, None);
    }
    if default.has_some() || rules.items().any(|rule| rule.at(&["http", "paths"]).has_some()) {
        return (ObjectState::Ready, None);
    }
    (ObjectState::Degraded, Some(plain(Code::NoBackend.message([]))))
}
