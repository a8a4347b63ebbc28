//! Lists of objects: a connection whose count may be unknown, and the page of recorded objects.

use super::KubernetesObject;
use crate::graphql::{
    context::scope,
    engine::{
        connection::{PageInfo, SelectedParts, count},
        error::ApiError,
        message::{make_visible, reveal},
        reads::read,
        rows::Rows,
    },
};
use async_graphql::{Context, SimpleObject};
use projections::{Page, Window, models::objects};
use serde_json::{Map, Value};
use std::mem::take;

#[derive(SimpleObject)]
pub struct ObjectEdge {
    cursor: String,
    node: KubernetesObject,
}

/// One window of a list.
#[derive(SimpleObject)]
pub struct ObjectConnection {
    edges: Vec<ObjectEdge>,
    nodes: Rows<KubernetesObject>,
    page_info: PageInfo,
    /// Null where a kind is read live.
    total_count: Option<i32>,
}

impl ObjectConnection {
    /// `cursors`: of each row, or none where no edge is selected.
    pub fn new(
        rows: Vec<KubernetesObject>,
        cursors: Vec<String>,
        page_info: PageInfo,
        total_count: Option<i32>,
    ) -> Self {
        let edges = cursors.into_iter().zip(rows.iter().cloned());
        let edges = edges.map(|(cursor, node)| ObjectEdge { cursor, node }).collect();
        Self { edges, nodes: Rows(rows), page_info, total_count }
    }
}

/// One window of the recorded objects that the filter matches.
pub async fn page(
    ctx: &Context<'_>,
    filter: &objects::Filter,
    order: objects::Order,
    window: &Window,
) -> Result<ObjectConnection, ApiError> {
    let (scope, selected) = (scope(ctx)?, SelectedParts::of(ctx));
    let rows = |pool| objects::page(pool, &scope, filter, order, window);
    let rows = async { if selected.needs_rows(window) { read(ctx, rows).await } else { Ok(Page::empty()) } };
    let total = |pool| objects::count(pool, &scope, filter);
    let total = async { if selected.total { read(ctx, total).await } else { Ok(0) } };
    let (page, total) = futures::try_join!(rows, total)?;
    let page_info = PageInfo::of(&page, window.after.is_some());
    let cursors: Vec<String> = if selected.edges { page.cursors().collect() } else { Vec::new() };
    let mut rows: Vec<KubernetesObject> = page.rows.into_iter().map(KubernetesObject::from).collect();
    if selects_columns(ctx) {
        let opened = opened(ctx, rows.iter().map(|object| object.row.as_ref())).await?;
        rows.iter_mut().zip(opened).for_each(|(object, columns)| object.columns = Some(columns));
    }
    Ok(ObjectConnection::new(rows, cursors, page_info, Some(count(total))))
}

fn selects_columns(ctx: &Context<'_>) -> bool {
    let ahead = ctx.look_ahead();
    let of_edges = ahead.field("edges").field("node").field("columns").exists();
    of_edges || ahead.field("nodes").field("columns").exists()
}

/// The printed columns of these rows with their sealed values opened, all at once: each opening looks for its keys.
pub async fn opened<'r>(
    ctx: &Context<'_>,
    rows: impl Iterator<Item = &'r objects::ObjectRow>,
) -> Result<Vec<Value>, ApiError> {
    let sealed = rows.map(|row| {
        let columns = row.columns.iter().map(|(name, text)| (name.clone(), Value::from(text)));
        Value::Object(columns.collect::<Map<String, Value>>())
    });
    let mut opened = reveal(ctx, Value::Array(sealed.collect())).await?;
    make_visible(&mut opened);
    Ok(opened.as_array_mut().map(take).unwrap_or_default())
}
