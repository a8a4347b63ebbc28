//! The committed schema is a superset of the contract: names, arguments and nullability of the contract are kept.

use async_graphql_parser::{
    parse_schema,
    types::{FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
};
use std::collections::BTreeMap;

const CONTRACT: &str = include_str!("contract.graphql");
const SCHEMA: &str = include_str!("../../gateway/schema.graphql");

/// The blocks of the second part of the contract that are kept, by their headings. Others are only kept free.
const KEPT: [&str; 6] = [
    "truth: state, cause and outcome",
    "objects: kinds, lists and details",
    "objects: editing one",
    "objects: batches",
    "objects: clusters",
    "objects: typed changes",
];
const HEADING: &str = "\n# ==== ";

/// The scalars that GraphQL itself has.
const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// The types of a schema. What extends a type is added to it.
fn types(sdl: &str) -> BTreeMap<String, TypeDefinition> {
    let mut types: BTreeMap<String, TypeDefinition> = BTreeMap::new();
    for definition in parse_schema(sdl).expect("a schema").definitions {
        let TypeSystemDefinition::Type(found) = definition else { continue };
        let name = found.node.name.node.to_string();
        match types.get_mut(&name) {
            None => drop(types.insert(name, found.node)),
            Some(_) if !found.node.extend => panic!("{name} is defined twice"),
            Some(known) => extend(known, found.node.kind),
        }
    }
    types
}

fn extend(known: &mut TypeDefinition, more: TypeKind) {
    match (&mut known.kind, more) {
        (TypeKind::Object(known), TypeKind::Object(more)) => known.fields.extend(more.fields),
        (TypeKind::InputObject(known), TypeKind::InputObject(more)) => known.fields.extend(more.fields),
        (TypeKind::Enum(known), TypeKind::Enum(more)) => known.values.extend(more.values),
        (TypeKind::Union(known), TypeKind::Union(more)) => known.members.extend(more.members),
        _ => panic!("{} is extended by another kind of type", known.name.node),
    }
}

/// The first part of the contract, and the blocks of the second by their headings.
fn parts(contract: &str) -> (&str, Vec<(&str, &str)>) {
    let mut parts = contract.split(HEADING);
    let first = parts.next().unwrap_or_default();
    (first, parts.map(|block| block.split_once('\n').expect("a heading")).collect())
}

/// The first part with these blocks.
fn with_blocks(contract: &str, wanted: &[&str]) -> String {
    let (first, blocks) = parts(contract);
    let wanted = wanted.iter().map(|heading| {
        let found = blocks.iter().find(|(found, _)| found == heading);
        found.unwrap_or_else(|| panic!("there is no block {heading:?}")).1
    });
    [first].into_iter().chain(wanted).collect::<Vec<_>>().join("\n")
}

fn fields(definition: &TypeDefinition) -> BTreeMap<String, &FieldDefinition> {
    match &definition.kind {
        TypeKind::Object(object) => {
            object.fields.iter().map(|field| (field.node.name.node.to_string(), &field.node)).collect()
        }
        _ => BTreeMap::new(),
    }
}

type Inputs<'a> = BTreeMap<String, &'a InputValueDefinition>;

fn inputs(definition: &TypeDefinition) -> Inputs<'_> {
    match &definition.kind {
        TypeKind::InputObject(input) => {
            input.fields.iter().map(|field| (field.node.name.node.to_string(), &field.node)).collect()
        }
        _ => BTreeMap::new(),
    }
}

fn arguments(field: &FieldDefinition) -> Inputs<'_> {
    field.arguments.iter().map(|argument| (argument.node.name.node.to_string(), &argument.node)).collect()
}

