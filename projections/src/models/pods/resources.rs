//! What containers request and may use at most, as numbers.

use super::Container;
use domain::kubernetes::{
    observation::{self, Role},
    quantity,
};
use serde::{Deserialize, Serialize};

/// CPU in millicores, memory in bytes. None: not set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_request: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_limit: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_request: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<i64>,
}

impl Resources {
    pub(super) fn of(seen: &observation::Container) -> Self {
        let (cpu, memory) = (quantity::millicores, quantity::bytes);
        Self {
            cpu_request: seen.cpu_request.as_deref().and_then(cpu),
            cpu_limit: seen.cpu_limit.as_deref().and_then(cpu),
            memory_request: seen.memory_request.as_deref().and_then(memory),
            memory_limit: seen.memory_limit.as_deref().and_then(memory),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The sum over the containers that run beside each other. None unless each of them has a value: usage of all of them
    /// must not be compared with what some of them request.
    pub(super) fn sum(containers: &[Container]) -> Self {
        let sum = |value: fn(&Self) -> Option<i64>| {
            let beside = containers.iter().filter(|one| matches!(one.role, Role::Main | Role::Sidecar));
            beside.map(|one| value(&one.resources)).reduce(|sum, one| sum?.checked_add(one?)).flatten()
        };
        Self {
            cpu_request: sum(|one| one.cpu_request),
            cpu_limit: sum(|one| one.cpu_limit),
            memory_request: sum(|one| one.memory_request),
            memory_limit: sum(|one| one.memory_limit),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A container that requests this much.
    pub fn container(role: Role, cpu: Option<&str>, memory: Option<&str>) -> Container {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Container::from(&observation::Container {
            role,
            cpu_request: text(cpu),
            memory_request: text(memory),
            ..observation::Container::default()
        })
    }

    #[test]
    fn a_sum_needs_a_value_of_each_container_that_runs_beside_others() {
        let web = container(Role::Main, Some("250m"), Some("64Mi"));
        let proxy = container(Role::Sidecar, Some("0.1"), None);
        let others = [container(Role::Init, Some("4"), Some("1Gi")), container(Role::Ephemeral, None, None)];
        let [wait, debug] = others;
        let sum = Resources::sum(&[wait.clone(), web, proxy, debug]);
        assert_eq!((sum.cpu_request, sum.memory_request, sum.cpu_limit), (Some(350), None, None));
        assert_eq!(Resources::sum(&[wait]), Resources::default());
        assert_eq!(Resources::sum(&[]), Resources::default());
    }
}
