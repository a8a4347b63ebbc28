mod platform;

use super::*;
use crate::core::sealing::{DataKey, KeyId, KeyScope, Sealer};
use crate::{
    core::{
        ids::{BatchId, ClusterId, OperationId},
        message::Code,
        refusal::ErrorCode,
    },
    kubernetes::{
        cause::{Cause, Evidence, EvidenceKind, ObjectName},
        object::ObjectRef,
        observation::*,
        resource::Resource,
        wait::Overtaken,
    },
    operation::{
        CancelledBy, Failure, Intent, Remembered, Stage, Written,
        batch::{Member, order::Group},
    },
};
use chrono::{DateTime, Utc};
use platform::{access_events, platform_events};
use proptest::prelude::*;
use serde_json::json;
use std::{fs, path::PathBuf, sync::Arc};
use uuid::Uuid;

fn time() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_790_000_000_123_456).expect("a time")
}

fn cause() -> Cause {
    let message = Code::QuotaExceeded.message([
        ("quota", "pods".into()),
        ("requested", "pods=1".into()),
        ("used", "pods=3".into()),
        ("limited", "pods=3".into()),
    ]);
    let reported = Code::EventReported.message([
        ("reason", "FailedCreate".into()),
        ("count", 3.into()),
        ("detail", "quota".into()),
    ]);
    let evidence = Evidence {
        kind: EvidenceKind::Event,
        message: reported,
        at: Some(time()),
        object: Some(ObjectName::new("ReplicaSet", "web-1")),
        container: None,
    };
    Cause { message, since: Some(time()), evidence: vec![evidence] }
}

fn operation_events() -> Vec<OperationEvent> {
    let (operation, stage) = (OperationId(Uuid::from_u128(7)), Stage::Apply);
    let message = || Code::AwaitingPods.message([("available", 1.into()), ("desired", 3.into())]);
    let intent = Intent::CreateWorkload {
        manifest: json!({"kind": "Deployment", "spec": {"replicas": 2}, "x": {"y": 1}}).into(),
    };
    let retry_of = Some(OperationId(Uuid::from_u128(6)));
    let (uid, behind) = (Some("u".to_owned()), Some("ScaleWorkload".to_owned()));
    let remembered = Some(Remembered { replicas: Some(3), suspend: None });
    let written = Some(Written {
        uid: "u".to_owned(),
        generation: 3,
        at: time(),
        replicas: None,
        fields: Some("0a1b".to_owned()),
    });
    let failure = Failure { code: ErrorCode::TimedOut, message: message(), cause: Some(cause()) };
    let overtaken = Overtaken {
        manager: Some("kubectl-scale".to_owned()),
        at: Some(time()),
        change: Code::ReplicasChanged.message([("requested", 5.into()), ("found", 1.into())]),
    };
    vec![
        OperationEvent::OperationRequested { operation, intent, uid, retry_of, behind },
        OperationEvent::OperationStarted { operation, deadline: time() },
        OperationEvent::OperationProgressed { operation, stage, percent: 40, message: message(), cause: Some(cause()) },
        OperationEvent::OperationStageSucceeded { operation, stage, message: Some(message()), remembered, written },
        OperationEvent::OperationCancelRequested { operation },
        OperationEvent::OperationOutcomeUnknown { operation, stage, message: message() },
        OperationEvent::OperationResolved { operation, stage, message: message() },
        OperationEvent::OperationSucceeded { operation },
        OperationEvent::OperationFailed { operation, stage, failure },
        OperationEvent::OperationCancelled { operation, by: CancelledBy::Superseded(OperationId(Uuid::from_u128(8))) },
        OperationEvent::OperationOvertaken { operation, stage, overtaken },
        OperationEvent::OperationAbandoned { operation, stage },
    ]
}

fn batch_events() -> Vec<BatchEvent> {
    let (batch, group) = (BatchId(Uuid::from_u128(9)), Group::Workloads);
    let operation = OperationId(Uuid::from_u128(7));
    let target: ObjectRef = "Deployment~dev~team~web".parse().expect("an id");
    let intent = Intent::CreateWorkload { manifest: json!({"kind": "Deployment", "x": {"y": 1}}).into() };
    let member = Member {
        operation,
        target: target.clone(),
        intent,
        group,
        expected_version: Some("1.2.u".to_owned()),
        retry_of: Some(OperationId(Uuid::from_u128(6))),
    };
    let message = Code::RequestRejected.message([("detail", "connection refused".into())]);
    let failure = Failure { code: ErrorCode::Forbidden, message, cause: None };
    vec![
        BatchEvent::BatchRequested {
            batch,
            kind: "CreateWorkload".to_owned(),
            cluster: ClusterId::from_name("dev"),
            total: 3,
            retry_of: Some(BatchId(Uuid::from_u128(8))),
        },
        BatchEvent::BatchMembersAdded { batch, members: vec![member] },
        BatchEvent::BatchGroupStarted { batch, group },
        BatchEvent::BatchMemberRefused { batch, operation, target, failure: failure.into() },
        BatchEvent::BatchGroupEnded {
            batch,
            group,
            unsuccessful: vec![operation],
            not_requested: vec![OperationId(Uuid::from_u128(5))],
        },
        BatchEvent::BatchMembersSkipped { batch, members: vec![operation] },
        BatchEvent::BatchCancelRequested { batch },
        BatchEvent::BatchEnded { batch },
    ]
}

