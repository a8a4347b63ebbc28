//! A page of a sorted list: `first` rows after an opaque cursor. It is exact under concurrent changes, because the
//! cursor holds the sort key of a row and not its number.

use crate::Error;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sqlx::{Postgres, QueryBuilder};
use std::borrow::Borrow;

/// The maximum number of rows in one answer.
pub const MAX_FIRST: i64 = 1000;

/// The requested part of a list.
#[derive(Clone, Debug, Default)]
pub struct Window {
    pub first: i64,
    pub after: Option<String>,
}

/// The rows of a page, and whether more follow.
pub struct Page<T> {
    pub rows: Vec<T>,
    pub has_next: bool,
    /// Computed on demand: most lists are read without a cursor of each row.
    cursor: Box<dyn Fn(&T) -> String + Send>,
}

impl<T> Page<T> {
    pub fn new(rows: Vec<T>, has_next: bool, cursor: impl Fn(&T) -> String + Send + 'static) -> Self {
        Self { rows, has_next, cursor: Box::new(cursor) }
    }

    pub fn empty() -> Self {
        Self::new(Vec::new(), false, |_| String::new())
    }

    /// The cursor of each row, in order.
    pub fn cursors(&self) -> impl DoubleEndedIterator<Item = String> {
        self.rows.iter().map(&self.cursor)
    }

    /// The cursor of one row.
    pub(crate) fn cursor(&self, row: &T) -> String {
        (self.cursor)(row)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    #[default]
    Asc,
    Desc,
}

impl Direction {
    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Asc => "ASC",
            Self::Desc => "DESC",
        }
    }

    /// The comparison operator for rows after a cursor.
    pub(crate) const fn follows(self) -> &'static str {
        match self {
            Self::Asc => ">",
            Self::Desc => "<",
        }
    }
}

impl Window {
    pub fn first(first: i64) -> Self {
        Self { first, after: None }
    }

    fn size(&self) -> i64 {
        self.first.clamp(0, MAX_FIRST)
    }

    /// The sort key in the cursor. `order` prevents its use with another order.
    pub(crate) fn key<K: DeserializeOwned>(&self, order: &str) -> Result<Option<K>, Error> {
        let Some(after) = &self.after else { return Ok(None) };
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(after).map_err(|_| Error::BadCursor)?;
        let (of, key): (String, Value) = serde_json::from_slice(&bytes).map_err(|_| Error::BadCursor)?;
        if of != order || has_nul(&key) {
            return Err(Error::BadCursor);
        }
        serde_json::from_value(key).map(Some).map_err(|_| Error::BadCursor)
    }

    /// The number of rows to read: one more than requested, which shows whether there is a next page.
    pub(crate) fn rows(&self) -> i64 {
        self.size() + 1
    }

    pub(crate) fn push_limit(&self, query: &mut QueryBuilder<Postgres>) {
        query.push(" LIMIT ").push_bind(self.rows());
    }

    /// Builds a page from rows read with [`Window::push_limit`].
    pub(crate) fn page<T, K: Serialize>(
        &self,
        mut rows: Vec<T>,
        order: &str,
        key: impl Fn(&T) -> K + Send + 'static,
    ) -> Page<T> {
        let size = usize::try_from(self.size()).unwrap_or_default();
        let has_next = rows.len() > size;
        rows.truncate(size);
        let order = order.to_owned();
        Page::new(rows, has_next, move |row| cursor(&order, key(row)))
    }
}

/// Whether a text in a key has the character that Postgres cannot compare.
fn has_nul(key: &Value) -> bool {
    match key {
        Value::String(text) => text.contains('\0'),
        Value::Array(parts) => parts.iter().any(has_nul),
        _ => false,
    }
}

/// Whether Postgres can store and compare the time, and RFC 3339 can write it.
pub fn is_storable(time: DateTime<Utc>) -> bool {
    (1..=9999).contains(&time.year())
}

fn cursor<K: Serialize>(order: &str, key: K) -> String {
    // A key consists of text, times and numbers, which always serialise.
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(order, key)).unwrap_or_default())
}

/// The LIKE pattern for `text` anywhere in a value.
pub(crate) fn contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.trim().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// ` AND column = ANY (values)`, unless `values` is empty.
pub(crate) fn push_any(query: &mut QueryBuilder<Postgres>, column: &str, values: Vec<String>) {
    if !values.is_empty() {
        query.push(" AND ").push(column).push(" = ANY (").push_bind(values).push(")");
    }
}

/// ` AND column = value`, if a value is given.
pub(crate) fn push_equal(query: &mut QueryBuilder<Postgres>, column: &str, value: Option<&String>) {
    if let Some(value) = value {
        query.push(" AND ").push(column).push(" = ").push_bind(value.clone());
    }
}

/// The images of a row as one text.
pub(crate) const IMAGES: &str = "array_to_string(images, E'\\n')";

/// ` AND (part of an image)`, if a text is given.
pub(crate) fn push_image(query: &mut QueryBuilder<Postgres>, image: Option<&String>) {
    if let Some(image) = image.filter(|image| !image.trim().is_empty()) {
        query.push(format!(" AND {IMAGES} ILIKE ")).push_bind(contains(image));
    }
}

/// The same condition as [`push_any`], for a row.
pub(crate) fn is_any<T: PartialEq>(wanted: &[T], found: &T) -> bool {
    wanted.is_empty() || wanted.contains(found)
}

/// The same condition as [`push_equal`], for a row.
pub(crate) fn is_equal(wanted: Option<&String>, found: Option<&String>) -> bool {
    wanted.is_none() || wanted == found
}

/// The same condition as [`push_image`], for a row.
pub(crate) fn is_of_image(image: Option<&String>, images: &[impl Borrow<str>]) -> bool {
    let Some(image) = image.map(|image| image.trim().to_ascii_lowercase()) else { return true };
    images.join("\n").to_ascii_lowercase().contains(&image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_understood_only_by_the_order_that_made_it() {
        let page = Window::first(1).page(vec![("web", "1"), ("web", "2")], "NAME", |row| *row);
        assert!(page.has_next);
        let next = Window { first: 1, after: page.cursors().next() };
        assert_eq!(next.key("NAME").ok().flatten(), Some(("web".to_owned(), "1".to_owned())));
        assert!(matches!(next.key::<(String, String)>("STATE"), Err(Error::BadCursor)));
        for broken in
            ["%%".to_owned(), cursor("NAME", ("a\0", "1")), cursor("NAME", ("a", "1", "2")), cursor("NAME", "a")]
        {
            let window = Window { first: 1, after: Some(broken) };
            assert!(matches!(window.key::<(String, String)>("NAME"), Err(Error::BadCursor)), "{:?}", window.after);
        }
    }

    #[test]
    fn a_search_is_taken_literally() {
        assert_eq!(contains(r"a_b%c\"), r"%a\_b\%c\\%");
    }
}
