//! Checks the values of a request by their types, where the specification or the database is stricter than the library.

use super::error::ApiError;
use async_graphql::{
    Value as Constant, Variables,
    parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet},
    registry::{MetaType, MetaTypeName, Registry},
};
use async_graphql_value::Value;
use chrono::{DateTime, Utc};
use projections::is_storable;

/// Checks all literals of a document, and the variables of the operation that is executed.
pub fn check(
    registry: &Registry,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<(), ApiError> {
    let walk = Walk(registry);
    for (_, operation) in document.operations.iter() {
        let root = walk.root(operation.node.ty);
        walk.selection_set(&operation.node.selection_set.node, root)?;
        for definition in &operation.node.variable_definitions {
            let definition = &definition.node;
            if let Some(default) = &definition.default_value {
                let of_type = definition.var_type.node.to_string();
                walk.constant(&definition.name.node, &of_type, &default.node, Origin::Document)?;
            }
        }
    }
    for fragment in document.fragments.values() {
        let object = walk.named(&fragment.node.type_condition.node.on.node);
        walk.selection_set(&fragment.node.selection_set.node, object)?;
    }
    for definition in &operation.variable_definitions {
        let (name, of_type) = (&definition.node.name.node, definition.node.var_type.node.to_string());
        if let Some(value) = variables.get(name) {
            walk.constant(name, &of_type, value, Origin::Variables)?;
        }
    }
    Ok(())
}

/// The source of a text. JSON has no enums, so an enum is a text there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Document,
    Variables,
}

struct Walk<'a>(&'a Registry);

impl<'a> Walk<'a> {
    fn named(&self, name: &str) -> Option<&'a MetaType> {
        self.0.types.get(name)
    }

    fn root(&self, kind: OperationType) -> Option<&'a MetaType> {
        match kind {
            OperationType::Query => self.named(&self.0.query_type),
            OperationType::Mutation => self.named(self.0.mutation_type.as_deref()?),
            OperationType::Subscription => self.named(self.0.subscription_type.as_deref()?),
        }
    }

    /// Fragments are walked separately. The library reports fields that the schema lacks.
    fn selection_set(&self, set: &SelectionSet, object: Option<&'a MetaType>) -> Result<(), ApiError> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let Some(known) = object.and_then(|object| object.field_by_name(&field.name.node)) else {
                        continue;
                    };
                    for (name, value) in &field.arguments {
                        if let Some(argument) = known.args.get(name.node.as_str()) {
                            self.value(&name.node, &argument.ty, &value.node)?;
                        }
                    }
                    let inner = self.named(MetaTypeName::concrete_typename(&known.ty));
                    self.selection_set(&field.selection_set.node, inner)?;
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let inner = condition.map_or(object, |condition| self.named(&condition.node.on.node));
                    self.selection_set(&fragment.node.selection_set.node, inner)?;
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        Ok(())
    }

    fn value(&self, name: &str, of_type: &str, value: &Value) -> Result<(), ApiError> {
        match value {
            Value::List(items) => items.iter().try_for_each(|item| self.value(name, of_type, item)),
            Value::Object(fields) => fields.iter().try_for_each(|(field, value)| {
                self.input(of_type, field).map_or(Ok(()), |of_type| self.value(field, of_type, value))
            }),
            Value::String(text) => self.text(name, of_type, text, Origin::Document),
            _ => Ok(()),
        }
    }

    fn constant(&self, name: &str, of_type: &str, value: &Constant, origin: Origin) -> Result<(), ApiError> {
        match value {
            Constant::List(items) => items.iter().try_for_each(|item| self.constant(name, of_type, item, origin)),
            Constant::Object(fields) => fields.iter().try_for_each(|(field, value)| {
                self.input(of_type, field).map_or(Ok(()), |of_type| self.constant(field, of_type, value, origin))
            }),
            Constant::String(text) => self.text(name, of_type, text, origin),
            _ => Ok(()),
        }
    }

    /// The type of a field of an input object.
    fn input(&self, of_type: &str, field: &str) -> Option<&'a str> {
        match self.named(MetaTypeName::concrete_typename(of_type))? {
            MetaType::InputObject { input_fields, .. } => input_fields.get(field).map(|field| field.ty.as_str()),
            _ => None,
        }
    }

    fn text(&self, name: &str, of_type: &str, text: &str, origin: Origin) -> Result<(), ApiError> {
        match self.named(MetaTypeName::concrete_typename(of_type)) {
            Some(MetaType::Enum { .. }) if origin == Origin::Document => {
                Err(ApiError::bad_input(name, format!("{name} is an enum: write its value without quotes")))
            }
            Some(MetaType::Scalar { name: scalar, .. }) if scalar == "DateTime" && !is_time(text) => {
                Err(ApiError::bad_input(name, format!("{name} is a time of RFC 3339 in the years 1 to 9999")))
            }
            Some(MetaType::Scalar { name: scalar, .. }) if scalar == "Position" && !is_position(text) => {
                Err(ApiError::bad_input(name, format!("{name} is the digits of a 64-bit integer")))
            }
            _ => Ok(()),
        }
    }
}

