use super::{
    order::{Group, groups, needs},
    *,
};
use crate::{
    core::{given::given, message::Code, refusal::ErrorCode},
    kubernetes::resource::Resource,
};
use serde_json::{Value, json};
use uuid::Uuid;

const BATCH: BatchId = BatchId(Uuid::from_u128(1));

/// An object by its id, with what its manifest says beside its name.
fn wanted(id: &str, manifest: Value) -> Wanted {
    let target: ObjectRef = id.parse().expect("an id");
    let intent = Intent::CreateWorkload { manifest: manifest.into() };
    Wanted { target, intent, expected_version: None, retry_of: None }
}

fn deleted(id: &str) -> Wanted {
    Wanted { intent: Intent::DeleteWorkload, ..wanted(id, json!({})) }
}

fn operation(id: &str) -> OperationId {
    BATCH.operation(id)
}

const NAMESPACE: &str = "Namespace~dev~_~shop";
const CONFIG: &str = "ConfigMap~dev~shop~settings";
const WEB: &str = "Deployment~dev~shop~web";
const OTHER: &str = "Deployment~dev~other~web";
const ROUTE: &str = "Ingress.networking.k8s.io~dev~shop~web";

/// A Deployment mounts the ConfigMap, and the Ingress leads to a Service that is not in the batch.
fn shop() -> Vec<Wanted> {
    let mounts =
        json!({"spec": {"template": {"spec": {"volumes": [{"name": "s", "configMap": {"name": "settings"}}]}}}});
    vec![
        wanted(ROUTE, json!({})),
        wanted(WEB, mounts),
        wanted(OTHER, json!({})),
        wanted(CONFIG, json!({})),
        wanted(NAMESPACE, json!({})),
    ]
}

fn request(members: Vec<Wanted>) -> BatchCommand {
    BatchCommand::Request { batch: BATCH, members, retry_of: None }
}

fn requested(members: Vec<Wanted>) -> Vec<BatchEvent> {
    Batch::decide(&Batch::default(), request(members)).expect("accepted")
}

fn report(operations: &[(&str, Option<OperationState>)]) -> BatchCommand {
    let operations = operations.iter().map(|(id, state)| (operation(id), *state)).collect();
    BatchCommand::Report { batch: BATCH, report: Report { operations, ..Report::default() } }
}

const DONE: Option<OperationState> = Some(OperationState::Succeeded);
const FAILED: Option<OperationState> = Some(OperationState::Failed);
const OPEN: Option<OperationState> = None;

fn started(group: Group) -> BatchEvent {
    BatchEvent::BatchGroupStarted { batch: BATCH, group }
}

fn ended(group: Group, unsuccessful: &[&str]) -> BatchEvent {
    let unsuccessful = unsuccessful.iter().map(|id| operation(id)).collect();
    BatchEvent::BatchGroupEnded { batch: BATCH, group, unsuccessful, not_requested: Vec::new() }
}

/// The batch of [`shop`] after these commands, each of which is accepted.
fn after(commands: impl IntoIterator<Item = BatchCommand>) -> Vec<BatchEvent> {
    let mut events = requested(shop());
    for command in commands {
        events.extend(Batch::decide(&Batch::fold(&events), command).expect("accepted"));
    }
    events
}

fn is_current(events: &[BatchEvent]) -> Vec<String> {
    Batch::fold(events).current().map(|member| member.target.id()).collect()
}

