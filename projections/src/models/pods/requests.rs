//! What pods request of the nodes, as the scheduler counts it: the rest of a node's capacity is free.

use super::{Container, Resources};
use crate::Error;
use domain::{access::Scope, kubernetes::observation::Role};
use sqlx::{FromRow, PgPool};

/// What one pod requests. A container without a request counts as nothing; the overhead of a runtime class
/// is not observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Requests {
    /// Millicores.
    pub cpu: i64,
    /// Bytes.
    pub memory: i64,
}

impl Requests {
    /// By kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers: what runs beside
    /// each other, or an init container with the sidecars that start before it, whichever is more.
    pub(super) fn of(containers: &[Container]) -> Self {
        let most_of = |value: fn(&Resources) -> Option<i64>| {
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
        Self { cpu: most_of(|one| one.cpu_request), memory: most_of(|one| one.memory_request) }
    }
}

/// What is requested of the nodes of a cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromRow)]
pub struct Requested {
    /// The pods that have a node and have not ended.
    pub pods: i64,
    /// Millicores.
    pub cpu: f64,
    /// Bytes.
    pub memory: f64,
}

/// The sums over all pods of a cluster. None for whoever does not see what is outside namespaces: they are about nodes.
pub async fn requested(pool: &PgPool, scope: &Scope, cluster: &str) -> Result<Option<Requested>, Error> {
    if !scope.contains(cluster, None) {
        return Ok(None);
    }
    // As floats: two requests of eight exbibytes are too much for a bigint.
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
    fn a_pod_requests_the_most_that_runs_at_once() {
        let requests = |containers: &[Container]| {
            let Requests { cpu, memory } = Requests::of(containers);
            (cpu, memory)
        };
        let web = container(Role::Main, Some("250m"), Some("64Mi"));
        let logs = container(Role::Main, None, Some("16Mi"));
        let proxy = container(Role::Sidecar, Some("100m"), None);
        let debug = container(Role::Ephemeral, Some("4"), None);
        let early = container(Role::Init, Some("300m"), Some("8Mi"));
        let late = early.clone();
        assert_eq!(requests(&[]), (0, 0));
        assert_eq!(requests(&[web.clone(), logs, debug]), (250, 80 << 20));
        assert_eq!(requests(&[web.clone(), early.clone()]), (300, 64 << 20), "the init container alone needs more");
        assert_eq!(
            requests(&[web.clone(), early, proxy.clone()]),
            (350, 64 << 20),
            "it ends before the sidecar starts"
        );
        assert_eq!(requests(&[web, proxy, late]), (400, 64 << 20), "the sidecar runs beside it");
    }
}