fn is_time(text: &str) -> bool {
    text.parse::<DateTime<Utc>>().is_ok_and(is_storable)
}

fn is_position(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<i64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::schema::registry;
    use async_graphql::parser::parse_query;
    use serde_json::{Value as Json, json};

    /// The field that is refused.
    fn refused(document: &str, variables: Json) -> Option<String> {
        let parsed = parse_query(document).expect(document);
        let (_, operation) = parsed.operations.iter().next().expect("an operation");
        let outcome = check(registry(), &parsed, &operation.node, &Variables::from_json(variables));
        outcome.err().map(|error| error.field.expect("a field"))
    }

    #[test]
    fn an_enum_is_written_without_quotes_wherever_it_stands() {
        for (document, field) in [
            ("{ workloads(filter: {kinds: [\"DEPLOYMENT\"]}) { totalCount } }", "kinds"),
            ("{ workloads(orderBy: {field: \"NAME\"}) { totalCount } }", "field"),
            ("{ workloadByName(cluster: \"a\", namespace: \"a\", kind: \"DEPLOYMENT\", name: \"a\") { id } }", "kind"),
            ("query($k: [WorkloadKind!] = [\"JOB\"]) { workloads(filter: {kinds: $k}) { totalCount } }", "k"),
            ("{ ...F } fragment F on Query { workloads(filter: {kinds: \"JOB\"}) { totalCount } }", "kinds"),
            ("{ ... { ... on Query { workloads(filter: {kinds: \"JOB\"}) { totalCount } } } }", "kinds"),
            ("{ viewer { id } } query B { workloads(filter: {kinds: \"JOB\"}) { totalCount } }", "kinds"),
        ] {
            let named = document.replace("{ viewer { id } } query B", "query A { viewer { id } } query B");
            assert_eq!(refused(&named, Json::Null).as_deref(), Some(field), "{document}");
        }
        for right in [
            "{ workloads(filter: {kinds: [DEPLOYMENT], search: \"DEPLOYMENT\"}) { totalCount } }",
            "{ workload(id: \"a\") { operations(after: \"a\") { totalCount } } nothing(kinds: \"JOB\") { kinds(a: \"b\") } }",
        ] {
            assert_eq!(refused(right, Json::Null), None, "{right}");
        }
        let with_variables = "query($k: [WorkloadKind!]) { workloads(filter: {kinds: $k}) { totalCount } }";
        assert_eq!(refused(with_variables, json!({"k": ["JOB"]})), None, "JSON has no enums");
    }

    #[test]
    fn a_time_is_one_that_can_be_stored() {
        let literal = |time: &str| format!("{{ operations(filter: {{since: \"{time}\"}}) {{ totalCount }} }}");
        let variable = "query($f: AuditFilter) { auditEvents(filter: $f) { totalCount } }";
        for right in ["2026-11-29T10:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999+01:00"] {
            assert_eq!(refused(&literal(right), Json::Null), None, "{right}");
            assert_eq!(refused(variable, json!({"f": {"until": right}})), None, "{right}");
        }
        for wrong in ["-200000-01-01T00:00:00Z", "+200000-01-01T00:00:00Z", "0000-12-31T00:00:00Z", "now", ""] {
            assert_eq!(refused(&literal(wrong), Json::Null).as_deref(), Some("since"), "{wrong}");
            assert_eq!(refused(variable, json!({"f": {"until": wrong}})).as_deref(), Some("until"), "{wrong}");
        }
    }

    #[test]
    fn a_position_is_the_digits_of_a_64_bit_integer() {
        let literal = |after: &str| format!("subscription {{ podChanged(after: \"{after}\") {{ position }} }}");
        assert_eq!(refused(&literal("9223372036854775807"), Json::Null), None);
        for wrong in ["", "-1", "x", "1.5", "9223372036854775808", "+1"] {
            assert_eq!(refused(&literal(wrong), Json::Null).as_deref(), Some("after"), "{wrong}");
        }
    }
}
