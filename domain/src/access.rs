//! Access rules: which actor may do what and see what. There are no roles yet: every signed-in user may request and see
//! everything. Commands reserved for parts of Binnacle are already refused to users.

use crate::core::actor::Actor;
use serde::{Deserialize, Serialize};

/// The right that a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Request, retry or cancel an operation on an object.
    Operate,
    /// Report the outcome of an operation.
    Report,
    /// Report observations of a cluster.
    Observe,
    /// Sign in, sign out, or create an account.
    Account,
    /// Cancel an operation on an object.
    Cancel,
    /// Delete the key of what is to be forgotten.
    Forget,
    /// Let a projection skip an event.
    Quarantine,
    /// Open what is read live, such as a log, which is recorded. Refusals are recorded under the same right.
    Access,
    /// Register and remove clusters. Until there are roles, every account is one of an administrator.
    Administer,
}

impl Action {
    /// What a person would do with this right, for sentences.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Operate => "operate on",
            Self::Report => "report an outcome of",
            Self::Observe => "report an observation of",
            Self::Account => "change the account",
            Self::Cancel => "cancel an operation on",
            Self::Forget => "forget",
            Self::Quarantine => "skip an event of",
            Self::Access => "open",
            Self::Administer => "administer",
        }
    }
}

/// Whether `actor` may perform `action`.
pub fn allows(actor: &Actor, action: Action) -> bool {
    match actor {
        Actor::User { .. } => !matches!(action, Action::Report | Action::Observe | Action::Forget),
        Actor::System { .. } => !matches!(action, Action::Operate | Action::Administer),
    }
}

/// What a reader may see. Every query, live filter and loader key takes one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// None: everything.
    within: Option<Vec<String>>,
}

impl Scope {
    /// The visible values of the column `scope`, each [`Scope::of`] a namespace. None for everything.
    pub fn within(&self) -> Option<&[String]> {
        self.within.as_deref()
    }

    /// Whether a row of this cluster and namespace is visible.
    pub fn contains(&self, cluster: &str, namespace: Option<&str>) -> bool {
        self.within.as_ref().is_none_or(|within| within.contains(&Self::of(cluster, namespace)))
    }

    /// The clusters with anything visible. None for all.
    pub fn clusters(&self) -> Option<Vec<String>> {
        let within = self.within.as_ref()?;
        Some(within.iter().filter_map(|scope| scope.split_once('/')).map(|(cluster, _)| cluster.to_owned()).collect())
    }

    /// The value of the column `scope` of an object: its cluster and its namespace, empty for cluster-scoped objects.
    pub fn of(cluster: &str, namespace: Option<&str>) -> String {
        format!("{cluster}/{}", namespace.unwrap_or_default())
    }

    /// What `actor` may see.
    pub fn seen_by(_actor: &Actor) -> Self {
        Self::everything()
    }

    /// The scope of the platform itself, for work that no user sees.
    pub const fn everything() -> Self {
        Self { within: None }
    }

    /// Only these namespaces, as [`Scope::of`] writes them.
    pub const fn only(within: Vec<String>) -> Self {
        Self { within: Some(within) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ids::UserId;
    use uuid::Uuid;

    #[test]
    fn people_request_and_parts_of_binnacle_report() {
        let id = UserId(Uuid::from_u128(1));
        let (username, display_name) = ("ann".to_owned(), "Ann".into());
        let person = Actor::User { id, username, display_name, session: None, source: None };
        let executor = Actor::system("executor");
        for (action, by_person, by_system) in [
            (Action::Operate, true, false),
            (Action::Report, false, true),
            (Action::Observe, false, true),
            (Action::Account, true, true),
            (Action::Cancel, true, true),
            (Action::Forget, false, true),
            (Action::Quarantine, true, true),
            (Action::Access, true, true),
            (Action::Administer, true, false),
        ] {
            assert_eq!((allows(&person, action), allows(&executor, action)), (by_person, by_system), "{action:?}");
        }
    }

    #[test]
    fn a_scope_holds_its_namespaces_and_no_others() {
        let scope = Scope::only(vec![Scope::of("dev", Some("team"))]);
        assert!(
            scope.contains("dev", Some("team"))
                && !scope.contains("dev", Some("teams"))
                && !scope.contains("dev", None)
        );
        assert_eq!(scope.clusters(), Some(vec!["dev".to_owned()]));
        assert!(Scope::everything().contains("dev", None) && Scope::everything().clusters().is_none());
    }
}
