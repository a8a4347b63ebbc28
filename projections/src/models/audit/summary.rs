//! One message for every event, for users.

use domain::{
    core::{
        actor,
        event::{Event, Recorded},
        free_text::FreeText,
        ids::ClusterId,
        message::{Code, FREE_TEXT, Message},
    },
    kubernetes::{
        action::has_ended,
        manifest::Place,
        object::ObjectRef,
        observation::{Details, FieldManager, Object, Report, Workload, WorkloadSnapshot, writers},
        observed::ObservedEvent,
        resource::Resource,
        status::{self, State, Status},
    },
    operation::{CancelledBy, OperationEvent, batch::BatchEvent},
    platform::{
        access_log::{AccessEvent, SignInRefusal},
        cluster::ClusterEvent,
        data_key::DataKeyEvent,
        projection::ProjectionEvent,
        user::UserEvent,
    },
};
use serde_json::Value;

/// What happened, to which object, and by whom.
pub(super) fn of(event: &Recorded, object: Option<&ObjectRef>) -> Message {
    let name = object.map_or_else(|| event.stream.clone(), ToString::to_string);
    match &event.event {
        Event::Operation(operation) => of_operation(operation, name, who(event)),
        Event::Batch(batch) => of_batch(batch, who(event)),
        Event::Observed(observed) => of_observed(observed, object, name),
        Event::Cluster(cluster) => of_cluster(cluster, who(event)),
        Event::User(user) => of_user(user, who(event)),
        Event::Access(access) => of_access(access, object, who(event)),
        Event::DataKey(key) => of_data_key(key, who(event), event.metadata.reason.as_deref()),
        Event::Projection(projection) => of_projection(projection, who(event), event.metadata.reason.as_deref()),
    }
}

fn of_data_key(event: &DataKeyEvent, who: Value, reason: Option<&str>) -> Message {
    match event {
        DataKeyEvent::DataKeyMade { scope, .. } => {
            Code::DataKeyMade.message([("who", who), ("scope", scope.as_str().into())])
        }
        DataKeyEvent::DataKeyWrapped { scope, .. } => {
            Code::DataKeyWrapped.message([("who", who), ("scope", scope.as_str().into())])
        }
        DataKeyEvent::DataKeyForgotten { scope, .. } => Code::ScopeForgotten.message([
            ("who", who),
            ("scope", scope.as_str().into()),
            ("reason", reason.unwrap_or_default().into()),
        ]),
    }
}

fn who(event: &Recorded) -> Value {
    match &event.metadata.actor {
        actor::Actor::System { component } => format!("Binnacle ({component})").into(),
        // The account name, which is unique and can be searched.
        actor::Actor::User { username, .. } => username.as_str().into(),
    }
}

fn of_operation(event: &OperationEvent, object: String, who: Value) -> Message {
    match event {
        OperationEvent::OperationRequested { intent, retry_of, .. } => {
            let code = if retry_of.is_some() { Code::OperationRetried } else { Code::OperationRequested };
            code.message([("who", who), ("request", intent.summary(object).into())])
        }
        OperationEvent::OperationStarted { .. } => Code::OperationStarted.message([("object", object.into())]),
        OperationEvent::OperationProgressed { percent, message, .. } => Code::OperationProgressed.message([
            ("object", object.into()),
            ("progress", message.clone().into()),
            ("percent", (*percent).into()),
        ]),
        OperationEvent::OperationStageSucceeded { stage, message, .. } => Code::StageSucceeded.message([
            ("object", object.into()),
            ("stage", stage.as_str().into()),
            ("outcome", message.clone().unwrap_or_else(|| Code::Succeeded.message([])).into()),
        ]),
        OperationEvent::OperationCancelRequested { .. } => {
            Code::CancelRequested.message([("who", who), ("object", object.into())])
        }
        OperationEvent::OperationOutcomeUnknown { stage, message, .. } => {
            Code::OutcomeUnknown.message(at_stage(object, stage.as_str(), message))
        }
        OperationEvent::OperationResolved { stage, message, .. } => {
            Code::OutcomeResolved.message(at_stage(object, stage.as_str(), message))
        }
        OperationEvent::OperationSucceeded { .. } => Code::OperationSucceeded.message([("object", object.into())]),
        OperationEvent::OperationFailed { stage, failure, .. } => {
            Code::OperationFailed.message(at_stage(object, stage.as_str(), &failure.message))
        }
        OperationEvent::OperationCancelled { by: CancelledBy::User, .. } => {
            Code::OperationCancelled.message([("who", who), ("object", object.into())])
        }
        OperationEvent::OperationCancelled { by: CancelledBy::Superseded(newer), .. } => {
            Code::OperationSuperseded.message([("object", object.into()), ("newer", newer.to_string().into())])
        }
        OperationEvent::OperationCancelled { by: CancelledBy::ClusterRemoved, .. } => {
            Code::OperationEndedByRemoval.message([("object", object.into())])
        }
        OperationEvent::OperationAbandoned { stage, .. } => {
            Code::OperationAbandoned.message([("object", object.into()), ("stage", stage.as_str().into())])
        }
        OperationEvent::OperationOvertaken { overtaken, .. } => Code::OperationOvertaken.message([
            ("object", object.into()),
            ("manager", overtaken.manager.as_deref().unwrap_or_default().into()),
            ("change", overtaken.change.clone().into()),
        ]),
    }
}

