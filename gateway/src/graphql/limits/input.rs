//! The values of a request: literals in its document and its variables, measured and checked alike.

use super::{Fault, at_most, code};
use async_graphql::{Name, Value as ConstValue, Variables, parser::types::OperationDefinition};
use async_graphql_value::Value;
use std::collections::HashMap;

/// Values of the variables of a request, those within lists and objects included.
const VALUES: usize = 10_000;
/// Bytes of text that cost as much as a value.
const TEXT: usize = 64;

/// Checks the variables: they are not too many, and the one character that Postgres cannot store is in none of them.
pub fn check_variables(variables: &Variables) -> Result<(), Fault> {
    let mut count = 0_usize;
    variables.values().try_for_each(|value| count_and_check(value, &mut count))
}

fn count_and_check(value: &ConstValue, count: &mut usize) -> Result<(), Fault> {
    *count += 1;
    at_most(VALUES, *count, "values in its variables")?;
    match value {
        ConstValue::String(text) if text.contains('\0') => Err(nul()),
        ConstValue::List(items) => items.iter().try_for_each(|item| count_and_check(item, count)),
        ConstValue::Object(fields) => fields.values().try_for_each(|field| count_and_check(field, count)),
        ConstValue::Null
        | ConstValue::String(_)
        | ConstValue::Number(_)
        | ConstValue::Boolean(_)
        | ConstValue::Binary(_)
        | ConstValue::Enum(_) => Ok(()),
    }
}

pub fn nul() -> Fault {
    Fault::new(code::BAD_INPUT, "the character NUL cannot be stored")
}

/// What the variables of an operation stand for.
pub struct Inputs<'a> {
    values: HashMap<&'a str, &'a ConstValue>,
    costs: HashMap<&'a str, usize>,
}

impl<'a> Inputs<'a> {
    pub fn of(operation: &'a OperationDefinition, variables: &'a Variables) -> Self {
        let defaults = operation.variable_definitions.iter().map(|definition| &definition.node);
        let defaults = defaults
            .filter_map(|definition| Some((definition.name.node.as_str(), &definition.default_value.as_ref()?.node)));
        let given = variables.iter().map(|(name, value)| (name.as_str(), value));
        let values: HashMap<_, _> = defaults.chain(given).collect();
        let costs = values.iter().map(|(name, value)| (*name, cost_of_constant(value))).collect();
        Self { values, costs }
    }

    /// What copying and checking a value costs, each variable in it as what it stands for.
    pub fn cost(&self, value: &Value) -> usize {
        match value {
            Value::Variable(name) => self.costs.get(name.as_str()).copied().unwrap_or(1),
            Value::String(text) => cost_of_text(text),
            Value::List(items) => self.cost_of_all(items.iter()),
            Value::Object(fields) => self.cost_of_all(fields.values()),
            Value::Null | Value::Number(_) | Value::Boolean(_) | Value::Binary(_) | Value::Enum(_) => 1,
        }
    }

    fn cost_of_all<'v>(&self, values: impl Iterator<Item = &'v Value>) -> usize {
        values.map(|value| self.cost(value)).fold(1, usize::saturating_add)
    }

    /// The whole number that a value stands for.
    pub fn number(&self, value: &Value) -> Option<i64> {
        match value {
            Value::Variable(name) => match self.values.get(name.as_str())? {
                ConstValue::Number(number) => number.as_i64(),
                _ => None,
            },
            Value::Number(number) => number.as_i64(),
            _ => None,
        }
    }
}

fn cost_of_constant(value: &ConstValue) -> usize {
    match value {
        ConstValue::String(text) => cost_of_text(text),
        ConstValue::List(items) => items.iter().map(cost_of_constant).fold(1, usize::saturating_add),
        ConstValue::Object(fields) => fields.values().map(cost_of_constant).fold(1, usize::saturating_add),
        ConstValue::Null
        | ConstValue::Number(_)
        | ConstValue::Boolean(_)
        | ConstValue::Binary(_)
        | ConstValue::Enum(_) => 1,
    }
}

fn cost_of_text(text: &str) -> usize {
    1 + text.len() / TEXT
}

/// The values of a literal, a variable in it being one: what the library visits.
pub fn count(value: &Value) -> usize {
    match value {
        Value::List(items) => items.iter().map(count).fold(1, usize::saturating_add),
        Value::Object(fields) => {
            fields.iter().map(|(_, value): (&Name, _)| count(value)).fold(1, usize::saturating_add)
        }
        Value::Variable(_)
        | Value::Null
        | Value::Number(_)
        | Value::String(_)
        | Value::Boolean(_)
        | Value::Binary(_)
        | Value::Enum(_) => 1,
    }
}
