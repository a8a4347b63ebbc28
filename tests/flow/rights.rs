//! What the role of the application may not do, asked as that role over SQL: whoever gets hold of its connection is nobody else,
//! and what was recorded stays as it is.

use anyhow::Result;
use commands::log::{Appended, Expected, NewEvent, Request};
use domain::core::sealing::SealingKeys;
use domain::{
    core::{
        actor::Actor,
        envelope::Metadata,
        ids::{CommandId, SessionId, UserId},
    },
    kubernetes::observed::ObservedEvent,
};
use projections::{Projections, evidence::prove};
use sqlx::{AssertSqlSafe, PgPool};
use tests::{
    database::{Database, TESTER, sealing},
    until,
    write_side::append,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What Postgres says to it, as a code.
async fn code(pool: &PgPool, sql: &str) -> Option<String> {
    let error = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(pool).await.err()?;
    error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned())
}

const FORBIDDEN: &str = "42501";
const RAISED: &str = "P0001";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_rewrites_nothing_that_was_decided() -> Result<()> {
    let database = Database::create().await?;
    database.make_tester().await?;
    let pool = database.application().await;
    for sql in [
        "UPDATE events SET payload = '{}'",
        "DELETE FROM events",
        "INSERT INTO events SELECT * FROM events",
        "UPDATE log_head SET position = 0",
        "UPDATE effects SET body = '{}'",
        "UPDATE effects SET stage = 'apply', cluster = 'other', deadline = now()",
        "INSERT INTO effects SELECT * FROM effects",
        "DELETE FROM commands",
        "UPDATE evidence.checkpoints SET note = 'x'",
        "INSERT INTO evidence.checkpoints (size, root) VALUES (1, '')",
        "UPDATE evidence.tiles SET hashes = ''",
        "SELECT make_room(1000000000000)",
        "UPDATE auth.credentials SET username = 'other'",
        "DELETE FROM auth.credentials",
        "UPDATE auth.sessions SET user_id = gen_random_uuid()",
        "UPDATE auth.sessions SET expires_at = 'infinity'",
        "UPDATE auth.signing_keys SET sealed_key = ''",
        "DELETE FROM auth.signing_keys",
        "UPDATE data_keys SET id = '', scope = 'other', made_at = now()",
    ] {
        assert_eq!(code(&pool, sql).await.as_deref(), Some(FORBIDDEN), "{sql}");
    }
    for sql in [
        "UPDATE effects SET due_at = now(), attempts = 1",
        "SELECT make_room(), prune_commands()",
        "INSERT INTO data_keys (id, scope, wrapped) VALUES ('12345678', 'one', '')",
        "UPDATE data_keys SET wrapped = 'anew' WHERE scope = 'one'",
    ] {
        assert_eq!(code(&pool, sql).await, None, "{sql}");
    }
    pool.close().await;
    database.drop().await;
    Ok(())
}

