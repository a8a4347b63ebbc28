-- The log: one total order of everything that happened. The application's role appends to it only through append() and its short
-- ways. It may do what its code does and no more: it rewrites no event, changes no effect that was decided, and removes no
-- idempotency key early.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'binnacle_app') THEN
        CREATE ROLE binnacle_app NOLOGIN;
    END IF;
EXCEPTION
    -- Roles belong to the whole server: another database may be migrating at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

CREATE TABLE events (
    position       bigint      NOT NULL PRIMARY KEY,
    id             uuid        NOT NULL,
    -- Compared byte by byte: the order of a language does not matter here.
    stream         text        COLLATE "C" NOT NULL,
    version        bigint      NOT NULL,
    type           text        NOT NULL,
    schema_version integer     NOT NULL,
    -- Canonical JSON, hashed as stored: jsonb would reorder the keys.
    payload        bytea       NOT NULL,
    metadata       bytea       NOT NULL,
    recorded_at    timestamptz NOT NULL,
    -- No chain over it: the tree (evidence) proves positions, and hashing a chain as well took half the time.
    content_hash   bytea       NOT NULL
) PARTITION BY RANGE (position);

-- One row. Advancing it inside the append transaction makes positions gapless and equal to commit order. Every append writes it:
-- with room in its page, old versions of it are cleared away before there are many.
CREATE TABLE log_head (
    only_row       boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (only_row),
    position       bigint  NOT NULL,
    -- There are partitions for the positions up to here.
    room           bigint  NOT NULL DEFAULT 0,
    -- Positions of a partition.
    partition_size bigint  NOT NULL DEFAULT 10000000 CHECK (partition_size > 0)
) WITH (fillfactor = 10);
INSERT INTO log_head (position) VALUES (0);

CREATE TABLE streams (
    name          text   COLLATE "C" NOT NULL PRIMARY KEY,
    category      text   NOT NULL,
    version       bigint NOT NULL,
    last_position bigint NOT NULL
);
CREATE INDEX streams_category ON streams (category);

-- The answer of each command that came with an idempotency key.
CREATE TABLE commands (
    command_id   uuid        NOT NULL PRIMARY KEY,
    request_hash bytea       NOT NULL,
    result       jsonb       NOT NULL,
    recorded_at  timestamptz NOT NULL
);
CREATE INDEX commands_recorded_at ON commands USING brin (recorded_at);

-- What is to be done next in a cluster: at most one row an operation, so each row is a runnable head of its target.
CREATE TABLE effects (
    operation_id uuid        NOT NULL PRIMARY KEY,
    cluster      text        NOT NULL,
    stage        text        NOT NULL,
    body         jsonb       NOT NULL,
    due_at       timestamptz NOT NULL,
    -- Claims of this stage so far. One that ended without a word may have had its effect.
    attempts     integer     NOT NULL DEFAULT 0,
    -- How many of these are known to have had no effect.
    harmless     integer     NOT NULL DEFAULT 0,
    lease_owner  text,
    lease_until  timestamptz,
    -- Drawn anew by each claim. An outcome that carries an older one is refused.
    fence        bigint      NOT NULL DEFAULT 0,
    deadline     timestamptz NOT NULL
);
-- What is due in one cluster is found without passing over what waits for another one; what is overdue, in any cluster.
CREATE INDEX effects_due ON effects (cluster, due_at);
CREATE INDEX effects_deadline ON effects (deadline);
CREATE SEQUENCE effect_fence;

-- Who leads: one watcher a cluster, one projector. Judged by the clock of the database.
CREATE TABLE leases (
    name        text        NOT NULL PRIMARY KEY,
    owner       text        NOT NULL,
    fence       bigint      NOT NULL,
    lease_until timestamptz NOT NULL
);
CREATE SEQUENCE lease_fence;

