//! What a fault is injected into: two real gateways on one fresh database and the real cluster, each behind links of its
//! own to Postgres and to the API server, with users who ask and subscribers who listen.

use crate::{
    canary::Canary,
    follower::{Follower, Topic},
    small::SmallPostgres,
    traffic::Traffic,
};
use anyhow::{Context, Result, ensure};
use kube::api::PostParams;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::{path::PathBuf, time::Duration};
use tests::{
    cluster::{Namespace, kubeconfig_by, server},
    database::Database,
    fault_proxy::{FaultProxy, Link},
    gateway::{Gateway, Start},
    until,
    witness::{self, Mark},
};

/// Deployments that the users share.
pub const OBJECTS: usize = 20;
/// Subscribers, half of them on each gateway: to the whole feed, and to the list of one object.
const OF_THE_FEED: usize = 6;
const OF_LISTS: usize = 200;

/// Longer than all but one of the faults.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(600);

pub struct World {
    pub database: Database,
    pub owner: PgPool,
    pub namespace: Namespace,
    pub sides: Vec<Side>,
    pub traffic: Traffic,
    pub followers: Vec<Follower>,
    pub canary: Canary,
    /// Where the audit log of the API server was when it began.
    pub begin: Mark,
    pub operation_timeout: Duration,
    pub small: Option<SmallPostgres>,
}

/// One gateway with its links.
pub struct Side {
    pub gateway: Gateway,
    pub start: Start,
    pub postgres: FaultProxy,
    pub api: FaultProxy,
    kubeconfig: PathBuf,
}

/// How a world differs from the usual one.
#[derive(Default)]
pub struct Kind {
    /// A Postgres of its own that may be killed.
    pub own_postgres: bool,
    /// How long an operation may take.
    pub operation_timeout: Option<Duration>,
    /// Settings of the second gateway alone.
    pub second: Vec<(&'static str, String)>,
}

impl Side {
    async fn open(database: &Database, number: usize, settings: &[(&str, String)]) -> Result<Self> {
        let (postgres, api) = (FaultProxy::open(database.server()).await?, FaultProxy::open(server()?).await?);
        let kubeconfig = std::env::temp_dir().join(format!("{}-{number}.kubeconfig", database.name));
        kubeconfig_by(api.address.port(), &kubeconfig)?;
        let mut start = Start::on(database)?
            .by(database, postgres.address.port())
            .with("KUBECONFIG", &kubeconfig.to_string_lossy())
            .with("BINNACLE_ACCESS_TOKEN_TTL", "1h")
            .with("BINNACLE_SOCKETS_PER_USER", "1024");
        for (name, value) in settings {
            start = start.with(name, value);
        }
        let gateway = start.clone().run().await?;
        Ok(Self { gateway, start, postgres, api, kubeconfig })
    }