/// One event of Binnacle itself, as the arrays of `append` and `append_many`.
const EVENT: &str = "ARRAY[gen_random_uuid()], ARRAY['PodGone'], ARRAY[1], ARRAY['{}'::bytea], \
                     ARRAY['{\"actor\":{\"system\":{\"component\":\"x\"}}}'::bytea]";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn positions_and_versions_have_no_gap_whoever_appends() -> Result<()> {
    const CONTRADICTS: &str = "BN002";
    let database = Database::create().await?;
    let pool = database.application().await;
    let none = "ARRAY[NULL::uuid], ARRAY[NULL::bytea], ARRAY[NULL::jsonb], ARRAY[NULL::uuid], ARRAY[NULL::uuid], \
                ARRAY[NULL::bigint], false";
    let any = |events: i32, following: i32| {
        format!(
            "SELECT append(ARRAY['a:b'], ARRAY[-1], ARRAY[{events}], {none}, ARRAY[1], ARRAY[{following}], {EVENT},
                 '{{}}', '{{}}', '{{}}', '{{}}', '{{}}')"
        )
    };
    let many = |events: i32, upto: i32, request: i32| {
        format!("SELECT append_many(ARRAY['c:d'], ARRAY[0], ARRAY[{events}], ARRAY[{upto}], ARRAY[{request}], {EVENT})")
    };
    for sql in [any(2, 1), any(2, 0), any(1, -1), any(1, 1), many(2, 2, 1), many(1, 2, 1), many(1, 1, 2), many(0, 0, 1)]
    {
        assert_eq!(code(&pool, &sql).await.as_deref(), Some(CONTRADICTS), "{sql}");
    }
    let nulls = "'{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}', false";
    let two = |expected: &str, events: &str| {
        format!(
            "SELECT append(ARRAY['a:b', 'user:x'], '{expected}', '{events}', {nulls}, ARRAY[1], ARRAY[0], {EVENT},
                 '{{}}', '{{}}', '{{}}', '{{}}', '{{}}')"
        )
    };
    // A column that begins at 0 is judged by one value and stored by another.
    let shifted = format!("SELECT append_many(ARRAY['c:d'], '[0:1]={{0,77}}', ARRAY[1], ARRAY[1], ARRAY[1], {EVENT})");
    for sql in [
        two("{-1,-1}", "{1,-1}"),
        two("{-1,-1}", "{1,0}"),
        two("{-1,-1}", "{1,NULL}"),
        two("[0:1]={-1,-1}", "{1,1}"),
        two("{-1}", "{1,1}"),
        shifted,
    ] {
        assert_eq!(code(&pool, &sql).await.as_deref(), Some(CONTRADICTS), "{sql}");
    }
    for sql in [any(1, 0), many(1, 1, 1)] {
        assert_eq!(code(&pool, &sql).await, None, "{sql}");
    }
    let found: (i64, i64) =
        sqlx::query_as("SELECT (SELECT position FROM log_head), (SELECT max(position) FROM events)")
            .fetch_one(&pool)
            .await?;
    assert_eq!(found.0, found.1);
    pool.close().await;
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_of_a_data_key_is_reported_if_it_happened_and_is_for_good() -> Result<()> {
    let database = Database::create().await?;
    let pool = database.application().await;
    let make = |id: &str| format!("INSERT INTO data_keys (id, scope, wrapped) VALUES ('{id}', 'namespace:dev/a', '')");
    // In hexadecimal: the id of the key.
    let report = |stream: &str, scope: &str, key: &str| {
        format!(
            "SELECT append_one('sealing:{stream}', -1, NULL, NULL, NULL, NULL, NULL, NULL, gen_random_uuid(),
                 'DataKeyForgotten', 1, '{{\"key\":\"{key}\",\"scope\":\"{scope}\"}}'::bytea,
                 '{{\"actor\":{{\"system\":{{\"component\":\"x\"}}}}}}'::bytea, NULL, NULL, NULL, NULL)"
        )
    };
    let (scope, other) = ("namespace:dev/a", "namespace:dev/none");
    // With a line break, as SQL and as the bytes of a payload write it.
    let (broken, escaped) = ("namespace:dev/none\\nx", r"namespace:dev/none\\nx");
    assert_eq!(code(&pool, &make("12345678")).await, None);
    let letters = "INSERT INTO data_keys (id, scope, wrapped) VALUES ('zzzzzzzz', 'namespace:dev/z', '')";
    assert_eq!(code(&pool, letters).await, None);
    for sql in [
        report(scope, scope, "3132333435363738"),
        report(scope, scope, "00"),
        report(other, scope, "3132333435363738"),
        report(other, other, "3132333435363738"),
        // The live key `zzzzzzzz`, as others would read it.
        report(other, other, "7A7A7A7A7A7A7A7A"),
        report(broken, escaped, "3132333435363739").replace("append_one('", "append_one(E'"),
    ] {
        assert_eq!(code(&pool, &sql).await.as_deref(), Some(FORBIDDEN), "{sql}");
    }
    let delete = "DELETE FROM data_keys WHERE id = '12345678'";
    assert_eq!(code(&pool, delete).await.as_deref(), Some(FORBIDDEN), "nothing reports it");
    // Both are one transaction, as `binnacle forget` has it.
    let reported = format!("BEGIN; {delete}; {}; COMMIT", report(scope, scope, "3132333435363738"));
    assert_eq!(code(&pool, &reported).await, None);
    let deleted = "DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM data_keys WHERE id = '12345678'); END $$";
    assert_eq!(code(&pool, deleted).await, None, "it is gone");
    assert_eq!(code(&pool, &make("12345678")).await.as_deref(), Some(FORBIDDEN), "it comes back");
    let mut old = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
    let back = sqlx::query(AssertSqlSafe(make("12345678"))).execute(&mut *old).await.err();
    let back = back.as_ref().and_then(|error| error.as_database_error()?.code());
    assert_eq!(back.as_deref(), Some(FORBIDDEN), "it comes back by an old snapshot");
    old.rollback().await?;
    assert_eq!(code(&pool, &make("87654321")).await, None);
    pool.close().await;
    database.drop().await;
    Ok(())
}