fn note() -> Note {
    Note {
        kind: EventKind::Warning,
        reason: "FailedCreate".to_owned(),
        message: FreeText::new("exceeded quota"),
        count: 3,
        first: time(),
        last: time(),
        container: None,
        source: "replicaset-controller".to_owned(),
    }
}

fn owner(kind: &str, name: &str, uid: &str) -> Owner {
    Owner { kind: kind.to_owned(), name: name.to_owned(), uid: uid.to_owned(), controller: true }
}

fn condition() -> Condition {
    Condition {
        kind: "Ready".to_owned(),
        status: Truth::False,
        reason: "ContainersNotReady".to_owned(),
        message: FreeText::new("containers with unready status: [web]"),
        since: Some(time()),
    }
}

fn pod() -> Pod {
    let end = Termination {
        reason: "OOMKilled".to_owned(),
        exit_code: 137,
        signal: Some(9),
        message: FreeText::new("out of memory"),
        started_at: Some(time()),
        finished_at: Some(time()),
    };
    Pod {
        phase: "Running".to_owned(),
        reason: "Evicted".to_owned(),
        message: FreeText::new("the node was low on memory"),
        conditions: vec![condition()],
        deletion: Some(Deletion { since: time(), finalizers: vec!["example.com/hold".to_owned()] }),
        node: Some("node-1".to_owned()),
        owners: vec![owner("ReplicaSet", "web-1", "rs-1")],
        revision: Some("5d9".to_owned()),
        never_restarts: true,
        readiness_gates: vec!["example.com/gate".to_owned()],
        containers: vec![Container {
            name: "web".to_owned(),
            role: Role::Sidecar,
            image: "web:1".to_owned(),
            ready: true,
            started: true,
            restarts: 2,
            state: ContainerState::Waiting {
                reason: "CrashLoopBackOff".to_owned(),
                message: FreeText::new("back-off 20s"),
            },
            last: Some(end),
            settled: true,
            overdue: false,
            ready_delay: 0,
            probes: vec![Probe::Liveness, Probe::Readiness],
            memory_limit: Some("64Mi".to_owned()),
            ..Container::default()
        }],
        notes: vec![note()],
    }
}

fn workload(details: Details) -> Workload {
    Workload {
        generation: 2,
        observed_generation: Some(2),
        deletion: Some(Deletion { since: time(), finalizers: vec!["foregroundDeletion".to_owned()] }),
        owners: vec![owner("Rollout.argoproj.io", "web", "r-1")],
        conditions: vec![condition()],
        notes: vec![note()],
        details,
    }
}

fn named<T>(name: &str, facts: T) -> Named<T> {
    Named { name: name.to_owned(), uid: format!("{name}-uid"), created_at: time(), facts }
}

fn snapshot() -> WorkloadSnapshot {
    let counts = ReplicaCounts { replicas: 3, updated: 1, ready: 2, available: 2, unavailable: 1, terminating: 1 };
    let deployment = Deployment {
        replicas: 3,
        paused: true,
        recreate: true,
        min_ready_seconds: 5,
        progress_deadline_seconds: Some(600),
        revision: Some("2".to_owned()),
        counts,
    };
    let replica_set = ReplicaSet { replicas: 1, revision: Some("2".to_owned()), counts, ..ReplicaSet::default() };
    let job = Job { completions: Some(1), parallelism: 1, failed: 1, started_at: Some(time()), ..Job::default() };
    let facts = Autoscaler { target_kind: "Deployment".to_owned(), target_name: "web".to_owned(), min: 1, max: 4 };
    WorkloadSnapshot {
        workload: workload(Details::Deployment(deployment)),
        pods: vec![named("web-1-a", pod())],
        replica_sets: vec![named("web-1", workload(Details::ReplicaSet(replica_set)))],
        jobs: vec![named("web-27", workload(Details::Job(job)))],
        autoscaler: Some(NamedAutoscaler { name: "web".to_owned(), facts }),
    }
}

