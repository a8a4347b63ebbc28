//! The relations of one object, as they are found.

use super::{Edge, LabelSelector, Relation, Target};
use crate::kubernetes::{manifest::Place, object::is_possible, resource::Resource};
use std::collections::BTreeSet;

pub(super) struct Found<'a> {
    /// The namespace of the object.
    namespace: Option<&'a str>,
    edges: BTreeSet<Edge>,
}

impl<'a> Found<'a> {
    pub const fn new(namespace: Option<&'a str>) -> Self {
        Self { namespace, edges: BTreeSet::new() }
    }

    pub fn edges(self) -> Vec<Edge> {
        self.edges.into_iter().collect()
    }

    /// An object that is named without a namespace: it is in that of the object, unless its kind is outside namespaces.
    pub fn named(&mut self, relation: Relation, kind: Resource, name: Place) {
        self.named_in(relation, kind, self.namespace, name);
    }

    /// An object that is named with its namespace.
    pub fn named_in(&mut self, relation: Relation, kind: Resource, namespace: Option<&str>, name: Place) {
        if let Some(name) = name.text() {
            self.add(relation, kind, namespace, name);
        }
    }

    fn add(&mut self, relation: Relation, kind: Resource, namespace: Option<&str>, name: &str) {
        let namespace = namespace.filter(|_| kind.is_namespaced() != Some(false));
        if is_possible(&kind, namespace, name) {
            let to = Target::Object { kind, namespace: namespace.map(str::to_owned), name: name.to_owned() };
            self.edges.insert(Edge { relation, to });
        }
    }

    pub fn mounts(&mut self, kind: Resource, name: Place) {
        self.named(Relation::Mounts, kind, name);
    }

    /// A claim whose name is made by a rule.
    pub fn mounts_claim(&mut self, name: &str) {
        self.add(Relation::Mounts, Resource::CLAIM, self.namespace, name);
    }

    pub fn binds(&mut self, kind: Resource, name: Place) {
        self.named(Relation::Binds, kind, name);
    }

    /// The pods that a label selector selects. A selector that is not there selects nothing.
    pub fn selects_pods(&mut self, selector: Place) {
        self.selects(LabelSelector::read(selector));
    }

    pub fn selects(&mut self, selector: Option<LabelSelector>) {
        let Some(selector) = selector else { return };
        let to = Target::Selected { kind: Resource::POD, namespace: self.namespace.map(str::to_owned), selector };
        self.edges.insert(Edge { relation: Relation::Selects, to });
    }
}
