use super::*;
use crate::{
    core::{
        ids::{ClusterId, OperationId, SessionId, UserId},
        refusal::ErrorCode,
    },
    kubernetes::observed::{ContainerSnapshot, PodSnapshot, WorkloadState, WorkloadStatus},
    operation::{CancelledBy, Failure, Intent, Remembered, Stage},
    platform::{cluster::ClusterState, projection::ProjectionEvent},
};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::json;
use std::{fs, path::PathBuf};
use uuid::Uuid;

fn time() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_790_000_000_123_456).expect("a time")
}

fn operation_events() -> Vec<OperationEvent> {
    let (operation, stage) = (OperationId(Uuid::from_u128(7)), Stage::Apply);
    let message = || "words".to_owned();
    let intent = Intent::CreateWorkload { manifest: json!({"kind": "Deployment", "spec": {"replicas": 2}}) };
    let retry_of = Some(OperationId(Uuid::from_u128(6)));
    let remembered = Some(Remembered { replicas: Some(3), suspend: None });
    let failure = Failure { code: ErrorCode::Forbidden, message: message() };
    vec![
        OperationEvent::OperationRequested { operation, intent, uid: Some("u".to_owned()), retry_of },
        OperationEvent::OperationStarted { operation, deadline: time() },
        OperationEvent::OperationProgressed { operation, stage, percent: 40, message: message() },
        OperationEvent::OperationStageSucceeded { operation, stage, message: Some(message()), remembered },
        OperationEvent::OperationCancelRequested { operation },
        OperationEvent::OperationOutcomeUnknown { operation, stage, message: message() },
        OperationEvent::OperationResolved { operation, stage, message: message() },
        OperationEvent::OperationSucceeded { operation },
        OperationEvent::OperationFailed { operation, stage, failure },
        OperationEvent::OperationCancelled { operation, by: CancelledBy::Superseded(OperationId(Uuid::from_u128(8))) },
    ]
}

fn observed_events() -> Vec<ObservedEvent> {
    let uid = || "uid-1".to_owned();
    let resource_version = || "42".to_owned();
    let status = WorkloadStatus {
        state: WorkloadState::Degraded,
        reason: Some("CrashLoopBackOff in pod web-1".to_owned()),
        desired: Some(3),
        ready: Some(2),
    };
    let container = ContainerSnapshot {
        name: "web".to_owned(),
        image: "web:1".to_owned(),
        ready: true,
        restarts: 1,
        state: "running".to_owned(),
        reason: Some("Started".to_owned()),
    };
    let pod = PodSnapshot {
        created_at: time(),
        workload: Some("Deployment~dev~team~web".to_owned()),
        labels: json!({"app": "web"}),
        phase: "Running".to_owned(),
        ready: true,
        restarts: 1,
        reason: Some("OOMKilled".to_owned()),
        node: Some("node-1".to_owned()),
        containers: vec![container],
    };
    vec![
        ObservedEvent::WorkloadManifestObserved {
            uid: uid(),
            resource_version: resource_version(),
            generation: 2,
            created_at: time(),
            manifest_hash: "ab".to_owned(),
            manifest: json!({"kind": "Deployment"}),
            status: status.clone(),
        },
        ObservedEvent::WorkloadStatusObserved {
            uid: uid(),
            resource_version: resource_version(),
            generation: 2,
            manifest_hash: "ab".to_owned(),
            replicas: Some(3),
            suspend: Some(false),
            status,
        },
        ObservedEvent::WorkloadGone { uid: uid() },
        ObservedEvent::PodObserved { uid: uid(), resource_version: resource_version(), pod },
        ObservedEvent::PodGone { uid: uid() },
        ObservedEvent::NamespaceObserved {
            uid: uid(),
            resource_version: resource_version(),
            created_at: time(),
            phase: "Active".to_owned(),
        },
        ObservedEvent::NamespaceGone { uid: uid() },
    ]
}

fn platform_events() -> Vec<Event> {
    let (cluster, user) = (ClusterId::from_name("dev"), UserId(Uuid::from_u128(1)));
    let session = SessionId(Uuid::from_u128(2));
    let changed = ClusterEvent::ClusterStateChanged {
        cluster: cluster.clone(),
        state: ClusterState::Unreachable,
        version: Some("v1.35.4".to_owned()),
        reason: Some("connection refused".to_owned()),
    };
    vec![
        ClusterEvent::ClusterRegistered { cluster, name: "dev".to_owned() }.into(),
        changed.into(),
        UserEvent::UserRegistered { user, username: "admin".to_owned(), display_name: "Admin".to_owned() }.into(),
        UserEvent::UserPasswordChanged { user }.into(),
        UserEvent::SessionStarted { user, session }.into(),
        UserEvent::SessionEnded { user, session }.into(),
        ProjectionEvent::EventQuarantined { projection: "pods".to_owned(), position: 57 }.into(),
    ]
}

fn samples() -> Vec<Event> {
    let operations = operation_events().into_iter().map(Event::from);
    operations.chain(observed_events().into_iter().map(Event::from)).chain(platform_events()).collect()
}

fn golden(event_type: &str, version: i32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("golden/{event_type}.v{version}.json"))
}

/// Writes the file of a type that has none yet when BLESS is set. An existing file is never overwritten.
#[test]
fn todays_code_reads_every_golden_event_and_writes_the_same_bytes() {
    for event in samples() {
        let encoded = encode(&event).expect("it can be encoded");
        let file = golden(encoded.event_type, encoded.schema_version);
        if std::env::var_os("BLESS").is_some() && !file.exists() {
            fs::write(&file, &encoded.payload).expect("the file can be written");
        }
        let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let read = decode(encoded.event_type, encoded.schema_version, &bytes).expect("the golden event is read");
        assert_eq!(read, event, "{}", encoded.event_type);
        assert_eq!(
            String::from_utf8_lossy(&encoded.payload),
            String::from_utf8_lossy(&bytes),
            "{}",
            encoded.event_type
        );
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
