//! `binnacle forget`.

use super::{must_be_said, runtime, say, seal::seal_anew, write_side, wrong_setting};
use crate::{
    auth::account,
    config::{Database, Sealing},
    sealing::{
        LOOK, key_file,
        tombstones::{self, Tombstone},
    },
};
use anyhow::{Context, bail, ensure};
use chrono::Utc;
use clap::Args;
use commands::{Origin, WriteSide, log::forget::Pending};
use domain::{
    access::Scope,
    core::{
        actor::Actor,
        decider::Decider,
        envelope::Metadata,
        ids::{BatchId, ClusterId, OperationId},
        sealing::{KeyId, KeyScope, SealingKeys},
    },
    kubernetes::{object::ObjectRef, resource::Resource},
    platform::access_log::{AccessLog, Person},
};
use projections::{
    Window,
    models::{batches, clusters, objects, operations, pods, workloads},
};
use sqlx::PgPool;
use std::{process::ExitCode, sync::Arc, time::Duration};
use tokio::time::Instant;

/// How long open operations may take to end.
const PATIENCE: Duration = Duration::from_secs(60);
/// Operations cancelled at once.
const PAGE: i64 = 200;

#[derive(Args, Debug)]
pub struct Forget {
    #[command(flatten)]
    what: What,
    /// Why, for the audit log.
    #[arg(long)]
    reason: String,
    /// Who decides so, for the audit log; without it, the user of the shell.
    #[arg(long, default_value_t = super::user_of_the_shell(), hide_default_value = true)]
    by: String,
    /// Do it. Without it, only what would be forgotten is printed.
    #[arg(long)]
    yes: bool,
    /// Leave the file of the sealing keys as it is: for gateways that have copies of it, which are to get a new key by
    /// `binnacle seal rotate`.
    #[arg(long)]
    keep_sealing_key: bool,
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    sealing: Sealing,
}

/// The target of the deletion.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct What {
    /// A namespace, as CLUSTER/NAMESPACE, with the labels and annotations of its own.
    #[arg(long, value_name = "CLUSTER/NAMESPACE")]
    namespace: Option<String>,
    /// An object outside namespaces, by its id, for example Node~dev~_~worker-1.
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    /// What the log says of a person: the name that is shown, and addresses.
    #[arg(long, value_name = "USERNAME")]
    person: Option<String>,
    /// The same of all who tried to sign in without an account.
    #[arg(long)]
    strangers: bool,
    /// What a cluster said of itself, by its name: why it did not answer, what it does not let Binnacle read, and events that
    /// name no object.
    #[arg(long, value_name = "CLUSTER")]
    cluster: Option<String>,
}

