//! The short ways to append answer what `append` answers, and leave the same in the database.

use super::batches::request;
use anyhow::Result;
use chrono::DateTime;
use commands::{
    dispatch::to_be_stored,
    log::{
        Appended, DataKeys, Expected, Guard, Keyed, NewEffect, Request,
        append::{Prepared, append, append_decided},
    },
};
use domain::{
    core::ids::{CommandId, OperationId, SessionId},
    kubernetes::object::ObjectRef,
    operation::{
        effect::Effect,
        plan::{Call, Stage},
    },
};
use fastrand::Rng;
use projections::{engine::feed, evidence::verify::Verifier};
use serde_json::{Value, json};
use sqlx::{PgPool, Row};
use std::collections::{HashMap, HashSet};
use tests::database::{Database, TESTER, sealing};
use uuid::Uuid;

const TURNS: usize = 800;
const STREAMS: usize = 12;
const OPERATIONS: u128 = 6;
const KEYS: u128 = 40;
const GOES_ON: Uuid = Uuid::from_u128(11);
const ENDED: Uuid = Uuid::from_u128(12);

fn effect(operation: OperationId, stage: Stage) -> NewEffect {
    let target = ObjectRef::from_stream("target:dev/a/Pod/one").expect("an object");
    let effect = Effect { operation, target, stage, action: Call::Remember, uid: None, deadline: DateTime::UNIX_EPOCH };
    to_be_stored(&effect).expect("JSON")
}

/// A log, with the sessions that all of them know.
struct Log {
    database: Database,
    pool: PgPool,
    name: &'static str,
    /// One request a call, or all of a batch.
    is_alone: bool,
    /// By `append` alone.
    is_decided: bool,
}

impl Log {
    async fn create(name: &'static str, is_alone: bool, is_decided: bool) -> Result<Self> {
        let database = Database::create().await?;
        database.make_tester().await?;
        let pool = database.application().await;
        sqlx::query(
            "INSERT INTO auth.sessions (id, user_id, token_hash, expires_at, ended_at) \
             VALUES ($1, $3, '', now() + interval '1 hour', NULL), ($2, $3, '', now() + interval '1 hour', now())",
        )
        .bind(GOES_ON)
        .bind(ENDED)
        .bind(TESTER)
        .execute(&pool)
        .await?;
        let log = Self { database, pool, name, is_alone, is_decided };
        // Its data key is made, and reported, before anything is appended: then positions are the same in every log.
        let effects = vec![(OperationId(GOES_ON), Some(effect(OperationId(GOES_ON), Stage::Apply)))];
        log.prepare(&[Request { effects, ..request(&name_of_stream(0), Expected::Any, 1) }]).await?;
        Ok(log)
    }

    /// Encoded and sealed once: sealed again, it is other bytes.
    async fn prepare(&self, batch: &[Request]) -> Result<Vec<Prepared>> {
        let keys = DataKeys::new(self.pool.clone(), sealing());
        let mut prepared = Vec::new();
        for request in batch.iter().cloned() {
            prepared.push(request.prepare(&keys).await?);
        }
        Ok(prepared)
    }

    /// Takes over the keys of another log: what they sealed is appended here too.
    async fn take_keys(&self, of: &Self) -> Result<()> {
        let keys: Vec<(Vec<u8>, String, Vec<u8>)> =
            sqlx::query_as("SELECT id, scope, wrapped FROM data_keys").fetch_all(&of.pool).await?;
        // As the owner, by a way that needs no report.
        let owner = self.database.owner().await;
        sqlx::query("TRUNCATE data_keys").execute(&owner).await?;
        owner.close().await;
        for (id, scope, wrapped) in keys {
            let insert = "INSERT INTO data_keys (id, scope, wrapped) VALUES ($1, $2, $3)";
            sqlx::query(insert).bind(id).bind(scope).bind(wrapped).execute(&self.pool).await?;
        }
        Ok(())
    }

    async fn append(&self, prepared: &[Prepared]) -> Result<Vec<Appended>> {
        let mut connection = self.pool.acquire().await?;
        let mut answers = Vec::new();
        for requests in prepared.chunks(if self.is_alone { 1 } else { prepared.len() }) {
            answers.extend(match self.is_decided {
                true => append_decided(&mut connection, requests).await?,
                false => append(&mut connection, requests).await?,
            });
        }
        // The clocks differ.
        for answer in &mut answers {
            if let Appended::Done { recorded_at, .. } = answer {
                *recorded_at = DateTime::UNIX_EPOCH;
            }
        }
        Ok(answers)
    }

    async fn fences(&self) -> Result<HashMap<Uuid, i64>> {
        let rows: Vec<(Uuid, i64)> =
            sqlx::query_as("SELECT operation_id, fence FROM effects").fetch_all(&self.pool).await?;
        Ok(rows.into_iter().collect())
    }

