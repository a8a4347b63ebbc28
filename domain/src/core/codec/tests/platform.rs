//! Samples of the events of the platform's own aggregates, and of accesses.

use super::*;
use crate::{
    access::Action,
    core::ids::{SessionId, UserId},
    platform::{
        access_log::SignInRefusal,
        cluster::{ClusterState, Environment, UnreadableKind},
        projection::ProjectionEvent,
    },
};
use std::num::NonZeroU32;

fn team() -> KeyScope {
    KeyScope::of_namespace("dev", "team")
}

pub(super) fn refused_credential() -> Event {
    ClusterEvent::ClusterStateChanged {
        cluster: ClusterId::from_name("dev"),
        state: ClusterState::Unreachable,
        version: None,
        code: Some(ErrorCode::Unauthenticated),
        reason: Some("Unauthorized".into()),
        unreadable: Vec::new(),
    }
    .into()
}

pub(super) fn platform_events() -> Vec<Event> {
    let (cluster, user) = (ClusterId::from_name("dev"), UserId(Uuid::from_u128(1)));
    let session = SessionId(Uuid::from_u128(2));
    let changed = ClusterEvent::ClusterStateChanged {
        cluster: cluster.clone(),
        state: ClusterState::Unreachable,
        version: Some("v1.35.4".to_owned()),
        code: None,
        reason: Some("connection refused".into()),
        unreadable: vec![UnreadableKind { kind: Resource::CRON_JOB, message: "cronjobs.batch is forbidden".into() }],
    };
    vec![
        ClusterEvent::ClusterIdentified { cluster: cluster.clone(), uid: "uid-1".to_owned() }.into(),
        ClusterEvent::ClusterRenamed { cluster: cluster.clone(), name: "Development".to_owned() }.into(),
        ClusterEvent::ClusterEnvironmentChanged { cluster: cluster.clone(), environment: Environment::Production }
            .into(),
        ClusterEvent::ClusterRegistered { cluster: cluster.clone(), name: "dev".to_owned() }.into(),
        ClusterEvent::ClusterConnected {
            cluster: cluster.clone(),
            credential: "00000000-0000-0000-0000-000000000009".to_owned(),
            server: Some("https://192.0.9.1:6443".to_owned()),
            namespaces: vec!["team".to_owned()],
        }
        .into(),
        ClusterEvent::ClusterRemoved { cluster: cluster.clone() }.into(),
        ClusterEvent::ClusterWatchEnded { cluster: cluster.clone() }.into(),
        ClusterEvent::KindJudged { cluster: cluster.clone(), kind: Resource::GATEWAY, objects: 5001, recorded: false }
            .into(),
        ClusterEvent::KindRecorded { cluster: cluster.clone(), kind: Resource::GATEWAY }.into(),
        ClusterEvent::KindReleased { cluster, kind: Resource::CONFIG_MAP }.into(),
        changed.into(),
        UserEvent::UserRegistered { user, username: "admin".to_owned(), display_name: "Admin".into() }.into(),
        UserEvent::UserPasswordChanged { user }.into(),
        UserEvent::SessionStarted { user, session }.into(),
        UserEvent::SessionEnded { user, session }.into(),
        DataKeyEvent::DataKeyMade { scope: team(), key: "0a1b".to_owned() }.into(),
        DataKeyEvent::DataKeyWrapped { scope: team(), key: "0a1b".to_owned() }.into(),
        DataKeyEvent::DataKeyForgotten { scope: team(), key: "0a1b".to_owned() }.into(),
        ProjectionEvent::EventQuarantined { projection: "pods".to_owned(), position: 57 }.into(),
    ]
}

pub(super) fn access_events() -> Vec<AccessEvent> {
    let count = NonZeroU32::MIN;
    let source = || FreeText::new("192.0.2.7");
    let object = "Pod~dev~team~web-1".to_owned();
    vec![
        AccessEvent::LogOpened { object, container: Some("web".to_owned()), count },
        AccessEvent::SignInRefused {
            reason: SignInRefusal::TooManyAttempts,
            name_hash: Some("ab".to_owned()),
            source: Some(source()),
            count: count.saturating_add(40),
        },
        AccessEvent::RefreshTokenReused { session: SessionId(Uuid::from_u128(2)), source: source(), count },
        AccessEvent::CommandRefused {
            action: Action::Observe,
            stream: "cluster:dev".to_owned(),
            code: ErrorCode::Forbidden,
            count,
        },
    ]
}
