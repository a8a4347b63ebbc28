//! The audit log for people: query and feed.

pub mod evidence;

use super::operation::{Operation, OperationState};
use crate::graphql::context::{READ_YOUR_WRITES, Services, scope, services};
use crate::graphql::{
    audit::evidence::InclusionProof,
    engine::{
        connection::{PageInfo, SelectedParts, count, page_cost, window},
        error::ApiError,
        live::changes,
        message::{reveal, text},
        reads::read,
        scalar::{Position, uuid},
    },
    kubernetes::revision::{FieldChange, changes_of},
    platform::user::User,
};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use domain::access::Scope;
use domain::{core::ids::OperationId, kubernetes::secret};
use futures::{Stream, StreamExt, future};
use projections::{
    Page, Topic,
    evidence::prove,
    models::{audit, operations},
};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// Who caused an event.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "projections::models::audit::CausedBy")]
pub enum AuditBy {
    /// What people requested, did or tried, and what was done in their name.
    People,
    /// What Binnacle did by itself, steps of operations included.
    Services,
    /// What was observed in a cluster.
    Observed,
}

#[derive(InputObject, Default)]
pub struct AuditFilter {
    types: Option<Vec<String>>,
    actor: Option<ID>,
    cluster: Option<ID>,
    namespace: Option<String>,
    target: Option<ID>,
    operation: Option<ID>,
    /// Who caused the event.
    by: Option<AuditBy>,
    /// Events of operations with one of these verbs, for example ScaleWorkload.
    verbs: Option<Vec<String>>,
    /// Events of operations that are in one of these states now.
    states: Option<Vec<OperationState>>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    /// Part of the English sentence or of the reason. Observations of pods are left out: `target` finds those.
    search: Option<String>,
}

impl AuditFilter {
    fn read(self) -> audit::Filter {
        audit::Filter {
            types: self.types.unwrap_or_default(),
            actor: self.actor.map(uuid),
            cluster: self.cluster.map(|id| id.0),
            namespace: self.namespace,
            target: self.target.map(|id| id.0),
            operation: self.operation.map(uuid),
            by: self.by.map(Into::into),
            verbs: self.verbs.unwrap_or_default(),
            states: self.states.unwrap_or_default().into_iter().map(Into::into).collect(),
            since: self.since,
            until: self.until,
            search: self.search,
        }
    }
}

/// One of several consumers that share the feed, for example to forward it in parallel. Each stream of the log belongs
/// to one of them, so all events of one object reach the same consumer, in order. The consumer is the first four bytes
/// of the SHA-256 of the stream's name, as a big-endian number, modulo the size. A change of the size moves streams
/// between consumers: all must then continue after the lowest position of any of them.
#[derive(InputObject)]
pub struct ConsumerGroup {
    /// From 0 to size - 1.
    member: i32,
    /// How many consumers there are, at most 1,024.
    size: i32,
}

impl ConsumerGroup {
    fn read(&self) -> Result<projections::ConsumerGroup, ApiError> {
        let (member, size) = (u32::try_from(self.member).ok(), u32::try_from(self.size).ok());
        let group = member.zip(size).and_then(|(member, size)| projections::ConsumerGroup::new(member, size));
        let words = "a group has 1 to 1,024 consumers, and its members count from 0 to size - 1";
        group.ok_or_else(|| ApiError::bad_input("consumerGroup", words))
    }
}

/// The types of events that have a revision.
const MANIFEST_OBSERVED: [&str; 2] = ["WorkloadManifestObserved", "ObjectObserved"];

/// One event of the log.
#[derive(Clone)]
pub struct AuditEvent(Arc<audit::AuditEvent>);

