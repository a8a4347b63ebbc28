//! The registered clusters: row, fold and queries.

use crate::{
    Error,
    engine::projection::{Projection, Table, save},
    query::text::Text,
};
use chrono::{DateTime, Utc};
use domain::access::Scope;
use domain::{
    core::event::{Event, Recorded},
    platform::cluster::{ClusterEvent, ClusterState},
};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, FromRow, PgConnection, PgPool, Postgres, QueryBuilder};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A cluster and its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Cluster {
    pub id: String,
    pub name: String,
    #[sqlx(try_from = "Text")]
    pub state: ClusterState,
    /// The Kubernetes version. None until the cluster was reached once.
    pub version: Option<String>,
    /// The reason of the state. None if the cluster is healthy.
    pub reason: Option<String>,
    pub registered_at: DateTime<Utc>,
    pub added_position: i64,
    pub position: i64,
}

const COLUMNS: &str = "id, name, state, version, reason, registered_at, added_position, position";

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

const CLUSTERS: Table = Table { name: "clusters", key: &["id"] };

pub struct Clusters;

impl Projection for Clusters {
    fn name(&self) -> &'static str {
        "clusters"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [Table] {
        &[CLUSTERS]
    }

    fn categories(&self) -> &'static [&'static str] {
        &["cluster"]
    }

    fn apply<'a>(&self, db: &'a mut PgConnection, events: &'a [Arc<Recorded>]) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(apply(db, events))
    }
}

async fn apply(db: &mut PgConnection, events: &[Arc<Recorded>]) -> Result<(), Error> {
    let touched: Vec<(&Recorded, &ClusterEvent)> = events.iter().filter_map(|event| about(event)).collect();
    let ids: BTreeSet<&str> = touched.iter().map(|(_, event)| event.cluster().as_str()).collect();
    let sql = format!("SELECT {COLUMNS} FROM clusters WHERE id = ANY ($1)");
    let rows: Vec<Cluster> =
        sqlx::query_as(AssertSqlSafe(sql)).bind(ids.into_iter().collect::<Vec<_>>()).fetch_all(&mut *db).await?;
    let mut rows: BTreeMap<String, Cluster> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
    for (recorded, event) in touched {
        take_in(&mut rows, recorded, event);
    }
    save(db, CLUSTERS, &rows.values().collect::<Vec<_>>()).await
}

fn about(event: &Recorded) -> Option<(&Recorded, &ClusterEvent)> {
    let Event::Cluster(cluster) = &event.event else { return None };
    Some((event, cluster))
}

fn take_in(rows: &mut BTreeMap<String, Cluster>, recorded: &Recorded, event: &ClusterEvent) {
    let id = event.cluster().to_string();
    match event {
        ClusterEvent::ClusterRegistered { name, .. } => {
            let row = Cluster {
                id: id.clone(),
                name: name.clone(),
                state: ClusterState::Connecting,
                version: None,
                reason: None,
                registered_at: recorded.recorded_at,
                added_position: recorded.position,
                position: recorded.position,
            };
            rows.entry(id).or_insert(row);
        }
        ClusterEvent::ClusterStateChanged { state, version, reason, .. } => {
            if let Some(row) = rows.get_mut(&id) {
                row.state = *state;
                row.version.clone_from(version);
                row.reason.clone_from(reason);
                row.position = recorded.position;
            }
        }
    }
}
