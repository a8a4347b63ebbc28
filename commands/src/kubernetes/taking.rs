//! Server-side apply of a manifest beside other managers: which of their fields it would take, and which it may.
//!
//! Force takes every field that conflicts. So it is used only when each conflict is one that the author took over or one with
//! an earlier entry of Binnacle itself, and only at the revision at which the conflicts were found.

use super::{Change, Changed, Cluster, Error, FIELD_MANAGER, OwnedField};
use domain::{
    core::refusal::ErrorCode,
    kubernetes::{
        edit::{Conflict, Path},
        object::ObjectRef,
        secret,
    },
};
use serde_json::Value;
use std::time::Duration;

/// How often fields are left to others. Each time shows all that are left.
const TRIES: usize = 3;
/// How soon an object that changed meanwhile is read again.
const AGAIN: Duration = Duration::from_millis(50);

/// What came of trying an apply.
#[derive(Debug)]
pub enum Tried {
    Accepted(Accepted),
    /// Others own these fields, and the author does not take them.
    Conflicts(Vec<Conflict>),
}

/// An apply that the API server accepts.
#[derive(Debug)]
pub struct Accepted {
    /// What to send: at the revision that was read, and without the fields that are left to others.
    pub manifest: Value,
    pub force: bool,
    /// What would be stored.
    pub changed: Changed,
    /// The fields that are left to others.
    pub left: Vec<String>,
}

/// Tries to apply `manifest` to the object as it was `found`, and changes nothing. Where `take_over` names fields of the object,
/// the other fields of others are left to them.
pub async fn try_apply(
    cluster: &dyn Cluster,
    object: &ObjectRef,
    manifest: &Value,
    take_over: &[String],
    found: Option<&Value>,
) -> Result<Tried, Error> {
    let (mut manifest, mut left) = (at_revision_of(manifest, found), Vec::new());
    for _ in 0..TRIES {
        let fields = match tried(cluster, object, &manifest, false).await {
            Ok(changed) => return Ok(Tried::Accepted(Accepted { manifest, force: false, changed, left })),
            Err(Error::Conflicting { fields, .. }) => fields,
            Err(error) => return Err(error),
        };
        let is_ours = |field: &OwnedField| field.manager == FIELD_MANAGER || take_over.contains(&field.path);
        let others: Vec<OwnedField> = fields.into_iter().filter(|field| !is_ours(field)).collect();
        if others.is_empty() {
            let changed = tried(cluster, object, &manifest, true).await?;
            return Ok(Tried::Accepted(Accepted { manifest, force: true, changed, left }));
        }
        let places: Option<Vec<Path>> = others.iter().map(|field| Path::parse(&field.path, &manifest)).collect();
        let Some(places) = places.filter(|_| !take_over.is_empty()) else {
            return Ok(Tried::Conflicts(conflicts(&others, &manifest, found)));
        };
        places.iter().for_each(|place| place.remove(&mut manifest));
        left.extend(others.into_iter().map(|field| field.path));
    }
    Err(Error::Transient { message: "others take its fields one after the other".to_owned(), retry_after: Some(AGAIN) })
}

/// A dry run. An object that changed since it was read has to be read again.
async fn tried(cluster: &dyn Cluster, object: &ObjectRef, manifest: &Value, force: bool) -> Result<Changed, Error> {
    let tried = cluster.change(object, Change::Apply { manifest, force }, true).await;
    tried.map_err(|error| again(error.without_effect()))
}

/// The error of a change at a revision: a conflict means that the object changed since, and nothing was done.
pub fn again(error: Error) -> Error {
    match error {
        Error::Permanent { code: ErrorCode::Conflict, message, .. } => {
            Error::Transient { message, retry_after: Some(AGAIN) }
        }
        other => other,
    }
}

fn at_revision_of(manifest: &Value, found: Option<&Value>) -> Value {
    let mut manifest = manifest.clone();
    let revision = found.and_then(|found| found.pointer("/metadata/resourceVersion"));
    if let (Some(metadata), Some(revision)) = (manifest.get_mut("metadata").and_then(Value::as_object_mut), revision) {
        metadata.insert("resourceVersion".to_owned(), revision.clone());
    }
    manifest
}