fn by(id: Uuid, username: &str, display_name: &str, session: Option<Uuid>) -> Actor {
    Actor::User {
        id: UserId(id),
        username: username.to_owned(),
        display_name: display_name.into(),
        session: session.map(SessionId),
        source: None,
    }
}

fn request(stream: &str, actor: Actor) -> Request {
    expecting(Expected::Any, stream, actor)
}

fn expecting(expected: Expected, stream: &str, actor: Actor) -> Request {
    let (id, event) = (CommandId(Uuid::now_v7()).event(0), ObservedEvent::PodGone { uid: "u".to_owned() });
    let events = vec![NewEvent { id, event: event.into(), metadata: Metadata::by(actor) }];
    Request::new(stream.to_owned(), expected, events)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_actor_can_be_replaced_by_another() -> Result<()> {
    let database = Database::create().await?;
    database.make_tester().await?;
    let pool = database.application().await;
    let mut connection = pool.acquire().await?;
    let nobody = Uuid::from_u128(2);
    for (what, actor) in [
        ("without a session", by(TESTER, "tester", "Tester", None)),
        ("in a session that never was", by(TESTER, "tester", "Tester", Some(nobody))),
        ("another user's session", by(nobody, "tester", "Tester", Some(TESTER))),
        ("under another name", by(TESTER, "admin", "Tester", Some(TESTER))),
    ] {
        let honest = expecting(Expected::Exact(0), "observed:dev/a/Pod/two", Actor::system("watcher"));
        let forged = |expected| expecting(expected, "observed:dev/a/Pod/one", actor.clone());
        // One batch for each of the functions that append.
        for batch in [
            vec![forged(Expected::Any)],
            vec![honest.clone(), forged(Expected::Exact(0))],
            vec![honest, forged(Expected::Any)],
        ] {
            let forged = append(&pool, &mut connection, &batch).await;
            let code = forged.err().and_then(|error| error.as_database_error()?.code().map(|code| code.into_owned()));
            assert_eq!(code.as_deref(), Some(FORBIDDEN), "{what}");
        }
    }
    // Written in another way than the store writes it, as whoever evades the look would.
    let forged =
        r#"{ "actor":{"user":{"id":"00000000-0000-0000-0000-000000000002","username":"x","display_name":"X"}}}"#;
    let tester = TESTER;
    let in_clear = format!(
        r#"{{"actor":{{"user":{{"display_name":"Admin","id":"{tester}","session":"{tester}","username":"tester"}}}}}}"#
    );
    for metadata in [forged, &in_clear] {
        let event = format!(
            "ARRAY[gen_random_uuid()], ARRAY['PodGone'], ARRAY[1], ARRAY['{{}}'::bytea], ARRAY['{metadata}'::bytea]"
        );
        for by_hand in [
            format!(
                "SELECT append(ARRAY['a:b'], ARRAY[-1], ARRAY[1], ARRAY[NULL::uuid], ARRAY[NULL::bytea], ARRAY[NULL::jsonb],
                     ARRAY[NULL::uuid], ARRAY[NULL::uuid], ARRAY[NULL::bigint], false, ARRAY[1], ARRAY[0], {event},
                     '{{}}', '{{}}', '{{}}', '{{}}', '{{}}')"
            ),
            format!(
                "SELECT append_one('a:b', -1, NULL, NULL, NULL, NULL, NULL, NULL,
                     gen_random_uuid(), 'PodGone', 1, '{{}}', '{metadata}'::bytea, NULL, NULL, NULL, NULL)"
            ),
            format!("SELECT append_many(ARRAY['a:b'], ARRAY[0], ARRAY[1], ARRAY[1], ARRAY[1], {event})"),
        ] {
            assert_eq!(code(&pool, &by_hand).await.as_deref(), Some(FORBIDDEN), "{by_hand}");
        }
    }
    let tester = by(TESTER, "tester", "Tester", Some(TESTER));
    let honest = |expected, stream| expecting(expected, stream, tester.clone());
    for batch in [
        vec![honest(Expected::Any, "observed:dev/a/Pod/one")],
        vec![
            honest(Expected::Exact(0), "observed:dev/a/Pod/two"),
            honest(Expected::Exact(1), "observed:dev/a/Pod/one"),
        ],
        vec![
            honest(Expected::Any, "observed:dev/a/Pod/two"),
            request("observed:dev/a/Pod/two", Actor::system("watcher")),
        ],
    ] {
        let answers = append(&pool, &mut connection, &batch).await?;
        assert!(answers.iter().all(|answer| matches!(answer, Appended::Done { .. })), "{answers:?}");
    }
    let events = "SELECT count(*) FROM events WHERE stream NOT LIKE 'sealing:%'";
    let events: i64 = sqlx::query_scalar(events).fetch_one(&pool).await?;
    assert_eq!(events, 5, "nothing forged stands in the log");
    drop(connection);
    pool.close().await;
    database.drop().await;
    Ok(())
}

