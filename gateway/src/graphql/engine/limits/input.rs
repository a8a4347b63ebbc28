//! The values of a request: literals and variables, measured and checked by the same rules.

use super::{ApiError, REASON, at_most};
use async_graphql::{Value as ConstValue, Variables, parser::types::OperationDefinition};
use async_graphql_value::Value;
use std::collections::HashMap;

/// Values in the variables of a request, nested ones included.
const VALUES: usize = 10_000;
/// Items of one list.
const ITEMS: usize = 1_000;
/// Bytes of a text value: an argument or a field of an input object.
const TEXT: usize = 1 << 10;
/// Texts with another limit: a manifest is longer, a search shorter because every row is compared with it.
const TEXTS: [(&str, usize); 9] = [
    ("manifest", 2 << 20),
    ("manifests", 2 << 20),
    ("kubeconfig", 256 << 10),
    ("certificateAuthority", 64 << 10),
    ("token", 32 << 10),
    ("reason", REASON),
    ("labelSelector", 4 << 10),
    ("after", 2 << 10),
    ("search", 200),
];
/// Bytes of text that cost as much as one value.
const COST: usize = 64;

/// The measured size of a value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measure {
    /// The cost of copying and checking it. Each variable counts as its value.
    pub cost: usize,
    /// The number of values that the library visits. A variable counts as one.
    pub count: usize,
    /// Of its texts: the most bytes, and whether one holds the character that Postgres cannot store (NUL).
    longest: usize,
    has_nul: bool,
    /// Items of its longest list.
    items: usize,
}

impl Measure {
    const ONE: Self = Self { cost: 1, count: 1, longest: 0, has_nul: false, items: 0 };

    fn text(text: &str) -> Self {
        Self { cost: 1 + text.len() / COST, longest: text.len(), has_nul: text.contains('\0'), ..Self::ONE }
    }

    fn with(self, other: Self) -> Self {
        Self {
            cost: self.cost.saturating_add(other.cost),
            count: self.count.saturating_add(other.count),
            longest: self.longest.max(other.longest),
            has_nul: self.has_nul || other.has_nul,
            items: self.items.max(other.items),
        }
    }

    fn list(length: usize, items: impl Iterator<Item = Result<Self, ApiError>>) -> Result<Self, ApiError> {
        let mut items = items;
        items.try_fold(Self { items: length, ..Self::ONE }, |list, item| Ok(list.with(item?)))
    }

    /// The fields of an object are checked under their own names.
    fn object<'n>(fields: impl Iterator<Item = (&'n str, Result<Self, ApiError>)>) -> Result<Self, ApiError> {
        let mut fields = fields;
        fields.try_fold(Self::ONE, |object, (name, field)| {
            if name.contains('\0') {
                return Err(ApiError::bad_input(&name.replace('\0', ""), "the character NUL cannot be stored"));
            }
            let Self { cost, count, .. } = field?.check(name)?;
            Ok(object.with(Self { cost, count, ..Self::default() }))
        })
    }

    /// Whether it is allowed as the value of the argument or field of this name.
    pub fn check(self, name: &str) -> Result<Self, ApiError> {
        let longest = TEXTS.iter().find(|(known, _)| *known == name).map_or(TEXT, |(_, limit)| *limit);
        if self.has_nul {
            return Err(ApiError::bad_input(name, "the character NUL cannot be stored"));
        }
        if self.longest > longest {
            return Err(ApiError::bad_input(name, format!("{name} has at most {longest} bytes")));
        }
        if self.items > ITEMS {
            return Err(ApiError::bad_input(name, format!("{name} has at most {ITEMS} items")));
        }
        Ok(self)
    }
}

/// The measured values of an operation's variables.
pub struct Inputs<'a>(HashMap<&'a str, (&'a ConstValue, Measure)>);

impl<'a> Inputs<'a> {
    pub fn of(operation: &'a OperationDefinition, variables: &'a Variables) -> Result<Self, ApiError> {
        let defaults = operation.variable_definitions.iter().map(|definition| &definition.node);
        let defaults = defaults
            .filter_map(|definition| Some((definition.name.node.as_str(), &definition.default_value.as_ref()?.node)));
        let given = variables.iter().map(|(name, value)| (name.as_str(), value));
        let measured = defaults.chain(given).map(|(name, value)| Ok((name, (value, of_constant(value)?))));
        let inputs = Self(measured.collect::<Result<_, ApiError>>()?);
        let count = inputs.0.values().map(|(_, measure)| measure.count).fold(0, usize::saturating_add);
        at_most(VALUES, count, "values in its variables")?;
        Ok(inputs)
    }

    pub fn measure(&self, value: &Value) -> Result<Measure, ApiError> {
        match value {
            Value::Variable(name) => {
                let known = self.0.get(name.as_str()).map_or(Measure::ONE, |(_, measure)| *measure);
                Ok(Measure { count: 1, ..known })
            }
            Value::String(text) => Ok(Measure::text(text)),
            Value::List(items) => Measure::list(items.len(), items.iter().map(|item| self.measure(item))),
            Value::Object(fields) => {
                Measure::object(fields.iter().map(|(name, field)| (name.as_str(), self.measure(field))))
            }
            Value::Null | Value::Number(_) | Value::Boolean(_) | Value::Binary(_) | Value::Enum(_) => Ok(Measure::ONE),
        }
    }

    /// The integer value, of a literal or of a variable.
    pub fn number(&self, value: &Value) -> Option<i64> {
        match value {
            Value::Variable(name) => match self.0.get(name.as_str())? {
                (ConstValue::Number(number), _) => number.as_i64(),
                _ => None,
            },
            Value::Number(number) => number.as_i64(),
            _ => None,
        }
    }
}

fn of_constant(value: &ConstValue) -> Result<Measure, ApiError> {
    match value {
        ConstValue::String(text) => Ok(Measure::text(text)),
        ConstValue::List(items) => Measure::list(items.len(), items.iter().map(of_constant)),
        ConstValue::Object(fields) => {
            Measure::object(fields.iter().map(|(name, field)| (name.as_str(), of_constant(field))))
        }
        ConstValue::Null
        | ConstValue::Number(_)
        | ConstValue::Boolean(_)
        | ConstValue::Binary(_)
        | ConstValue::Enum(_) => Ok(Measure::ONE),
    }
}