fn members(definition: &TypeDefinition) -> Vec<String> {
    match &definition.kind {
        TypeKind::Enum(found) => found.values.iter().map(|value| value.node.value.node.to_string()).collect(),
        TypeKind::Union(found) => found.members.iter().map(|member| member.node.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// What of the contract is not kept, in words.
fn broken(contract: &str, schema: &str) -> Vec<String> {
    let (contract, schema) = (types(contract), types(schema));
    let mut broken = Vec::new();
    for (name, wanted) in &contract {
        let Some(found) = schema.get(name) else {
            broken.push(format!("type {name} is missing"));
            continue;
        };
        if std::mem::discriminant(&wanted.kind) != std::mem::discriminant(&found.kind) {
            broken.push(format!("{name} is of another kind"));
        }
        let found_members = members(found);
        broken.extend(
            members(wanted)
                .into_iter()
                .filter(|m| !found_members.contains(m))
                .map(|m| format!("{name}.{m} is missing")),
        );
        broken.extend(compare(name, &inputs(wanted), &inputs(found)));
        let found_fields = fields(found);
        for (field, wanted) in fields(wanted) {
            let place = format!("{name}.{field}");
            match found_fields.get(&field) {
                None => broken.push(format!("{place} is missing")),
                Some(found) if found.ty.node != wanted.ty.node => {
                    broken.push(format!("{place} is {} and not {}", found.ty.node, wanted.ty.node));
                }
                Some(found) => broken.extend(compare(&place, &arguments(wanted), &arguments(found))),
            }
        }
    }
    broken
}

/// Arguments and input fields: those of the contract as they are, others only if nobody must give them.
fn compare(place: &str, wanted: &Inputs, found: &Inputs) -> Vec<String> {
    let mut broken = Vec::new();
    for (name, wanted) in wanted {
        match found.get(name) {
            None => broken.push(format!("{place}({name}) is missing")),
            Some(found) if found.ty.node != wanted.ty.node => {
                broken.push(format!("{place}({name}) is {} and not {}", found.ty.node, wanted.ty.node));
            }
            Some(found) => {
                let default = |value: &InputValueDefinition| value.default_value.as_ref().map(|v| v.node.to_string());
                if default(wanted) != default(found) {
                    broken.push(format!("{place}({name}) has another default"));
                }
            }
        }
    }
    let is_demanded = |input: &InputValueDefinition| !input.ty.node.nullable && input.default_value.is_none();
    let extra = found.iter().filter(|(name, input)| !wanted.contains_key(*name) && is_demanded(input));
    broken.extend(extra.map(|(name, _)| format!("{place}({name}) is demanded and not in the contract")));
    broken
}

#[test]
fn the_contract_is_kept() {
    let contract = with_blocks(CONTRACT, &KEPT);
    let broken = broken(&contract, SCHEMA);
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(types(&contract).len() > 80 && BUILT_IN.iter().all(|scalar| !types(SCHEMA).contains_key(*scalar)));
}

#[test]
fn a_block_that_is_kept_is_listed() {
    for (heading, _) in parts(CONTRACT).1.iter().filter(|(heading, _)| !KEPT.contains(heading)) {
        let with_it = with_blocks(CONTRACT, &[&KEPT[..], &[*heading]].concat());
        assert!(!broken(&with_it, SCHEMA).is_empty(), "{heading}: the schema has all of it");
    }
}

#[test]
fn a_block_replaces_nothing_of_the_first_part() {
    let contract = with_blocks(CONTRACT, &KEPT);
    // What blocks extend, broken where the first part says what it is.
    for (kept, planted, noticed) in [
        ("\tworkloads(", "\tworkload_s(", "Query.workloads is missing"),
        ("\tworkloadChanged(", "\tworkload_changed(", "Subscription.workloadChanged is missing"),
        ("\timages: [String!]!", "\timages: [String!]", "Workload.images is [String!] and not [String!]!"),
        ("\tSUSPENDED\n", "", "WorkloadState.SUSPENDED is missing"),
    ] {
        let schema = SCHEMA.replace(kept, planted);
        assert!(schema != SCHEMA, "{kept:?} is not in the schema");
        let found = broken(&contract, &schema);
        assert!(found.iter().any(|broken| broken == noticed), "{noticed}: {found:?}");
    }
}

#[test]
fn a_broken_contract_is_noticed() {
    let contract = "type Query { a(x: Int = 1): Int! b: E } enum E { A B } input I { x: Int! } union U = Query";
    let cases = [
        ("type Query { a(x: Int = 1): Int b: E } enum E { A B } input I { x: Int! } union U = Query", "Query.a is Int"),
        ("type Query { a(x: Int = 2): Int! b: E } enum E { A B } input I { x: Int! } union U = Query", "default"),
        ("type Query { a(x: Int = 1 y: Int!): Int! b: E } enum E { A B } input I { x: Int! } union U = Query", "(y)"),
        ("type Query { a(x: Int = 1): Int! } enum E { A B } input I { x: Int! } union U = Query", "Query.b"),
        ("type Query { a(x: Int = 1): Int! b: E } enum E { A } input I { x: Int! } union U = Query", "E.B"),
        ("type Query { a(x: Int = 1): Int! b: E } enum E { A B } input I { x: Int } union U = Query", "I(x)"),
        ("type Query { a(x: Int = 1): Int! b: E } enum E { A B } input I { x: Int! }", "type U"),
    ];
    for (schema, word) in cases {
        let found = broken(contract, schema).join("\n");
        assert!(found.contains(word), "{schema}: {found:?}");
    }
    assert!(broken(contract, contract).is_empty());
    let extended =
        format!("{contract} extend type Query {{ c: Int! }} extend enum E {{ C }} extend input I {{ y: Int }}");
    for missing in ["Query.c is missing", "E.C is missing", "I(y) is missing"] {
        assert!(broken(&extended, contract).contains(&missing.to_owned()), "{missing}");
    }
    assert!(broken(&extended, &extended).is_empty());
    let replaced = extended.replace("extend type Query { c", "type Query { c");
    assert!(std::panic::catch_unwind(|| types(&replaced)).is_err(), "no type is defined twice");
}
