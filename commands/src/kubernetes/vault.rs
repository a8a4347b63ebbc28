//! Credentials of clusters, sealed in a table outside the log.
//!
//! Promises that a credential is stored sealed under the data key of its cluster only, and that nobody can read it once that key
//! is deleted. Tested in tests/api/clusters.rs.

use super::credential::Credential;
use crate::{
    error::Error,
    log::{DataKeys, prepare::sealer},
};
use domain::core::{
    ids::ClusterId,
    sealing::{
        KeyScope, Opening,
        leaf::{self, FREE},
    },
};
use serde_json::Value;
use sqlx::PgPool;
use std::{collections::HashSet, sync::Arc};
use uuid::Uuid;

#[derive(Clone)]
pub(super) struct Vault {
    pool: PgPool,
    keys: DataKeys,
}

impl Vault {
    pub const fn new(pool: PgPool, keys: DataKeys) -> Self {
        Self { pool, keys }
    }

    pub async fn store(&self, id: Uuid, cluster: &ClusterId, credential: &Credential) -> Result<(), Error> {
        let mut sealed = leaf::free(serde_json::to_value(credential)?);
        let keys = self.keys.of(&HashSet::from([KeyScope::of_credential(cluster.as_str())])).await?;
        let seal = |error: &dyn std::fmt::Display| Error::Internal(error.to_string());
        let sealer = sealer(keys.values().next().map(Arc::as_ref)).map_err(|error| seal(&error))?;
        sealer.seal_value(&document(id, cluster), &mut sealed)?;
        let insert = sqlx::query("INSERT INTO cluster_credentials (id, cluster, sealed) VALUES ($1, $2, $3)");
        insert.bind(id).bind(cluster.as_str()).bind(sealed).execute(&self.pool).await?;
        Ok(())
    }

    /// None if it is not there, or was forgotten.
    pub async fn read(&self, id: Uuid, cluster: &ClusterId) -> Result<Option<Credential>, Error> {
        let read = sqlx::query_scalar("SELECT sealed FROM cluster_credentials WHERE id = $1 AND cluster = $2");
        let found: Option<Value> = read.bind(id).bind(cluster.as_str()).fetch_optional(&self.pool).await?;
        let Some(mut value) = found else { return Ok(None) };
        let ring = self.keys.ring(leaf::keys_in(&value)).await?;
        leaf::open(&document(id, cluster), &mut value, &ring, Opening::Plain)?;
        let open = value.as_object_mut().and_then(|leaf| leaf.remove(FREE));
        // The words of a JSON error quote the value.
        let unreadable = |_| Error::Internal(format!("the credential {id} cannot be read"));
        open.map(|open| serde_json::from_value(open).map_err(unreadable)).transpose()
    }

    /// Deletes one that was not needed.
    pub async fn delete(&self, id: Uuid) -> Result<(), Error> {
        sqlx::query("DELETE FROM cluster_credentials WHERE id = $1").bind(id).execute(&self.pool).await?;
        Ok(())
    }

    /// Deletes those of a removed cluster.
    pub async fn delete_all(&self, cluster: &ClusterId) -> Result<(), Error> {
        let delete = sqlx::query("DELETE FROM cluster_credentials WHERE cluster = $1");
        delete.bind(cluster.as_str()).execute(&self.pool).await?;
        Ok(())
    }
}

/// The context of the seal: one that is moved to another cluster does not open.
fn document(id: Uuid, cluster: &ClusterId) -> String {
    format!("credential {id} of {cluster}")
}
