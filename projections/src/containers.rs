//! The containers of pods. Their fold is part of the pods'.

use crate::{Error, projection::Table};
use domain::observed::PodSnapshot;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgPool};

/// A container of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Container {
    /// The id of its pod.
    pub pod: String,
    /// Its place in the pod, from 0.
    pub ordinal: i32,
    pub name: String,
    pub image: String,
    pub ready: bool,
    pub restarts: i32,
    /// `running`, `waiting` or `terminated`.
    pub state: String,
    pub reason: Option<String>,
}

pub(crate) const CONTAINERS: Table = Table { name: "containers", key: &["pod", "ordinal"] };

pub(crate) fn of_snapshot(pod: &str, snapshot: &PodSnapshot) -> Vec<Container> {
    let numbered = (0..).zip(&snapshot.containers);
    numbered
        .map(|(ordinal, container)| Container {
            pod: pod.to_owned(),
            ordinal,
            name: container.name.clone(),
            image: container.image.clone(),
            ready: container.ready,
            restarts: container.restarts,
            state: container.state.clone(),
            reason: container.reason.clone(),
        })
        .collect()
}

/// The containers of many pods, in order within each pod.
pub async fn of_pods(pool: &PgPool, pods: &[String]) -> Result<Vec<Container>, Error> {
    let rows = sqlx::query_as(
        "SELECT pod, ordinal, name, image, ready, restarts, state, reason FROM read.containers \
         WHERE pod = ANY ($1) ORDER BY pod, ordinal",
    );
    Ok(rows.bind(pods).fetch_all(pool).await?)
}
