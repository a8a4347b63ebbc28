//! Lists: `first` and `after` select a window, and the answer is a connection. It computes only the parts that the
//! document selects.

use super::{
    error::ApiError,
    reads::read,
    rows::{Listed, Rows},
};
use async_graphql::{Context, Enum, Object, OutputType, SimpleObject, TypeName};
use projections::{Direction, Page, Window};
use sqlx::PgPool;
use std::borrow::Cow;

/// Maximum rows of one window.
pub const MAX_FIRST: i32 = 500;

#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
#[graphql(remote = "Direction")]
pub enum OrderDirection {
    #[default]
    Asc,
    Desc,
}

/// The position of a window in its list.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PageInfo {
    pub has_next_page: bool,
    pub has_previous_page: bool,
    pub start_cursor: Option<String>,
    pub end_cursor: Option<String>,
}

/// A row and the cursor that continues after it. In the schema it is named after the row: `PodEdge`.
pub struct Edge<T> {
    pub cursor: String,
    pub node: T,
}

/// A row and the cursor that continues after it.
#[Object(name_type)]
impl<T: OutputType> Edge<T> {
    async fn cursor(&self) -> &str {
        &self.cursor
    }
    async fn node(&self) -> &T {
        &self.node
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// One window of a list. In the schema it is named after the row: `PodConnection`.
pub struct Connection<T> {
    pub edges: Vec<Edge<T>>,
    pub nodes: Rows<T>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

/// One window of a list.
#[Object(name_type)]
impl<T: OutputType + Listed> Connection<T> {
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }
    async fn nodes(&self) -> &Rows<T> {
        &self.nodes
    }
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }
    async fn total_count(&self) -> i32 {
        self.total_count
    }
}

impl<T: OutputType + Listed> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

/// The parts of a connection that the document selects.
#[derive(Clone, Copy, Debug)]
pub struct SelectedParts {
    pub rows: bool,
    pub edges: bool,
    pub nodes: bool,
    pub total: bool,
    /// Of the rows.
    pub labels: bool,
}

impl SelectedParts {
    pub fn of(ctx: &Context<'_>) -> Self {
        let ahead = ctx.look_ahead();
        let has = |name| ahead.field(name).exists();
        let (edges, nodes) = (has("edges"), has("nodes"));
        let of_edges = ahead.field("edges").field("node").field("labels").exists();
        let labels = of_edges || ahead.field("nodes").field("labels").exists();
        Self { rows: edges || nodes || has("pageInfo"), edges, nodes, total: has("totalCount"), labels }
    }
}

impl SelectedParts {
    /// The cursor is checked where rows are read, so a list with a cursor reads rows even if only its count is
    /// selected.
    pub fn needs_rows(self, window: &Window) -> bool {
        self.rows || window.after.is_some()
    }
}

/// The cost of a list: each of its rows costs as much as the selection of one.
pub fn page_cost(first: Option<i32>, child_complexity: usize) -> usize {
    usize::try_from(first.unwrap_or(50).clamp(1, MAX_FIRST)).unwrap_or(1).saturating_mul(child_complexity)
}

/// The window of `first` rows after a cursor.
pub fn window(first: Option<i32>, default: i32, after: Option<String>) -> Result<Window, ApiError> {
    let first = first.unwrap_or(default);
    if !(1..=MAX_FIRST).contains(&first) {
        return Err(ApiError::bad_input("first", format!("first must be between 1 and {MAX_FIRST}")));
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

impl<T: OutputType + Listed + Clone> Connection<T> {
    /// The connection of a page. `total` is counted only if the document selects it.
    pub fn of<R>(page: Page<R>, has_previous_page: bool, total: i64, selected: SelectedParts) -> Self
    where
        T: From<R>,
    {
        let page_info = PageInfo::of(&page, has_previous_page);
        let cursors: Vec<String> = if selected.edges { page.cursors().collect() } else { Vec::new() };
        let rows: Vec<T> = page.rows.into_iter().map(T::from).collect();
        let edges = cursors.into_iter().zip(rows.iter().cloned()).map(|(cursor, node)| Edge { cursor, node }).collect();
        let nodes = if selected.nodes { rows } else { Vec::new() };
        Self { edges, nodes: Rows(nodes), page_info, total_count: count(total) }
    }
}

/// The window of a list that is complete in memory. Its cursors are ids.
pub fn cut<R: 'static>(all: Vec<R>, window: &Window, id: fn(&R) -> String) -> Result<Page<R>, ApiError> {
    let start = match &window.after {
        None => 0,
        Some(after) => 1 + all.iter().position(|row| id(row) == *after).ok_or(projections::Error::BadCursor)?,
    };
    let first = usize::try_from(window.first).unwrap_or_default();
    let has_next = all.len() > start + first;
    let rows: Vec<R> = all.into_iter().skip(start).take(first).collect();
    Ok(Page::new(rows, has_next, id))
}

/// Runs both reads of a list concurrently, each only if it is needed.
pub async fn load<'a, T, R, P, C>(
    ctx: &Context<'a>,
    window: &Window,
    rows: impl FnOnce(&'a PgPool) -> P,
    total: impl FnOnce(&'a PgPool) -> C,
) -> Result<Connection<T>, ApiError>
where
    T: OutputType + Listed + Clone + From<R>,
    P: Future<Output = Result<Page<R>, projections::Error>>,
    C: Future<Output = Result<i64, projections::Error>>,
{
    let selected = SelectedParts::of(ctx);
    let rows = async { if selected.needs_rows(window) { read(ctx, rows).await } else { Ok(Page::empty()) } };
    let total = async { if selected.total { read(ctx, total).await } else { Ok(0) } };
    let (page, total) = futures::try_join!(rows, total)?;
    Ok(Connection::of(page, window.after.is_some(), total, selected))
}

/// As a GraphQL integer.
pub fn count(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_in_memory_is_cut_after_an_id() {
        let cut = |first, after: Option<&str>| {
            let all = ["a", "b", "c"].map(str::to_owned).to_vec();
            cut(all, &Window { first, after: after.map(str::to_owned) }, String::clone)
        };
        let page = cut(2, None).expect("a page");
        assert_eq!((page.rows.join(""), page.has_next), ("ab".to_owned(), true));
        let page = cut(2, page.cursors().next_back().as_deref()).expect("a page");
        assert_eq!((page.rows.join(""), page.has_next), ("c".to_owned(), false));
        assert_eq!(cut(2, Some("x")).err().map(|error| error.code), Some("BAD_INPUT"));
    }

    #[test]
    fn a_window_has_between_one_and_five_hundred_rows() {
        for first in [1, 50, 500] {
            assert_eq!(window(Some(first), 50, None).map(|window| window.first), Ok(i64::from(first)));
        }
        assert_eq!(window(None, 200, None).map(|window| window.first), Ok(200));
        for first in [0, -1, 501, i32::MAX, i32::MIN] {
            let error = window(Some(first), 50, None).expect_err("out of bounds");
            assert_eq!((error.code, error.field.as_deref()), ("BAD_INPUT", Some("first")));
        }
    }
}
