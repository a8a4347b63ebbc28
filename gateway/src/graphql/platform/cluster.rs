//! Clusters: type and queries.

pub mod check;
pub mod register;

use crate::graphql::{
    context::{reach_nested, scope, services},
    engine::{
        connection::{Connection, SelectedParts, cut, window},
        error::ApiError,
        message::{Message, reveal_text, text},
        reads::read,
        rows::Listed,
    },
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::{
    core::{free_text::FreeText, ids::ClusterId},
    platform::cluster::support,
};
use projections::models::clusters;
use std::sync::Arc;

/// A Kubernetes cluster that Binnacle knows.
#[derive(Clone)]
pub struct Cluster(Arc<clusters::Cluster>);

/// Whether a cluster responds.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::platform::cluster::ClusterState")]
pub enum ClusterState {
    Connecting,
    Ready,
    Degraded,
    Unreachable,
}

/// What a cluster is for, as whoever runs Binnacle says.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::platform::cluster::Environment")]
pub enum Environment {
    Production,
    Staging,
    Development,
}

/// What Binnacle promises for the version of a cluster.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::platform::cluster::support::VersionSupport")]
pub enum VersionSupport {
    Supported,
    /// Newer than what Binnacle was tested with. Nothing is switched off.
    Untested,
    /// Objects are shown, and no command is taken.
    TooOld,
}

/// A kind that Binnacle may not read, with the message of the API server, which names the missing right.
#[derive(SimpleObject)]
pub struct UnreadableKind {
    kind: String,
    message: String,
}

impl From<clusters::Cluster> for Cluster {
    fn from(row: clusters::Cluster) -> Self {
        Self(Arc::new(row))
    }
}

impl Listed for Cluster {}

#[Object]
impl Cluster {
    pub async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn environment(&self) -> Environment {
        self.0.environment.into()
    }
    /// Kubernetes version, for example v1.35.4; null until the cluster first responded.
    async fn version(&self) -> Option<&str> {
        self.0.version.as_deref()
    }
    /// Whether Binnacle supports that version; null until it is known.
    async fn version_support(&self) -> Option<VersionSupport> {
        Some(self.support()?.into())
    }
    /// What is switched off because of that version.
    async fn switched_off(&self) -> Vec<Message> {
        self.support().map(|support| support.switched_off().iter().map(Message::from).collect()).unwrap_or_default()
    }
    /// The only namespaces that Binnacle may see in it. Empty: it sees the cluster.
    async fn namespaces(&self) -> &[String] {
        &self.0.namespaces
    }
    async fn state(&self) -> ClusterState {
        self.0.state.into()
    }
    /// Since when Binnacle records what happens in it: nothing before that can be in a list of changes. Null until it is
    /// registered.
    async fn recorded_since(&self) -> Option<DateTime<Utc>> {
        (self.0.added_position > 0).then_some(self.0.registered_at)
    }
    /// Why it is in this state, in words; null when all is well.
    async fn reason(&self, ctx: &Context<'_>) -> Result<Option<String>, ApiError> {
        match &self.0.reason {
            Some(reason) => Ok(Some(reveal_text(ctx, reason).await?)),
            None => Ok(None),
        }
    }
    /// The kinds that Binnacle may not read in this cluster: they are missing in every list.
    async fn unreadable(&self, ctx: &Context<'_>) -> Result<Vec<UnreadableKind>, ApiError> {
        let mut kinds = Vec::with_capacity(self.0.unreadable.len());
        for one in &self.0.unreadable {
            kinds.push(UnreadableKind { kind: one.kind.to_string(), message: reveal_text(ctx, &one.message).await? });
        }
        Ok(kinds)
    }
}

impl Cluster {
    fn support(&self) -> Option<support::VersionSupport> {
        support::VersionSupport::of(self.0.version.as_deref()?)
    }

    /// The cluster of a row. One that is not projected yet is shown as connecting, and one that was removed says so.
    pub async fn of(ctx: &Context<'_>, id: &str) -> Result<Self, ApiError> {
        reach_nested(ctx, &clusters::Clusters).await?;
        match services(ctx).loaders.clusters.load_one((scope(ctx)?, id.to_owned())).await? {
            Some(found) => Ok(Self(found)),
            None => Ok(absent(ctx, id).await?.into()),
        }
    }
}

async fn absent(ctx: &Context<'_>, id: &str) -> Result<clusters::Cluster, ApiError> {
    let cluster = unknown(id);
    let Some(removed) = services(ctx).clusters.closed(&ClusterId::from_name(id)) else { return Ok(cluster) };
    let reason = Some(FreeText::new(&text(ctx, &removed).await?));
    Ok(clusters::Cluster { state: domain::platform::cluster::ClusterState::Unreachable, reason, ..cluster })
}

fn unknown(id: &str) -> clusters::Cluster {
    clusters::Cluster {
        id: id.to_owned(),
        name: id.to_owned(),
        environment: domain::platform::cluster::Environment::default(),
        state: domain::platform::cluster::ClusterState::Connecting,
        version: None,
        reason: None,
        unreadable: Vec::new(),
        namespaces: Vec::new(),
        released: Vec::new(),
        registered_at: DateTime::UNIX_EPOCH,
        added_position: 0,
        position: 0,
    }
}

#[derive(Default)]
pub struct ClusterQuery;

#[Object]
impl ClusterQuery {
    async fn cluster(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Cluster>, ApiError> {
        let scope = scope(ctx)?;
        Ok(read(ctx, |pool| clusters::get(pool, &scope, &id)).await?.map(Cluster::from))
    }

    async fn clusters(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(50)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Cluster>, ApiError> {
        let window = window(first, 50, after)?;
        let scope = scope(ctx)?;
        let all = read(ctx, |pool| clusters::all(pool, &scope)).await?;
        let total = i64::try_from(all.len()).unwrap_or_default();
        let page = cut(all, &window, |row| row.id.clone())?;
        Ok(Connection::of(page, window.after.is_some(), total, SelectedParts::of(ctx)))
    }
}
