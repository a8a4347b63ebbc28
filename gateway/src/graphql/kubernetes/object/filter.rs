//! Filters and orders of objects.

use crate::graphql::engine::{connection::OrderDirection, error::ApiError};
use async_graphql::{Enum, ID, InputObject};
use domain::kubernetes::resource::Resource;
use projections::{models::objects, query::search::Search};

/// How an object is, in the terms of all kinds.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::kubernetes::status::object::ObjectState")]
pub enum ObjectState {
    /// It does what it is there for, or there is nothing that it has to become.
    Ready,
    Progressing,
    Degraded,
    Failed,
    /// It is kept from its work on purpose, or has none.
    Inactive,
    Deleting,
    Unknown,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "objects::OrderField")]
pub enum ObjectOrderField {
    Name,
    Namespace,
    Kind,
    /// The worst first.
    State,
    CreatedAt,
}

#[derive(InputObject)]
pub struct ObjectOrder {
    field: ObjectOrderField,
    #[graphql(default)]
    direction: OrderDirection,
}

/// A kind that is read live stands alone in `kinds` and is ordered by NAME.
#[derive(InputObject, Default)]
pub struct ObjectFilter {
    cluster: Option<ID>,
    /// The ids of kinds. None: all that are recorded.
    kinds: Option<Vec<ID>>,
    namespaces: Option<Vec<String>>,
    states: Option<Vec<ObjectState>>,
    /// Part of the name or the namespace, or words of the cause in either language.
    search: Option<String>,
    /// Kubernetes label selector.
    label_selector: Option<String>,
}

impl From<ObjectOrder> for objects::Order {
    fn from(order: ObjectOrder) -> Self {
        Self { field: order.field.into(), direction: order.direction.into() }
    }
}

/// What is asked for: the filter, and the label selector as it was written, for the API server.
pub struct Wanted {
    pub filter: objects::Filter,
    pub labels: String,
}

impl TryFrom<ObjectFilter> for Wanted {
    type Error = ApiError;

    fn try_from(filter: ObjectFilter) -> Result<Self, ApiError> {
        let kind = |id: ID| id.parse::<Resource>().map_err(|error| ApiError::bad_input("kinds", error.to_string()));
        let labels = filter.label_selector.unwrap_or_default();
        let filter = objects::Filter {
            cluster: filter.cluster.map(|id| id.0),
            kinds: filter.kinds.unwrap_or_default().into_iter().map(kind).collect::<Result<_, _>>()?,
            namespaces: filter.namespaces.unwrap_or_default(),
            states: filter.states.unwrap_or_default().into_iter().map(Into::into).collect(),
            search: filter.search.as_deref().and_then(Search::new),
            labels: labels.parse()?,
        };
        Ok(Self { filter, labels })
    }
}
