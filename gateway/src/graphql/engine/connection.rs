//! Lists: a window is asked for by `first` and `after`; the answer is a connection whose parts are made only when asked for.

use super::{
    error::Fault,
    reads::read,
    rows::{Listed, Rows},
};
use crate::graphql::{
    kubernetes::{namespace::Namespace, pod::Pod, workload::Workload},
    operation::Operation,
    platform::cluster::Cluster,
};
use async_graphql::{Context, OutputType, SimpleObject};
use projections::{Page, Window};
use sqlx::PgPool;

/// Rows of one window at most.
pub const MAX_FIRST: i32 = 500;

/// Where a window is in its list.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PageInfo {
    pub has_next_page: bool,
    pub has_previous_page: bool,
    pub start_cursor: Option<String>,
    pub end_cursor: Option<String>,
}

/// A row and the cursor that continues after it.
#[derive(SimpleObject)]
#[graphql(
    concrete(name = "WorkloadEdge", params(Workload)),
    concrete(name = "PodEdge", params(Pod)),
    concrete(name = "OperationEdge", params(Operation)),
    concrete(name = "ClusterEdge", params(Cluster)),
    concrete(name = "NamespaceEdge", params(Namespace))
)]
pub struct Edge<T: OutputType> {
    pub cursor: String,
    pub node: T,
}

/// One window of a list.
#[derive(SimpleObject)]
#[graphql(
    concrete(name = "WorkloadConnection", params(Workload)),
    concrete(name = "PodConnection", params(Pod)),
    concrete(name = "OperationConnection", params(Operation)),
    concrete(name = "ClusterConnection", params(Cluster)),
    concrete(name = "NamespaceConnection", params(Namespace))
)]
pub struct Connection<T: OutputType + Listed>
where
    Edge<T>: OutputType,
{
    pub edges: Vec<Edge<T>>,
    pub nodes: Rows<T>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

/// Which parts of a connection the document asks for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub rows: bool,
    pub edges: bool,
    pub nodes: bool,
    pub total: bool,
    /// Of the rows.
    pub labels: bool,
}

impl Asked {
    pub fn of(ctx: &Context<'_>) -> Self {
        let ahead = ctx.look_ahead();
        let has = |name| ahead.field(name).exists();
        let (edges, nodes) = (has("edges"), has("nodes"));
        let of_edges = ahead.field("edges").field("node").field("labels").exists();
        let labels = of_edges || ahead.field("nodes").field("labels").exists();
        Self { rows: edges || nodes || has("pageInfo"), edges, nodes, total: has("totalCount"), labels }
    }
}

impl Asked {
    /// A cursor is checked where rows are read, also when only their number is asked for.
    pub fn needs_rows(self, window: &Window) -> bool {
        self.rows || window.after.is_some()
    }
}

/// The window of `first` rows after a cursor.
pub fn window(first: Option<i32>, default: i32, after: Option<String>) -> Result<Window, Fault> {
    let first = first.unwrap_or(default);
    if !(1..=MAX_FIRST).contains(&first) {
        return Err(Fault::bad_input("first", format!("first must be between 1 and {MAX_FIRST}")));
    }
    Ok(Window { first: i64::from(first), after })
}

impl PageInfo {
    pub fn of<R>(page: &Page<R>, has_previous_page: bool) -> Self {
        Self {
            has_next_page: page.has_next,
            has_previous_page,
            start_cursor: page.cursors().next(),
            end_cursor: page.cursors().next_back(),
        }
    }
}

impl<T: OutputType + Listed + Clone> Connection<T>
where
    Edge<T>: OutputType,
{
    /// The connection of a page; `total` counts only what was asked for.
    pub fn of<R>(page: Page<R>, has_previous_page: bool, total: i64, asked: Asked) -> Self
    where
        T: From<R>,
    {
        let page_info = PageInfo::of(&page, has_previous_page);
        let cursors: Vec<String> = if asked.edges { page.cursors().collect() } else { Vec::new() };
        let rows: Vec<T> = page.rows.into_iter().map(T::from).collect();
        let edges = cursors.into_iter().zip(rows.iter().cloned()).map(|(cursor, node)| Edge { cursor, node }).collect();
        let nodes = if asked.nodes { rows } else { Vec::new() };
        Self { edges, nodes: Rows(nodes), page_info, total_count: count(total) }
    }
}

/// Both reads of a list at once, each only when it is needed.
pub async fn load<'a, T, R, P, C>(
    ctx: &Context<'a>,
    window: &Window,
    rows: impl FnOnce(&'a PgPool) -> P,
    total: impl FnOnce(&'a PgPool) -> C,
) -> Result<Connection<T>, Fault>
where
    T: OutputType + Listed + Clone + From<R>,
    Edge<T>: OutputType,
    P: Future<Output = Result<Page<R>, projections::Error>>,
    C: Future<Output = Result<i64, projections::Error>>,
{
    let asked = Asked::of(ctx);
    let rows = async { if asked.needs_rows(window) { read(ctx, rows).await } else { Ok(Page::empty()) } };
    let total = async { if asked.total { read(ctx, total).await } else { Ok(0) } };
    let (page, total) = futures::try_join!(rows, total)?;
    Ok(Connection::of(page, window.after.is_some(), total, asked))
}

/// As a GraphQL integer.
pub fn count(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_between_one_and_five_hundred_rows() {
        for first in [1, 50, 500] {
            assert_eq!(window(Some(first), 50, None).map(|window| window.first), Ok(i64::from(first)));
        }
        assert_eq!(window(None, 200, None).map(|window| window.first), Ok(200));
        for first in [0, -1, 501, i32::MAX, i32::MIN] {
            let fault = window(Some(first), 50, None).expect_err("out of bounds");
            assert_eq!((fault.code, fault.field.as_deref()), ("BAD_INPUT", Some("first")));
        }
    }
}
