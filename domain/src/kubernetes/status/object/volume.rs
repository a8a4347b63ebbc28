//! PersistentVolumes.

use super::{
    ObjectState, Said,
    seen::{Seen, code, plain},
};
use crate::{
    core::message::{Code, FREE_TEXT},
    kubernetes::{object::is_possible, resource::Resource},
};

pub(super) fn evaluate(seen: &Seen) -> Said {
    match seen.phase() {
        "Available" | "Bound" => (ObjectState::Ready, None),
        "Released" => released(seen),
        "Failed" => {
            let (reason, detail) = (code(seen.status.get("reason")), seen.words(seen.status.get("message")));
            let failed = Code::VolumeNotReclaimed.message([("reason", reason.into()), (FREE_TEXT, detail)]);
            (ObjectState::Failed, Some(plain(failed)))
        }
        "Pending" => (ObjectState::Progressing, None),
        _ => (ObjectState::Unknown, None),
    }
}

/// Its claim is gone. Unless its policy is to be deleted, it stays.
fn released(seen: &Seen) -> Said {
    let of_claim = |code: Code| plain(code.message([("claim", claim(seen).unwrap_or_default().into())]));
    if !matches!(seen.spec.get("persistentVolumeReclaimPolicy").text(), Some("Delete" | "Recycle")) {
        return (ObjectState::Inactive, Some(of_claim(Code::VolumeReleased)));
    }
    match seen.note(&["VolumeFailedDelete", "VolumeFailedRecycle"]) {
        Some(note) => {
            let detail = (FREE_TEXT, (&note.message).into());
            let failed = Code::VolumeNotReclaimed.message([("reason", note.reason.as_str().into()), detail]);
            (ObjectState::Degraded, Some(seen.reported_by(note, failed)))
        }
        None => (ObjectState::Progressing, Some(of_claim(Code::VolumeReclaiming))),
    }
}

/// The claim that had it.
fn claim(seen: &Seen) -> Option<String> {
    let claim = seen.spec.get("claimRef");
    let (namespace, name) = (claim.get("namespace").text()?, claim.get("name").text()?);
    is_possible(&Resource::CLAIM, Some(namespace), name).then(|| format!("{namespace}/{name}"))
}
