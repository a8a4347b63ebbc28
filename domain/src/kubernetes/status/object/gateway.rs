//! The Gateway API: classes and gateways, and the routes that gateways take or refuse.

use super::{
    ObjectState, Said, generic,
    seen::{Seen, code, plain},
};
use crate::{
    core::message::Code,
    kubernetes::{
        manifest::Place,
        object::is_possible,
        observation::{Condition, FreeText, Truth},
        resource::Resource,
    },
};
use chrono::{DateTime, Utc};

/// Conditions without which a gateway or a class does nothing.
const OF_GATEWAYS: [&str; 2] = ["Accepted", "Programmed"];
/// The same of a listener of a gateway.
const OF_LISTENERS: [&str; 3] = ["Accepted", "ResolvedRefs", "Programmed"];
/// The same of a route, as each of its parents reports them.
const OF_ROUTES: [&str; 2] = ["Accepted", "ResolvedRefs"];
/// Reasons of a controller that is not done yet.
const WAITS: [&str; 3] = ["NotReconciled", "Pending", "Waiting"];

pub(super) fn evaluate(seen: &Seen, kind: &str) -> Said {
    match kind {
        "Gateway" | "GatewayClass" => gateway(seen),
        kind if kind.ends_with("Route") => route(seen),
        _ => generic::evaluate(seen),
    }
}

/// The state of an object, one of whose conditions is not true.
fn without(condition: &Condition) -> ObjectState {
    let is_waiting = condition.status == Truth::Unknown || WAITS.contains(&condition.reason.as_str());
    if is_waiting { ObjectState::Progressing } else { ObjectState::Degraded }
}

fn gateway(seen: &Seen) -> Said {
    let with = |status| OF_GATEWAYS.into_iter().find_map(|kind| seen.condition(kind, status));
    let said = |condition: &Condition| (without(condition), Some(seen.said_by(condition)));
    let of_listener = |listener: Place| {
        let by = (Code::ListenerReported, "listener", code(listener.get("name")).to_owned());
        reported(seen, by, listener.get("conditions"), &OF_LISTENERS, Truth::False)
    };
    let found = with(Truth::False)
        .map(said)
        .or_else(|| seen.status.get("listeners").items().find_map(of_listener))
        .or_else(|| with(Truth::Unknown).map(said));
    // Without a controller, nobody has said anything about it.
    let nobody = if with(Truth::True).is_some() { ObjectState::Ready } else { ObjectState::Progressing };
    found.unwrap_or((nobody, None))
}

fn route(seen: &Seen) -> Said {
    let parents = || seen.status.get("parents").items();
    let with = |status| {
        let of_parent = |parent: Place| {
            let by = (Code::RouteReported, "parent", name_of(parent.get("parentRef")));
            reported(seen, by, parent.get("conditions"), &OF_ROUTES, status)
        };
        parents().find_map(of_parent)
    };
    if let Some(said) = with(Truth::False).or_else(|| with(Truth::Unknown)) {
        return said;
    }
    if parents().next().is_none() {
        return (ObjectState::Progressing, Some(plain(Code::RouteNotTaken.message([]))));
    }
    (ObjectState::Ready, None)
}

/// What the first of these conditions says that has this status, in the words of a code. An argument of it names whose they are.
fn reported(
    seen: &Seen,
    (code, argument, name): (Code, &'static str, String),
    conditions: Place,
    kinds: &[&str],
    status: Truth,
) -> Option<Said> {
    let is_it = |condition: &Condition, kind: &str| condition.kind == kind && condition.status == status;
    let found = |kind: &&str| conditions.items().filter_map(read).find(|condition| is_it(condition, kind));
    let condition = kinds.iter().find_map(found)?;
    let message = code.message([
        (argument, name.into()),
        ("type", condition.kind.as_str().into()),
        ("status", format!("{status:?}").into()),
        ("reason", condition.reason.as_str().into()),
    ]);
    Some((without(&condition), Some(seen.shown_by(&condition, message))))
}

/// A condition in a list that is stored as one value. Its message is left out: alone, it is not stored.
fn read(place: Place) -> Option<Condition> {
    let status = match place.get("status").text()? {
        "True" => Truth::True,
        "False" => Truth::False,
        _ => Truth::Unknown,
    };
    let since = place.get("lastTransitionTime").text().and_then(|time| time.parse::<DateTime<Utc>>().ok());
    Some(Condition {
        kind: code(place.get("type")).to_owned(),
        status,
        reason: code(place.get("reason")).to_owned(),
        message: FreeText::default(),
        since: since.filter(|since| *since > DateTime::UNIX_EPOCH),
    })
}

/// `namespace/name` of a parent, or its name where it is in the namespace of the route. Empty if it is no name.
fn name_of(parent: Place) -> String {
    let namespace = parent.get("namespace").text();
    match parent.get("name").text() {
        Some(name) if is_possible(&Resource::GATEWAY, namespace.or(Some("default")), name) => {
            namespace.map(|namespace| format!("{namespace}/")).unwrap_or_default() + name
        }
        Some(_) | None => String::new(),
    }
}
