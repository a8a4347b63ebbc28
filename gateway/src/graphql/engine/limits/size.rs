//! The size of a document. A fragment counts at each use, and is walked once.

use super::{ApiError, RECURSION, at_most, code, input::Inputs};
use crate::graphql::engine::connection::MAX_FIRST;
use async_graphql::{
    Name, Positioned,
    parser::types::{Directive, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::Value;
use std::collections::HashMap;

pub type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// Arguments of one field or directive.
const ARGUMENTS: usize = 32;
/// Rows of a list whose size the document does not give.
const ROWS: usize = 50;
/// The list fields of the schema, by type.
const SCHEMA_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// The measured size of a part of a document. A part that is used twice counts twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Nested selection sets.
    pub levels: usize,
    /// Nested fields.
    pub depth: usize,
    /// Nested lists of the schema.
    pub lists: usize,
    pub aliases: usize,
    pub directives: usize,
    /// Selections and values.
    pub visits: usize,
    /// Selections of one object, without those of its fields.
    pub of_object: usize,
    /// Selections and values, for each row.
    pub work: usize,
    /// Whether the object is a page of a list.
    pub is_page: bool,
}

impl Size {
    fn beside(self, other: Self) -> Self {
        Self {
            levels: self.levels.max(other.levels),
            depth: self.depth.max(other.depth),
            lists: self.lists.max(other.lists),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            visits: self.visits.saturating_add(other.visits),
            of_object: self.of_object.saturating_add(other.of_object),
            work: self.work.saturating_add(other.work),
            is_page: self.is_page || other.is_page,
        }
    }

    /// Adds one step, with its own visits and work.
    fn and(self, visits: usize, work: usize) -> Self {
        Self { visits: self.visits.saturating_add(visits), work: self.work.saturating_add(work), ..self }
    }
}

pub struct Walk<'a> {
    fragments: &'a Fragments,
    inputs: Inputs<'a>,
    /// `None` while the fragment is being walked. A fragment found in this state contains itself.
    known: HashMap<&'a str, Option<Size>>,
    /// Steps of the library to find fields of an object that can merge, from each selection set of the text.
    pub merged: usize,
    /// Selections visited.
    #[cfg(test)]
    pub steps: usize,
}

impl<'a> Walk<'a> {
    pub fn new(fragments: &'a Fragments, inputs: Inputs<'a>) -> Self {
        Self {
            fragments,
            inputs,
            known: HashMap::new(),
            merged: 0,
            #[cfg(test)]
            steps: 0,
        }
    }

    pub fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Size, ApiError> {
        let own = self.directives(&operation.directives)?;
        Ok(self.selection_set(&operation.selection_set.node, 0)?.beside(own))
    }

    /// Walks the fragments that no operation uses.
    pub fn unused_fragments(&mut self) -> Result<(), ApiError> {
        let fragments = self.fragments;
        fragments.keys().try_for_each(|name| self.fragment(name, 0).map(drop))
    }

    fn selection_set(&mut self, set: &'a SelectionSet, level: usize) -> Result<Size, ApiError> {
        at_most(RECURSION, level, "selection sets within each other")?;
        let mut size = Size::default();
        for item in &set.items {
            size = size.beside(self.selection(&item.node, level + 1)?);
        }
        self.merged = self.merged.saturating_add(size.of_object);
        Ok(Size { levels: size.levels + 1, ..size })
    }

    fn selection(&mut self, selection: &'a Selection, level: usize) -> Result<Size, ApiError> {
        #[cfg(test)]
        {
            self.steps += 1;
        }
        let own = self.directives(selection.directives())?;
        let size = match selection {
            Selection::Field(field) => self.field(&field.node, level)?,
            Selection::InlineFragment(fragment) => self.selection_set(&fragment.node.selection_set.node, level)?,
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, level)?,
        };
        let size = size.beside(own).and(1, 1);
        Ok(Size { of_object: size.of_object.saturating_add(1), ..size })
    }

    fn field(&mut self, field: &'a Field, level: usize) -> Result<Size, ApiError> {
        let own = self.arguments(&field.arguments)?;
        let inner = match field.selection_set.node.items.as_slice() {
            [] => Size::default(),
            _ => self.selection_set(&field.selection_set.node, level)?,
        };
        let work = inner.work.saturating_mul(self.rows(field, inner.is_page));
        let name = field.name.node.as_str();
        let inner = Size {
            depth: inner.depth + 1,
            lists: inner.lists + usize::from(SCHEMA_LISTS.contains(&name)),
            aliases: inner.aliases.saturating_add(usize::from(field.alias.is_some())),
            of_object: 0,
            work,
            is_page: matches!(name, "nodes" | "edges"),
            ..inner
        };
        Ok(inner.beside(own))
    }

    /// The maximum number of times that the selection of a field is in the answer.
    fn rows(&self, field: &Field, is_page: bool) -> usize {
        match field.get_argument("first") {
            Some(first) => {
                let first = self.inputs.number(&first.node).map(|first| first.clamp(1, i64::from(MAX_FIRST)));
                first.and_then(|first| usize::try_from(first).ok()).unwrap_or(ROWS)
            }
            None if is_page => ROWS,
            None => 1,
        }
    }

    fn arguments(&self, arguments: &'a [(Positioned<Name>, Positioned<Value>)]) -> Result<Size, ApiError> {
        at_most(ARGUMENTS, arguments.len(), "arguments of one field or directive")?;
        arguments.iter().try_fold(Size::default(), |size, (name, value)| {
            let value = self.inputs.measure(&value.node)?.check(name.node.as_str())?;
            Ok(size.and(value.count, value.cost))
        })
    }

    fn directives(&self, directives: &'a [Positioned<Directive>]) -> Result<Size, ApiError> {
        let none = Size { directives: directives.len(), ..Size::default() };
        directives.iter().try_fold(none.and(directives.len(), 0), |size, directive| {
            Ok(size.beside(self.arguments(&directive.node.arguments)?))
        })
    }

    fn fragment(&mut self, name: &'a Name, level: usize) -> Result<Size, ApiError> {
        let Some(fragment) = self.fragments.get(name) else { return Ok(Size::default()) };
        match self.known.get(name.as_str()) {
            Some(Some(size)) => {
                at_most(RECURSION, level + size.levels - 1, "selection sets within each other")?;
                return Ok(*size);
            }
            Some(None) => return Err(ApiError::new(code::BAD_INPUT, format!("the fragment {name} contains itself"))),
            None => {}
        }
        self.known.insert(name, None);
        let own = self.directives(&fragment.node.directives)?;
        let size = self.selection_set(&fragment.node.selection_set.node, level)?.beside(own);
        self.known.insert(name, Some(size));
        Ok(size)
    }
}
