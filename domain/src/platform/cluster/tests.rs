use super::*;
use crate::core::given::given;

fn id() -> ClusterId {
    ClusterId::from_name("prod")
}

fn registered() -> ClusterEvent {
    ClusterEvent::ClusterRegistered { cluster: id(), name: "prod".to_owned() }
}

fn connected() -> ClusterEvent {
    ClusterEvent::ClusterConnected {
        cluster: id(),
        credential: "c-1".to_owned(),
        server: Some("https://192.0.2.1:6443".to_owned()),
        namespaces: Vec::new(),
    }
}

fn identified() -> ClusterEvent {
    ClusterEvent::ClusterIdentified { cluster: id(), uid: "uid-1".to_owned() }
}

fn removed() -> ClusterEvent {
    ClusterEvent::ClusterRemoved { cluster: id() }
}

fn watch_ended() -> ClusterEvent {
    ClusterEvent::ClusterWatchEnded { cluster: id() }
}

fn placed(name: &str, environment: Environment) -> ClusterCommand {
    ClusterCommand::Register { cluster: id(), name: name.to_owned(), environment }
}

fn identify(uid: &str) -> ClusterCommand {
    ClusterCommand::Identify { cluster: id(), uid: uid.to_owned() }
}

fn connect(environment: Environment) -> ClusterCommand {
    ClusterCommand::Connect {
        cluster: id(),
        name: "prod".to_owned(),
        environment,
        credential: "c-1".to_owned(),
        server: Some("https://192.0.2.1:6443".to_owned()),
        namespaces: Vec::new(),
    }
}

fn report(state: ClusterState) -> ClusterCommand {
    ClusterCommand::Report { cluster: id(), state, version: None, code: None, reason: None, unreadable: Vec::new() }
}

fn unreachable(code: Option<ErrorCode>, words: &str) -> ClusterCommand {
    let (state, reason) = (ClusterState::Unreachable, Some(words.into()));
    ClusterCommand::Report { cluster: id(), state, version: None, code, reason, unreadable: Vec::new() }
}

#[test]
fn an_id_never_means_another_cluster_and_its_name_and_use_may_change() {
    let mut state = Cluster::default();
    for (command, events) in [
        (placed("prod", Environment::Production), 1),
        (placed("prod", Environment::Production), 0),
        (identify("uid-1"), 1),
        (identify("uid-1"), 0),
        (placed("production", Environment::Development), 2),
        (placed("production", Environment::Development), 0),
        (placed("production", Environment::Staging), 1),
        (identify("uid-1"), 0),
    ] {
        let found = Cluster::decide(&state, command.clone()).expect("not refused");
        assert_eq!(found.len(), events, "{command:?}");
        found.iter().for_each(|event| Cluster::evolve(&mut state, event));
    }
    assert_eq!((state.name.as_deref(), state.uid.as_deref()), (Some("production"), Some("uid-1")));
    assert_eq!(state.environment, Environment::Staging);
    let refusal = Refusal::from(Cluster::decide(&state, identify("uid-2")).expect_err("another cluster"));
    assert!(refusal.message.contains("uid-1") && refusal.message.contains("uid-2"), "{}", refusal.message);
    assert_eq!(id(), ClusterId::from_name("Prod"), "these are one name");
}

#[test]
fn a_new_cluster_is_registered_and_connected_at_once() {
    let development = ClusterEvent::ClusterEnvironmentChanged { cluster: id(), environment: Environment::Development };
    given::<Cluster>([]).when(connect(Environment::Development)).then([registered(), development, connected()]);
    given::<Cluster>([]).when(connect(Environment::Production)).then([registered(), connected()]);
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let refusal = given::<Cluster>([registered()]).when(connect(Environment::Production)).refused();
    assert_eq!(Refusal::from(refusal).code, ErrorCode::AlreadyExists);
    let refusal = given::<Cluster>([registered(), removed()]).when(connect(Environment::Production)).refused();
    assert_eq!(Refusal::from(refusal).code, ErrorCode::AlreadyExists, "the id of a removed one is not given again");
}

#[test]
fn a_cluster_is_removed_once_and_nothing_is_said_of_it_after_that() {
    let current = || [registered(), connected(), identified()];
    given::<Cluster>(current()).when(ClusterCommand::Remove { cluster: id() }).then([removed()]);
    given::<Cluster>(current()).when(ClusterCommand::EndWatch { cluster: id() }).silence();
    let gone = || given::<Cluster>(current().into_iter().chain([removed()]));
    gone().when(ClusterCommand::Remove { cluster: id() }).silence();
    gone().when(report(ClusterState::Ready)).silence();
    gone().when(ClusterCommand::EndWatch { cluster: id() }).then([watch_ended()]);
    let ended = given::<Cluster>([registered(), removed(), watch_ended()]);
    ended.when(ClusterCommand::EndWatch { cluster: id() }).silence();
    for command in [placed("prod", Environment::Production), identify("uid-1"), identify("uid-2")] {
        assert_eq!(gone().when(command.clone()).refused(), ClusterRefusal::Removed { cluster: id() }, "{command:?}");
    }
    let unknown = given::<Cluster>([]).when(ClusterCommand::Remove { cluster: id() }).refused();
    assert_eq!(unknown, ClusterRefusal::Unknown { cluster: id() });
}

