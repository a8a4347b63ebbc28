//! The object that controls another one.

use domain::kubernetes::{
    object::ObjectRef,
    observation::{Owner, controller},
    resource::Resource,
};

/// The object that controls this one. None if Kubernetes could have no such object.
pub fn controller_of(object: &ObjectRef, owners: &[Owner]) -> Option<ObjectRef> {
    let owner = controller(owners)?;
    let kind: Resource = owner.kind.parse().ok()?;
    // An owner is in the namespace of what it owns, or outside namespaces. Discovery alone knows of the other kinds.
    let namespace = object.namespace.clone().filter(|_| kind.is_namespaced() != Some(false));
    ObjectRef { cluster: object.cluster.clone(), kind, namespace, name: owner.name.clone() }.checked()
}
