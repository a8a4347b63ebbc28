//! `Node`: every type with an id, loaded by the id alone, for clients that refetch cached objects (Global Object
//! Identification). The form of an id gives its type, so that only the tables of that type are queried, or the cluster where
//! nothing is recorded.

use super::{
    context::scope,
    engine::{error::ApiError, reads::read},
    kubernetes::{namespace::Namespace, object::KubernetesObject, pod::Pod, workload::Workload},
    operation::{Operation, batch::Batch},
    platform::cluster::Cluster,
};
use async_graphql::{Context, ID, Interface, Object};
use domain::{
    core::ids::ClusterId,
    kubernetes::{object::ObjectRef, resource::Resource},
};
use projections::models::{clusters, namespaces, pods};
use uuid::Uuid;

/// An object with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
pub enum Node {
    Workload(Workload),
    Pod(Box<Pod>),
    Operation(Operation),
    Batch(Batch),
    Cluster(Cluster),
    Namespace(Namespace),
    Object(KubernetesObject),
}

/// The type of an id.
#[derive(Debug, PartialEq, Eq)]
enum Named {
    Workload,
    Pod,
    Namespace,
    Object,
    /// Or a batch: the ids of both are random.
    Operation(Uuid),
    Cluster,
}

impl Named {
    fn by(id: &str) -> Option<Self> {
        if let Ok(object) = id.parse::<ObjectRef>() {
            return match object.kind {
                kind if kind == Resource::POD => Some(Self::Pod),
                kind if kind == Resource::NAMESPACE => Some(Self::Namespace),
                kind if kind.is_workload() => Some(Self::Workload),
                _ => Some(Self::Object),
            };
        }
        // A cluster could only be named like this on purpose.
        let uuid = Uuid::try_parse(id).ok().filter(|uuid| uuid.to_string() == id);
        uuid.map(Self::Operation).or_else(|| ClusterId::parse(id).map(|_| Self::Cluster))
    }
}

#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object with this id; null if it does not exist or the viewer may not see it.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Node>, ApiError> {
        let scope = scope(ctx)?;
        let Some(named) = Named::by(&id) else { return Ok(None) };
        Ok(match named {
            Named::Workload => Workload::of(ctx, &id).await?.map(Node::from),
            Named::Object => KubernetesObject::of(ctx, &id).await?.map(Node::from),
            Named::Operation(id) => match Operation::of(ctx, id).await? {
                Some(operation) => Some(operation.into()),
                None => Batch::of(ctx, id).await?.map(Node::from),
            },
            Named::Pod => {
                let found = read(ctx, |pool| pods::get(pool, &scope, &id)).await?;
                found.map(|row| Box::new(Pod::from(row)).into())
            }
            Named::Namespace => {
                let found = read(ctx, |pool| namespaces::get(pool, &scope, &id)).await?;
                found.map(|row| Namespace::from(row).into())
            }
            Named::Cluster => {
                let found = read(ctx, |pool| clusters::get(pool, &scope, &id)).await?;
                found.map(|row| Cluster::from(row).into())
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_an_id_says_what_it_is_of() {
        let operation = Uuid::from_u128(7);
        for (id, named) in [
            ("Deployment~dev~shop~web", Some(Named::Workload)),
            ("CronJob~dev~shop~nightly", Some(Named::Workload)),
            ("Pod~dev~shop~web-1", Some(Named::Pod)),
            ("Namespace~dev~_~shop", Some(Named::Namespace)),
            (&operation.to_string(), Some(Named::Operation(operation))),
            ("dev", Some(Named::Cluster)),
            ("prod-eu.1", Some(Named::Cluster)),
            ("Service~dev~shop~web", Some(Named::Object)),
            ("Widget.example.org~dev~_~a", Some(Named::Object)),
            ("Gadget~dev~shop~web", None),
            ("Pod~dev~shop/secrets~x", None),
            ("Pod~dev", None),
            ("", None),
            ("\0", None),
        ] {
            assert_eq!(Named::by(id), named, "{id:?}");
        }
    }
}