fn of_batch(event: &BatchEvent, who: Value) -> Message {
    match event {
        BatchEvent::BatchRequested { total, retry_of: Some(_), .. } => {
            Code::BatchRetried.message([("who", who), ("count", (*total).into())])
        }
        BatchEvent::BatchRequested { kind, total, retry_of: None, .. } => {
            Code::BatchRequested.message([("who", who), ("verb", kind.as_str().into()), ("count", (*total).into())])
        }
        BatchEvent::BatchMembersAdded { members, .. } => Code::BatchMembersAdded.message([
            ("count", members.len().into()),
            ("object", event.target().map(ToString::to_string).unwrap_or_default().into()),
        ]),
        BatchEvent::BatchGroupStarted { group, .. } => {
            Code::BatchGroupStarted.message([("group", group.as_str().into())])
        }
        BatchEvent::BatchMemberRefused { target, failure, .. } => Code::BatchMemberRefused
            .message([("object", target.to_string().into()), ("reason", failure.message.clone().into())]),
        BatchEvent::BatchGroupEnded { group, unsuccessful, .. } => {
            Code::BatchGroupEnded.message([("group", group.as_str().into()), ("failed", unsuccessful.len().into())])
        }
        BatchEvent::BatchMembersSkipped { members, .. } => {
            Code::BatchMembersSkipped.message([("count", members.len().into())])
        }
        BatchEvent::BatchCancelRequested { .. } => Code::BatchCancelRequested.message([("who", who)]),
        BatchEvent::BatchEnded { .. } => Code::BatchEnded.message([]),
    }
}