fn conflicts(fields: &[OwnedField], manifest: &Value, found: Option<&Value>) -> Vec<Conflict> {
    let mut shown = found.cloned().unwrap_or_default();
    secret::redact(&mut shown);
    let value = |path: &str, of: &Value| Path::parse(path, of).and_then(|place| place.get(of).cloned());
    let conflict = |field: &OwnedField| {
        let (live, yours) = (value(&field.path, &shown), value(&field.path, manifest));
        Conflict::new(field.path.clone(), Some(field.manager.clone()), None, live.as_ref(), yours.as_ref())
    };
    fields.iter().map(conflict).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::Removal;
    use domain::core::ids::ClusterId;
    use futures::future::BoxFuture;
    use serde_json::json;
    use std::sync::Mutex;

    /// A cluster in which others own some fields of an object.
    struct Owned(Vec<OwnedField>, Mutex<Vec<bool>>);

    impl Cluster for Owned {
        fn get<'a>(&'a self, _: &'a ObjectRef) -> BoxFuture<'a, Result<Option<Value>, Error>> {
            Box::pin(async { Ok(None) })
        }

        fn apply<'a>(&'a self, _: &'a ObjectRef, _: &'a Value, _: bool) -> BoxFuture<'a, Result<Value, Error>> {
            Box::pin(async { Ok(Value::Null) })
        }

        fn change<'a>(
            &'a self,
            _: &'a ObjectRef,
            change: Change<'a>,
            _: bool,
        ) -> BoxFuture<'a, Result<Changed, Error>> {
            Box::pin(async move {
                let Change::Apply { manifest, force } = change else { panic!("no apply") };
                self.1.lock().expect("no panic").push(force);
                let is_set = |field: &&OwnedField| Path::parse(&field.path, manifest).is_some();
                let fields: Vec<OwnedField> = self.0.iter().filter(is_set).cloned().collect();
                if force || fields.is_empty() {
                    return Ok(Changed { object: manifest.clone(), warnings: Vec::new() });
                }
                Err(Error::Conflicting { message: "conflicts".to_owned(), fields })
            })
        }

        fn patch<'a>(&'a self, _: &'a ObjectRef, _: &'a Value) -> BoxFuture<'a, Result<Value, Error>> {
            Box::pin(async { Ok(Value::Null) })
        }

        fn delete<'a>(&'a self, _: &'a ObjectRef, _: Removal<'a>) -> BoxFuture<'a, Result<(), Error>> {
            Box::pin(async { Ok(()) })
        }
    }

    async fn tried(owned: &[(&str, &str)], take_over: &[&str]) -> (Tried, Vec<bool>) {
        let field =
            |(path, manager): &(&str, &str)| OwnedField { path: (*path).to_owned(), manager: (*manager).to_owned() };
        let cluster = Owned(owned.iter().map(field).collect(), Mutex::default());
        let (kind, name) = ("ConfigMap".parse().expect("a kind"), "a".to_owned());
        let object = ObjectRef { cluster: ClusterId::from_name("dev"), kind, namespace: Some("n".to_owned()), name };
        let manifest = json!({"metadata": {}, "data": {"a": "1", "b": "2"}});
        let found = json!({"metadata": {"resourceVersion": "7"}, "data": {"a": "9"}});
        let take_over: Vec<String> = take_over.iter().map(|path| (*path).to_owned()).collect();
        let tried = try_apply(&cluster, &object, &manifest, &take_over, Some(&found)).await.expect("an answer");
        (tried, cluster.1.into_inner().expect("no panic"))
    }

    #[tokio::test]
    async fn nothing_of_others_is_taken_unless_the_author_takes_it() {
        let (free, forced) = tried(&[], &[]).await;
        assert!(matches!(&free, Tried::Accepted(accepted) if accepted.manifest["metadata"]["resourceVersion"] == "7"));
        assert_eq!(forced, [false]);

        let (refused, forced) = tried(&[(".data.a", "kubectl")], &[]).await;
        let Tried::Conflicts(conflicts) = refused else { panic!("{refused:?}") };
        let wanted =
            Conflict::new(".data.a".to_owned(), Some("kubectl".to_owned()), None, Some(&json!("9")), Some(&json!("1")));
        assert_eq!((conflicts, forced), (vec![wanted], vec![false]));

        let (ours, forced) = tried(&[(".data.a", FIELD_MANAGER)], &[]).await;
        assert!(matches!(ours, Tried::Accepted(Accepted { force: true, .. })));
        assert_eq!(forced, [false, true]);
    }

    #[tokio::test]
    async fn what_the_author_does_not_take_is_left_to_its_manager() {
        let (taken, forced) = tried(&[(".data.a", "kubectl"), (".data.b", "helm")], &[".data.a"]).await;
        let Tried::Accepted(accepted) = taken else { panic!("{taken:?}") };
        assert_eq!(accepted.manifest["data"], json!({"a": "1"}));
        assert_eq!((accepted.force, accepted.left), (true, vec![".data.b".to_owned()]));
        assert_eq!(forced, [false, false, true]);
    }
}
