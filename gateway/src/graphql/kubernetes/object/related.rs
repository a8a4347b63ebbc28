//! What an object has to do with others.

use super::KubernetesObject;
use crate::graphql::{
    context::scope,
    engine::{
        connection::{self, Connection, window},
        error::ApiError,
        reads::read,
        rows::Listed,
    },
};
use async_graphql::{Context, Enum, ID, SimpleObject};
use domain::{access::Scope, kubernetes::relation};
use projections::{Error, Page, Window, models::objects};
use sqlx::PgPool;
use std::collections::HashMap;

/// What an object is to another one.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "relation::Relation")]
pub enum Relation {
    /// The other one owns it, and it goes with its owners.
    Owner,
    Owned,
    /// It selects the other one by its labels.
    Selects,
    SelectedBy,
    /// It takes files, variables or credentials from the other one.
    Mounts,
    MountedBy,
    /// What is sent to it goes to the other one.
    RoutesTo,
    RoutedFrom,
    /// It sets the replicas of the other one.
    Scales,
    ScaledBy,
    /// It belongs to the other one, or the other one to it: a claim and its volume, a binding and its role.
    Binds,
}

/// An object that is one step away.
#[derive(Clone, SimpleObject)]
pub struct RelatedObject {
    /// What the object that was asked about is to this one.
    relation: Relation,
    object: KubernetesObject,
}

impl Listed for RelatedObject {}

/// A relation with the row of the other object.
type Row = (relation::Relation, objects::ObjectRow);

impl From<Row> for RelatedObject {
    fn from((relation, row): Row) -> Self {
        Self { relation: relation.into(), object: row.into() }
    }
}

/// An object that a manifest names and that is not there.
#[derive(SimpleObject)]
pub struct MissingObject {
    /// What the object that names it is to it.
    relation: Relation,
    object_id: ID,
    /// The id of its kind.
    kind: ID,
    namespace: Option<String>,
    name: String,
}

impl From<objects::Missing> for MissingObject {
    fn from(objects::Missing { relation, object }: objects::Missing) -> Self {
        let (object_id, kind) = (ID(object.id()), ID(object.kind.to_string()));
        Self { relation: relation.into(), object_id, kind, namespace: object.namespace, name: object.name }
    }
}

/// What the manifest of an object names and is not there.
pub async fn missing(ctx: &Context<'_>, id: &str) -> Result<Vec<MissingObject>, ApiError> {
    let scope = scope(ctx)?;
    let found = read(ctx, |pool| objects::missing(pool, &scope, id)).await?;
    Ok(found.into_iter().map(MissingObject::from).collect())
}

/// One window of the objects that are related to this one.
pub async fn page(
    ctx: &Context<'_>,
    id: &str,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<RelatedObject>, ApiError> {
    let (window, scope) = (window(first, 50, after)?, scope(ctx)?);
    let rows = |pool| rows(pool, &scope, id, &window);
    connection::load(ctx, &window, rows, |pool| objects::related_count(pool, &scope, id)).await
}

/// The rows of a page. An object that has gone since it was found is left out.
async fn rows(pool: &PgPool, scope: &Scope, id: &str, window: &Window) -> Result<Page<Row>, Error> {
    let found = objects::related(pool, scope, id, window).await?;
    let ids: Vec<String> = found.rows.iter().map(|related| related.id.clone()).collect();
    let others = objects::get_many(pool, scope, &ids).await?;
    let others: HashMap<&str, &objects::ObjectRow> = others.iter().map(|row| (row.id.as_str(), row)).collect();
    let cursors: HashMap<(relation::Relation, String), String> =
        found.rows.iter().map(|related| (related.relation, related.id.clone())).zip(found.cursors()).collect();
    let row = |related: &objects::Related| Some((related.relation, (*others.get(related.id.as_str())?).clone()));
    let (rows, has_next) = (found.rows.iter().filter_map(row).collect(), found.has_next);
    let cursor = move |(relation, row): &Row| cursors.get(&(*relation, row.id.clone())).cloned().unwrap_or_default();
    Ok(Page::new(rows, has_next, cursor))
}
