//! Services, and what leads to them.

use super::{LabelSelector, Relation, found::Found, grouped};
use crate::kubernetes::{manifest::Place, resource::Resource};

pub(super) fn of_service(spec: Place, found: &mut Found) {
    found.selects(LabelSelector::of_labels(spec.get("selector")));
}

pub(super) fn of_policy(spec: Place, found: &mut Found) {
    found.selects_pods(spec.get("podSelector"));
}

pub(super) fn of_ingress(spec: Place, found: &mut Found) {
    let paths = spec.get("rules").items().flat_map(|rule| rule.at(&["http", "paths"]).items());
    let backends = paths.map(|path| path.get("backend"));
    for backend in backends.chain([spec.get("defaultBackend")]) {
        found.named(Relation::RoutesTo, Resource::SERVICE, backend.at(&["service", "name"]));
        let other = backend.get("resource");
        if let Some(kind) = grouped(other.get("apiGroup"), other.get("kind"), &Resource::SERVICE) {
            found.named(Relation::RoutesTo, kind, other.get("name"));
        }
    }
    for tls in spec.get("tls").items() {
        found.mounts(Resource::SECRET, tls.get("secretName"));
    }
    found.binds(Resource::INGRESS_CLASS, spec.get("ingressClassName"));
}

pub(super) fn of_gateway(spec: Place, found: &mut Found) {
    found.binds(Resource::GATEWAY_CLASS, spec.get("gatewayClassName"));
    let listeners = spec.get("listeners").items();
    for certificate in listeners.flat_map(|listener| listener.at(&["tls", "certificateRefs"]).items()) {
        referenced(Relation::Mounts, certificate, &Resource::SECRET, found);
    }
}

/// A route of the Gateway API: what it belongs to, and where it leads, mirrors included.
pub(super) fn of_route(spec: Place, found: &mut Found) {
    for parent in spec.get("parentRefs").items() {
        referenced(Relation::Binds, parent, &Resource::GATEWAY, found);
    }
    for rule in spec.get("rules").items() {
        let backends = || rule.get("backendRefs").items();
        let filters = backends().flat_map(|backend| backend.get("filters").items()).chain(rule.get("filters").items());
        let mirrors = filters.map(|filter| filter.at(&["requestMirror", "backendRef"]));
        for backend in backends().chain(mirrors) {
            referenced(Relation::RoutesTo, backend, &Resource::SERVICE, found);
        }
    }
}

/// A reference of the Gateway API: group, kind and namespace have defaults.
fn referenced(relation: Relation, reference: Place, default: &Resource, found: &mut Found) {
    let Some(kind) = grouped(reference.get("group"), reference.get("kind"), default) else { return };
    match reference.get("namespace").text() {
        Some(namespace) => found.named_in(relation, kind, Some(namespace), reference.get("name")),
        None => found.named(relation, kind, reference.get("name")),
    }
}
