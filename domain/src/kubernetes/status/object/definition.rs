//! What extends the API: CustomResourceDefinitions, and APIServices of other servers.

use super::{ObjectState, Said, seen::Seen};
use crate::{
    core::message::Code,
    kubernetes::observation::{Truth, condition},
};

pub(super) fn evaluate(seen: &Seen) -> Said {
    if let Some(refused) = seen.fails("NamesAccepted") {
        return (ObjectState::Failed, Some(seen.reasoned_by(refused, Code::NamesNotAccepted)));
    }
    match condition(&seen.report.conditions, "Established") {
        Some(established) if established.status == Truth::True => (ObjectState::Ready, None),
        Some(failed) if failed.status == Truth::False && failed.reason != "Installing" => {
            (ObjectState::Failed, Some(seen.said_by(failed)))
        }
        Some(going) => (ObjectState::Progressing, Some(seen.said_by(going))),
        None => (ObjectState::Progressing, None),
    }
}

/// An APIService: a group of the API that another server serves.
pub(super) fn of_service(seen: &Seen) -> Said {
    match condition(&seen.report.conditions, "Available") {
        Some(available) if available.status == Truth::True => (ObjectState::Ready, None),
        Some(failed) if failed.status == Truth::False => {
            (ObjectState::Failed, Some(seen.reasoned_by(failed, Code::ApiUnavailable)))
        }
        Some(going) => (ObjectState::Progressing, Some(seen.said_by(going))),
        None => (ObjectState::Progressing, None),
    }
}
