//! The registered clusters: row, fold and queries.

use crate::{
    Error,
    engine::{
        projection::{Projection, Table},
        rows::{self, Fold},
    },
    models::text::Text,
};
use chrono::{DateTime, Utc};
use domain::access::Scope;
use domain::core::sealing::Ring;
use domain::{
    core::{
        event::{Event, Recorded},
        free_text::FreeText,
        ids::ClusterId,
    },
    kubernetes::resource::Resource,
    platform::cluster::{ClusterEvent, ClusterState, Environment, UnreadableKind},
};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, PgPool, Postgres, QueryBuilder};
use std::sync::Arc;

/// A cluster and its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Cluster {
    pub id: String,
    pub name: String,
    #[sqlx(try_from = "Text")]
    pub environment: Environment,
    #[sqlx(try_from = "Text")]
    pub state: ClusterState,
    /// The Kubernetes version. None until the cluster was reached once.
    pub version: Option<String>,
    /// The reason of the state. None if the cluster is healthy.
    #[sqlx(json(nullable))]
    pub reason: Option<FreeText>,
    /// The kinds that are missing in every list.
    #[sqlx(json)]
    pub unreadable: Vec<UnreadableKind>,
    /// The only namespaces that Binnacle may see in it. Empty: it sees the cluster.
    #[sqlx(json)]
    pub namespaces: Vec<String>,
    /// The kinds that are recorded by default, and not here.
    #[sqlx(json)]
    pub released: Vec<Resource>,
    pub registered_at: DateTime<Utc>,
    pub added_position: i64,
    pub position: i64,
}

const COLUMNS: &str = "id, name, coalesce(environment, 'PRODUCTION') AS environment, state, version, reason, unreadable, coalesce(namespaces, '[]') AS namespaces, coalesce(released, '[]') AS released, registered_at, added_position, position";

fn query(scope: &Scope) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(format!("SELECT {COLUMNS} FROM read.clusters WHERE true"));
    if let Some(clusters) = scope.clusters() {
        query.push(" AND id = ANY (").push_bind(clusters).push(")");
    }
    query
}

/// All clusters, by name.
pub async fn all(pool: &PgPool, scope: &Scope) -> Result<Vec<Cluster>, Error> {
    let mut query = query(scope);
    query.push(" ORDER BY name, id");
    Ok(query.build_query_as().fetch_all(pool).await?)
}

pub async fn get(pool: &PgPool, scope: &Scope, id: &str) -> Result<Option<Cluster>, Error> {
    let mut query = query(scope);
    query.push(" AND id = ").push_bind(id);
    Ok(query.build_query_as().fetch_optional(pool).await?)
}

/// The cluster that these events register. None if they do not.
pub fn fold(events: &[Recorded]) -> Option<Cluster> {
    events.iter().fold(None, <Clusters as Fold>::fold)
}

const CLUSTERS: Table = Table { name: "clusters", key: &["id"], of_objects: false };

pub struct Clusters;

impl Projection for Clusters {
    fn name(&self) -> &'static str {
        "clusters"
    }

    fn version(&self) -> i32 {
        5
    }

    fn tables(&self) -> &'static [Table] {
        &[CLUSTERS]
    }

    fn categories(&self) -> &'static [&'static str] {
        &["cluster"]
    }

    fn apply<'a>(
        &self,
        db: &'a mut PgConnection,
        _keys: &'a Ring,
        events: &'a [Arc<Recorded>],
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(rows::take_in::<Self>(db, events))
    }
}

impl Fold for Clusters {
    type Key = String;
    type Before = Cluster;
    type Row<'a> = Cluster;
    const TABLE: Table = CLUSTERS;
    const LOADED: &'static str = COLUMNS;

    fn key(event: &Recorded) -> Option<String> {
        let Event::Cluster(about) = &event.event else { return None };
        Some(about.cluster().to_string())
    }

    fn key_of(before: &Cluster) -> String {
        before.id.clone()
    }

    fn fold(before: Option<Cluster>, event: &Recorded) -> Option<Cluster> {
        let Event::Cluster(about) = &event.event else { return before };
        let mut row = match (before, about) {
            (Some(row), _) => row,
            (None, ClusterEvent::ClusterRegistered { cluster, name }) => registered(cluster, name, event),
            (None, _) => return None,
        };
        row.position = event.position;
        match about {
            ClusterEvent::ClusterRegistered { .. }
            | ClusterEvent::ClusterIdentified { .. }
            | ClusterEvent::KindJudged { .. } => {}
            ClusterEvent::KindRecorded { kind, .. } => row.released.retain(|released| released != kind),
            ClusterEvent::KindReleased { kind, .. } if kind.is_recorded_by_default() => row.released.push(kind.clone()),
            ClusterEvent::KindReleased { .. } => {}
            ClusterEvent::ClusterConnected { namespaces, .. } => row.namespaces.clone_from(namespaces),
            ClusterEvent::ClusterRemoved { .. } | ClusterEvent::ClusterWatchEnded { .. } => return None,
            ClusterEvent::ClusterRenamed { name, .. } => row.name.clone_from(name),
            ClusterEvent::ClusterEnvironmentChanged { environment, .. } => row.environment = *environment,
            ClusterEvent::ClusterStateChanged { state, version, reason, unreadable, .. } => {
                row.state = *state;
                row.version.clone_from(version);
                row.reason.clone_from(reason);
                row.unreadable.clone_from(unreadable);
            }
        }
        Some(row)
    }

    fn before(row: Cluster) -> Cluster {
        row
    }
}

fn registered(cluster: &ClusterId, name: &str, event: &Recorded) -> Cluster {
    Cluster {
        id: cluster.to_string(),
        name: name.to_owned(),
        environment: Environment::default(),
        state: ClusterState::Connecting,
        version: None,
        reason: None,
        unreadable: Vec::new(),
        namespaces: Vec::new(),
        released: Vec::new(),
        registered_at: event.recorded_at,
        added_position: event.position,
        position: event.position,
    }
}