    /// `kill -9`, and a new process at once. Does not wait until it is ready.
    pub fn kill_and_start(&mut self) -> Result<()> {
        self.gateway.kill();
        self.gateway = self.start.clone().spawn()?;
        Ok(())
    }
}

impl World {
    pub async fn open(kind: &Kind, seed: u64) -> Result<Self> {
        let small = if kind.own_postgres { Some(SmallPostgres::up().await?) } else { None };
        let database = match &small {
            Some(small) => Database::create_on(&small.admin, &small.application).await?,
            None => Database::create().await?,
        };
        let (namespace, begin) = (Namespace::create("faults").await?, witness::now()?);
        for number in 0..OBJECTS {
            let object = serde_json::from_value(paused(&namespace.name, &name(number)))?;
            namespace.deployments().create(&PostParams::default(), &object).await?;
        }
        let operation_timeout = kind.operation_timeout.unwrap_or(OPERATION_TIMEOUT);
        let of_both = [("BINNACLE_OPERATION_TIMEOUT", format!("{}s", operation_timeout.as_secs()))];
        let first = Side::open(&database, 0, &of_both).await?;
        let second = Side::open(&database, 1, &[&of_both[..], &kind.second].concat()).await?;
        let sides = vec![first, second];
        until_known(&sides[0].gateway, &namespace, OBJECTS).await;
        let (urls, token) = (urls(&sides), sides[0].gateway.token().await?);
        let owner = database.owner().await;
        let head: i64 = sqlx::query_scalar("SELECT position FROM log_head").fetch_one(&owner).await?;
        let topic = |number: usize| match number.checked_sub(OF_THE_FEED) {
            None => Topic::Feed,
            Some(number) => Topic::Workload { namespace: namespace.name.clone(), name: name(number / 2 % OBJECTS) },
        };
        let follow = |number: usize| Follower::start(topic(number), urls.clone(), token.clone(), number, head);
        let followers = (0..OF_THE_FEED + OF_LISTS).map(follow).collect();
        let traffic = Traffic::start(urls.clone(), token.clone(), &namespace.name, seed)?;
        let canary = Canary::release(&database, &[&token], traffic.turns()).await?;
        Ok(Self { database, owner, namespace, sides, traffic, followers, canary, begin, operation_timeout, small })
    }

    /// Both gateways run and are ready.
    pub async fn until_ready(&mut self) -> Result<()> {
        for side in &mut self.sides {
            side.gateway.until_ready().await?;
        }
        Ok(())
    }

    /// All links as they should be, whatever a row did. Connections that lost bytes are closed.
    pub fn heal(&self) {
        for side in &self.sides {
            for link in [&side.postgres, &side.api] {
                link.set(Link::Pass);
            }
        }
    }

    pub async fn position(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("SELECT position FROM log_head").fetch_one(&self.owner).await?)
    }

    /// Stops everything and leaves nothing.
    pub async fn close(self) -> Result<()> {
        self.traffic.stop().await;
        drop(self.followers);
        for side in self.sides {
            let _ = std::fs::remove_file(&side.kubeconfig);
        }
        self.owner.close().await;
        self.namespace.drop().await;
        self.canary.drop().await;
        match self.small {
            Some(small) => small.down().await,
            None => {
                self.database.drop().await;
                Ok(())
            }
        }
    }
}

fn urls(sides: &[Side]) -> Vec<String> {
    sides.iter().map(|side| side.gateway.url.clone()).collect()
}

pub fn name(number: usize) -> String {
    format!("held-{number}")
}

pub fn id(namespace: &str, number: usize) -> String {
    format!("Deployment~dev~{namespace}~{}", name(number))
}

/// A Deployment without pods that the controller does not roll out: a change of it is one call and one answer.
pub fn paused(namespace: &str, name: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": 0, "paused": true, "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "main", "image": "docker.io/library/busybox:1"}]},
            },
        },
    })
}

/// Waits until the read model knows `count` workloads of the namespace.
async fn until_known(gateway: &Gateway, namespace: &Namespace, count: usize) {
    let query = "query($f: WorkloadFilter) { workloads(filter: $f, first: 1) { totalCount } }";
    until("the workloads are in the read model", || async {
        let found = gateway.data(query, json!({"f": {"namespaces": [namespace.name]}})).await.ok()?;
        (found.pointer("/workloads/totalCount")?.as_u64()? as usize >= count).then_some(())
    })
    .await;
}

/// Waits until `look` is true; an error when it does not become so.
pub async fn within<F: AsyncFnMut() -> Result<bool>>(time: Duration, what: &str, mut look: F) -> Result<()> {
    let end = tokio::time::Instant::now() + time;
    let mut last = None;
    while tokio::time::Instant::now() < end {
        match look().await {
            Ok(true) => return Ok(()),
            Ok(false) => last = None,
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let met = Err(last.unwrap_or_else(|| anyhow::anyhow!("it did not")));
    ensure!(!what.is_empty(), "nothing is waited for");
    met.with_context(|| format!("waited {} s in vain until {what}", time.as_secs()))
}
