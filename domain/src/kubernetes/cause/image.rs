//! Images that cannot be pulled.

use super::finding::{Depth, Finding, notes_of, place, with};
use crate::{
    core::message::Code,
    kubernetes::observation::{Container, FreeText, Object, Pod},
};

/// What a registry or the kubelet says, and what it means. The first that fits counts, so that a refusal that also
/// speaks of "not found" stays a refusal.
const WORDS: [(&[&str], Code); 4] = [
    (&["toomanyrequests", "429 Too Many", "rate limit"], Code::ImageRateLimited),
    (
        &["denied", "unauthorized", "Unauthorized", "403 Forbidden", "authorization failed", "no basic auth"],
        Code::ImagePullDenied,
    ),
    (&["not found", "NotFound", "manifest unknown", "does not exist"], Code::ImageNotFound),
    (
        &[
            "no such host",
            "i/o timeout",
            "connection refused",
            "deadline exceeded",
            "x509:",
            "network is unreachable",
            "no route to host",
            "TLS handshake",
            "503 Service",
            "connection reset",
        ],
        Code::RegistryUnreachable,
    ),
];

/// None when the reason is about no image.
pub(super) fn failing(pod: &Object<Pod>, container: &Container, reason: &str, message: &FreeText) -> Option<Finding> {
    let said = said(pod, container, message);
    let code = match reason {
        "InvalidImageName" => Code::ImageNameInvalid,
        "ErrImageNeverPull" => Code::ImageNeverPulled,
        "SignatureValidationFailed" => Code::ImageSignatureInvalid,
        "RegistryUnavailable" => Code::RegistryUnreachable,
        // The name of the image may hold any of the words.
        "ErrImagePull" | "ImagePullBackOff" | "ImageInspectError" => {
            meaning(&said.as_str().replace(&container.image, "the image"))
        }
        _ => return None,
    };
    let arguments = with(place(pod, container, said), ("image", container.image.as_str().into()));
    Some(Finding::new(Depth::Configuration, code.message(arguments)))
}

/// While the kubelet waits for its next try it may not repeat why: then the event of the last try does.
fn said<'a>(pod: &'a Object<Pod>, container: &'a Container, message: &'a FreeText) -> &'a FreeText {
    let is_bare = |text: &str| text.is_empty() || text.starts_with("Back-off pulling image") && !text.contains("Err");
    if !is_bare(message.as_str()) {
        return message;
    }
    let tries = notes_of(pod, container)
        .filter(|note| note.reason == "Failed" && note.words().starts_with("Failed to pull image"));
    tries.max_by_key(|note| note.last).map_or(message, |note| &note.message)
}

fn meaning(message: &str) -> Code {
    let means = |(words, _): &&(&[&str], Code)| words.iter().any(|word| message.contains(word));
    WORDS.iter().find(means).map_or(Code::ImagePullFailed, |(_, code)| *code)
}
