//! Who may do everything in the database can change the log and compute every hash anew. What of it is found, where, and
//! what it takes to find it: the tamper matrix.

use anyhow::{Context, Result, bail};
use chrono::TimeDelta;
use commands::log::{Expected, NewEvent, Request};
use domain::{
    core::{
        actor::Actor,
        envelope::{Metadata, StoredEvent},
        ids::CommandId,
    },
    kubernetes::observed::ObservedEvent,
};
use projections::{
    Projections,
    engine::feed,
    evidence::{
        Verdict,
        checkpoint::{Error, Purpose, SigningKeys, TrustedKeys, Witness, new_key},
        export,
        notary::Notary,
        prove,
        verify::{self, Against},
        witness,
    },
};
use sqlx::PgPool;
use std::sync::Arc;
use tests::{
    database::{Database, sealing},
    until,
    write_side::append,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const NAME: &str = "test.example/log";
/// More than one full tile, and a last one that is not full.
const EVENTS: i64 = 600;

/// A sealed log, its keys, and the checkpoint that somebody kept.
struct Log {
    database: Database,
    application: PgPool,
    owner: PgPool,
    private: String,
    public: String,
    /// The one of the first 300 events.
    first: String,
    kept: String,
}

async fn grow(pool: &PgPool, events: i64) -> Result<()> {
    let mut connection = pool.acquire().await?;
    for _ in 0..events / 100 {
        let requests: Vec<Request> = (0..100)
            .map(|n| {
                let (id, event) = (CommandId(Uuid::now_v7()), ObservedEvent::PodGone { uid: format!("u-{n}") });
                let metadata = Metadata::by(Actor::system("test"));
                let events = vec![NewEvent { id: id.event(0), event: event.into(), metadata }];
                let stream = format!("observed:dev/a/Pod/pod-{n}");
                Request::new(stream, Expected::Any, events)
            })
            .collect();
        append(pool, &mut connection, &requests).await?;
    }
    Ok(())
}

/// Seals until the tree has `size` events; answers the signed checkpoint.
async fn seal(pool: &PgPool, private: &str, size: i64) -> Result<String> {
    let (projections, shutdown) = (Projections::new(pool.clone(), sealing()), CancellationToken::new());
    let notary = Some(Arc::new(Notary::open(SigningKeys::parse(private)?, None)?));
    let sealer = tokio::spawn({
        let (projections, shutdown) = (projections.clone(), shutdown.clone());
        async move { projections.run_sealer("test".to_owned(), notary, shutdown).await }
    });
    let note = until("it is sealed", || async {
        prove::newest(pool).await.ok().flatten().filter(|sealed| sealed.size == size).and_then(|sealed| sealed.note)
    })
    .await;
    shutdown.cancel();
    sealer.await?;
    projections.close().await;
    Ok(note)
}

impl Log {
    async fn sealed() -> Result<Self> {
        let database = Database::create().await?;
        let (application, owner) = (database.application().await, database.owner().await);
        let (private, public) = new_key(NAME, Purpose::Log)?;
        grow(&application, 300).await?;
        let first = seal(&application, &private, 300).await?;
        grow(&application, EVENTS - 300).await?;
        let kept = seal(&application, &private, EVENTS).await?;
        Ok(Self { database, application, owner, private, public, first, kept })
    }

    fn against(&self, notes: &[&str]) -> Result<Against> {
        let notes = notes.iter().map(|&note| note.to_owned()).collect();
        let keys = TrustedKeys::new(std::slice::from_ref(&self.public))?;
        Ok(Against { unsigned_for: TimeDelta::zero(), ..Against::new(keys, notes) })
    }

    /// What is found by three who look at the database: one who knows nothing else, one who knows the public key, and one
    /// who also kept a checkpoint.
    async fn found(&self) -> Result<[Found; 3]> {
        let nothing = Against::new(TrustedKeys::new(&[])?, Vec::new());
        let mut found = [Nothing; 3];
        for (nth, against) in [nothing, self.against(&[])?, self.against(&[&self.kept])?].into_iter().enumerate() {
            found[nth] = match verify::database(&self.application, &against).await? {
                Verdict::Holds(_) => Nothing,
                Verdict::Broken(broken) => broken.position.map_or(At(0), At),
            };
        }
        Ok(found)
    }

    /// Replaces the log by what `change` makes of it, with positions, versions and all hashes as they would have been.
    async fn rewrite(&self, change: impl FnOnce(&mut Vec<StoredEvent>)) -> Result<()> {
        let mut events = feed::stored(&self.application, 0, i64::MAX, 10_000).await?;
        change(&mut events);
        let mut versions = std::collections::HashMap::<String, i64>::new();
        let mut tx = self.owner.begin().await?;
        sqlx::raw_sql("TRUNCATE events").execute(&mut *tx).await?;
        for (event, position) in events.iter_mut().zip(1..) {
            let version = versions.entry(event.stream.clone()).or_default();
            *version += 1;
            (event.position, event.version) = (position, *version);
            event.content_hash = event.expected_content_hash().to_vec();
            sqlx::query("INSERT INTO events VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
                .bind(event.position)
                .bind(event.id)
                .bind(&event.stream)
                .bind(event.version)
                .bind(&event.event_type)
                .bind(event.schema_version)
                .bind(&event.payload)
                .bind(&event.metadata)
                .bind(event.recorded_at)
                .bind(&event.content_hash)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query("UPDATE log_head SET position = $1").bind(events.len() as i64).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn run(&self, sql: &'static str) -> Result<()> {
        sqlx::raw_sql(sql).execute(&self.owner).await?;
        Ok(())
    }

    async fn drop(self) {
        self.application.close().await;
        self.owner.close().await;
        self.database.drop().await;
    }
}

fn other_uid(event: &mut StoredEvent) {
    event.payload = br#"{"uid":"somebody-else"}"#.to_vec();
}

#[derive(Clone, Copy, Debug)]
enum Tampering {
    OneByte,
    EditAndRehash,
    Delete,
    Swap,
    Insert,
    Truncate,
    WithoutEvidence,
    ForgedCheckpoint,
    UnsignedCheckpoint,
    OldSignatureLeft,
    OldBackup,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    /// Something, at this position.
    At(i64),
}
use Found::{At, Nothing};

/// What is found by whom knows nothing else, by whom knows the public key, and by whom kept a checkpoint.
const MATRIX: [(Tampering, [Found; 3]); 11] = [
    (Tampering::OneByte, [At(400); 3]),
    (Tampering::EditAndRehash, [At(400); 3]),
    (Tampering::Delete, [At(400); 3]),
    (Tampering::Swap, [At(400); 3]),
    (Tampering::Insert, [At(400); 3]),
    (Tampering::Truncate, [At(551); 3]),
    // Whoever removes or replaces the evidence too is found by its missing signature: from the first unsigned event on.
    (Tampering::WithoutEvidence, [Nothing, At(1), At(EVENTS)]),
    (Tampering::ForgedCheckpoint, [Nothing, At(1), At(EVENTS)]),
    (Tampering::UnsignedCheckpoint, [Nothing, At(1), At(EVENTS)]),
    (Tampering::OldSignatureLeft, [Nothing, At(301), At(EVENTS)]),
    // All of it was true once: only a newer checkpoint tells.
    (Tampering::OldBackup, [Nothing, Nothing, At(301)]),
];

async fn tamper(log: &Log, how: Tampering) -> Result<()> {
    match how {
        Tampering::OneByte => {
            log.run("UPDATE events SET payload = set_byte(payload, 8, 65) WHERE position = 400").await
        }
        Tampering::EditAndRehash => log.rewrite(|events| other_uid(&mut events[399])).await,
        Tampering::Delete => log.rewrite(|events| drop(events.remove(399))).await,
        Tampering::Swap => log.rewrite(|events| events.swap(399, 410)).await,
        Tampering::Insert => {
            log.rewrite(|events| {
                let mut more = events[399].clone();
                more.id = Uuid::now_v7();
                events.insert(399, more);
            })
            .await
        }
        Tampering::Truncate => log.rewrite(|events| events.truncate(550)).await,
        Tampering::WithoutEvidence | Tampering::ForgedCheckpoint | Tampering::UnsignedCheckpoint => {
            log.rewrite(|events| other_uid(&mut events[399])).await?;
            log.run("TRUNCATE evidence.tiles, evidence.checkpoints").await?;
            // Without the key of the log, which is not in the database.
            let (private, _) = new_key(NAME, Purpose::Log)?;
            seal(&log.application, &private, EVENTS).await?;
            match how {
                Tampering::ForgedCheckpoint => Ok(()),
                Tampering::UnsignedCheckpoint => log.run("UPDATE evidence.checkpoints SET note = NULL").await,
                _ => log.run("TRUNCATE evidence.tiles, evidence.checkpoints").await,
            }
        }
        Tampering::OldSignatureLeft => {
            log.rewrite(|events| other_uid(&mut events[399])).await?;
            log.run("TRUNCATE evidence.tiles, evidence.checkpoints").await?;
            let (private, _) = new_key(NAME, Purpose::Log)?;
            seal(&log.application, &private, EVENTS).await?;
            log.run("UPDATE evidence.checkpoints SET note = NULL").await?;
            sqlx::query(
                "INSERT INTO evidence.checkpoints (size, root, note) \
                 VALUES (300, decode(split_part($1, E'\\n', 3), 'base64'), $1)",
            )
            .bind(&log.first)
            .execute(&log.owner)
            .await?;
            Ok(())
        }
        Tampering::OldBackup => {
            log.rewrite(|events| events.truncate(300)).await?;
            log.run("TRUNCATE evidence.tiles, evidence.checkpoints").await?;
            seal(&log.application, &log.private, 300).await.map(drop)
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_tampering_is_found_and_located() -> Result<()> {
    let log = Log::sealed().await?;
    assert_eq!(log.found().await?, [Nothing; 3], "nobody touched it");
    let whole = feed::stored(&log.application, 0, i64::MAX, 10_000).await?;
    for (how, expected) in MATRIX {
        tamper(&log, how).await?;
        assert_eq!(log.found().await?, expected, "{how:?}");
        // Back to what it was, and sealed again with the log's own key.
        log.rewrite(|events| whole.clone_into(events)).await?;
        log.run("TRUNCATE evidence.tiles, evidence.checkpoints").await?;
        seal(&log.application, &log.private, EVENTS).await?;
        assert_eq!(log.found().await?, [Nothing; 3], "after {how:?} was undone");
    }
    log.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_proved_with_nothing_but_the_proof_and_the_public_key() -> Result<()> {
    let log = Log::sealed().await?;
    let keys = TrustedKeys::new(std::slice::from_ref(&log.public))?;
    for position in [1, 256, 257, EVENTS] {
        let inclusion = prove::inclusion(&log.application, position).await?.context("a proof")?;
        let text = inclusion.text().context("a signed one")?;
        let checked = prove::check(&text, &keys)?;
        assert_eq!((checked.position, checked.size), (position.unsigned_abs(), EVENTS.unsigned_abs()));
        let moved = text.replace(&format!("index {}\n", position - 1), &format!("index {}\n", position % EVENTS));
        assert!(matches!(prove::check(&moved, &keys), Err(Error::NotProven { .. })), "of another event");
        let stranger = TrustedKeys::new(&[new_key(NAME, Purpose::Log)?.1])?;
        assert!(matches!(prove::check(&text, &stranger), Err(Error::NotSigned)), "for a stranger");
    }
    assert_eq!(prove::inclusion(&log.application, EVENTS + 1).await?, None);
    log.run("UPDATE events SET payload = set_byte(payload, 8, 65) WHERE position = 400").await?;
    assert!(prove::inclusion(&log.application, 400).await.is_err(), "a changed event is not proved");
    log.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_is_verified_with_no_database_and_a_changed_one_is_not() -> Result<()> {
    let log = Log::sealed().await?;
    let path = std::env::temp_dir().join(format!("bundle-{}.jsonl", Uuid::now_v7().simple()));
    export::export(&log.application, &path).await?;
    let against = || log.against(&[]);
    let Verdict::Holds(holds) = export::verify_bundle(&path, &against()?)? else { panic!("an untouched bundle") };
    assert_eq!(holds.signed.context("signed")?.size, EVENTS.unsigned_abs());

    // Whoever changes an event of it and all hashes after it cannot sign the root.
    log.rewrite(|events| other_uid(&mut events[399])).await?;
    export::export(&log.application, &path).await?;
    let verdict = export::verify_bundle(&path, &against()?)?;
    assert!(matches!(&verdict, Verdict::Broken(broken) if broken.position == Some(EVENTS)), "{verdict:?}");
    std::fs::remove_file(&path)?;
    log.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_signs_a_log_that_only_grew_and_no_other() -> Result<()> {
    let log = Log::sealed().await?;
    let (private, public) = new_key("test.example/witness", Purpose::Witness)?;
    let (witness, trusted) = (Witness::new(&private)?, TrustedKeys::new(std::slice::from_ref(&log.public))?);
    let look = async |seen: Option<&str>| witness::look(&log.application, &trusted, &witness, seen).await;
    let first = look(None).await?.map_err(|broken| anyhow::anyhow!(broken.problem))?;
    let (_, signed) = TrustedKeys::new(&[log.public.clone(), public.clone()])?.open(&first)?;
    assert_eq!(signed, [NAME, "test.example/witness"]);

    grow(&log.application, 100).await?;
    seal(&log.application, &log.private, EVENTS + 100).await?;
    let second = look(Some(&first)).await?.map_err(|broken| anyhow::anyhow!(broken.problem))?;

    // A check that names the witness learns how far it vouches, and where it does not.
    let signers = async |notes: &[&str]| -> Result<Vec<u64>> {
        let keys = TrustedKeys::new(&[log.public.clone(), public.clone()])?;
        let against = Against::new(keys, notes.iter().map(|&note| note.to_owned()).collect());
        let Verdict::Holds(holds) = verify::database(&log.application, &against).await? else { bail!("it holds") };
        Ok([NAME, "test.example/witness"].iter().map(|name| holds.signers[*name]).collect())
    };
    let (all, before) = (EVENTS.unsigned_abs() + 100, EVENTS.unsigned_abs());
    assert_eq!(signers(&[]).await?, [all, 0]);
    assert_eq!(signers(&[&first]).await?, [all, before]);
    assert_eq!(signers(&[&first, &second]).await?, [all, all]);

    // A crash of the database may take the newest checkpoint away, and nothing is wrong with the log.
    log.run("DELETE FROM evidence.checkpoints WHERE size = (SELECT max(size) FROM evidence.checkpoints)").await?;
    let behind = look(Some(&second)).await.err().context("nothing can be said now")?;
    assert!(matches!(behind, projections::evidence::Error::NotNow(_)), "{behind}");
    seal(&log.application, &log.private, EVENTS + 100).await?;
    let second = look(Some(&second)).await?.map_err(|broken| anyhow::anyhow!(broken.problem))?;

    // The keeper of the log, who has its key, begins another one.
    log.rewrite(|events| other_uid(&mut events[5])).await?;
    log.run("TRUNCATE evidence.tiles, evidence.checkpoints").await?;
    grow(&log.application, 100).await?;
    seal(&log.application, &log.private, EVENTS + 200).await?;
    let broken = look(Some(&second)).await?.err().context("a log that was rewritten")?;
    assert_eq!(broken.position, Some(EVENTS + 100), "{broken:?}");
    log.drop().await;
    Ok(())
}

/// Runs the sealer until it has failed three times: each try takes the lease with a higher fence.
async fn refuses(log: &Log, notary: Option<Arc<Notary>>) -> Result<()> {
    let fence = async || -> Result<i64> {
        Ok(sqlx::query_scalar("SELECT last_value FROM lease_fence").fetch_one(&log.owner).await?)
    };
    let before = fence().await?;
    let (projections, shutdown) = (Projections::new(log.application.clone(), sealing()), CancellationToken::new());
    let sealer = projections.run_sealer("test".to_owned(), notary, shutdown.clone());
    let watched = async {
        until("it was tried three times", || async { fence().await.ok().filter(|now| *now >= before + 3) }).await;
        shutdown.cancel();
    };
    tokio::join!(sealer, watched);
    projections.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sealed_over_a_tree_that_was_changed() -> Result<()> {
    let log = Log::sealed().await?;
    log.run("UPDATE evidence.tiles SET hashes = set_byte(hashes, 0, 1 + get_byte(hashes, 0) % 255) WHERE level = 1")
        .await?;
    grow(&log.application, 100).await?;
    refuses(&log, None).await?;
    let newest = prove::newest(&log.application).await?.context("a checkpoint")?;
    assert_eq!(newest.size, EVENTS, "nothing was sealed after the change");
    log.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_can_seal_no_other_tree() -> Result<()> {
    let log = Log::sealed().await?;
    for (what, call) in [
        ("more than the log", "evidence.seal('{}', '{}', '{}', 601, '\\x00', NULL)"),
        ("another root", "evidence.seal('{}', '{}', '{}', 600, '\\x00', NULL)"),
        ("another tile", "evidence.seal('{0}', '{0}', ARRAY[decode(repeat('00', 32), 'hex')], 500, '\\x00', NULL)"),
    ] {
        let asked = sqlx::raw_sql(sqlx::AssertSqlSafe(format!("SELECT {call}"))).execute(&log.application).await;
        assert!(asked.is_err(), "{what} was taken");
    }
    assert_eq!(log.found().await?, [Nothing; 3]);
    log.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gateway_never_signs_a_log_that_does_not_go_on_from_what_it_signed() -> Result<()> {
    let log = Log::sealed().await?;
    let file = std::env::temp_dir().join(format!("checkpoint-{}", Uuid::now_v7().simple()));
    std::fs::write(&file, &log.kept)?;
    let notary = || anyhow::Ok(Some(Arc::new(Notary::open(SigningKeys::parse(&log.private)?, Some(file.clone()))?)));
    // With the evidence removed, and with evidence that fits the forged log.
    log.rewrite(|events| other_uid(&mut events[399])).await?;
    log.run("TRUNCATE evidence.tiles, evidence.checkpoints").await?;
    grow(&log.application, 100).await?;
    refuses(&log, notary()?).await?;
    let signed = async || -> Result<i64> {
        let count = sqlx::query_scalar("SELECT count(*) FROM evidence.checkpoints WHERE note IS NOT NULL");
        Ok(count.fetch_one(&log.owner).await?)
    };
    assert_eq!(signed().await?, 0, "nothing was signed");
    let (forged, _) = new_key(NAME, Purpose::Log)?;
    seal(&log.application, &forged, EVENTS + 100).await?;
    let before = signed().await?;
    refuses(&log, notary()?).await?;
    assert_eq!(signed().await?, before, "nothing more was signed");
    assert_eq!(std::fs::read_to_string(&file)?, log.kept, "what was signed is remembered");
    std::fs::remove_file(&file)?;
    log.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_that_was_removed_comes_back_and_an_unsigned_log_is_signed() -> Result<()> {
    let log = Log::sealed().await?;
    log.run("TRUNCATE evidence.tiles, evidence.checkpoints").await?;
    assert_ne!(seal(&log.application, &log.private, EVENTS).await?, "");
    log.run("UPDATE evidence.checkpoints SET note = NULL").await?;
    seal(&log.application, &log.private, EVENTS).await?;
    assert_eq!(log.found().await?, [Nothing; 3]);
    log.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_key_signs_the_next_tree_and_no_signature_is_replaced() -> Result<()> {
    let log = Log::sealed().await?;
    let (second, public) = new_key(NAME, Purpose::Log)?;
    let both = format!("{}\n{second}", log.private);
    assert_eq!(seal(&log.application, &both, EVENTS).await?, log.kept, "what was signed stays as it is");
    grow(&log.application, 100).await?;
    let note = seal(&log.application, &both, EVENTS + 100).await?;
    for key in [&log.public, &public] {
        assert!(TrustedKeys::new(std::slice::from_ref(key))?.open(&note).is_ok(), "{key}");
    }
    log.drop().await;
    Ok(())
}