#[Object]
impl AuditEvent {
    async fn position(&self) -> Position {
        Position(self.0.position)
    }
    async fn id(&self) -> Uuid {
        self.0.id
    }
    /// Stable event type, for example OperationRequested.
    #[graphql(name = "type")]
    async fn event_type(&self) -> &str {
        &self.0.event_type
    }
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.0.recorded_at
    }
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<User>, ApiError> {
        User::of_actor(ctx, self.0.actor.as_ref()).await
    }
    /// The part of Binnacle that did it; null if a person did it.
    async fn component(&self) -> Option<&str> {
        self.0.component.as_deref()
    }
    async fn operation(&self, ctx: &Context<'_>) -> Result<Option<Operation>, ApiError> {
        match self.0.operation {
            Some(id) => Operation::of(ctx, id).await,
            None => Ok(None),
        }
    }
    async fn cluster(&self) -> Option<ID> {
        self.0.cluster.clone().map(ID)
    }
    async fn namespace(&self) -> Option<&str> {
        self.0.namespace.as_deref()
    }
    /// The id of the object that it is about.
    async fn object_id(&self) -> Option<ID> {
        self.0.target.clone().map(ID)
    }
    /// The fields that an observed change of a manifest changed. Empty for other events, and for the first record of an
    /// object.
    async fn changes(&self, ctx: &Context<'_>) -> Result<Vec<FieldChange>, ApiError> {
        let has_revision = MANIFEST_OBSERVED.contains(&self.0.event_type.as_str());
        let Some(target) = self.0.target.clone().filter(|_| has_revision) else {
            return Ok(Vec::new());
        };
        let key = (scope(ctx)?, (target, self.0.position));
        match services(ctx).loaders.revisions.load_one(key).await? {
            Some(revision) => changes_of(ctx, &revision).await,
            None => Ok(Vec::new()),
        }
    }
    /// What happened, in one sentence.
    async fn summary(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        text(ctx, &self.0.summary).await
    }
    /// Why, in the words of the person who did it.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    /// The payload. Sealed values are opened, and known secrets are masked.
    async fn payload(&self, ctx: &Context<'_>) -> Result<Value, ApiError> {
        let mut payload = reveal(ctx, self.0.payload.clone()).await?;
        for manifest in ["/manifest", "/intent/CreateWorkload/manifest", "/intent/ApplyManifests/manifest"] {
            payload.pointer_mut(manifest).into_iter().for_each(secret::redact);
        }
        secret::mask_words(&mut payload);
        Ok(payload)
    }
    /// The proof that the event is in the log; null until it is sealed, which takes about a second. It takes several
    /// database queries: use it for single events, not for lists.
    #[graphql(complexity = "1_000 + child_complexity")]
    async fn proof(&self, ctx: &Context<'_>) -> Result<Option<InclusionProof>, ApiError> {
        Ok(read(ctx, |pool| prove::inclusion(pool, self.0.position)).await?.map(InclusionProof::from))
    }
}

#[derive(SimpleObject)]
pub struct AuditEventEdge {
    cursor: String,
    node: AuditEvent,
}

#[derive(SimpleObject)]
pub struct AuditEventConnection {
    edges: Vec<AuditEventEdge>,
    nodes: Vec<AuditEvent>,
    page_info: PageInfo,
    /// Counted only if the document selects it, and only up to 10,000; null beyond.
    total_count: Option<i32>,
}

impl AuditEventConnection {
    fn of(page: Page<audit::AuditEvent>, has_previous_page: bool, total: Option<i64>) -> Self {
        let page_info = PageInfo::of(&page, has_previous_page);
        let cursors: Vec<String> = page.cursors().collect();
        let nodes: Vec<AuditEvent> = page.rows.into_iter().map(|row| AuditEvent(Arc::new(row))).collect();
        let edges = cursors.into_iter().zip(nodes.iter().cloned());
        let edges = edges.map(|(cursor, node)| AuditEventEdge { cursor, node }).collect();
        Self { edges, nodes, page_info, total_count: total.map(count) }
    }
}