/// A call of `evidence.seal` with one tile of each of two levels.
fn seal(leaves: &str, above: &str, size: i64, root: &str, note: &str) -> String {
    format!(
        "SELECT evidence.seal(ARRAY[0, 0, 1]::smallint[], ARRAY[0, 1, 0]::bigint[],
             ARRAY[(SELECT hashes FROM tiles WHERE level = 0 AND index = 0), {leaves}, {above}], {size}, {root}, {note})"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_true_tree_is_sealed_and_its_note_stays() -> Result<()> {
    const EVENTS: i64 = 300;
    let database = Database::create().await?;
    let (pool, owner) = (database.application().await, database.owner().await);
    let mut connection = pool.acquire().await?;
    for _ in 0..EVENTS / 100 {
        let requests: Vec<Request> =
            (0..100).map(|n| request(&format!("observed:dev/a/Pod/{n}"), Actor::system("watcher"))).collect();
        append(&pool, &mut connection, &requests).await?;
    }
    drop(connection);
    // What the sealer makes of it, to be made again by hand.
    let (projections, shutdown) = (Projections::new(pool.clone(), sealing()), CancellationToken::new());
    let sealer = projections.run_sealer("test".to_owned(), None, shutdown.clone());
    let sealed = async {
        until("it is sealed", || async { prove::newest(&pool).await.ok()?.filter(|found| found.size == EVENTS) }).await;
        shutdown.cancel();
    };
    tokio::join!(sealer, sealed);
    projections.close().await;
    sqlx::raw_sql(
        "CREATE TABLE public.tiles AS SELECT * FROM evidence.tiles;
         CREATE TABLE public.roots AS SELECT root FROM evidence.checkpoints WHERE size = 300;
         GRANT SELECT ON public.tiles, public.roots TO binnacle_app;
         TRUNCATE evidence.tiles, evidence.checkpoints",
    )
    .execute(&owner)
    .await?;

    let leaves = "(SELECT hashes FROM tiles WHERE level = 0 AND index = 1)";
    let above = "(SELECT hashes FROM tiles WHERE level = 1 AND index = 0)";
    let (root, changed) =
        ("(SELECT root FROM roots)", |tile: &str| format!("set_byte({tile}, 40, 255 - get_byte({tile}, 40))"));
    let wrong_above = "sha256('x')";
    let note = |size: i64| format!("E'log\\n{size}\\n' || encode({root}, 'base64') || E'\\n\\nsigned\\n'");
    for (what, call) in [
        ("another leaf", seal(&changed(leaves), above, EVENTS, root, "NULL")),
        ("more leaves than events", seal(&format!("{leaves} || sha256('x')"), above, EVENTS, root, "NULL")),
        ("another hash above", seal(leaves, wrong_above, EVENTS, root, "NULL")),
        ("another root", seal(leaves, above, EVENTS, "sha256('x')", "NULL")),
        ("the root of another size", seal(leaves, above, EVENTS - 1, root, "NULL")),
        ("a note of another size", seal(leaves, above, EVENTS, root, &note(EVENTS - 1))),
        ("a note without a root", seal(leaves, above, EVENTS, root, "E'log\\n300\\nx\\n'")),
    ] {
        assert_eq!(code(&pool, &call).await.as_deref(), Some(RAISED), "{what}");
    }
    assert_eq!(code(&pool, &seal(leaves, above, EVENTS, root, "NULL")).await, None, "the true tree");
    for note in [note(EVENTS), note(EVENTS).replace("signed", "forged"), "NULL".to_owned()] {
        assert_eq!(code(&pool, &seal(leaves, above, EVENTS, root, &note)).await, None, "{note}");
    }
    let kept: String = sqlx::query_scalar("SELECT note FROM evidence.checkpoints").fetch_one(&pool).await?;
    assert!(kept.ends_with("signed\n"), "the first note stays: {kept}");
    owner.close().await;
    pool.close().await;
    database.drop().await;
    Ok(())
}