fn at_stage(object: String, stage: &str, reason: &Message) -> [(&'static str, Value); 3] {
    [("object", object.into()), ("stage", stage.into()), ("reason", reason.clone().into())]
}

fn of_observed(event: &ObservedEvent, object: Option<&ObjectRef>, name: String) -> Message {
    let called = object.map_or("", |object| object.name.as_str());
    match event {
        ObservedEvent::WorkloadManifestObserved { uid, created_at, managers, snapshot, .. } => match ended(snapshot) {
            // Without its cause, which may quote a free value: the sentences of this event are not forgotten.
            Some(ended) => {
                let seen = Object { name: called, uid, created_at: *created_at, facts: &ended };
                Code::WorkloadIs.message(in_state(&seen, &status::of_snapshot(&seen, None), name))
            }
            None => changed(name, managers, snapshot.workload.generation),
        },
        ObservedEvent::WorkloadStatusObserved { uid, created_at, snapshot, .. } => {
            let ended = ended(snapshot);
            let facts = ended.as_ref().unwrap_or(snapshot);
            workload(&Object { name: called, uid, created_at: *created_at, facts }, name)
        }
        ObservedEvent::WorkloadGone { .. }
        | ObservedEvent::PodGone { .. }
        | ObservedEvent::NamespaceGone { .. }
        | ObservedEvent::ObjectGone { .. } => Code::ObjectGone.message([("object", name.into())]),
        ObservedEvent::ObjectReleased { .. } => Code::ObjectReleased.message([("object", name.into())]),
        ObservedEvent::PodObserved { pod, .. } => {
            let (all, ready) = status::pod::readiness(pod);
            Code::PodIs.message([
                ("object", name.into()),
                ("status", status::pod::reason(pod).into()),
                ("ready", ready.into()),
                ("containers", all.into()),
            ])
        }
        ObservedEvent::NamespaceObserved { phase, .. } => {
            Code::NamespaceIs.message([("object", name.into()), ("phase", phase.as_str().into())])
        }
        ObservedEvent::ObjectObserved { managers, report, .. } => changed(name, managers, report.generation),
        ObservedEvent::ObjectStatusObserved { report, .. } => reported(object, name, report),
    }
}

fn changed(name: String, managers: &[FieldManager], generation: i64) -> Message {
    Code::WorkloadChanged.message([
        ("object", name.into()),
        ("managers", writers(managers).into()),
        ("generation", generation.into()),
    ])
}

/// What is reported of an object, without its manifest: the phase, for kinds that have one.
fn reported(object: Option<&ObjectRef>, name: String, report: &Report) -> Message {
    // Whoever writes the status of a custom kind may write anything there, and a sentence stands in clear.
    let is_of_kubernetes = object.is_some_and(|object| object.kind.is_recorded_by_default());
    let is_word = |word: &&str| !word.is_empty() && word.len() < 40 && word.chars().all(|c| c.is_ascii_alphabetic());
    let phase = Place::of(&report.status).get("phase").text().filter(|word| is_of_kubernetes && is_word(word));
    match (phase, &report.deletion) {
        (_, Some(_)) => Code::WorkloadIs.message([
            ("object", name.into()),
            ("state", State::Deleting.as_str().into()),
            ("ready", "".into()),
            ("desired", "".into()),
        ]),
        (Some(phase), None) => Code::NamespaceIs.message([("object", name.into()), ("phase", phase.into())]),
        (None, None) => Code::ObjectReported.message([("object", name.into())]),
    }
}

/// A Job whose removal has begun after it had ended, without that removal. Its time to live may be nothing, and then how it
/// ended is first observed when it goes; that it goes is an event of its own.
fn ended(snapshot: &WorkloadSnapshot) -> Option<WorkloadSnapshot> {
    let workload = &snapshot.workload;
    let is_going = matches!(workload.details, Details::Job(_)) && has_ended(workload) && workload.deletion.is_some();
    let alone = || Workload { deletion: None, ..workload.clone() };
    is_going.then(|| WorkloadSnapshot { workload: alone(), ..snapshot.clone() })
}

fn workload(seen: &Object<WorkloadSnapshot>, name: String) -> Message {
    let said = status::of_snapshot(seen, None);
    let state = in_state(seen, &said, name);
    match said.cause {
        Some(cause) => {
            let [object, state, ready, desired] = state;
            Code::WorkloadIsBecause.message([object, state, ready, desired, ("cause", cause.message.into())])
        }
        None => Code::WorkloadIs.message(state),
    }
}

fn in_state(seen: &Object<WorkloadSnapshot>, said: &Status, name: String) -> [(&'static str, Value); 4] {
    // A Job counts what has succeeded, not what is ready at the moment.
    let counts_pods = !matches!(seen.facts.workload.details, Details::Job(_) | Details::CronJob(_));
    let count = |count: Option<i32>| count.filter(|_| counts_pods).map_or(Value::from(""), Value::from);
    [
        ("object", name.into()),
        ("state", said.state.as_str().into()),
        ("ready", count(said.counts.ready)),
        ("desired", count(said.counts.desired.filter(|_| said.counts.ready.is_some()))),
    ]
}

fn of_cluster(event: &ClusterEvent, who: Value) -> Message {
    match event {
        ClusterEvent::ClusterConnected { cluster, server, .. } => Code::ClusterConnected.message([
            ("who", who),
            ("cluster", cluster.to_string().into()),
            ("server", server.as_deref().unwrap_or_default().into()),
        ]),
        ClusterEvent::ClusterRemoved { cluster } => {
            Code::ClusterRemoved.message([("who", who), ("cluster", cluster.to_string().into())])
        }
        ClusterEvent::KindJudged { cluster, kind, objects, recorded } => Code::KindJudged.message([
            ("kind", kind.to_string().into()),
            ("cluster", cluster.to_string().into()),
            ("objects", (*objects).into()),
            ("recorded", recorded.to_string().into()),
        ]),
        ClusterEvent::KindRecorded { cluster, kind } => of_kind(Code::KindRecorded, who, kind, cluster),
        ClusterEvent::KindReleased { cluster, kind } => of_kind(Code::KindReleased, who, kind, cluster),
        ClusterEvent::ClusterWatchEnded { cluster } => {
            Code::ClusterWatchEnded.message([("cluster", cluster.to_string().into())])
        }
        ClusterEvent::ClusterRegistered { name, .. } => {
            Code::ClusterRegistered.message([("name", name.as_str().into())])
        }
        ClusterEvent::ClusterIdentified { cluster, uid } => {
            Code::ClusterIdentified.message([("name", cluster.to_string().into()), ("uid", uid.as_str().into())])
        }
        ClusterEvent::ClusterRenamed { cluster, name } => {
            Code::ClusterRenamed.message([("cluster", cluster.to_string().into()), ("name", name.as_str().into())])
        }
        ClusterEvent::ClusterEnvironmentChanged { cluster, environment } => Code::ClusterEnvironment
            .message([("name", cluster.to_string().into()), ("environment", environment.as_str().into())]),
        ClusterEvent::ClusterStateChanged { cluster, state, reason, unreadable, .. } => {
            let detail = reason.as_ref().or_else(|| unreadable.first().map(|kind| &kind.message));
            Code::ClusterIs.message([
                ("name", cluster.to_string().into()),
                ("state", state.as_str().into()),
                (FREE_TEXT, detail.map_or("".into(), Value::from)),
            ])
        }
    }
}

fn of_kind(code: Code, who: Value, kind: &Resource, cluster: &ClusterId) -> Message {
    code.message([("who", who), ("kind", kind.to_string().into()), ("cluster", cluster.to_string().into())])
}

fn of_user(event: &UserEvent, who: Value) -> Message {
    match event {
        UserEvent::UserRegistered { username, display_name, .. } => {
            Code::UserRegistered.message([("username", username.as_str().into()), ("name", display_name.into())])
        }
        UserEvent::UserPasswordChanged { .. } => Code::PasswordChanged.message([("who", who)]),
        UserEvent::SessionStarted { .. } => Code::SignedIn.message([("who", who)]),
        UserEvent::SessionEnded { .. } => Code::SignedOut.message([("who", who)]),
    }
}

fn of_projection(event: &ProjectionEvent, who: Value, reason: Option<&str>) -> Message {
    match event {
        ProjectionEvent::EventQuarantined { projection, position } => Code::EventQuarantined.message([
            ("who", who),
            ("list", projection.as_str().into()),
            ("position", position.to_string().into()),
            ("reason", reason.unwrap_or_default().into()),
        ]),
    }
}

fn of_access(event: &AccessEvent, object: Option<&ObjectRef>, who: Value) -> Message {
    let named = |otherwise: &str| Value::from(object.map_or_else(|| otherwise.to_owned(), ToString::to_string));
    let source_of = |source: &Option<FreeText>| source.as_ref().map_or("".into(), Value::from);
    let optional = |text: &Option<String>| Value::from(text.as_deref().unwrap_or_default());
    let message = match event {
        AccessEvent::LogOpened { object: id, container, .. } => {
            Code::LogOpened.message([("who", who), ("object", named(id)), ("container", optional(container))])
        }
        AccessEvent::SignInRefused { reason, name_hash, source, .. } => {
            let code = match reason {
                SignInRefusal::BadCredentials => Code::SignInRefused,
                SignInRefusal::TooManyAttempts => Code::SignInLimited,
            };
            code.message([("name", optional(name_hash)), ("source", source_of(source))])
        }
        AccessEvent::RefreshTokenReused { source, .. } => Code::RefreshTokenReused.message([("source", source.into())]),
        AccessEvent::CommandRefused { action, stream, code, .. } => Code::CommandRefused.message([
            ("who", who),
            ("code", code.as_str().into()),
            ("action", action.in_words().into()),
            ("object", named(stream)),
        ]),
    };
    match event.count().get() {
        1 => message,
        times => Code::Repeated.message([("message", message.into()), ("times", times.into())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use chrono::{DateTime, Utc};
    use domain::{
        access::Action,
        core::{ids::SessionId, refusal::ErrorCode},
        kubernetes::observation::{Condition, Deletion, Job, Truth},
    };
    use std::num::NonZeroU32;
    use uuid::Uuid;

    #[test]
    fn how_a_job_ended_is_said_also_when_it_goes_at_once() {
        let snapshot = |ended: Option<&str>, is_going: bool| {
            let condition = |kind: &str| Condition {
                kind: kind.to_owned(),
                status: Truth::True,
                reason: String::new(),
                message: FreeText::default(),
                since: None,
            };
            let since = DateTime::<Utc>::UNIX_EPOCH;
            let workload = Workload {
                generation: 1,
                observed_generation: None,
                deletion: is_going.then(|| Deletion { since, finalizers: Vec::new() }),
                owners: Vec::new(),
                conditions: ended.map(condition).into_iter().collect(),
                notes: Vec::new(),
                details: Details::Job(Job { parallelism: 1, succeeded: 1, ..Job::default() }),
            };
            Box::new(WorkloadSnapshot::alone(workload))
        };
        let said = |event: &ObservedEvent| Language::English.text(&of_observed(event, None, "Job team/a".to_owned()));
        for (ended, is_going, manifest, status) in [
            (Some("Complete"), true, "Job team/a is completed", "Job team/a is completed"),
            (Some("Failed"), true, "Job team/a is failed", "Job team/a is failed"),
            (Some("Complete"), false, "Job team/a was written by", "Job team/a is completed"),
            (None, true, "Job team/a was written by", "Job team/a is being deleted"),
        ] {
            let (uid, version, created_at) = ("u".to_owned(), "1".to_owned(), DateTime::<Utc>::UNIX_EPOCH);
            let written = ObservedEvent::WorkloadManifestObserved {
                uid: uid.clone(),
                resource_version: version.clone(),
                created_at,
                manifest_hash: FreeText::default(),
                manifest: Value::Null.into(),
                managers: Vec::new(),
                snapshot: snapshot(ended, is_going),
            };
            let reported = ObservedEvent::WorkloadStatusObserved {
                uid,
                resource_version: version,
                created_at,
                manifest_hash: FreeText::default(),
                snapshot: snapshot(ended, is_going),
            };
            assert!(said(&written).starts_with(manifest), "{ended:?} {is_going}: {}", said(&written));
            assert!(said(&reported).starts_with(status), "{ended:?} {is_going}: {}", said(&reported));
        }
    }

    #[test]
    fn a_phase_is_said_where_kubernetes_writes_it() {
        let report = Report { status: serde_json::json!({"phase": "Bound"}).into(), ..Report::default() };
        let said = |id: &str| {
            let object: ObjectRef = id.parse().expect("an id");
            Language::English.text(&reported(Some(&object), "It".to_owned(), &report))
        };
        assert_eq!(said("PersistentVolumeClaim~dev~team~data"), "It is Bound");
        assert_eq!(said("Widget.example.org~dev~team~a"), "What is reported of It changed");
    }

    #[test]
    fn each_access_is_a_sentence_with_its_count() {
        let (once, source) = (NonZeroU32::MIN, || FreeText::new("192.0.2.7"));
        let refused = |reason, name_hash: Option<&str>, source: Option<FreeText>| AccessEvent::SignInRefused {
            reason,
            name_hash: name_hash.map(str::to_owned),
            source,
            count: once,
        };
        let opened = |container: Option<&str>| AccessEvent::LogOpened {
            object: "Pod~dev~team~web-1".to_owned(),
            container: container.map(str::to_owned),
            count: once,
        };
        let of = |stream: &str| AccessEvent::CommandRefused {
            action: Action::Observe,
            stream: stream.to_owned(),
            code: ErrorCode::Forbidden,
            count: once,
        };
        let many = NonZeroU32::new(40).expect("not zero");
        let session = SessionId(Uuid::from_u128(2));
        for (event, sentence) in [
            (opened(Some("web")), "Anna opened the log of web of Pod team/web-1"),
            (opened(None).times(many), "Anna opened the log of Pod team/web-1 (40 times)"),
            (
                refused(SignInRefusal::BadCredentials, Some("ab"), Some(source())),
                "A sign-in under an unknown name (ab) from 192.0.2.7 was refused: the name or the password was wrong",
            ),
            (
                refused(SignInRefusal::TooManyAttempts, None, None).times(many),
                "A sign-in was refused: too many attempts (40 times)",
            ),
            (
                AccessEvent::RefreshTokenReused { session, source: source(), count: once },
                "A session was ended: an old refresh token of it came again from 192.0.2.7, so somebody copied it",
            ),
            (of("cluster:dev"), "Anna was refused (FORBIDDEN): no right to report an observation of cluster:dev"),
            (
                of("target:dev/team/Deployment/web"),
                "Anna was refused (FORBIDDEN): no right to report an observation of Deployment team/web",
            ),
        ] {
            let message = of_access(&event, event.about().as_ref(), "Anna".into());
            assert_eq!(Language::English.text(&message), sentence);
        }
    }
}