#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    async fn audit_event(&self, ctx: &Context<'_>, position: Position) -> Result<Option<AuditEvent>, ApiError> {
        let scope = scope(ctx)?;
        let found = read(ctx, |pool| audit::get(pool, &scope, position.0)).await?;
        Ok(found.map(|row| AuditEvent(Arc::new(row))))
    }

    /// All events that the viewer may see, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        filter: Option<AuditFilter>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<AuditEventConnection, ApiError> {
        let (window, selected) = (window(first, 50, after)?, SelectedParts::of(ctx));
        let filter = filter.unwrap_or_default().read();
        let scope = scope(ctx)?;
        let rows = |pool| audit::page(pool, &scope, &filter, &window);
        let rows = async { if selected.needs_rows(&window) { read(ctx, rows).await } else { Ok(Page::empty()) } };
        let total = |pool| audit::count(pool, &scope, &filter);
        let total = async { if selected.total { read(ctx, total).await } else { Ok(None) } };
        let (page, total) = futures::try_join!(rows, total)?;
        Ok(AuditEventConnection::of(page, window.after.is_some(), total))
    }
}

#[derive(Default)]
pub struct AuditSubscription;

#[Subscription]
impl AuditSubscription {
    /// The audit feed: every event that the viewer may see and that belongs to this consumer, without gaps.
    async fn audit_event_recorded(
        &self,
        ctx: &Context<'_>,
        filter: Option<AuditFilter>,
        after: Option<Position>,
        consumer_group: Option<ConsumerGroup>,
    ) -> Result<impl Stream<Item = Result<AuditEvent, ApiError>> + use<>, ApiError> {
        let filter = filter.unwrap_or_default().read();
        let group = consumer_group.map(|group| group.read()).transpose()?;
        Ok(feed(Arc::clone(services(ctx)), scope(ctx)?, filter, group, after))
    }
}

/// The events that the filter matches, as the read model applies them.
fn feed(
    services: Arc<Services>,
    scope: Scope,
    filter: audit::Filter,
    group: Option<projections::ConsumerGroup>,
    after: Option<Position>,
) -> impl Stream<Item = Result<AuditEvent, ApiError>> + use<> {
    let found = {
        let (filter, scope) = (filter.clone(), scope.clone());
        changes(&services, &audit::AuditLog, topics(&filter), after).filter_map(move |change| {
            let event = match change {
                Ok(change) if group.is_some_and(|group| !group.reads(&change.recorded.stream)) => {
                    return future::ready(None);
                }
                Ok(change) => Ok(audit::from_recorded(&change.recorded)),
                Err(error) => Err(ApiError::from(error)),
            };
            let matches = event.as_ref().map_or(true, |event| filter.matches(&scope, event));
            future::ready(matches.then_some(event))
        })
    };
    let of = Arc::new((services, scope, filter.of_operation()));
    found.filter_map(move |event| {
        let of = Arc::clone(&of);
        async move {
            let is_of = match &event {
                Ok(event) => is_of_operation(&of.0, &of.1, of.2.as_ref(), event).await,
                Err(_) => Ok(true),
            };
            let event = event.map(|event| AuditEvent(Arc::new(event)));
            is_of.map_or_else(|error| Some(Err(error)), |is_of| is_of.then_some(event))
        }
    })
}

/// Whether the operation of the event is as wanted. Waits until the list of operations has the event too.
async fn is_of_operation(
    services: &Services,
    scope: &Scope,
    wanted: Option<&operations::Filter>,
    event: &audit::AuditEvent,
) -> Result<bool, ApiError> {
    let Some(wanted) = wanted else { return Ok(true) };
    let Some(id) = event.operation else { return Ok(false) };
    services.projections.wait_for(&[&operations::OperationsLog], event.position, READ_YOUR_WRITES).await?;
    Ok(!operations::matching(services.pool(), scope, &[id], wanted).await?.is_empty())
}

/// The topics on which the hub publishes what the filter matches.
fn topics(filter: &audit::Filter) -> Vec<Topic> {
    let operation = filter.operation.map(|id| Topic::Operation(OperationId(id)));
    let namespace = filter.namespace.clone().map(Topic::Namespace);
    vec![operation.or(namespace).unwrap_or(Topic::Everything)]
}