    /// All that appends leave, but for times and what they are hashed into, and for the data keys of each log.
    async fn contents(&self) -> Result<Vec<String>> {
        let rows = sqlx::query(
            "SELECT to_jsonb(r)::text FROM (SELECT position FROM log_head) r
             UNION ALL SELECT (to_jsonb(r) - '{recorded_at,content_hash}'::text[])::text FROM events r WHERE stream NOT LIKE 'sealing:%'
             UNION ALL SELECT to_jsonb(r)::text FROM streams r WHERE category <> 'sealing'
             UNION ALL SELECT (to_jsonb(r) - 'recorded_at')::text FROM commands r
             UNION ALL SELECT (to_jsonb(r) - 'due_at')::text FROM effects r
             ORDER BY 1",
        );
        let mut contents = Vec::new();
        for row in rows.fetch_all(&self.pool).await? {
            contents.push(row.try_get(0)?);
        }
        Ok(contents)
    }
}

/// Requests at random: what is expected of a stream is mostly near what it is at.
struct Asking {
    dice: Rng,
    versions: [i64; STREAMS],
    fences: HashMap<Uuid, i64>,
    /// Keys and operations that this batch has named.
    named: HashSet<Uuid>,
}

impl Asking {
    fn one_in(&mut self, number: usize) -> bool {
        self.dice.usize(..number) == 0
    }

    fn batch(&mut self) -> Vec<(usize, Request)> {
        self.named.clear();
        // Like what a watch records: streams that differ, exact versions.
        let is_plain = self.dice.bool();
        let mut streams: Vec<usize> = (0..STREAMS).collect();
        self.dice.shuffle(&mut streams);
        (0..self.dice.usize(1..10))
            .map(|nth| match is_plain {
                true => (streams[nth], self.plain(streams[nth])),
                false => {
                    let stream = self.dice.usize(..STREAMS);
                    (stream, self.any(stream))
                }
            })
            .collect()
    }

    fn plain(&mut self, stream: usize) -> Request {
        let stale = i64::from(self.one_in(20));
        let events = 1 + self.dice.usize(..2);
        request(&name_of_stream(stream), Expected::Exact(self.versions[stream] + stale), events)
    }

    fn any(&mut self, stream: usize) -> Request {
        let near = (self.versions[stream] + self.dice.i64(-1..2)).max(0);
        let expected = [Expected::Exact(near), Expected::Exists, Expected::Any][self.dice.usize(..3)];
        let events = if self.one_in(4) { 2 } else { 1 };
        let mut asked = request(&name_of_stream(stream), expected, events);
        asked.session = [None, None, None, Some(SessionId(GOES_ON)), Some(SessionId(ENDED))][self.dice.usize(..5)];
        let key = Uuid::from_u128(1000 + self.dice.u128(..KEYS));
        if self.one_in(3) && self.named.insert(key) {
            let body = self.dice.u8(..2);
            let result = json!({"answer": body});
            asked.keyed = Some(Keyed { command: CommandId(key), request_hash: vec![body], result });
        }
        for _ in 0..[0, 0, 1, 1, 1, 2][self.dice.usize(..6)] {
            let operation = OperationId(Uuid::from_u128(100 + self.dice.u128(..OPERATIONS)));
            if !self.named.insert(operation.0) {
                continue;
            }
            let fence = self.fences.get(&operation.0).copied().unwrap_or_default();
            if asked.guard.is_none() && self.dice.bool() {
                let stale = i64::from(self.one_in(4));
                asked.guard = Some(Guard { operation, fence: fence + stale });
            }
            let stage = [Stage::Apply, Stage::Scale][self.dice.usize(..2)];
            asked.effects.push((operation, (!self.one_in(3)).then(|| effect(operation, stage))));
        }
        asked
    }
}