fn report() -> Report {
    Report {
        generation: 2,
        observed_generation: Some(1),
        deletion: Some(Deletion { since: time(), finalizers: vec!["kubernetes.io/pvc-protection".to_owned()] }),
        owners: vec![owner("StatefulSet", "db", "sts-1")],
        conditions: vec![condition()],
        status: json!({"phase": "Pending", "capacity": {"storage": "1Gi"}}).into(),
        notes: vec![note()],
        columns: [("Status".to_owned(), FreeText::new("Pending"))].into(),
    }
}

fn pod_observed(pod: Pod) -> ObservedEvent {
    ObservedEvent::PodObserved {
        uid: "uid-1".to_owned(),
        resource_version: "42".to_owned(),
        created_at: time(),
        workload: Some("Deployment~dev~team~web".to_owned()),
        labels: json!({"app": "web"}),
        pod: Box::new(pod),
    }
}

fn observed_events() -> Vec<ObservedEvent> {
    let uid = || "uid-1".to_owned();
    let resource_version = || "42".to_owned();
    let manager = FieldManager {
        manager: "kubectl-edit".to_owned(),
        subresource: "scale".to_owned(),
        at: Some(time()),
        parts: vec![Part::Replicas, Part::Template],
    };
    vec![
        ObservedEvent::WorkloadManifestObserved {
            uid: uid(),
            resource_version: resource_version(),
            created_at: time(),
            manifest_hash: "ab".into(),
            manifest: json!({"kind": "Deployment"}).into(),
            managers: vec![manager.clone()],
            snapshot: Box::new(snapshot()),
        },
        ObservedEvent::WorkloadStatusObserved {
            uid: uid(),
            resource_version: resource_version(),
            created_at: time(),
            manifest_hash: "ab".into(),
            snapshot: Box::new(snapshot()),
        },
        ObservedEvent::WorkloadGone { uid: uid() },
        pod_observed(pod()),
        ObservedEvent::PodGone { uid: uid() },
        ObservedEvent::NamespaceObserved {
            uid: uid(),
            resource_version: resource_version(),
            created_at: time(),
            phase: "Active".to_owned(),
        },
        ObservedEvent::NamespaceGone { uid: uid() },
        ObservedEvent::ObjectObserved {
            uid: uid(),
            resource_version: resource_version(),
            created_at: time(),
            manifest_hash: "ab".into(),
            manifest: json!({"kind": "PersistentVolumeClaim", "spec": {"storageClassName": "fast"}}).into(),
            managers: vec![manager],
            report: Box::new(report()),
        },
        ObservedEvent::ObjectStatusObserved {
            uid: uid(),
            resource_version: resource_version(),
            created_at: time(),
            manifest_hash: "ab".into(),
            report: Box::new(report()),
        },
        ObservedEvent::ObjectGone { uid: uid() },
        ObservedEvent::ObjectReleased { uid: uid() },
    ]
}

fn samples() -> Vec<Event> {
    let operations = operation_events().into_iter().map(Event::from);
    let batches = batch_events().into_iter().map(Event::from);
    let observed = observed_events().into_iter().map(Event::from);
    let access = access_events().into_iter().map(Event::from);
    operations.chain(batches).chain(observed).chain(platform_events()).chain(access).collect()
}

/// The key and the salt of the golden files.
fn key() -> DataKey {
    DataKey::new(KeyId([7; 8]), &[7; 32])
}

const STREAM: &str = "golden:1";

/// The payload as it is stored.
fn sealed(event: &Event) -> Encoded {
    let encoded = encode(event).expect("it can be encoded");
    let key = key();
    let sealer = Sealer { key: Some(&key), salt: [7; 16] };
    let payload = sealer.seal(&payload_of(STREAM), encoded.payload).expect("it can be sealed");
    Encoded { payload, ..encoded }
}

/// A stored payload, opened.
fn opened(event_type: &str, version: i32, payload: &[u8], opening: Opening) -> Result<Event, CodecError> {
    let ring = Ring::from_iter([Arc::new(key())]);
    let metadata = br#"{"actor":{"system":{"component":"test"}}}"#;
    let keys = Keys { ring: &ring, opening };
    Ok(from_columns(STREAM, event_type, version, metadata, payload, keys)?.1)
}

fn golden(event_type: &str, version: i32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("golden/{event_type}.v{version}.json"))
}

/// Samples of fields that a type got later. The samples above are empty there, because their files are frozen.
fn grown_samples() -> Vec<(Event, &'static str)> {
    let mut pod = pod();
    pod.containers[0].memory_request = Some("32Mi".to_owned());
    pod.containers[0].cpu_limit = Some("1".to_owned());
    pod.containers[0].cpu_request = Some("250m".to_owned());
    vec![
        (Event::from(pod_observed(pod)), "PodObserved.resources"),
        (platform::refused_credential(), "ClusterStateChanged.code"),
    ]
}

