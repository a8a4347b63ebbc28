//! Who may do what, and see what. Roles are not there yet: everybody who has signed in may request everything and see
//! everything. What only a part of Binnacle may do is refused to people already.

use crate::core::actor::Actor;

/// The right that a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Requests, retries or cancels an operation on an object.
    Operate,
    /// Says what became of an operation.
    Report,
    /// Says what a cluster is like.
    Observe,
    /// Signs in or out, or sets up an account.
    Account,
    /// Lets a projection pass over an event.
    Quarantine,
}

/// Whether `actor` may do it.
pub fn allows(actor: &Actor, action: Action) -> bool {
    match actor {
        Actor::User { .. } => !matches!(action, Action::Report | Action::Observe),
        Actor::System { .. } => action != Action::Operate,
    }
}

/// What a reader may see. Every query, live filter and loader key has one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// None: everything.
    within: Option<Vec<String>>,
}

impl Scope {
    /// The values of the column `scope` that may be seen, each [`Scope::of`] a namespace; None for everything.
    pub fn within(&self) -> Option<&[String]> {
        self.within.as_deref()
    }

    /// Whether a row of this cluster and namespace may be seen.
    pub fn contains(&self, cluster: &str, namespace: Option<&str>) -> bool {
        self.within.as_ref().is_none_or(|within| within.contains(&Self::of(cluster, namespace)))
    }

    /// The clusters in which anything may be seen; None for all.
    pub fn clusters(&self) -> Option<Vec<String>> {
        let within = self.within.as_ref()?;
        Some(within.iter().filter_map(|scope| scope.split_once('/')).map(|(cluster, _)| cluster.to_owned()).collect())
    }

    /// The value of the column `scope` of an object: its cluster and its namespace, which is empty outside namespaces.
    pub fn of(cluster: &str, namespace: Option<&str>) -> String {
        format!("{cluster}/{}", namespace.unwrap_or_default())
    }

    /// What `actor` may see.
    pub fn seen_by(_actor: &Actor) -> Self {
        Self::everything()
    }

    /// What the platform itself sees, for work that is shown to nobody.
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
        let (username, display_name) = ("ann".to_owned(), "Ann".to_owned());
        let person = Actor::User { id, username, display_name, session: None, source: None };
        let executor = Actor::system("executor");
        for (action, by_person, by_system) in [
            (Action::Operate, true, false),
            (Action::Report, false, true),
            (Action::Observe, false, true),
            (Action::Account, true, true),
            (Action::Quarantine, true, true),
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
