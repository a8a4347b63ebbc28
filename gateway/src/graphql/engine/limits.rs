//! Limits on the cost of a document, measured on its text and its tree before validation.
//!
//! Promises that measuring takes one step for each part of the text. An accepted document costs the library a bounded
//! number of steps, however it repeats fragments, lists and variables.

mod input;
mod size;

use super::error::{ApiError, code};
use async_graphql::{
    Name, Variables,
    parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet},
};
use input::Inputs;
use size::{Fragments, Size, Walk};

/// Bytes of a document.
pub const DOCUMENT: usize = 64 << 10;
/// Bytes of a document without a viewer.
pub const PUBLIC_DOCUMENT: usize = 4 << 10;
/// Bytes of a reason.
pub const REASON: usize = 4 << 10;
/// Total cost of the rows and fields of one document, as the library counts.
pub const COMPLEXITY: usize = 60_000;
/// Nested selection sets, fragments included, as the library counts.
pub const RECURSION: usize = 32;
/// Nested fields.
const DEPTH: usize = 12;
/// The usual introspection of tools is deeper than other queries.
const INTROSPECTION_DEPTH: usize = 20;
/// Nested lists of the schema: each multiplies the answer.
const INTROSPECTION_LISTS: usize = 2;
/// Steps of the library's validation, which visits a fragment at each of its uses.
const VISITS: usize = 10_000;
/// Steps of the execution: those of a row, for each row requested. The library's own count leaves out type names,
/// fragments and arguments.
const WORK: usize = 2 * COMPLEXITY;
/// Root fields.
const ROOT_FIELDS: usize = 25;
const ALIASES: usize = 100;
const DIRECTIVES: usize = 100;
/// Variables that a document declares.
const VARIABLES: usize = 100;
/// Nested brackets in the text. The parser is not called for more.
const NESTING: usize = 60;

/// Checks the text alone.
pub fn check_text(document: &str) -> Result<(), ApiError> {
    if document.len() > DOCUMENT {
        return Err(ApiError::new(code::TOO_LARGE, format!("a document has at most {DOCUMENT} bytes")));
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

/// Checks the tree, values and variables of a document. Returns the names of the root fields of one operation. Other
/// operations and unused fragments count too, because the library validates all of them.
pub fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<Vec<Name>, ApiError> {
    let declared = document.operations.iter().map(|(_, operation)| operation.node.variable_definitions.len());
    at_most(VARIABLES, declared.sum(), "variables")?;
    let mut walk = Walk::new(&document.fragments, Inputs::of(operation, variables)?);
    let chosen = walk.operation(operation)?;
    let mut visits = chosen.visits;
    for (_, other) in document.operations.iter().filter(|(_, other)| !std::ptr::eq(&other.node, operation)) {
        visits = visits.saturating_add(walk.operation(&other.node)?.visits);
    }
    walk.unused_fragments()?;
    at_most(VISITS, visits.saturating_add(walk.merged), "fields, fragments and values")?;
    let mut roots = Vec::new();
    root_fields(&document.fragments, &operation.selection_set.node, &mut roots)?;
    check_size(chosen, roots.iter().all(|name| name.starts_with("__")))?;
    Ok(roots)
}

fn check_size(size: Size, is_introspection: bool) -> Result<(), ApiError> {
    at_most(ALIASES, size.aliases, "aliases")?;
    at_most(DIRECTIVES, size.directives, "directives")?;
    at_most(INTROSPECTION_LISTS, size.lists, "lists of the schema within each other")?;
    at_most(if is_introspection { INTROSPECTION_DEPTH } else { DEPTH }, size.depth, "fields within each other")?;
    at_most(WORK, size.work, "values in its answer")
}

fn at_most(limit: usize, found: usize, what: &str) -> Result<(), ApiError> {
    if found > limit { Err(too_complex(format!("a document has at most {limit} {what}"))) } else { Ok(()) }
}

/// Walks a fragment at each of its uses, so its visits must be counted first.
fn root_fields(fragments: &Fragments, set: &SelectionSet, names: &mut Vec<Name>) -> Result<(), ApiError> {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => names.push(field.node.name.node.clone()),
            Selection::InlineFragment(fragment) => {
                root_fields(fragments, &fragment.node.selection_set.node, names)?;
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = fragments.get(&spread.node.fragment_name.node) {
                    root_fields(fragments, &fragment.node.selection_set.node, names)?;
                }
            }
        }
        at_most(ROOT_FIELDS, names.len(), "fields at the top")?;
    }
    Ok(())
}

fn too_complex(message: String) -> ApiError {
    ApiError::new(code::TOO_COMPLEX, message)
}

#[cfg(test)]
mod tests;
