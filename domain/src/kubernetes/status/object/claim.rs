//! PersistentVolumeClaims.

use super::{
    ObjectState, Said,
    seen::{Seen, code, plain},
};
use crate::{
    core::message::{Code, FREE_TEXT},
    kubernetes::{
        cause::{Cause, storage_class_not_found},
        observation::Note,
    },
};

pub(super) fn evaluate(seen: &Seen) -> Said {
    match seen.phase() {
        "Bound" => bound(seen),
        "Pending" => (ObjectState::Progressing, pending(seen)),
        "Lost" => {
            let lost = Code::ClaimLost.message([("volume", code(seen.spec.get("volumeName")).into())]);
            (ObjectState::Failed, Some(plain(lost)))
        }
        _ => (ObjectState::Unknown, None),
    }
}

/// A claim that has its volume may have asked for more than it was given.
fn bound(seen: &Seen) -> Said {
    let told = |kind, said| seen.holds(kind).map(|condition| seen.told_by(condition, said));
    let failed = told("ControllerResizeError", Code::VolumeNotResized)
        .or_else(|| told("NodeResizeError", Code::VolumeNotResized))
        .or_else(|| told("ModifyVolumeError", Code::VolumeNotModified));
    if failed.is_some() {
        return (ObjectState::Degraded, failed);
    }
    let going = told("FileSystemResizePending", Code::FileSystemResizePending)
        .or_else(|| told("Resizing", Code::VolumeResizing))
        .or_else(|| told("ModifyingVolume", Code::VolumeModifying));
    if going.is_some() { (ObjectState::Progressing, going) } else { (ObjectState::Ready, None) }
}

const FAILURES: [&str; 4] = ["FailedBinding", "ProvisioningCleanupFailed", "ProvisioningFailed", "VolumeMismatch"];
const WAITS: [&str; 3] = ["ExternalProvisioning", "WaitForFirstConsumer", "WaitForPodScheduled"];

/// What a claim waits for, as its events say.
fn pending(seen: &Seen) -> Option<Cause> {
    let newest = seen.note(&[&FAILURES[..], &WAITS].concat())?;
    // The controller says again and again that it waits for the provisioner, also while that one fails.
    let failure = || seen.note(&["ProvisioningFailed", "ProvisioningCleanupFailed"]);
    let note = if newest.reason == "ExternalProvisioning" { failure().unwrap_or(newest) } else { newest };
    Some(of_note(seen, note))
}

fn of_note(seen: &Seen, note: &Note) -> Cause {
    let detail = || (FREE_TEXT, (&note.message).into());
    let message = match (note.reason.as_str(), storage_class_not_found(note.message.as_str())) {
        (_, Some(class)) => Code::StorageClassNotFound.message([("pod", "".into()), ("name", class.into()), detail()]),
        ("WaitForFirstConsumer", None) => Code::ClaimAwaitsPod.message([detail()]),
        ("WaitForPodScheduled", None) => Code::ClaimAwaitsNode.message([detail()]),
        ("ExternalProvisioning", None) => Code::ClaimAwaitsProvisioner.message([detail()]),
        ("ProvisioningFailed" | "ProvisioningCleanupFailed", None) => Code::VolumeNotProvisioned.message([detail()]),
        (_, None) => Code::ClaimNotBound.message([detail()]),
    };
    seen.reported_by(note, message)
}
