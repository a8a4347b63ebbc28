//! What the scheduler sets aside for pods: what is left of a node's capacity is what it does not set aside.

use super::{Container, Resources};
use crate::Error;
use domain::{access::Scope, kubernetes::observation::Role};
use sqlx::{FromRow, PgPool};

/// What the scheduler sets aside for one pod. A container without a request counts as nothing; the overhead of a runtime class
/// is not observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reserved {
    /// Millicores.
    pub cpu: i64,
    /// Bytes.
    pub memory: i64,
}

impl Reserved {
    /// By kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers: what runs beside
    /// each other, or an init container with the sidecars that start before it, whichever is more.
    pub(super) fn of(containers: &[Container]) -> Self {
        let reserve = |value: fn(&Resources) -> Option<i64>| {
            let (mut main, mut sidecars, mut most) = (0_i64, 0_i64, 0_i64);
            for one in containers {
                let requested = value(&one.resources).unwrap_or_default();
                match one.role {
                    Role::Main => main = main.saturating_add(requested),
                    Role::Sidecar => sidecars = sidecars.saturating_add(requested),
                    Role::Init => most = most.max(requested.saturating_add(sidecars)),
                    Role::Ephemeral => {}
                }
            }
            most.max(main.saturating_add(sidecars))
        };
        Self { cpu: reserve(|one| one.cpu_request), memory: reserve(|one| one.memory_request) }
    }
}

/// What is set aside on the nodes of a cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromRow)]
pub struct SetAside {
    /// The pods that have a node and have not ended.
    pub pods: i64,
    /// Millicores.
    pub cpu: f64,
    /// Bytes.
    pub memory: f64,
}

/// The sums over all pods of a cluster. None for whoever does not see what is outside namespaces: they are about nodes.
pub async fn set_aside(pool: &PgPool, scope: &Scope, cluster: &str) -> Result<Option<SetAside>, Error> {
    if !scope.contains(cluster, None) {
        return Ok(None);
    }
    // As floats: two reservations of eight exbibytes are too much for a bigint.
    let read = sqlx::query_as(
        "SELECT count(*) AS pods, coalesce(sum(cpu_reserved), 0)::float8 AS cpu, \
         coalesce(sum(memory_reserved), 0)::float8 AS memory \
         FROM read.pods WHERE cluster = $1 AND node IS NOT NULL AND phase NOT IN ('Succeeded', 'Failed')",
    );
    Ok(Some(read.bind(cluster).fetch_one(pool).await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::pods::resources::tests::container;

    #[test]
    fn what_is_set_aside_is_the_most_that_runs_at_once() {
        let reserved = |containers: &[Container]| {
            let Reserved { cpu, memory } = Reserved::of(containers);
            (cpu, memory)
        };
        let web = container(Role::Main, Some("250m"), Some("64Mi"));
        let logs = container(Role::Main, None, Some("16Mi"));
        let proxy = container(Role::Sidecar, Some("100m"), None);
        let debug = container(Role::Ephemeral, Some("4"), None);
        let early = container(Role::Init, Some("300m"), Some("8Mi"));
        let late = early.clone();
        assert_eq!(reserved(&[]), (0, 0));
        assert_eq!(reserved(&[web.clone(), logs, debug]), (250, 80 << 20));
        assert_eq!(reserved(&[web.clone(), early.clone()]), (300, 64 << 20), "the init container alone needs more");
        assert_eq!(
            reserved(&[web.clone(), early, proxy.clone()]),
            (350, 64 << 20),
            "it ends before the sidecar starts"
        );
        assert_eq!(reserved(&[web, proxy, late]), (400, 64 << 20), "the sidecar runs beside it");
    }
}