#[test]
fn a_batch_begins_with_what_the_others_need() {
    let events = requested(shop());
    let totals = events.iter().map(|event| match event {
        BatchEvent::BatchRequested { total, kind, .. } => format!("{kind} {total}"),
        BatchEvent::BatchMembersAdded { members, .. } => format!("+{}", members.len()),
        BatchEvent::BatchGroupStarted { group, .. } => group.as_str().to_owned(),
        BatchEvent::BatchMemberRefused { .. }
        | BatchEvent::BatchGroupEnded { .. }
        | BatchEvent::BatchMembersSkipped { .. }
        | BatchEvent::BatchCancelRequested { .. }
        | BatchEvent::BatchEnded { .. } => panic!("{event:?}"),
    });
    // Three share the key of their namespace. One is in another, and the namespace itself is in none.
    assert_eq!(totals.collect::<Vec<_>>(), ["CreateWorkload 5", "+3", "+1", "+1", "namespaces"]);
    assert_eq!(is_current(&events), [NAMESPACE]);
    let reaction = react(&Batch::fold(&events), &events[1]);
    assert!(matches!(reaction, Reaction::AskMembers { batch, .. } if batch == BATCH), "{reaction:?}");
}

#[test]
fn a_batch_of_nothing_of_too_much_or_of_one_object_twice_is_refused() {
    let many = (0..=MAX_MEMBERS).map(|nth| deleted(&format!("Deployment~dev~shop~web-{nth}"))).collect();
    for (members, code) in [
        (Vec::new(), Code::BatchEmpty),
        (many, Code::BatchTooLarge),
        (vec![deleted(WEB), deleted(OTHER), deleted(WEB)], Code::BatchRepeats),
    ] {
        let refusal = given::<Batch>([]).when(request(members)).refused();
        assert!(refusal.code == ErrorCode::Invalid && refusal.is_because(code), "{refusal:?}");
    }
}

#[test]
fn a_repeated_request_is_silence_and_another_under_its_key_is_a_conflict() {
    given::<Batch>(requested(shop())).when(request(shop())).silence();
    for other in [vec![deleted(WEB)], shop().into_iter().skip(1).collect()] {
        let refusal = given::<Batch>(requested(shop())).when(request(other)).refused();
        assert_eq!((refusal.code, refusal.field.as_deref()), (ErrorCode::Conflict, Some("idempotencyKey")));
    }
}

#[test]
fn the_next_group_begins_when_the_former_has_ended() {
    given::<Batch>(after([])).when(report(&[])).silence();
    given::<Batch>(after([])).when(report(&[(NAMESPACE, OPEN)])).silence();
    given::<Batch>(after([]))
        .when(report(&[(NAMESPACE, DONE)]))
        .then([ended(Group::Namespaces, &[]), started(Group::Config)]);
    let config = after([report(&[(NAMESPACE, DONE)]), report(&[(CONFIG, DONE)])]);
    assert_eq!(is_current(&config), [WEB, OTHER]);
    given::<Batch>(config.clone()).when(report(&[(WEB, DONE), (OTHER, OPEN)])).silence();
    given::<Batch>(config)
        .when(report(&[(WEB, DONE), (OTHER, DONE)]))
        .then([ended(Group::Workloads, &[]), started(Group::Routes)]);
}

#[test]
fn a_batch_ends_with_its_last_group_and_only_once() {
    let all = after([
        report(&[(NAMESPACE, DONE)]),
        report(&[(CONFIG, DONE)]),
        report(&[(WEB, DONE), (OTHER, DONE)]),
        report(&[(ROUTE, DONE)]),
    ]);
    let end = BatchEvent::BatchEnded { batch: BATCH };
    assert_eq!(all.last(), Some(&end));
    assert_eq!(react(&Batch::fold(&all), &end), Reaction::Withdraw(BATCH.as_operation()));
    given::<Batch>(all.clone()).when(report(&[(ROUTE, DONE)])).silence();
    assert!(is_current(&all).is_empty());
    let refusal = given::<Batch>(all.clone()).when(BatchCommand::Cancel { batch: BATCH }).refused();
    assert!(refusal.is_because(Code::EndedAlready), "{refusal:?}");
    let refusal = Batch::fold(&all).to_retry().expect_err("nothing failed");
    assert!(refusal.is_because(Code::RetrySucceeded), "{refusal:?}");
}

