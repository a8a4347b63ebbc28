//! How much a document may ask for, measured on its text and its tree before anything is validated.
//!
//! Promises that measuring takes one step for each part of the text, and that what it lets through costs the library a bounded
//! number of steps: however fragments, lists and variables repeat each other.

mod input;
mod size;

use super::error::{Fault, code};
use async_graphql::{
    Name, Variables,
    parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet},
};
use input::Inputs;
use size::{Fragments, Size, Walk};

/// Bytes of a document.
pub const DOCUMENT: usize = 64 << 10;
/// Bytes of a document from somebody who has not signed in.
pub const PUBLIC_DOCUMENT: usize = 4 << 10;
/// Bytes of a reason.
pub const REASON: usize = 4 << 10;
/// What the rows and fields of one document may cost together, as the library counts.
pub const COMPLEXITY: usize = 60_000;
/// Selection sets within each other, fragments included, as the library counts.
pub const RECURSION: usize = 32;
/// Fields within each other.
const DEPTH: usize = 12;
/// The usual introspection of tools is deeper than other queries.
const INTROSPECTION_DEPTH: usize = 20;
/// Lists of the schema within each other: each multiplies the answer.
const INTROSPECTION_LISTS: usize = 2;
/// Steps of the library's validation: it looks at a fragment again wherever it is used.
const VISITS: usize = 10_000;
/// Steps of the execution: those of a row for each row that is asked for. The library's own count leaves out type names, fragments
/// and arguments.
const WORK: usize = 2 * COMPLEXITY;
/// Fields at the top.
const ROOT_FIELDS: usize = 25;
const ALIASES: usize = 100;
const DIRECTIVES: usize = 100;
/// Variables that a document declares.
const VARIABLES: usize = 100;
/// Brackets within each other in the text: the parser is not asked about more.
const NESTING: usize = 60;

/// Checks the text alone.
pub fn check_text(document: &str) -> Result<(), Fault> {
    if document.len() > DOCUMENT {
        return Err(Fault::new(code::TOO_LARGE, format!("a document has at most {DOCUMENT} bytes")));
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

/// Checks the tree of a document, its values and variables, and gives the names of the root fields of one operation. The other operations and unused
/// fragments count too: the library validates all of them.
pub fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<Vec<Name>, Fault> {
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

fn check_size(size: Size, is_introspection: bool) -> Result<(), Fault> {
    at_most(ALIASES, size.aliases, "aliases")?;
    at_most(DIRECTIVES, size.directives, "directives")?;
    at_most(INTROSPECTION_LISTS, size.lists, "lists of the schema within each other")?;
    at_most(if is_introspection { INTROSPECTION_DEPTH } else { DEPTH }, size.depth, "fields within each other")?;
    at_most(WORK, size.work, "values in its answer")
}

fn at_most(limit: usize, found: usize, what: &str) -> Result<(), Fault> {
    if found > limit { Err(too_complex(format!("a document has at most {limit} {what}"))) } else { Ok(()) }
}

/// Walks fragments wherever they are used: only after their visits were counted.
fn root_fields(fragments: &Fragments, set: &SelectionSet, names: &mut Vec<Name>) -> Result<(), Fault> {
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

fn too_complex(message: String) -> Fault {
    Fault::new(code::TOO_COMPLEX, message)
}

#[cfg(test)]
mod tests;
