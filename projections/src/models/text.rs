//! Text columns that hold the name of a domain type.

use domain::{
    kubernetes::{
        relation::Relation,
        resource::{NotAResource, Resource},
        status::{State, object::ObjectState},
    },
    operation::OperationState,
    platform::cluster::{ClusterState, Environment},
};
use serde::{
    Deserialize,
    de::{IntoDeserializer, value},
};

/// A text column.
#[derive(sqlx::Type)]
#[sqlx(transparent)]
pub struct Text(String);

impl TryFrom<Text> for Resource {
    type Error = NotAResource;

    fn try_from(text: Text) -> Result<Self, NotAResource> {
        text.0.parse()
    }
}

macro_rules! by_name {
    ($($type:ty),+) => {$(
        impl TryFrom<Text> for $type {
            type Error = value::Error;

            fn try_from(text: Text) -> Result<Self, value::Error> {
                Self::deserialize(text.0.into_deserializer())
            }
        }
    )+};
}

by_name!(ClusterState, Environment, ObjectState, OperationState, Relation, State);