#[test]
fn a_group_ends_with_operations_that_stay_unknown() {
    let unknown = Some(OperationState::Unknown);
    let config = after([report(&[(NAMESPACE, DONE)]), report(&[(CONFIG, DONE)])]);
    given::<Batch>(config)
        .when(report(&[(WEB, unknown), (OTHER, DONE)]))
        .then([ended(Group::Workloads, &[WEB]), started(Group::Routes)]);
}

#[test]
fn what_needs_a_member_that_failed_is_skipped_and_the_others_go_on() {
    let skipped = |ids: &[&str]| {
        let members = ids.iter().map(|id| operation(id)).collect();
        BatchEvent::BatchMembersSkipped { batch: BATCH, members }
    };
    // Everything in the namespace needs it, directly or not.
    given::<Batch>(after([])).when(report(&[(NAMESPACE, FAILED)])).then([
        ended(Group::Namespaces, &[NAMESPACE]),
        skipped(&[CONFIG, WEB, ROUTE]),
        started(Group::Workloads),
    ]);
    // The Deployment mounts the ConfigMap. The Ingress does not name it.
    let config = after([report(&[(NAMESPACE, DONE)])]);
    given::<Batch>(config).when(report(&[(CONFIG, Some(OperationState::Overtaken))])).then([
        ended(Group::Config, &[CONFIG]),
        skipped(&[WEB]),
        started(Group::Workloads),
    ]);
    let failed = after([report(&[(NAMESPACE, FAILED)])]);
    assert_eq!(is_current(&failed), [OTHER]);
    let end = BatchEvent::BatchEnded { batch: BATCH };
    given::<Batch>(failed).when(report(&[(OTHER, DONE)])).then([ended(Group::Workloads, &[]), end]);
}

#[test]
fn a_member_that_is_refused_has_failed() {
    let message = Code::QueueFull.message([("limit", 200.into())]);
    let failure = Failure { code: ErrorCode::Unavailable, message, cause: None };
    let refused = Report { refused: [(operation(CONFIG), failure.clone())].into(), ..Report::default() };
    let config = after([report(&[(NAMESPACE, DONE)])]);
    let (operation, target) = (operation(CONFIG), CONFIG.parse().expect("an id"));
    given::<Batch>(config).when(BatchCommand::Report { batch: BATCH, report: refused }).then([
        BatchEvent::BatchMemberRefused { batch: BATCH, operation, target, failure: failure.into() },
        ended(Group::Config, &[]),
        BatchEvent::BatchMembersSkipped { batch: BATCH, members: vec![BATCH.operation(WEB)] },
        started(Group::Workloads),
    ]);
}

#[test]
fn a_cancelled_batch_requests_nothing_more_and_ends_with_what_runs() {
    let cancel = BatchCommand::Cancel { batch: BATCH };
    let running = after([report(&[(NAMESPACE, DONE)]), report(&[(CONFIG, DONE)]), cancel.clone()]);
    given::<Batch>(running.clone()).when(cancel).silence();
    // It is taken from the process that has it.
    let asked = running.last().expect("an event");
    assert!(matches!(react(&Batch::fold(&running), asked), Reaction::AskMembers { .. }), "{asked:?}");
    given::<Batch>(running.clone()).when(report(&[(WEB, OPEN)])).silence();
    let ended = BatchEvent::BatchGroupEnded {
        batch: BATCH,
        group: Group::Workloads,
        unsuccessful: vec![operation(WEB)],
        not_requested: vec![operation(OTHER)],
    };
    given::<Batch>(running)
        .when(report(&[(WEB, Some(OperationState::Cancelled))]))
        .then([ended, BatchEvent::BatchEnded { batch: BATCH }]);
    let missing = given::<Batch>([]).when(BatchCommand::Cancel { batch: BATCH }).refused();
    assert!(missing.code == ErrorCode::NotFound && missing.is_because(Code::NoSuchBatch), "{missing:?}");
}