fn name_of_stream(stream: usize) -> String {
    format!("observed:dev/a/Pod/{stream}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_ways_to_append_answer_the_same() -> Result<()> {
    let decided = Log::create("append, alone", true, true).await?;
    let others = [
        Log::create("the shortest way, alone", true, false).await?,
        Log::create("append, in batches", false, true).await?,
        Log::create("the shortest way, in batches", false, false).await?,
    ];
    let mut asking =
        Asking { dice: Rng::with_seed(11), versions: [0; STREAMS], fences: HashMap::new(), named: HashSet::new() };
    let mut outcomes: HashMap<&str, usize> = HashMap::new();
    for turn in 0..TURNS {
        asking.fences = decided.fences().await?;
        let batch = asking.batch();
        let requests: Vec<Request> = batch.iter().map(|(_, request)| request.clone()).collect();
        let prepared = decided.prepare(&requests).await?;
        let answers = decided.append(&prepared).await?;
        for log in &others {
            log.take_keys(&decided).await?;
            let found = log.append(&prepared).await?;
            for ((asked, answer), found) in requests.iter().zip(&answers).zip(&found) {
                assert_eq!(found, answer, "turn {turn}, {}: {asked:#?}", log.name);
            }
        }
        for ((stream, _), answer) in batch.iter().zip(&answers) {
            let outcome = match answer {
                Appended::Done { version, .. } => {
                    asking.versions[*stream] = *version;
                    "done"
                }
                Appended::Conflict { .. } => "conflict",
                Appended::Duplicate { .. } => "duplicate",
                Appended::Mismatch => "mismatch",
                Appended::Fenced => "fenced",
                Appended::SessionEnded => "ended",
            };
            *outcomes.entry(outcome).or_default() += 1;
        }
    }
    let asked: usize = outcomes.values().sum();
    assert!(asked > 3000 && outcomes.len() == 6 && outcomes.values().all(|times| *times > 20), "{outcomes:?}");
    let contents = decided.contents().await?;
    for log in &others {
        assert_eq!(log.contents().await?, contents, "{}", log.name);
    }
    for log in others.into_iter().chain([decided]) {
        let stored = feed::stored(&log.pool, 0, i64::MAX, 100_000).await?;
        Verifier::default().check(&stored).unwrap_or_else(|broken| panic!("{}: {broken:?}", log.name));
        log.pool.close().await;
        log.database.drop().await;
    }
    Ok(())
}

/// `append` may not be called here, so what is answered came from a short way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_as_expected_takes_a_short_way() -> Result<()> {
    let log = Log::create("without append", false, false).await?;
    let owner = log.database.owner().await;
    sqlx::raw_sql("REVOKE EXECUTE ON FUNCTION append FROM binnacle_app").execute(&owner).await?;
    let operation = OperationId(Uuid::from_u128(100));
    let result: Value = json!({"answer": 42});
    let keyed =
        |key| Some(Keyed { command: CommandId(Uuid::from_u128(key)), request_hash: vec![1], result: result.clone() });
    let one = |expected| request(&name_of_stream(1), expected, 1);
    let asked = Request {
        keyed: keyed(1),
        session: Some(SessionId(GOES_ON)),
        effects: vec![(operation, Some(effect(operation, Stage::Apply)))],
        ..one(Expected::Exact(0))
    };
    let guard = Some(Guard { operation, fence: 0 });
    let next = vec![(operation, Some(effect(operation, Stage::Scale)))];
    let fence = async || anyhow::Ok(log.fences().await?.get(&operation.0).copied());
    let done = async |batch: &[Request]| {
        let answers = log.append(&log.prepare(batch).await?).await?;
        let is_done = |answer: &Appended| matches!(answer, Appended::Done { .. });
        anyhow::ensure!(answers.iter().all(is_done), "{answers:?}");
        Ok(())
    };
    done(std::slice::from_ref(&asked)).await?;
    assert_eq!(fence().await?, Some(0));
    done(&[Request { guard, effects: next, ..one(Expected::Exact(1)) }]).await?;
    let fence = fence().await?.unwrap_or_default();
    assert!(fence > 0, "an effect that replaces another one has another fence");
    let guard = Some(Guard { operation, fence });
    done(&[Request { guard, effects: vec![(operation, None)], ..one(Expected::Exists) }]).await?;
    assert!(log.fences().await?.is_empty(), "it is withdrawn");
    done(&[one(Expected::Any)]).await?;
    done(&[request(&name_of_stream(2), Expected::Any, 1)]).await?;
    done(&[request(&name_of_stream(1), Expected::Exact(4), 2), request(&name_of_stream(3), Expected::Exact(0), 3)])
        .await?;
    done(&[request(&name_of_stream(3), Expected::Exact(3), 2)]).await?;

    for (refused, expected) in [
        (asked, Appended::Duplicate { result: json!({"answer": 42, "position": 2}) }),
        (Request { keyed: keyed(2), session: Some(SessionId(ENDED)), ..one(Expected::Any) }, Appended::SessionEnded),
        (Request { guard, ..one(Expected::Any) }, Appended::Fenced),
        (one(Expected::Exact(5)), Appended::Conflict { version: 6 }),
        (request(&name_of_stream(4), Expected::Exists, 1), Appended::Conflict { version: 0 }),
    ] {
        let prepared = log.prepare(std::slice::from_ref(&refused)).await?;
        assert_eq!(log.append(&prepared).await?, [expected], "{refused:#?}");
    }
    // Those before and after the stale one are decided for themselves.
    let stale = [
        one(Expected::Exact(6)),
        request(&name_of_stream(2), Expected::Exact(5), 1),
        request(&name_of_stream(3), Expected::Exact(5), 1),
    ];
    let error =
        log.append(&log.prepare(&stale).await?).await.err().and_then(|error| error.downcast::<sqlx::Error>().ok());
    let code = error.as_ref().and_then(|error| error.as_database_error()?.code());
    assert_eq!(code.as_deref(), Some("42501"), "append is asked");
    let head: i64 = sqlx::query_scalar("SELECT position FROM log_head").fetch_one(&owner).await?;
    assert_eq!(head, 13, "what was refused took no position");
    owner.close().await;
    log.pool.close().await;
    log.database.drop().await;
    Ok(())
}