impl Forget {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        if let Err(message) = self.database.check() {
            return Ok(wrong_setting(message));
        }
        match self.sealing.keys() {
            Ok(keys) => runtime()?.block_on(self.forget(Arc::new(keys))),
            Err(message) => Ok(wrong_setting(message)),
        }
    }

    async fn forget(self, sealing: Arc<SealingKeys>) -> anyhow::Result<ExitCode> {
        must_be_said("--reason", &self.reason)?;
        must_be_said("--by", &self.by)?;
        let (pool, write_side) = write_side(&self.database, Arc::clone(&sealing)).await?;
        let mut sealed = Vec::new();
        for scope in self.what.scopes(&pool).await? {
            match write_side.store().keys().name_of(&scope).await? {
                Some(key) => sealed.push((scope, key)),
                None => say(format_args!("nothing is sealed for {scope}: there is nothing to forget")),
            }
        }
        if sealed.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        for (scope, _) in &sealed {
            describe(&pool, scope).await?;
        }
        if !self.keep_sealing_key {
            say(format_args!(
                "A new sealing key is put in front of {}, and all other data keys are sealed anew by it. A gateway with a copy of \
                 that file needs the new one; --keep-sealing-key leaves it as it is.",
                self.sealing.sealing_key_file.display()
            ));
        }
        if !self.yes {
            say("Nothing was done: add --yes to do it. It cannot be undone.");
            return Ok(ExitCode::SUCCESS);
        }
        let file = tombstones::file(&self.sealing.sealing_key_file);
        tombstones::open(&file).with_context(|| format!("{}: nothing was forgotten", file.display()))?;
        let actor = Actor::system(&format!("command line of {}", self.by));
        let origin = Origin { reason: Some(self.reason.clone()), ..Origin::by(actor) };
        for (scope, key) in sealed {
            end_operations(&pool, &write_side, &origin, &scope).await?;
            self.delete(&write_side, origin.clone(), &scope, key).await?;
        }
        self.renew_sealing_key(&pool, &write_side, &sealing).await?;
        Ok(ExitCode::SUCCESS)
    }

    /// Seals everything that is left with a new key. Earlier copies of the database become useless once the old key is
    /// destroyed.
    async fn renew_sealing_key(
        &self,
        pool: &PgPool,
        write_side: &WriteSide,
        sealing: &SealingKeys,
    ) -> anyhow::Result<()> {
        let file = &self.sealing.sealing_key_file;
        let destroy = "Copies of the database from before still hold the wrapped key. They forget it when a gateway with the \
                       tombstones starts on them; without those it can be opened as long as today's sealing key exists";
        if self.keep_sealing_key {
            say(format_args!("{destroy}: see `binnacle seal rotate`."));
            return Ok(());
        }
        let renewed = async {
            let _lock = key_file::lock(file)?;
            key_file::add(file)?;
            key_file::activate(file)?;
            sealing.replace(self.sealing.keys().map_err(anyhow::Error::msg)?);
            // By then the gateways have read the file.
            tokio::time::sleep(2 * LOOK).await;
            let metadata = Metadata {
                reason: Some("a key was forgotten, so that earlier copies of the database cannot be read".to_owned()),
                ..Metadata::by(Actor::system(&format!("command line of {}", self.by)))
            };
            seal_anew(pool, write_side, sealing, &metadata).await
        };
        renewed.await.context("it was forgotten, but the sealing key was not replaced: run `binnacle seal rotate`")?;
        say(format_args!(
            "{destroy}. To destroy it, wait for the longest session, run `binnacle seal rotate --finish`, and remove all lines but the \
             first from {}. Then backups from before cannot be read by anybody.",
            file.display()
        ));
        Ok(())
    }

    async fn delete(&self, write_side: &WriteSide, origin: Origin, scope: &KeyScope, key: KeyId) -> anyhow::Result<()> {
        let forgotten = write_side
            .dispatcher()
            .forget(origin, scope, key, Pending::Refuse)
            .await
            .context("nothing was forgotten")?;
        say(format_args!("forgotten, at position {} of the log", forgotten.position));
        let tombstone = Tombstone::of(key, scope, Utc::now());
        let file = tombstones::file(&self.sealing.sealing_key_file);
        tombstones::add(&file, &tombstone).with_context(|| {
            format!(
                "write this line to {} yourself, so that a restored copy forgets it too: {tombstone}",
                file.display()
            )
        })?;
        Ok(())
    }
}

impl What {
    async fn scopes(&self, pool: &PgPool) -> anyhow::Result<Vec<KeyScope>> {
        let Self { namespace: Some(namespace), .. } = self else { return Ok(vec![self.scope(pool).await?]) };
        let (cluster, name) = namespace.rsplit_once('/').context("--namespace: write it as CLUSTER/NAMESPACE")?;
        let cluster = cluster_id(pool, cluster).await?;
        // The namespace itself is an object outside namespaces.
        let itself = KeyScope::of_object(&format!("{cluster}/_/{}/{name}", Resource::NAMESPACE));
        Ok(vec![KeyScope::of_namespace(&cluster, name), itself])
    }