#[test]
fn a_retry_asks_for_all_that_did_not_succeed() {
    let events = after([report(&[(NAMESPACE, DONE)]), report(&[(CONFIG, FAILED)])]);
    let refusal = Batch::fold(&events).to_retry().expect_err("it has not ended");
    assert!(refusal.is_because(Code::RetryNotEnded), "{refusal:?}");
    let events = after([
        report(&[(NAMESPACE, DONE)]),
        report(&[(CONFIG, FAILED)]),
        report(&[(OTHER, DONE)]),
        report(&[(ROUTE, FAILED)]),
    ]);
    let again = Batch::fold(&events).to_retry().expect("a retry");
    let again: Vec<_> = again.into_iter().map(|wanted| (wanted.target.id(), wanted.retry_of)).collect();
    let of = |id: &str, retry_of: Option<OperationId>| (id.to_owned(), retry_of);
    // What was skipped has no operation that could be retried.
    assert_eq!(again, [of(ROUTE, Some(operation(ROUTE))), of(WEB, None), of(CONFIG, Some(operation(CONFIG)))]);
    let missing = Batch::default().to_retry().expect_err("there is none");
    assert!(missing.is_because(Code::NoSuchBatch), "{missing:?}");
}

#[test]
fn what_is_deleted_goes_in_the_reverse_order() {
    let ids = [NAMESPACE, WEB, OTHER, CONFIG, ROUTE];
    let events = requested(ids.map(deleted).into());
    let state = Batch::fold(&events);
    let members: Vec<&Member> = state.members.iter().map(Arc::as_ref).collect();
    assert_eq!(groups(&members), [Group::Routes, Group::Workloads, Group::Config, Group::Namespaces]);
    let place = |id: &str| members.iter().position(|member| member.target.id() == id).expect("a member");
    let of_namespace: Vec<usize> = needs(&members)[place(NAMESPACE)].iter().copied().collect();
    let mut inside = [WEB, CONFIG, ROUTE].map(place);
    inside.sort_unstable();
    assert_eq!(of_namespace, inside, "it is empty before it goes");
}

#[test]
fn an_object_of_a_custom_kind_needs_its_definition() {
    let definition = "CustomResourceDefinition.apiextensions.k8s.io~dev~_~widgets.example.org";
    let widget = "Widget.example.org~dev~other~a";
    let events = requested(vec![wanted(widget, json!({})), wanted(OTHER, json!({})), wanted(definition, json!({}))]);
    assert_eq!(is_current(&events), [definition]);
    given::<Batch>(events).when(report(&[(definition, FAILED)])).then([
        ended(Group::Definitions, &[definition]),
        BatchEvent::BatchMembersSkipped { batch: BATCH, members: vec![operation(widget)] },
        started(Group::Workloads),
    ]);
}

#[test]
fn every_kind_has_its_group() {
    for (kind, group) in [
        ("Namespace", Group::Namespaces),
        ("CustomResourceDefinition.apiextensions.k8s.io", Group::Definitions),
        ("ServiceAccount", Group::Rights),
        ("ClusterRoleBinding.rbac.authorization.k8s.io", Group::Rights),
        ("NetworkPolicy.networking.k8s.io", Group::Rights),
        ("ConfigMap", Group::Config),
        ("Secret", Group::Config),
        ("Service", Group::Config),
        ("StorageClass.storage.k8s.io", Group::Storage),
        ("PersistentVolumeClaim", Group::Storage),
        ("Deployment", Group::Workloads),
        ("CronJob", Group::Workloads),
        ("Pod", Group::Workloads),
        ("Widget.example.org", Group::Workloads),
        ("Ingress.networking.k8s.io", Group::Routes),
        ("HTTPRoute.gateway.networking.k8s.io", Group::Routes),
        ("HorizontalPodAutoscaler", Group::Routes),
        ("PodDisruptionBudget", Group::Routes),
        ("ValidatingWebhookConfiguration.admissionregistration.k8s.io", Group::Routes),
    ] {
        let kind: Resource = kind.parse().expect("a kind");
        assert_eq!(Group::of(&kind), group, "{kind}");
    }
}
