//! `binnacle doctor`: one line for each dependency of Binnacle, and how to fix what is missing.

use super::{runtime, say, wrong_setting};
use crate::{
    auth::rights,
    config::{Clusters, Database},
    database,
};
use clap::Args;
use commands::kubernetes::ClusterHandle;
use domain::kubernetes::{object::ObjectRef, resource::Resource};
use projections::engine::feed;
use sqlx::PgPool;
use std::{process::ExitCode, time::Duration};

#[derive(Args, Debug)]
pub struct Doctor {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    clusters: Clusters,
}

/// Prints the results and remembers whether all are good.
#[derive(Default)]
struct Report {
    has_failed: bool,
}

impl Report {
    fn good(&mut self, what: &str, found: impl std::fmt::Display) {
        say(format_args!("ok    {what}: {found}"));
    }

    fn bad(&mut self, what: &str, found: impl std::fmt::Display, remedy: &str) {
        self.has_failed = true;
        say(format_args!("FAIL  {what}: {found}\n      {remedy}"));
    }
}

impl Doctor {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        if let Err(message) = self.database.check() {
            return Ok(wrong_setting(message));
        }
        let report = runtime()?.block_on(self.examine());
        Ok(if report.has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    async fn examine(&self) -> Report {
        let mut report = Report::default();
        // No retry: doctor reports the current state.
        match database::connect(&self.database, Duration::ZERO).await {
            Ok(pools) => {
                report.good("Postgres", "it answers");
                examine_database(&mut report, &pools.read).await;
            }
            Err(error) => {
                let remedy = "Check BINNACLE_DATABASE_URL, and that Postgres runs and lets this host in.";
                report.bad("Postgres", anyhow::Error::from(error).root_cause(), remedy);
            }
        }
        self.examine_clusters(&mut report).await;
        report
    }

    async fn examine_clusters(&self, report: &mut Report) {
        let sources = self.clusters.sources();
        if sources.is_empty() {
            report.bad("clusters", "none is known", "Set KUBECONFIG, or run inside a cluster.");
            return;
        }
        match commands::Clusters::open(&sources).await {
            Ok(clusters) => {
                for handle in clusters.all() {
                    examine_cluster(report, &handle).await;
                }
            }
            Err(error) => report.bad("clusters", error, "Check the file that KUBECONFIG names."),
        }
    }
}

async fn examine_database(report: &mut Report, pool: &PgPool) {
    if let Err(error) = database::check_schema(pool).await {
        report.bad("schema", error, "Run binnacle migrate with the role that owns the database.");
        return;
    }
    report.good("schema", "it is the one of this version");
    match rights::read(pool).await {
        Ok(rights) => examine_rights(report, &rights),
        Err(error) => report.bad("rights", error, "Run binnacle migrate with the role that owns the database."),
    }
    match feed::head(pool).await {
        Ok(head) => report.good("log", format!("its last event is {head}")),
        Err(error) => report.bad("log", error, "Grant the role binnacle_app to the role of BINNACLE_DATABASE_URL."),
    }
}

fn examine_rights(report: &mut Report, rights: &rights::Rights) {
    if !rights.may_append || !rights.may_read {
        let found = format!("the role {} may not use the log", rights.role);
        report.bad("rights", found, "Grant the role binnacle_app to it.");
    } else if rights.may_rewrite {
        let found = format!("the role {} may rewrite the log", rights.role);
        report.bad("rights", found, "Let Binnacle connect as a role that is only a member of binnacle_app.");
    } else {
        report.good("rights", format!("the role {} may append and not rewrite", rights.role));
    }
    match rights.accounts {
        0 => report.good("accounts", "none yet: the next start makes the first administrator"),
        accounts => report.good("accounts", accounts),
    }
}

async fn examine_cluster(report: &mut Report, handle: &ClusterHandle) {
    let what = format!("cluster {}", handle.name);
    let default = ObjectRef {
        cluster: handle.id.clone(),
        kind: Resource::NAMESPACE,
        namespace: None,
        name: "default".to_owned(),
    };
    match handle.port.get(&default).await {
        Ok(_) => report.good(&what, "it answers"),
        Err(error) => report.bad(&what, error, "Check the kubeconfig, the network and the rights of its user."),
    }
}
