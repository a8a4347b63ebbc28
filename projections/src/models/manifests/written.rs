//! What was written of objects, for a fold: the last manifest of each, and the revisions that led to it.

use super::revisions::{self, Observation, REVISIONS, RevisionRow};
use crate::{
    Error,
    engine::projection::{Table, remove, save},
};
use domain::{
    core::{
        event::Recorded,
        sealing::{Ring, leaf},
    },
    kubernetes::manifest::Manifest,
};
use serde::Serialize;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

pub const MANIFESTS: Table = Table { name: "manifests", key: &["id"], of_objects: true };

#[derive(Serialize)]
struct ManifestRow<'a> {
    id: &'a str,
    uid: &'a str,
    manifest: &'a Manifest,
    position: i64,
}

/// The last manifest of an object: from the table, or from an event of this batch.
struct Last<'a> {
    uid: Cow<'a, str>,
    /// None: it was forgotten.
    manifest: Option<Cow<'a, Manifest>>,
    /// The position of the event of this batch.
    position: Option<i64>,
}

/// The manifests of a batch, and its revisions.
#[derive(Default)]
pub struct Written<'a> {
    last: BTreeMap<String, Last<'a>>,
    gone: BTreeSet<String>,
    revisions: Vec<RevisionRow>,
}

impl<'a> Written<'a> {
    /// The last manifests of these objects.
    pub async fn load(db: &mut PgConnection, keys: &Ring, ids: &[String]) -> Result<Self, Error> {
        let stored = sqlx::query_as("SELECT id, coalesce(uid, ''), manifest FROM manifests WHERE id = ANY ($1)");
        let stored: Vec<(String, String, Value)> = stored.bind(ids).fetch_all(db).await?;
        let last = stored.into_iter().map(|(id, uid, mut manifest)| {
            leaf::open_beside(&mut manifest, keys);
            let manifest = (!manifest.is_null()).then(|| Cow::Owned(Manifest::stored(manifest)));
            (id, Last { uid: uid.into(), manifest, position: None })
        });
        Ok(Self { last: last.collect(), ..Self::default() })
    }

    pub fn observed(&mut self, id: &str, seen: Observation<'a>, recorded: &Recorded) {
        let before = self.last.remove(id).filter(|last| last.uid == seen.uid);
        let manifest = before.as_ref().and_then(|last| last.manifest.as_deref());
        let is_anew = before.is_some() && manifest.is_none();
        self.revisions.push(revisions::row(id, seen, manifest.map(|manifest| &**manifest), is_anew, recorded));
        self.gone.remove(id);
        let (uid, manifest) = (seen.uid.into(), Some(Cow::Borrowed(seen.manifest)));
        self.last.insert(id.to_owned(), Last { uid, manifest, position: Some(recorded.position) });
    }

    pub fn gone(&mut self, id: &str) {
        self.last.remove(id);
        self.gone.insert(id.to_owned());
    }

    /// The last manifest of an object.
    pub fn manifest(&self, id: &str) -> Option<&Manifest> {
        self.last.get(id)?.manifest.as_deref()
    }

    pub async fn store(&self, db: &mut PgConnection) -> Result<(), Error> {
        let new = self.last.iter().filter_map(|(id, last)| {
            let (manifest, position) = (last.manifest.as_deref()?, last.position?);
            Some(ManifestRow { id, uid: &last.uid, manifest, position })
        });
        let gone: Vec<String> = self.gone.iter().cloned().collect();
        save(db, MANIFESTS, &new.collect::<Vec<_>>()).await?;
        save(db, REVISIONS, &self.revisions).await?;
        remove(db, MANIFESTS, "id", &gone).await
    }
}

/// Forgets the manifests where `column` has this value. Their uids stay, so that the next observation of an object that
/// still lives is not taken for its first.
pub async fn forget(db: &mut PgConnection, column: &str, value: &str) -> Result<(), Error> {
    for statement in ["UPDATE manifests SET manifest = 'null'", "DELETE FROM revisions"] {
        let forget = AssertSqlSafe(format!("{statement} WHERE {column} = $1"));
        sqlx::query(forget).bind(value).execute(&mut *db).await?;
    }
    Ok(())
}
