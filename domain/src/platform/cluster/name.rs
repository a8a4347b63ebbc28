//! Names of clusters: one spelling each, because `Prod` and `prod` are one name.

use crate::core::{
    ids::ClusterId,
    message::Code,
    refusal::{ErrorCode, Refusal},
};

/// Ids that are tried for one name. Each but the last belongs to another cluster, or to one that was removed.
const TRIES: usize = 1000;
/// Characters that a name gives to an id with a number behind it.
const STEM: usize = 58;

/// The one spelling of a name: what an id can hold, without separators at its ends.
pub fn canonical(name: &str) -> String {
    let id = ClusterId::from_name(name);
    let trimmed = id.as_str().trim_matches(['-', '.']);
    if trimmed.is_empty() { "cluster".to_owned() } else { trimmed.to_owned() }
}

/// The name, if it is spelled in the one way.
pub fn check(name: &str) -> Result<(), Refusal> {
    let canonical = canonical(name);
    if name == canonical {
        return Ok(());
    }
    let name: String = name.chars().take(80).collect();
    let reason = Code::ClusterNameNotCanonical.message([("name", name.into()), ("canonical", canonical.into())]);
    Err(Refusal::because(ErrorCode::Invalid, "name", reason))
}

/// The first id of a name that was never given: the name itself, then with a number. None if there are absurdly many.
pub fn free_id(name: &str, is_given: impl Fn(&ClusterId) -> bool) -> Option<ClusterId> {
    let numbered = |nth: usize| {
        let stem: String = name.chars().take(STEM).collect();
        ClusterId::from_name(&format!("{stem}-{nth}"))
    };
    std::iter::once(ClusterId::from_name(name)).chain((2..=TRIES).map(numbered)).find(|id| !is_given(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_spelling() {
        for name in ["prod", "prod-eu.1", "a", "1"] {
            assert!(check(name).is_ok(), "{name}");
        }
        for (name, spelled) in [
            ("Prod", "prod"),
            ("prod ", "prod"),
            ("-prod.", "prod"),
            ("kubernetes-admin@kubernetes", "kubernetes-admin-kubernetes"),
            ("", "cluster"),
            ("---", "cluster"),
        ] {
            let refusal = check(name).expect_err(name);
            assert!(refusal.is_because(Code::ClusterNameNotCanonical), "{name}");
            assert_eq!(refusal.reason.as_ref().and_then(|reason| reason.text("canonical")), Some(spelled), "{name}");
            assert!(check(spelled).is_ok(), "{spelled}");
        }
        assert!(check(&"x".repeat(64)).is_err() && check(&"x".repeat(63)).is_ok());
    }

    #[test]
    fn an_id_is_never_given_twice() {
        let given = |ids: &'static [&'static str]| move |id: &ClusterId| ids.contains(&id.as_str());
        let free = |ids| free_id("prod", given(ids)).map(|id| id.to_string());
        assert_eq!(free(&[]).as_deref(), Some("prod"));
        assert_eq!(free(&["prod"]).as_deref(), Some("prod-2"));
        assert_eq!(free(&["prod", "prod-2"]).as_deref(), Some("prod-3"));
        assert_eq!(free_id("prod", |_| true), None);
        let long = free_id(&"x".repeat(63), |id| id.as_str().len() == 63).expect("one with a number");
        assert!(long.as_str().ends_with("-2") && long.as_str().len() <= 63, "{long}");
    }
}