/// A key that comes twice is read as the last one says, in whatever letters it is written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_actor_that_comes_twice_is_no_part_of_binnacle() -> Result<()> {
    let database = Database::create().await?;
    let pool = database.application().await;
    let owner = database.owner().await;
    let person = r#"{"user":{"id":"00000000-0000-0000-0000-000000000007","username":"ceo","session":null}}"#;
    for (key, is_system) in [("actor", false), (r"\u0061ctor", false), ("reason", true)] {
        let metadata = format!(r#"{{"actor":{{"system":{{"component":"x"}}}},"{key}":{person}}}"#);
        let found: bool =
            sqlx::query_scalar("SELECT is_of_system($1)").bind(metadata.as_bytes()).fetch_one(&owner).await?;
        assert_eq!(found, is_system, "{metadata}");
        let append = "SELECT append_one('projection:x', -1, NULL, NULL, NULL, NULL, NULL, NULL, gen_random_uuid(), 'x', 1, '{}', $1, \
                      NULL, NULL, NULL, NULL)";
        let appended = sqlx::query(append).bind(metadata.as_bytes()).execute(&pool).await;
        assert_eq!(appended.is_ok(), is_system, "{metadata}: {appended:?}");
    }
    owner.close().await;
    pool.close().await;
    database.drop().await;
    Ok(())
}

/// What is not forged by SQL is not to be had by reading either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_reads_no_hash_and_no_key_that_is_of_use() -> Result<()> {
    let database = Database::create().await?;
    let pool = database.application().await;
    let columns: Vec<String> = sqlx::query_scalar(
        "SELECT attribute.attname FROM pg_attribute attribute
         WHERE attribute.attrelid IN ('auth.credentials'::regclass, 'auth.signing_keys'::regclass)
           AND attribute.attnum > 0 AND NOT attribute.attisdropped
           AND has_column_privilege(attribute.attrelid, attribute.attnum, 'SELECT') ORDER BY 1",
    )
    .fetch_all(&pool)
    .await?;
    let known = ["changed_at", "created_at", "kid", "sealed_hash", "sealed_key", "user_id", "username"];
    assert_eq!(columns, known, "whatever is new here must be sealed too");
    let other = SealingKeys::parse(&format!("test {}", "00".repeat(32)))?;
    let sealed = other.seal("password of somebody", b"$argon2id$")?;
    let ours = sealing();
    assert!(ours.open("password of somebody", &sealed).is_err(), "the name of the key is not enough");
    pool.close().await;
    database.drop().await;
    Ok(())
}

/// Who owns the tables can change them. It is no reason to own the server as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_the_owner_nor_the_application_is_a_superuser() -> Result<()> {
    let database = Database::create().await?;
    let (owner, application) = (database.owner().await, database.application().await);
    let rights = "SELECT rolname::text,
             concat_ws(' ', CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolcreaterole THEN 'createrole' END,
                 CASE WHEN rolreplication THEN 'replication' END, CASE WHEN rolbypassrls THEN 'bypassrls' END,
                 (SELECT string_agg(strong.rolname, ' ') FROM pg_roles strong
                  WHERE strong.rolname IN ('pg_write_server_files', 'pg_read_server_files', 'pg_execute_server_program',
                                           'pg_write_all_data', 'pg_read_all_data')
                    AND pg_has_role(current_user, strong.oid, 'MEMBER')))
         FROM pg_roles WHERE rolname = current_user";
    for (pool, own) in [(&owner, "binnacle_owner"), (&application, "binnacle")] {
        let found: (String, String) = sqlx::query_as(rights).fetch_one(pool).await?;
        assert_eq!(found, (own.to_owned(), String::new()));
    }
    let tables: String = sqlx::query_scalar("SELECT tableowner::text FROM pg_tables WHERE tablename = 'events'")
        .fetch_one(&application)
        .await?;
    assert_eq!(tables, "binnacle_owner", "migrations run as the owner");
    owner.close().await;
    application.close().await;
    database.drop().await;
    Ok(())
}
