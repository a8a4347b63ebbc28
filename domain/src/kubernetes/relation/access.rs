//! Rights: bindings, and the credentials of service accounts.

use super::{Relation, found::Found, grouped};
use crate::kubernetes::{manifest::Place, resource::Resource};

pub(super) fn of_account(manifest: Place, found: &mut Found) {
    for secret in ["secrets", "imagePullSecrets"].iter().flat_map(|list| manifest.get(list).items()) {
        found.mounts(Resource::SECRET, secret.get("name"));
    }
}

/// A binding of either kind. A role is in the namespace of its binding, and a service account names its own.
pub(super) fn of_binding(manifest: Place, found: &mut Found) {
    let role = manifest.get("roleRef");
    if let Some(kind) = grouped(role.get("apiGroup"), role.get("kind"), &Resource::ROLE) {
        found.binds(kind, role.get("name"));
    }
    let subjects = manifest.get("subjects").items();
    for account in subjects.filter(|subject| subject.get("kind").text() == Some(Resource::SERVICE_ACCOUNT.kind())) {
        let namespace = account.get("namespace").text();
        found.named_in(Relation::Binds, Resource::SERVICE_ACCOUNT, namespace, account.get("name"));
    }
}