    async fn scope(&self, pool: &PgPool) -> anyhow::Result<KeyScope> {
        match self {
            Self { object: Some(id), .. } => {
                let object: ObjectRef = id.parse().ok().context("--object: this is no id of an object")?;
                match &object.namespace {
                    None => Ok(KeyScope::of_object(&object.path())),
                    Some(namespace) => bail!(
                        "--object: {object} shares its key with its namespace; forget that: --namespace {}/{namespace}",
                        object.cluster
                    ),
                }
            }
            Self { person: Some(username), .. } => {
                let person = account::id_of(pool, username).await?;
                let person = person.with_context(|| format!("--person: there is no account {username:?}"))?;
                Ok(KeyScope::of_person(&person.to_string()))
            }
            Self { strangers: true, .. } => Ok(KeyScope::of_person(&AccessLog::key(&Person::Unknown))),
            Self { cluster: Some(cluster), .. } => Ok(KeyScope::of_cluster(&cluster_id(pool, cluster).await?)),
            _ => bail!("name what is to be forgotten"),
        }
    }
}

/// The id of the cluster of this name. One that is in no list has the id that is made of its name.
async fn cluster_id(pool: &PgPool, name: &str) -> anyhow::Result<String> {
    let known = clusters::all(pool, &Scope::everything()).await?.into_iter().find(|cluster| cluster.name == name);
    Ok(known.map_or_else(|| ClusterId::from_name(name).to_string(), |cluster| cluster.id))
}

/// Warns if the object still exists, because its content will be recorded again.
async fn describe(pool: &PgPool, scope: &KeyScope) -> anyhow::Result<()> {
    say(format_args!(
        "To be forgotten: all that people filled in freely, and all words of the cluster that quote it, for {scope}."
    ));
    if let Some((cluster, namespace)) = scope.namespace() {
        let (cluster, namespaces, all) = (Some(cluster.to_owned()), vec![namespace.to_owned()], Scope::everything());
        let filter =
            workloads::Filter { cluster: cluster.clone(), namespaces: namespaces.clone(), ..Default::default() };
        let workloads = workloads::count(pool, &all, &filter).await?;
        let filter = pods::Filter { cluster: cluster.clone(), namespaces: namespaces.clone(), ..Default::default() };
        let pods = pods::count(pool, &all, &filter).await?;
        let filter = objects::Filter { cluster, namespaces, ..Default::default() };
        // Each is counted at a moment of its own.
        let others = (objects::count(pool, &all, &filter).await? - workloads - pods).max(0);
        say(format_args!(
            "{workloads} workloads and {pods} pods in it still live, and {others} other objects: they are recorded anew, under a \
             new key."
        ));
    }
    Ok(())
}

fn open_operations(scope: &KeyScope) -> Option<operations::Filter> {
    let (cluster, namespace) = scope.namespace()?;
    Some(operations::Filter {
        cluster: Some(cluster.to_owned()),
        namespace: Some(namespace.to_owned()),
        is_open: true,
        ..Default::default()
    })
}

/// Cancels open operations and batches, and waits until they have ended.
async fn end_operations(
    pool: &PgPool,
    write_side: &WriteSide,
    origin: &Origin,
    scope: &KeyScope,
) -> anyhow::Result<()> {
    let (Some(filter), Some((cluster, namespace))) = (open_operations(scope), scope.namespace()) else { return Ok(()) };
    let (end, window) = (Instant::now() + PATIENCE, Window { first: PAGE, after: None });
    loop {
        let open = operations::page(pool, &Scope::everything(), &filter, &window).await?.rows;
        let batches = batches::open_in(pool, cluster, namespace).await?;
        if open.is_empty() && batches.is_empty() {
            return Ok(());
        }
        ensure!(
            Instant::now() < end,
            "{} operations and batches in {scope} have not ended: nothing was forgotten. A gateway must run to end them",
            open.len() + batches.len()
        );
        for batch in batches.iter().filter(|batch| !batch.cancel_requested) {
            match write_side.dispatcher().cancel_batch(origin.clone(), BatchId(batch.id)).await {
                // It ended meanwhile.
                Ok(_) | Err(commands::Error::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        for operation in open.iter().filter(|operation| !operation.cancel_requested) {
            let target: ObjectRef = operation.target.parse().ok().context("an operation without an object")?;
            match write_side.dispatcher().cancel(origin.clone(), target, OperationId(operation.id)).await {
                // It ended meanwhile.
                Ok(_) | Err(commands::Error::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
