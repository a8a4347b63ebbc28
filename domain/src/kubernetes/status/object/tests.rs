mod cluster;
mod network;
mod storage;

use super::{ObjectState::*, *};
use crate::{
    core::{
        message::Message,
        sealing::leaf::{FREE, SEALED, free},
    },
    kubernetes::{
        examples::{at, given, named, note},
        manifest::Manifest,
        observation::{Condition, Deletion, Note, Truth},
    },
};
use serde_json::json;
use strum::IntoEnumIterator;

fn told(kind: &str, manifest: &Value, report: &Report, previous: Option<&ObjectStatus>) -> ObjectStatus {
    evaluate(&kind.parse().expect("a kind"), &named("a", "u", report), manifest, previous)
}

fn code(status: &ObjectStatus) -> Option<Code> {
    status.cause.as_ref().and_then(|cause| cause.message.known())
}

type Row = (&'static str, Value, Report, ObjectState, Option<Code>);

fn hold(kind: &str, rows: Vec<Row>) {
    for (name, manifest, report, state, cause) in rows {
        let found = told(kind, &manifest, &report, None);
        assert_eq!((found.state, code(&found)), (state, cause), "{kind}, {name}: {found:?}");
    }
}

fn status(status: Value) -> Report {
    Report { status: status.into(), ..Report::default() }
}

fn phase(phase: &str) -> Report {
    status(json!({ "phase": phase }))
}

fn conditions(conditions: &[(&str, Truth, &str)]) -> Report {
    let conditions: Vec<Condition> =
        conditions.iter().map(|(kind, status, reason)| given(kind, *status, reason, "words")).collect();
    Report { conditions, ..Report::default() }
}

impl Report {
    fn noted(mut self, reason: &str, message: &str, last: i64) -> Self {
        self.notes.push(Note { first: at(0), last: at(last), ..note(reason, message, 3) });
        self
    }

    fn with(mut self, kind: &str, status: Truth, reason: &str) -> Self {
        self.conditions.push(given(kind, status, reason, "words"));
        self
    }

    fn deleted(mut self, finalizers: &[&str]) -> Self {
        let finalizers = finalizers.iter().map(|one| (*one).to_owned()).collect();
        self.deletion = Some(Deletion { since: at(0), finalizers });
        self
    }
}

#[test]
fn any_other_kind_follows_its_conditions_or_its_phase() {
    let one = |kind, status| conditions(&[(kind, status, "Reason")]);
    let unobserved = Report { generation: 3, observed_generation: Some(2), ..one("Ready", Truth::True) };
    hold(
        "Certificate.cert-manager.io",
        vec![
            ("nothing is said", Value::Null, Report::default(), Ready, None),
            ("not observed", Value::Null, unobserved, Progressing, Some(Code::NotObserved)),
            ("ready", Value::Null, one("Ready", Truth::True), Ready, None),
            ("not ready", Value::Null, one("Ready", Truth::False), Progressing, Some(Code::ConditionReported)),
            ("nobody knows", Value::Null, one("Ready", Truth::Unknown), Progressing, Some(Code::ConditionReported)),
            ("available", Value::Null, one("Available", Truth::True), Ready, None),
            ("reconciling", Value::Null, one("Reconciling", Truth::True), Progressing, Some(Code::ConditionReported)),
            (
                "stalled",
                Value::Null,
                one("Stalled", Truth::True).with("Ready", Truth::False, "Failed"),
                Failed,
                Some(Code::ConditionReported),
            ),
            (
                "degraded",
                Value::Null,
                one("Degraded", Truth::True).with("Available", Truth::True, "AsExpected"),
                Degraded,
                Some(Code::ConditionReported),
            ),
            ("failed", Value::Null, one("Failed", Truth::True), Failed, Some(Code::ConditionReported)),
            ("other conditions", Value::Null, one("Synced", Truth::False), Ready, None),
            ("failed phase", Value::Null, phase("Failed"), Failed, Some(Code::PhaseReported)),
            ("pending phase", Value::Null, phase("Pending"), Progressing, Some(Code::PhaseReported)),
            ("any phase", Value::Null, phase("Blue"), Ready, None),
            (
                "a phase beside conditions",
                Value::Null,
                Report { conditions: one("Synced", Truth::True).conditions, ..phase("Failed") },
                Ready,
                None,
            ),
            (
                "held by a finalizer",
                Value::Null,
                Report::default().deleted(&["a/b"]),
                Deleting,
                Some(Code::FinalizersBlock),
            ),
            ("deleted", Value::Null, Report::default().deleted(&["foregroundDeletion"]), Deleting, None),
        ],
    );
    hold("ConfigMap", vec![("any", json!({"data": {}}), Report::default(), Ready, None)]);
}

#[test]
fn a_cause_has_its_evidence_and_its_time() {
    let report = phase("Pending").noted("ProvisioningFailed", "no volume", 60);
    let cause = told("PersistentVolumeClaim", &Value::Null, &report, None).cause.expect("a cause");
    assert_eq!((cause.since, cause.message.text("detail")), (Some(at(0)), Some("no volume")));
    let evidence = &cause.evidence[0];
    assert_eq!((evidence.kind, evidence.at), (EvidenceKind::Event, Some(at(60))));
    assert_eq!(evidence.object.as_ref().map(|object| object.kind.as_str()), Some("PersistentVolumeClaim"));
    let refused = conditions(&[("Available", Truth::False, "MissingEndpoints")]);
    let cause = told("APIService.apiregistration.k8s.io", &Value::Null, &refused, None).cause.expect("a cause");
    assert_eq!((cause.since, cause.evidence[0].kind), (Some(at(0)), EvidenceKind::Condition));
}

#[test]
fn what_only_an_event_said_stays_as_long_as_the_state() {
    let kind = "PersistentVolumeClaim";
    let before = told(kind, &Value::Null, &phase("Pending").noted("FailedBinding", "no volume", 60), None);
    let dropped = told(kind, &Value::Null, &phase("Pending"), Some(&before));
    assert_eq!(dropped, before, "the event was dropped");
    assert_eq!(told(kind, &Value::Null, &phase("Bound"), Some(&before)).cause, None);
    let mut again = phase("Pending").noted("FailedBinding", "no volume", 900);
    again.notes[0].first = at(800);
    let since = told(kind, &Value::Null, &again, Some(&before)).cause.and_then(|cause| cause.since);
    assert_eq!(since, Some(at(0)), "the same as before");
    let other = told(kind, &Value::Null, &phase("Pending").noted("WaitForFirstConsumer", "waits", 900), Some(&before));
    assert_eq!(code(&other), Some(Code::ClaimAwaitsPod));
}

fn detail(message: &Message) -> Option<&Value> {
    message.arguments.get("detail")
}

#[test]
fn words_of_a_status_are_stored_as_they_were_or_not_at_all() {
    let leaf = json!({FREE: "disk is gone", SEALED: "s"});
    let kept = Manifest::stored(json!({"phase": {FREE: "Failed", SEALED: "p"}, "message": leaf}));
    let within = Manifest::stored(json!({FREE: {"phase": "Failed", "message": "disk is gone"}, SEALED: "s"}));
    let plain: Manifest = json!({"phase": "Failed", "message": "disk is gone"}).into();
    for (status, expected) in [(kept, leaf.clone()), (within, json!("")), (plain, free("disk is gone".into()))] {
        let report = Report { status, ..Report::default() };
        let found = told("PersistentVolume", &Value::Null, &report, None);
        assert_eq!(found.state, Failed);
        assert_eq!(detail(&found.cause.expect("a cause").message), Some(&expected));
    }
}

#[test]
fn problems_come_first_in_lists() {
    let problems: Vec<ObjectState> = ObjectState::iter().filter(|state| state.is_problem()).collect();
    assert!(problems.iter().all(|state| state.rank() <= Degraded.rank()));
    assert_eq!(problems.len(), 2);
    assert!(ObjectState::iter().all(|state| ObjectState::ORDER.contains(&state)));
    assert_eq!(serde_json::to_value(Inactive).expect("JSON"), Inactive.as_str());
}