#[test]
fn a_cluster_is_reported_when_it_or_the_reason_changes_and_not_when_the_words_do() {
    let another = Some(ErrorCode::Conflict);
    let mut state = Cluster::default();
    for (command, events) in [
        (report(ClusterState::Ready), 1),
        (report(ClusterState::Ready), 0),
        (unreachable(None, "connection refused"), 1),
        (unreachable(None, "no answer since 10:00:05"), 0),
        (unreachable(another, "another cluster"), 1),
        (unreachable(another, "another cluster, again"), 0),
        (unreachable(Some(ErrorCode::Unauthenticated), "the token has expired"), 1),
        (unreachable(None, "connection refused"), 1),
        (report(ClusterState::Ready), 1),
    ] {
        let found = Cluster::decide(&state, command.clone()).expect("not refused");
        assert_eq!(found.len(), events, "{command:?}");
        found.iter().for_each(|event| Cluster::evolve(&mut state, event));
    }
    assert_eq!((state.state, state.code), (ClusterState::Ready, None));
}

fn widgets() -> Resource {
    "Widget.example.org".parse().expect("a kind")
}

fn judge(objects: u64) -> ClusterCommand {
    ClusterCommand::JudgeKind { cluster: id(), kind: widgets(), objects }
}

fn record(kind: Resource) -> ClusterCommand {
    ClusterCommand::RecordKind { cluster: id(), kind }
}

fn release(kind: Resource) -> ClusterCommand {
    ClusterCommand::ReleaseKind { cluster: id(), kind }
}

#[test]
fn a_custom_kind_is_judged_once_by_its_number() {
    let judged = |objects, recorded| ClusterEvent::KindJudged { cluster: id(), kind: widgets(), objects, recorded };
    let judge_new = |objects| given::<Cluster>([registered()]).when(judge(objects));
    judge_new(MOST_CUSTOM_OBJECTS).then([judged(MOST_CUSTOM_OBJECTS, true)]);
    judge_new(MOST_CUSTOM_OBJECTS + 1).then([judged(MOST_CUSTOM_OBJECTS + 1, false)]);
    given::<Cluster>([registered(), judged(1, true)]).when(judge(MOST_CUSTOM_OBJECTS + 1)).silence();
    given::<Cluster>([registered(), removed()]).when(judge(1)).silence();
}

#[test]
fn a_person_has_the_last_word_about_a_kind() {
    let kind = |kind: &Resource| (id(), kind.clone());
    let recorded = |of: &Resource| {
        let (cluster, kind) = kind(of);
        ClusterEvent::KindRecorded { cluster, kind }
    };
    let released = |of: &Resource| {
        let (cluster, kind) = kind(of);
        ClusterEvent::KindReleased { cluster, kind }
    };
    let (maps, widgets) = (Resource::CONFIG_MAP, widgets());
    let current = || given::<Cluster>([registered()]);
    current().when(record(maps.clone())).silence();
    current().when(release(maps.clone())).then([released(&maps)]);
    current().when(record(widgets.clone())).then([recorded(&widgets)]);
    let chosen = |event: ClusterEvent| given::<Cluster>([registered(), event]);
    chosen(released(&maps)).when(release(maps.clone())).silence();
    chosen(released(&maps)).when(record(maps.clone())).then([recorded(&maps)]);
    chosen(recorded(&widgets)).when(judge(MOST_CUSTOM_OBJECTS + 1)).silence();
    chosen(recorded(&widgets)).when(release(widgets.clone())).then([released(&widgets)]);
}

#[test]
fn what_others_depend_on_and_what_is_not_there_is_not_chosen() {
    for kind in [Resource::DEPLOYMENT, Resource::POD, Resource::NAMESPACE, Resource::AUTOSCALER] {
        let refusal = given::<Cluster>([registered()]).when(release(kind.clone())).refused();
        assert!(Refusal::from(refusal).is_because(Code::KindAlwaysRecorded), "{kind}");
    }
    for (events, code) in [(Vec::new(), Code::ClusterUnknown), (vec![registered(), removed()], Code::ClusterWasRemoved)]
    {
        for command in [record(widgets()), release(widgets())] {
            let refusal = given::<Cluster>(events.clone()).when(command).refused();
            assert!(Refusal::from(refusal).is_because(code), "{code:?}");
        }
    }
}

#[test]
fn people_connect_and_remove_and_parts_of_binnacle_report() {
    for (command, action) in [
        (connect(Environment::Staging), Action::Administer),
        (ClusterCommand::Remove { cluster: id() }, Action::Administer),
        (record(widgets()), Action::Administer),
        (release(widgets()), Action::Administer),
        (judge(1), Action::Observe),
        (placed("prod", Environment::Staging), Action::Observe),
        (identify("uid-1"), Action::Observe),
        (report(ClusterState::Ready), Action::Observe),
        (ClusterCommand::EndWatch { cluster: id() }, Action::Observe),
    ] {
        assert_eq!(Cluster::action(&command), action, "{command:?}");
    }
}
