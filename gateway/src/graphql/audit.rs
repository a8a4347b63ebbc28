//! Everything that happened, as people read it: query and feed.

pub mod evidence;

use super::operation::Operation;
use crate::graphql::context::{Services, scope, services};
use crate::graphql::{
    audit::evidence::InclusionProof,
    engine::{
        connection::{Asked, PageInfo, count, window},
        error::Fault,
        live::changes,
        reads::read,
        scalar::{Position, uuid},
    },
    kubernetes::workload::page_cost,
    platform::user::User,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use domain::access::Scope;
use domain::core::ids::OperationId;
use futures::{Stream, StreamExt, future};
use projections::{Page, Topic, evidence::prove, models::audit};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

#[derive(InputObject, Default)]
pub struct AuditFilter {
    types: Option<Vec<String>>,
    actor: Option<ID>,
    cluster: Option<ID>,
    namespace: Option<String>,
    target: Option<ID>,
    operation: Option<ID>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
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
            since: self.since,
            until: self.until,
            search: self.search,
        }
    }
}

/// One of several consumers that share the feed, for example to forward it in parallel: each stream of the log falls to one of
/// them, so that of one object each event comes to the same consumer, in order. To which: the first four bytes of the SHA-256 of
/// the name of the stream as a big-endian number, modulo the size. When the size changes, streams change hands: all go on after
/// the lowest position of any of them then.
#[derive(InputObject)]
pub struct ConsumerGroup {
    /// From 0 to size - 1.
    member: i32,
    /// How many consumers there are, at most 1,024.
    size: i32,
}

impl ConsumerGroup {
    fn read(&self) -> Result<projections::ConsumerGroup, Fault> {
        let (member, size) = (u32::try_from(self.member).ok(), u32::try_from(self.size).ok());
        let group = member.zip(size).and_then(|(member, size)| projections::ConsumerGroup::new(member, size));
        let words = "a group has 1 to 1,024 consumers, and its members count from 0 to size - 1";
        group.ok_or_else(|| Fault::bad_input("consumerGroup", words))
    }
}

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
    async fn actor(&self) -> Option<User> {
        self.0.actor.as_ref().map(User::from)
    }
    /// The part of Binnacle that did it, where it was no person.
    async fn component(&self) -> Option<&str> {
        self.0.component.as_deref()
    }
    async fn operation(&self, ctx: &Context<'_>) -> Result<Option<Operation>, Fault> {
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
    /// One sentence a person understands.
    async fn summary(&self) -> &str {
        &self.0.summary
    }
    async fn payload(&self) -> &Value {
        &self.0.payload
    }
    /// That it stands in the log; null for the second or so until it is sealed. Several questions to the database each: for
    /// single events rather than for lists.
    #[graphql(complexity = "200 + child_complexity")]
    async fn proof(&self, ctx: &Context<'_>) -> Result<Option<InclusionProof>, Fault> {
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
    /// Counted only when asked for, and only up to 10,000; null beyond.
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
    async fn audit_event(&self, ctx: &Context<'_>, position: Position) -> Result<Option<AuditEvent>, Fault> {
        let scope = scope(ctx)?;
        let found = read(ctx, |pool| audit::get(pool, &scope, position.0)).await?;
        Ok(found.map(|row| AuditEvent(Arc::new(row))))
    }

    /// Everything that happened and the viewer may see, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        filter: Option<AuditFilter>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<AuditEventConnection, Fault> {
        let (window, asked) = (window(first, 50, after)?, Asked::of(ctx));
        let filter = filter.unwrap_or_default().read();
        let scope = scope(ctx)?;
        let rows = |pool| audit::page(pool, &scope, &filter, &window);
        let rows = async { if asked.needs_rows(&window) { read(ctx, rows).await } else { Ok(Page::empty()) } };
        let total = |pool| audit::count(pool, &scope, &filter);
        let total = async { if asked.total { read(ctx, total).await } else { Ok(None) } };
        let (page, total) = futures::try_join!(rows, total)?;
        Ok(AuditEventConnection::of(page, window.after.is_some(), total))
    }
}

#[derive(Default)]
pub struct AuditSubscription;

#[Subscription]
impl AuditSubscription {
    /// The audit feed, gapless for what the viewer may see and falls to this consumer.
    async fn audit_event_recorded(
        &self,
        ctx: &Context<'_>,
        filter: Option<AuditFilter>,
        after: Option<Position>,
        consumer_group: Option<ConsumerGroup>,
    ) -> Result<impl Stream<Item = Result<AuditEvent, Fault>> + use<>, Fault> {
        let filter = filter.unwrap_or_default().read();
        let group = consumer_group.map(|group| group.read()).transpose()?;
        Ok(feed(services(ctx), scope(ctx)?, filter, group, after))
    }
}

/// The events that the filter matches, as the read model takes them in.
fn feed(
    services: &Services,
    scope: Scope,
    filter: audit::Filter,
    group: Option<projections::ConsumerGroup>,
    after: Option<Position>,
) -> impl Stream<Item = Result<AuditEvent, Fault>> + use<> {
    changes(services, &audit::AuditLog, topics(&filter), after).filter_map(move |change| {
        let event = match change {
            Ok(change) if group.is_some_and(|group| !group.reads(&change.recorded.stream)) => {
                return future::ready(None);
            }
            Ok(change) => Ok(audit::from_recorded(&change.recorded)),
            Err(error) => Err(Fault::from(error)),
        };
        let matches = event.as_ref().map_or(true, |event| filter.matches(&scope, event));
        future::ready(matches.then(|| event.map(|event| AuditEvent(Arc::new(event)))))
    })
}

/// Where what the filter matches is told.
fn topics(filter: &audit::Filter) -> Vec<Topic> {
    let operation = filter.operation.map(|id| Topic::Operation(OperationId(id)));
    let namespace = filter.namespace.clone().map(Topic::Namespace);
    vec![operation.or(namespace).unwrap_or(Topic::Everything)]
}