-- Makes partitions until there is room for half a partition after `until`, or after the end of the log. Each takes (stream,
-- version) once. That no two partitions do is ensured by append(), which alone writes them. Readers and writers go on meanwhile.
CREATE FUNCTION make_room(until bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    head log_head%ROWTYPE;
    name text;
BEGIN
    SELECT * INTO head FROM log_head FOR UPDATE;
    WHILE head.room < greatest(head.position, until) + head.partition_size / 2 LOOP
        name := format('events_from_%s', head.room + 1);
        -- Attached when it is complete: to create it in its place would keep readers out.
        EXECUTE format('CREATE TABLE %1$I (LIKE events INCLUDING ALL,
                            CONSTRAINT %2$I UNIQUE (stream, version))', name, name || '_stream_version');
        EXECUTE format('ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                       name, head.room + 1, head.room + head.partition_size + 1);
        head.room := head.room + head.partition_size;
    END LOOP;
    UPDATE log_head SET room = head.room WHERE room <> head.room;
END
$$;

-- The application makes room for what comes next, not for any position that it names.
CREATE FUNCTION make_room() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS 'SELECT make_room(0)';

SELECT make_room();

-- What StoredEvent::expected_content_hash hashes: each field behind its length. STABLE, as convert_to() is: declared IMMUTABLE, it
-- would not be inlined.
CREATE FUNCTION event_hash(
    id uuid, stream text, version bigint, type text, schema_version int, recorded_us bigint, metadata bytea, payload bytea
) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN sha256('\x00000010'::bytea || 'binnacle-event-1'::bytea || '\x00000010'::bytea || uuid_send(id)
        || int4send(octet_length(stream)) || convert_to(stream, 'UTF8')
        || '\x00000008'::bytea || int8send(version)
        || int4send(octet_length(type)) || convert_to(type, 'UTF8')
        || '\x00000004'::bytea || int4send(schema_version)
        || '\x00000008'::bytea || int8send(recorded_us)
        || int4send(octet_length(metadata)) || metadata
        || int4send(octet_length(payload)) || payload);

-- Whether metadata names a part of Binnacle as the author, and no person. Canonical JSON begins with the actor. A key that comes twice,
-- or is written with an escape, would be read as the last one says: then all of it is parsed.
CREATE FUNCTION is_of_system(metadata bytea) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN substr(metadata, 1, 19) = '{"actor":{"system":'::bytea
        AND CASE WHEN position('\x5c'::bytea IN metadata) = 0 AND position('"actor"'::bytea IN substr(metadata, 20)) = 0 THEN true
                 ELSE convert_from(metadata, 'UTF8')::jsonb #> '{actor,user}' IS NULL END;

-- Fails with BN001 if one of these data keys is not in the table: what was sealed with it could never be opened. Called with the head
-- locked, as the deletion of a key does (commands::log::forget), so that none is deleted between this and the commit.
CREATE FUNCTION must_have(keys bytea[]) RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(keys) AS named (id) WHERE NOT EXISTS (SELECT FROM data_keys WHERE data_keys.id = named.id)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'BN001', MESSAGE = 'a data key that sealed this was deleted';
    END IF;
END
$$;

-- Appends a batch of requests, each for one stream, as one transaction, and answers each of them in its order:
--   ok         its events are in the log; version and position are those of the last one
--   conflict   the stream is at `version`, which is not what the request expected; nothing of it was appended
--   duplicate  the command was appended before with the same body; the result is that of the time
--   mismatch   the command was appended before with another body
--   fenced     another process holds the effect by now
--   ended      the session has ended: whoever signed out before this is refused, whatever a gateway knows
-- An event of a person names a session of that person, or nothing of the batch is appended: is_true_person().
-- A refused request takes no position. Requests for one stream are judged one after the other, each as if those before it
-- had been appended alone. A command and the effect of an operation are named by one request of a batch at most.
-- Every append locks the head first, so that nothing but the head has to be locked, and one statement hashes and places all events
-- of a batch without a sort. What a batch does not have (guards, keys, sessions, effects) is not looked for.
-- r_expected: 0 the stream is empty, n it is at version n, -1 whatever it is, -2 it is not empty.
-- r_events: how many events a request has. r_command, r_session, r_guard_*: null without idempotency key, session, or effect
-- that is reported.
-- is_shared: whether a stream is named by more than one request.
-- e_request, f_request: index of the request, from 1. e_following: events of the same request after this one.
-- f_body null withdraws the effect of f_operation.
-- keys: the data keys that sealed something of the batch. If one of them was deleted, nothing is appended: must_have().
-- A batch whose numbers contradict its events fails with BN002: positions and versions have no gap, whoever calls this.
CREATE FUNCTION append(
    r_stream text[], r_expected bigint[], r_events int[], r_command uuid[], r_request_hash bytea[], r_result jsonb[],
    r_session uuid[], r_guard_operation uuid[], r_guard_fence bigint[], is_shared boolean,
    e_request int[], e_following int[], e_id uuid[], e_type text[], e_schema_version int[], e_payload bytea[],
    e_metadata bytea[],
    f_request int[], f_operation uuid[], f_cluster text[], f_stage text[], f_body jsonb[], keys bytea[] DEFAULT '{}',
    OUT statuses text[], OUT versions bigint[], OUT positions bigint[], OUT results jsonb[], OUT now_at timestamptz
)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    -- Every row is found by its key: each statement is planned once, planning anew was most of an append.
    SET plan_cache_mode = force_generic_plan SET jit = off
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
    now_us  bigint;
    head    bigint;
    room    bigint;
    last    bigint;
    is_new  boolean;
    going   uuid[];
    at      bigint[];
    first   int;
    is_met  boolean;
    written bigint;
BEGIN
    -- A column that begins elsewhere would be judged by one value and stored by another.
    IF NOT coalesce(0 < ALL (r_events) AND format('[1:%s]', cardinality(r_stream)) = ALL (ARRAY[
        array_dims(r_stream), array_dims(r_expected), array_dims(r_events), array_dims(r_command), array_dims(r_request_hash),
        array_dims(r_result), array_dims(r_session), array_dims(r_guard_operation), array_dims(r_guard_fence)]), false)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'BN002', MESSAGE = 'a request does not have as many events as it says';
    END IF;
    -- What was committed while this waited is seen by the next statement.
    SELECT log_head.position, log_head.room INTO head, room FROM log_head FOR UPDATE;
    now_at := clock_timestamp();
    now_us := (extract(epoch FROM now_at) * 1000000)::bigint;
    IF cardinality(keys) > 0 THEN
        PERFORM must_have(keys);
    END IF;
    IF num_nonnulls(VARIADIC r_guard_operation) > 0 THEN
        -- Claims do not stand in line at the head.
        PERFORM FROM effects WHERE operation_id = ANY (r_guard_operation) ORDER BY operation_id FOR UPDATE;
    END IF;

    IF num_nonnulls(VARIADIC r_session) > 0 THEN
        -- One that is not there, after a backup for example, is none.
        SELECT coalesce(array_agg(id), '{}') INTO going FROM auth.sessions WHERE id = ANY (r_session) AND ended_at IS NULL;
    END IF;

    -- Versions and positions as they will be after each request; the position of a refused one stays null.
    SELECT array_agg(status), array_agg(CASE status WHEN 'ok' THEN version + events ELSE version END),
           array_agg(CASE status WHEN 'ok' THEN head + events_so_far END), array_agg(result),
           head + coalesce(max(events_so_far) FILTER (WHERE status = 'ok'), 0), bool_or(is_new)
    INTO statuses, versions, positions, results, last, is_new
    FROM (
        SELECT *, sum(events) FILTER (WHERE status = 'ok') OVER (ORDER BY i ROWS UNBOUNDED PRECEDING) AS events_so_far
        FROM (
            SELECT r.i, r.events, coalesce(s.version, 0) AS version, s.version IS NULL AS is_new, c.result,
                CASE
                    -- Whoever repeats a command is not told either what became of it.
                    WHEN r_session[r.i] IS NOT NULL AND r_session[r.i] <> ALL (going) THEN 'ended'
                    WHEN c.request_hash = r.request_hash THEN 'duplicate'
                    WHEN c.command_id IS NOT NULL THEN 'mismatch'
                    WHEN r.guard_operation IS NOT NULL AND f.fence IS DISTINCT FROM r.guard_fence THEN 'fenced'
                    WHEN r.expected >= 0 AND r.expected <> coalesce(s.version, 0) THEN 'conflict'
                    WHEN r.expected = -2 AND coalesce(s.version, 0) = 0 THEN 'conflict'
                    ELSE 'ok'
                END AS status
            FROM unnest(r_stream, r_expected, r_events, r_command, r_request_hash, r_guard_operation, r_guard_fence)
                    WITH ORDINALITY
                    AS r (stream, expected, events, command, request_hash, guard_operation, guard_fence, i)
            LEFT JOIN streams s ON s.name = r.stream
            LEFT JOIN commands c ON c.command_id = r.command
            LEFT JOIN effects f ON f.operation_id = r.guard_operation
        ) judged
    ) placed;

    IF is_shared THEN
        -- That is true of the first request for each stream. In their order: each of the others sees what those before it did.
        at := versions;
        last := head;
        FOR i IN 1 .. cardinality(r_stream) LOOP
            first := array_position(r_stream, r_stream[i]);
            IF first < i AND statuses[i] IN ('ok', 'conflict') THEN
                is_met := r_expected[i] IN (-1, at[first]) OR r_expected[i] = -2 AND at[first] > 0;
                statuses[i] := CASE WHEN is_met THEN 'ok' ELSE 'conflict' END;
                versions[i] := at[first] + CASE WHEN is_met THEN r_events[i] ELSE 0 END;
                at[first] := versions[i];
            END IF;
            last := last + CASE statuses[i] WHEN 'ok' THEN r_events[i] ELSE 0 END;
            positions[i] := CASE statuses[i] WHEN 'ok' THEN last END;
        END LOOP;
    END IF;

    IF last > head THEN
        IF EXISTS (
            SELECT FROM unnest(e_request, e_metadata) AS e (request, metadata)
            WHERE positions[e.request] IS NOT NULL AND NOT is_of_system(e.metadata) AND NOT is_true_person(e.metadata)
        ) THEN
            RAISE insufficient_privilege USING MESSAGE = 'an event names a person whose session it does not name';
        END IF;
        IF last > room THEN
            PERFORM make_room(last);
        END IF;

        INSERT INTO events (position, id, stream, version, type, schema_version, payload, metadata, recorded_at, content_hash)
        SELECT positions[e.request] - e.following, e.id, r_stream[e.request], versions[e.request] - e.following, e.type,
               e.schema_version, e.payload, e.metadata, now_at,
               event_hash(e.id, r_stream[e.request], versions[e.request] - e.following, e.type, e.schema_version, now_us,
                          e.metadata, e.payload)
        FROM unnest(e_request, e_following, e_id, e_type, e_schema_version, e_payload, e_metadata)
                AS e (request, following, id, type, schema_version, payload, metadata)
        WHERE positions[e.request] IS NOT NULL AND e.following BETWEEN 0 AND r_events[e.request] - 1;
        GET DIAGNOSTICS written = ROW_COUNT;
        IF written <> last - head THEN
            RAISE EXCEPTION USING ERRCODE = 'BN002', MESSAGE = 'a request does not have as many events as it says';
        END IF;

        UPDATE log_head SET position = last;

        IF is_new THEN
            INSERT INTO streams (name, category, version, last_position)
            SELECT DISTINCT stream, split_part(stream, ':', 1), 0, 0
            FROM unnest(r_stream, positions) AS grown (stream, position)
            WHERE position IS NOT NULL
            ON CONFLICT DO NOTHING;
        END IF;
        UPDATE streams s SET version = grown.version, last_position = grown.position
        FROM (
            SELECT stream, max(version) AS version, max(position) AS position
            FROM unnest(r_stream, versions, positions) AS grown (stream, version, position)
            WHERE position IS NOT NULL GROUP BY stream
        ) grown
        WHERE s.name = grown.stream;
    END IF;

    IF num_nonnulls(VARIADIC r_command) > 0 THEN
        INSERT INTO commands (command_id, request_hash, result, recorded_at)
        SELECT r.command, r.request_hash, r.result || jsonb_build_object('position', r.position), now_at
        FROM unnest(r_command, r_request_hash, r_result, statuses, positions)
                AS r (command, request_hash, result, status, position)
        WHERE r.command IS NOT NULL AND r.status = 'ok';
    END IF;

    IF cardinality(f_request) > 0 THEN
        DELETE FROM effects
        USING unnest(f_request, f_operation, f_body) AS f (request, operation, body)
        WHERE operation_id = f.operation AND f.body IS NULL AND statuses[f.request] = 'ok';

        INSERT INTO effects (operation_id, cluster, stage, body, due_at, deadline)
        SELECT f.operation, f.cluster, f.stage, f.body, now_at, (f.body ->> 'deadline')::timestamptz
        FROM unnest(f_request, f_operation, f_cluster, f_stage, f_body) AS f (request, operation, cluster, stage, body)
        WHERE f.body IS NOT NULL AND statuses[f.request] = 'ok'
        ON CONFLICT (operation_id) DO UPDATE
        SET stage = excluded.stage, body = excluded.body, due_at = excluded.due_at, deadline = excluded.deadline,
            attempts = 0, harmless = 0, lease_owner = NULL, lease_until = NULL, fence = nextval('effect_fence');
    END IF;
END
$$;

-- append() in fewer statements, for one request with one event and at most one effect. It answers the same: the rules stand here a
-- second time, and a test compares the two (tests/flow/ways.rs).
CREATE FUNCTION append_one(
    r_stream text, r_expected bigint, r_command uuid, r_request_hash bytea, r_result jsonb, r_session uuid,
    r_guard_operation uuid, r_guard_fence bigint,
    e_id uuid, e_type text, e_schema_version int, e_payload bytea, e_metadata bytea,
    f_operation uuid, f_cluster text, f_stage text, f_body jsonb, keys bytea[] DEFAULT '{}',
    OUT status text, OUT stream_version bigint, OUT event_position bigint, OUT result jsonb, OUT now_at timestamptz
)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    place      bigint;
    room       bigint;
    grown      bigint;
    known_hash bytea;
    now_us     bigint;
BEGIN
    -- The lock on the head and its next position in one statement. What was committed while it waited is seen by the next one.
    UPDATE log_head SET position = position + 1 RETURNING position, log_head.room INTO place, room;
    now_at := clock_timestamp();
    now_us := (extract(epoch FROM now_at) * 1000000)::bigint;
    IF cardinality(keys) > 0 THEN
        PERFORM must_have(keys);
    END IF;
    -- The last one counts.
    IF r_guard_operation IS NOT NULL THEN
        -- Claims do not stand in line at the head.
        PERFORM FROM effects WHERE operation_id = r_guard_operation AND fence = r_guard_fence FOR UPDATE;
        IF NOT FOUND THEN
            status := 'fenced';
        END IF;
    END IF;
    IF r_command IS NOT NULL THEN
        SELECT request_hash, result INTO known_hash, result FROM commands WHERE command_id = r_command;
        IF FOUND THEN
            status := CASE WHEN known_hash = r_request_hash THEN 'duplicate' ELSE 'mismatch' END;
        END IF;
    END IF;
    IF r_session IS NOT NULL THEN
        PERFORM FROM auth.sessions WHERE id = r_session AND ended_at IS NULL;
        IF NOT FOUND THEN
            status := 'ended';
        END IF;
    END IF;
    IF status IS NULL THEN
        IF r_expected IN (0, -1) THEN
            INSERT INTO streams AS s (name, category, version, last_position)
            VALUES (r_stream, split_part(r_stream, ':', 1), 1, place)
            ON CONFLICT (name) DO UPDATE SET version = s.version + 1, last_position = excluded.last_position
            WHERE r_expected = -1 OR s.version = 0
            RETURNING s.version INTO grown;
        ELSE
            UPDATE streams s SET version = s.version + 1, last_position = place
            WHERE s.name = r_stream AND (s.version = r_expected OR r_expected = -2 AND s.version > 0)
            RETURNING s.version INTO grown;
        END IF;
        status := CASE WHEN grown IS NULL THEN 'conflict' ELSE 'ok' END;
    END IF;
    IF status <> 'ok' THEN
        UPDATE log_head SET position = position - 1;
        stream_version := coalesce((SELECT s.version FROM streams s WHERE s.name = r_stream), 0);
        RETURN;
    END IF;
    IF NOT is_of_system(e_metadata) AND NOT is_true_person(e_metadata) THEN
        RAISE insufficient_privilege USING MESSAGE = 'an event names a person whose session it does not name';
    END IF;
    IF place > room THEN
        PERFORM make_room(place);
    END IF;

    INSERT INTO events (position, id, stream, version, type, schema_version, payload, metadata, recorded_at, content_hash)
    VALUES (place, e_id, r_stream, grown, e_type, e_schema_version, e_payload, e_metadata, now_at,
            event_hash(e_id, r_stream, grown, e_type, e_schema_version, now_us, e_metadata, e_payload));
    IF r_command IS NOT NULL THEN
        INSERT INTO commands (command_id, request_hash, result, recorded_at)
        VALUES (r_command, r_request_hash, r_result || jsonb_build_object('position', place), now_at);
    END IF;
    IF f_operation IS NOT NULL AND f_body IS NULL THEN
        DELETE FROM effects WHERE operation_id = f_operation;
    ELSIF f_operation IS NOT NULL THEN
        INSERT INTO effects (operation_id, cluster, stage, body, due_at, deadline)
        VALUES (f_operation, f_cluster, f_stage, f_body, now_at, (f_body ->> 'deadline')::timestamptz)
        ON CONFLICT (operation_id) DO UPDATE
        SET stage = excluded.stage, body = excluded.body, due_at = excluded.due_at, deadline = excluded.deadline,
            attempts = 0, harmless = 0, lease_owner = NULL, lease_until = NULL, fence = nextval('effect_fence');
    END IF;
    stream_version := grown;
    event_position := place;
END
$$;

-- append() in fewer statements, for requests for different streams that name exact versions and have no other condition and no
-- effect. If all are as expected, it answers the position before the first event and the time of record in microseconds. Otherwise
-- it appends nothing and answers {}: append() then decides for each of them.
-- r_upto: how many events of the batch there are up to the last one of the request. The rest as for append().
CREATE FUNCTION append_many(
    r_stream text[], r_expected bigint[], r_events int[], r_upto int[],
    e_request int[], e_id uuid[], e_type text[], e_schema_version int[], e_payload bytea[], e_metadata bytea[],
    keys bytea[] DEFAULT '{}'
) RETURNS bigint[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan SET jit = off
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
    total  CONSTANT int := cardinality(e_id);
    head   bigint;
    room   bigint;
    met    bigint;
    now_at timestamptz;
    now_us bigint;
BEGIN
    UPDATE log_head SET position = position + total RETURNING position - total, log_head.room INTO head, room;
    now_at := clock_timestamp();
    now_us := (extract(epoch FROM now_at) * 1000000)::bigint;
    IF cardinality(keys) > 0 THEN
        PERFORM must_have(keys);
    END IF;
    SELECT count(*) INTO met
    FROM unnest(r_stream, r_expected) AS r (stream, expected) LEFT JOIN streams s ON s.name = r.stream
    WHERE coalesce(s.version, 0) = r.expected;
    -- A column that begins elsewhere would be judged by one value and stored by another.
    IF NOT coalesce(0 < ALL (r_events) AND format('[1:%s]', cardinality(r_stream)) = ALL (ARRAY[
            array_dims(r_stream), array_dims(r_expected), array_dims(r_events), array_dims(r_upto)]), false)
        OR e_request <> ARRAY(SELECT i::int FROM unnest(r_events) WITH ORDINALITY AS r (events, i), generate_series(1, events) ORDER BY i)
        OR r_upto <> ARRAY(SELECT (sum(events) OVER (ORDER BY i))::int FROM unnest(r_events) WITH ORDINALITY AS r (events, i))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'BN002', MESSAGE = 'a request does not have as many events as it says';
    END IF;
    IF met < cardinality(r_stream) OR head + total > room THEN
        UPDATE log_head SET position = head;
        RETURN '{}';
    END IF;
    IF EXISTS (
        SELECT FROM unnest(e_metadata) AS metadata
        WHERE NOT is_of_system(metadata) AND NOT is_true_person(metadata)
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'an event names a person whose session it does not name';
    END IF;

    INSERT INTO events (position, id, stream, version, type, schema_version, payload, metadata, recorded_at, content_hash)
    SELECT head + e.nth, e.id, e.stream, e.version, e.type, e.schema_version, e.payload, e.metadata, now_at,
           event_hash(e.id, e.stream, e.version, e.type, e.schema_version, now_us, e.metadata, e.payload)
    FROM (
        SELECT *, r_stream[request] AS stream,
               r_expected[request] + r_events[request] - r_upto[request] + nth AS version
        FROM unnest(e_request, e_id, e_type, e_schema_version, e_payload, e_metadata) WITH ORDINALITY
                AS e (request, id, type, schema_version, payload, metadata, nth)
    ) e;
    IF 0 = ANY (r_expected) THEN
        INSERT INTO streams (name, category, version, last_position)
        SELECT r.stream, split_part(r.stream, ':', 1), r.events, head + r.upto
        FROM unnest(r_stream, r_expected, r_events, r_upto) AS r (stream, expected, events, upto)
        WHERE r.expected = 0
        ON CONFLICT (name) DO UPDATE SET version = excluded.version, last_position = excluded.last_position;
    END IF;
    UPDATE streams s SET version = r.expected + r.events, last_position = head + r.upto
    FROM unnest(r_stream, r_expected, r_events, r_upto) AS r (stream, expected, events, upto)
    WHERE s.name = r.stream AND r.expected > 0;
    RETURN ARRAY[head, now_us];
END
$$;

-- Removes idempotency keys older than a week; answers how many. The events they led to stay.
CREATE FUNCTION prune_commands() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH gone AS (DELETE FROM commands WHERE recorded_at < clock_timestamp() - interval '7 days' RETURNING 1)
    SELECT count(*) FROM gone
$$;

REVOKE ALL ON FUNCTION append, append_one, append_many, is_of_system, must_have, event_hash, make_room(bigint), make_room(), prune_commands FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append, append_one, append_many, make_room(), prune_commands TO binnacle_app;
-- Later partitions are read by way of the table.
GRANT SELECT ON events, events_from_1, log_head, streams, commands, effects TO binnacle_app;
-- An effect is what append() made of it. The queue claims, keeps and postpones it.
GRANT UPDATE (due_at, attempts, harmless, lease_owner, lease_until, fence) ON effects TO binnacle_app;
GRANT USAGE ON SEQUENCE effect_fence, lease_fence TO binnacle_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON leases TO binnacle_app;
