//! How much a document may ask for, judged on its text and its tree before it is validated. Fragments are counted where
//! they are used but walked only once, so that a bomb of them costs nothing.

use super::error::{Fault, code};
use async_graphql::{
    Name, Positioned, Value as ConstValue, Variables,
    parser::types::{ExecutableDocument, FragmentDefinition, OperationDefinition, Selection, SelectionSet},
};
use std::collections::HashMap;

/// Bytes of a document.
pub const DOCUMENT: usize = 64 << 10;
/// Bytes of a reason.
pub const REASON: usize = 4 << 10;
/// What the rows and fields of one document may cost together.
pub const COMPLEXITY: usize = 60_000;
/// Selection sets within each other, fragments included, as the library counts.
pub const RECURSION: usize = 32;
/// Fields within each other.
const DEPTH: usize = 12;
/// The usual introspection of tools is deeper than any question.
const INTROSPECTION_DEPTH: usize = 20;
/// Fields of a document, those of fragments counted wherever they are used.
const FIELDS: usize = 2_000;
/// Fields at the top.
const ROOT_FIELDS: usize = 25;
const ALIASES: usize = 100;
const DIRECTIVES: usize = 100;
/// Brackets within each other in the text: the parser is not asked about more.
const NESTING: usize = 60;

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// What a part of a document amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    depth: usize,
    fields: usize,
    aliases: usize,
    directives: usize,
}

impl Size {
    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
        }
    }
}

/// Judges the text alone.
pub fn check_text(document: &str) -> Result<(), Fault> {
    if document.len() > DOCUMENT {
        return Err(Fault::new(code::TOO_LARGE, format!("a document has at most {DOCUMENT} bytes")));
    }
    if document.contains('\0') || document.contains("\\u0000") {
        return Err(nul());
    }
    let mut depth = 0_usize;
    for byte in document.bytes() {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > NESTING {
            return Err(too_complex(format!("a document has at most {NESTING} brackets within each other")));
        }
    }
    Ok(())
}

/// Judges the variables: the one character that Postgres cannot store stands in none of them.
pub fn check_variables(variables: &Variables) -> Result<(), Fault> {
    if variables.values().any(holds_nul) { Err(nul()) } else { Ok(()) }
}

fn holds_nul(value: &ConstValue) -> bool {
    match value {
        ConstValue::String(text) => text.contains('\0'),
        ConstValue::List(items) => items.iter().any(holds_nul),
        ConstValue::Object(fields) => fields.values().any(holds_nul),
        ConstValue::Null
        | ConstValue::Number(_)
        | ConstValue::Boolean(_)
        | ConstValue::Binary(_)
        | ConstValue::Enum(_) => false,
    }
}

fn nul() -> Fault {
    Fault::new(code::BAD_INPUT, "the character NUL cannot be stored")
}

/// Judges the tree of one operation and gives the names of its root fields.
pub fn check(document: &ExecutableDocument, operation: &OperationDefinition) -> Result<Vec<Name>, Fault> {
    let mut walk = Walk { fragments: &document.fragments, seen: HashMap::new() };
    let size = walk.selection_set(&operation.selection_set.node)?;
    let mut roots = Vec::new();
    root_fields(&document.fragments, &operation.selection_set.node, 0, &mut roots)?;
    for (found, limit, what) in [
        (size.depth, INTROSPECTION_DEPTH, "fields within each other"),
        (size.fields, FIELDS, "fields"),
        (size.aliases, ALIASES, "aliases"),
        (size.directives + operation.directives.len(), DIRECTIVES, "directives"),
    ] {
        if found > limit {
            return Err(too_complex(format!("a document has at most {limit} {what}")));
        }
    }
    let is_introspection = roots.iter().all(|name| name.starts_with("__"));
    if size.depth > DEPTH && !is_introspection {
        return Err(too_complex(format!("a document has at most {DEPTH} fields within each other")));
    }
    Ok(roots)
}

struct Walk<'a> {
    fragments: &'a Fragments,
    /// `None` while it is being walked: who comes again goes in a circle.
    seen: HashMap<&'a str, Option<Size>>,
}

impl<'a> Walk<'a> {
    fn selection_set(&mut self, set: &'a SelectionSet) -> Result<Size, Fault> {
        let mut size = Size::default();
        for item in &set.items {
            size = size.beside(self.selection(&item.node)?);
        }
        Ok(size)
    }

    fn selection(&mut self, selection: &'a Selection) -> Result<Size, Fault> {
        let directives = selection.directives().len();
        let inner = match selection {
            Selection::Field(field) => {
                let inner = self.selection_set(&field.node.selection_set.node)?;
                let aliases = inner.aliases + usize::from(field.node.alias.is_some());
                Size { depth: inner.depth + 1, fields: inner.fields.saturating_add(1), aliases, ..inner }
            }
            Selection::InlineFragment(fragment) => self.selection_set(&fragment.node.selection_set.node)?,
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
        };
        Ok(Size { directives: inner.directives.saturating_add(directives), ..inner })
    }

    fn fragment(&mut self, name: &'a Name) -> Result<Size, Fault> {
        let Some(fragment) = self.fragments.get(name) else { return Ok(Size::default()) };
        match self.seen.get(name.as_str()) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(Fault::new(code::BAD_INPUT, format!("the fragment {name} contains itself"))),
            None => {}
        }
        self.seen.insert(name, None);
        let size = self.selection_set(&fragment.node.selection_set.node)?;
        self.seen.insert(name, Some(size));
        Ok(size)
    }
}

fn root_fields(fragments: &Fragments, set: &SelectionSet, depth: usize, names: &mut Vec<Name>) -> Result<(), Fault> {
    let too_many = || too_complex(format!("a document has at most {ROOT_FIELDS} fields at the top"));
    if depth > ROOT_FIELDS {
        return Err(too_many());
    }
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => names.push(field.node.name.node.clone()),
            Selection::InlineFragment(fragment) => {
                root_fields(fragments, &fragment.node.selection_set.node, depth + 1, names)?;
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = fragments.get(&spread.node.fragment_name.node) {
                    root_fields(fragments, &fragment.node.selection_set.node, depth + 1, names)?;
                }
            }
        }
        if names.len() > ROOT_FIELDS {
            return Err(too_many());
        }
    }
    Ok(())
}

fn too_complex(message: String) -> Fault {
    Fault::new(code::TOO_COMPLEX, message)
}

#[cfg(test)]
mod tests;
