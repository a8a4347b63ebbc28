//! What the verbs share that set fields of an object: their steps, and the rules for names and values.

use super::{Request, invalid};
use crate::{
    core::{message::Code, refusal::Refusal},
    kubernetes::{
        action::{Reason, owner_arguments},
        manifest::Manifest,
        observation::{Details, Workload, controller},
        quantity,
        resource::is_label,
        secret,
        wait::Goal,
    },
    operation::{
        change::{ClearValues, ContainerChange, Values, size_rule},
        plan::{Call, Context, Stage, Step},
    },
};
use serde_json::Value;

/// The longest name: a prefix of 253 characters, a slash, and 63 more.
const LONGEST_NAME: usize = 317;
const LONGEST_LABEL: usize = 63;
const LONGEST_QUANTITY: usize = 32;
/// The prefix of what Binnacle itself writes into annotations.
const OWN: &str = "binnacle.io/";

/// The steps of a change of a container.
pub(super) fn container_plan(change: ContainerChange, context: &Context<'_>) -> Vec<Step> {
    let action = match change.is_forgotten() {
        true => Call::impossible(Code::ManifestForgotten),
        false => Call::Container(change),
    };
    vec![
        Step { stage: Stage::Change, action },
        Step { stage: Stage::WaitUntilReady, action: Call::Await(context.requested(Goal::TemplateChanged)) },
    ]
}

/// The steps of a change of fields that no controller has to carry out.
pub(super) fn fields_plan(patch: Value, is_forgotten: bool) -> Vec<Step> {
    let action = match is_forgotten {
        true => Call::impossible(Code::ManifestForgotten),
        false => Call::Merge { patch: Manifest::from(patch) },
    };
    vec![Step { stage: Stage::Change, action }]
}

/// The names are such as Kubernetes takes, and say nothing that must be sealed: they are stored in clear.
pub(super) fn names_rule<'a>(
    field: &str,
    names: impl Iterator<Item = (&'a String, Option<&'a str>)>,
) -> Result<(), Refusal> {
    let mut sizes = Vec::new();
    for (name, value) in names {
        if !is_key(name) {
            return Err(invalid(field, Code::NotAKey.message([])));
        }
        sizes.push(name.len() + value.map_or(0, str::len));
    }
    if sizes.is_empty() {
        return Err(invalid(field, Code::NothingToSet.message([])));
    }
    size_rule(field, sizes.into_iter())
}

fn is_key(name: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(is_sign) && !secret::is_in_name(name)
}

/// No plain secret would stand in `written`: the log keeps it, and it is shown to whoever may see the object.
pub(super) fn secret_rule(field: &str, written: &Value) -> Result<(), Refusal> {
    let found = secret::find(written);
    let Some(first) = found.first() else { return Ok(()) };
    let arguments = [("secret", first.rule.message().into()), ("more", (found.len() - 1).into())];
    Err(invalid(field, Code::SecretInManifest.message(arguments)))
}

/// Values in clear have a form in which nothing else can stand.
pub(super) fn values_rule(field: &str, values: &ClearValues, is_one: fn(&str) -> bool) -> Result<(), Refusal> {
    match values.values().flatten().all(|value| is_one(value)) {
        true => Ok(()),
        false => Err(invalid(field, Code::NotAValue.message([]))),
    }
}

/// Whether it is the value of a label.
pub(super) fn is_label_value(text: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let has_ends = [text.chars().next(), text.chars().next_back()].iter().flatten().all(char::is_ascii_alphanumeric);
    text.len() <= LONGEST_LABEL && text.chars().all(is_sign) && has_ends && !secret::is_in_name(text)
}

/// Whether it is an amount of a resource.
pub(super) fn is_quantity(text: &str) -> bool {
    text.len() <= LONGEST_QUANTITY && quantity::parse(text).is_some_and(|amount| amount >= 0.0)
}

/// Binnacle finds its own operations by its annotations.
pub(super) fn own_rule(field: &str, values: &Values) -> Result<(), Refusal> {
    match values.keys().any(|name| name.starts_with(OWN)) {
        true => Err(invalid(field, Code::OwnAnnotation.message([]))),
        false => Ok(()),
    }
}

/// Why the pod template of a workload cannot be changed now.
pub(super) fn template_refusal(workload: &Workload) -> Option<Reason> {
    let Details::ReplicaSet(_) = &workload.details else { return None };
    let owner = controller(&workload.owners)?;
    Some(Reason::otherwise(Code::TemplateOfOwner.message(owner_arguments(owner))))
}

/// The object exists, it can be changed in this way, and the container has a name that one can have.
pub(super) fn container_rule(request: &Request<'_>, container: &str) -> Result<(), Refusal> {
    request.must_exist()?;
    request.must_be_offered()?;
    if is_label(container) { Ok(()) } else { Err(invalid("container", Code::NotAKey.message([]))) }
}
