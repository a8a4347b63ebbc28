//! The committed schema is a superset of the contract: names, arguments and nullability of the contract are kept.

use async_graphql_parser::{
    parse_schema,
    types::{FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
};
use std::collections::BTreeMap;

const CONTRACT: &str = include_str!("contract.graphql");
const SCHEMA: &str = include_str!("../../gateway/schema.graphql");

/// The scalars that GraphQL itself has.
const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

fn types(sdl: &str) -> BTreeMap<String, TypeDefinition> {
    let document = parse_schema(sdl).expect("a schema");
    document
        .definitions
        .into_iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(found) => Some((found.node.name.node.to_string(), found.node)),
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        })
        .collect()
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
    let broken = broken(CONTRACT, SCHEMA);
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(types(CONTRACT).len() > 50 && BUILT_IN.iter().all(|scalar| !types(SCHEMA).contains_key(*scalar)));
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
}