/// Writes the file of a type that has none yet when BLESS is set. An existing file is never overwritten.
#[test]
fn todays_code_reads_every_golden_event_and_writes_the_same_bytes() {
    let named = samples().into_iter().map(|event| (type_of(&event), event));
    let grown = grown_samples().into_iter().map(|(event, name)| (name, event));
    for (name, event) in named.chain(grown) {
        let encoded = sealed(&event);
        let file = golden(name, encoded.schema_version);
        if std::env::var_os("BLESS").is_some() && !file.exists() {
            fs::write(&file, &encoded.payload).expect("the file can be written");
        }
        let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let (event_type, version) = (encoded.event_type, encoded.schema_version);
        let read = opened(event_type, version, &bytes, Opening::Plain).expect("the golden event is read");
        assert_eq!(read, event, "{event_type}");
        let kept = opened(event_type, version, &bytes, Opening::Kept).expect("it is read with what was stored");
        let mut again = serde_json::from_slice(&encode(&kept).expect("it can be encoded").payload).expect("JSON");
        leaf::close(&mut again).expect("each leaf is kept as it was stored");
        assert_eq!(again, serde_json::from_slice::<serde_json::Value>(&bytes).expect("JSON"), "{event_type}");
        assert_eq!(
            String::from_utf8_lossy(&encoded.payload),
            String::from_utf8_lossy(&bytes),
            "{}",
            encoded.event_type
        );
    }
}

#[test]
fn no_free_text_is_stored_in_clear() {
    for event in samples() {
        let text = String::from_utf8(sealed(&event).payload).expect("a text");
        for free in
            ["unready", "out of memory", "low on memory", "back-off", "refused", "is forbidden", "Admin", "192.0.2"]
        {
            assert!(!text.contains(free), "{free} in {text}");
        }
    }
}

#[test]
fn what_was_forgotten_is_still_read() {
    let none = Ring::default();
    for event in samples() {
        let encoded = sealed(&event);
        let metadata = br#"{"actor":{"system":{"component":"test"}}}"#;
        let keys = Keys { ring: &none, opening: Opening::Kept };
        from_columns(STREAM, encoded.event_type, 1, metadata, &encoded.payload, keys).expect("it is read");
    }
}

#[test]
fn every_type_has_a_sample_and_every_golden_file_a_type() {
    let sampled: Vec<&str> = samples().iter().map(type_of).collect();
    for (event_type, version) in TYPES {
        assert!(sampled.contains(event_type), "{event_type} has no sample");
        assert!(golden(event_type, *version).exists(), "{event_type} has no golden file");
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden");
    for entry in fs::read_dir(folder).expect("the golden folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let event_type = name.split('.').next().unwrap_or_default();
        assert!(TYPES.iter().any(|(known, _)| known == &event_type), "{name} belongs to no type");
    }
}

#[test]
fn what_is_not_known_is_an_error_that_names_it() {
    let error = decode("PlanetDiscovered", 1, b"{}").expect_err("it is not known");
    assert!(error.to_string().contains("PlanetDiscovered"));
    assert!(matches!(decode("OperationSucceeded", 9, b"{}"), Err(CodecError::UnknownType(_, 9))));
    assert!(matches!(decode("OperationSucceeded", 1, b"{}"), Err(CodecError::Payload { .. })));
    assert!(decode("OperationSucceeded", 1, b"\xff").is_err());
}

/// What nobody wrote: any bytes, and golden events with bytes changed.
fn payloads() -> impl Strategy<Value = (String, i32, Vec<u8>)> {
    let types: Vec<String> = samples().iter().map(|event| type_of(event).to_owned()).collect();
    let encoded: Vec<(String, Vec<u8>)> = samples()
        .iter()
        .map(|event| encode(event).expect("a sample"))
        .map(|encoded| (encoded.event_type.to_owned(), encoded.payload))
        .collect();
    let unread = (prop::sample::select(types), -1..4_i32, prop::collection::vec(any::<u8>(), 0..200));
    let spoilt = (prop::sample::select(encoded), any::<prop::sample::Index>(), any::<u8>());
    let spoilt = spoilt.prop_map(|((event_type, mut payload), index, byte)| {
        let at = index.index(payload.len());
        payload[at] = byte;
        (event_type, 1, payload)
    });
    prop_oneof![unread, spoilt]
}

proptest! {
    #[test]
    fn whatever_is_stored_is_an_event_or_an_error((event_type, version, payload) in payloads()) {
        if let Ok(event) = decode(&event_type, version, &payload) {
            prop_assert_eq!(type_of(&event), event_type);
            prop_assert!(encode(&event).is_ok());
        }
    }
}
