-- What the role of the application may do is what its code does, and no more: it does not make others look like those who did
-- something, changes no effect that was decided, and forgets no key before its time.
-- Processes of an older version must be stopped before.

-- Whether the person whom the metadata of an event names is there under that name, and has the session it names. What a part of
-- Binnacle did begins with {"actor":{"system": in canonical JSON, where nothing comes before the actor.
-- The application signs people in, so it can act for each of them: but not without a session, not under another name, and not
-- for somebody who is not there.
CREATE FUNCTION is_true_person(metadata bytea) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person CONSTANT jsonb := convert_from(metadata, 'UTF8')::jsonb #> '{actor,user}';
BEGIN
    RETURN EXISTS (
        SELECT FROM auth.sessions s JOIN auth.credentials c ON c.user_id = s.user_id
        WHERE s.id = (person ->> 'session')::uuid AND s.user_id = (person ->> 'id')::uuid
          AND c.username = person ->> 'username' AND c.display_name = person ->> 'display_name'
    );
END
$$;
REVOKE ALL ON FUNCTION is_true_person FROM PUBLIC;

-- Appends a batch of requests, each for one stream, as one transaction, and answers each of them in its order:
--   ok         its events stand in the log; version and position are those of the last one
--   conflict   the stream is at `version`, which is not what the request expected; nothing of it was appended
--   duplicate  the command was appended before with the same body; the result is that of the time
--   mismatch   the command was appended before with another body
--   fenced     somebody else holds the effect by now
--   ended      the session of who asks does not go on: whoever signed out before this is refused, whatever a gateway knows
-- An event of a person names a session of that person, or nothing of the batch is appended: is_true_person().
-- A refused request takes no position. Requests for one stream are judged one after the other, each as if those before it
-- had been appended alone. A command and the effect of an operation are named by one request of a batch at most.
-- r_expected: 0 the stream is empty, n it is at version n, -1 whatever it is, -2 it is not empty.
-- r_events: how many events a request has. r_command, r_session, r_guard_*: null without idempotency key, session, or effect
-- that is reported.
-- is_shared: whether a stream is named by more than one request.
-- e_request, f_request: index of the request, from 1. e_following: events of the same request after this one.
-- f_body null withdraws the effect of f_operation.
CREATE OR REPLACE FUNCTION append(
    r_stream text[], r_expected bigint[], r_events int[], r_command uuid[], r_request_hash bytea[], r_result jsonb[],
    r_session uuid[], r_guard_operation uuid[], r_guard_fence bigint[], is_shared boolean,
    e_request int[], e_following int[], e_id uuid[], e_type text[], e_schema_version int[], e_payload bytea[],
    e_metadata bytea[],
    f_request int[], f_operation uuid[], f_cluster text[], f_stage text[], f_body jsonb[],
    OUT statuses text[], OUT versions bigint[], OUT positions bigint[], OUT results jsonb[], OUT now_at timestamptz
)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    -- Every row is found by its key: each statement is planned once, planning anew was most of an append.
    SET plan_cache_mode = force_generic_plan SET jit = off
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
    -- What the content hash of every event begins with, up to the length of its id.
    prefix  CONSTANT bytea := hashed('binnacle-event-1') || int4send(16);
    stamp   bytea;
    head    bigint;
    room    bigint;
    last    bigint;
    is_new  boolean;
    going   uuid[];
    at      bigint[];
    first   int;
    is_met  boolean;
BEGIN
    -- What was committed while this waited is seen by the next statement.
    SELECT log_head.position, log_head.room INTO head, room FROM log_head FOR UPDATE;
    now_at := date_trunc('microseconds', clock_timestamp());
    stamp := hashed(int8send((extract(epoch FROM now_at) * 1000000)::bigint));
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
                    -- Whoever repeats a wish is not told either what became of it.
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
            WHERE positions[e.request] IS NOT NULL AND substr(e.metadata, 1, 19) <> '{"actor":{"system":'
              AND NOT is_true_person(e.metadata)
        ) THEN
            RAISE insufficient_privilege USING MESSAGE = 'an event names a person whose session it does not name';
        END IF;
        IF last > room THEN
            PERFORM make_room(last);
        END IF;

        INSERT INTO events (position, id, stream, version, type, schema_version, payload, metadata, recorded_at, content_hash)
        SELECT positions[e.request] - e.following, e.id, r_stream[e.request], versions[e.request] - e.following, e.type,
               e.schema_version, e.payload, e.metadata, now_at,
               -- Fields of a known length behind it, hashed() written out: StoredEvent::expected_content_hash.
               sha256(prefix || uuid_send(e.id) || int4send(octet_length(r_stream[e.request]))
                   || convert_to(r_stream[e.request], 'UTF8')
                   || int4send(8) || int8send(versions[e.request] - e.following)
                   || int4send(octet_length(e.type)) || convert_to(e.type, 'UTF8')
                   || int4send(4) || int4send(e.schema_version) || stamp
                   || int4send(octet_length(e.metadata)) || e.metadata
                   || int4send(octet_length(e.payload)) || e.payload)
        FROM unnest(e_request, e_following, e_id, e_type, e_schema_version, e_payload, e_metadata)
                AS e (request, following, id, type, schema_version, payload, metadata)
        WHERE positions[e.request] IS NOT NULL;

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

-- An effect is what append() made of it. The queue claims, keeps and postpones it.
REVOKE UPDATE ON effects FROM binnacle_app;
GRANT UPDATE (due_at, attempts, harmless, lease_owner, lease_until, fence) ON effects TO binnacle_app;

-- Forgets idempotency keys older than a week; answers how many. The events they led to stay.
CREATE FUNCTION prune_commands() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH gone AS (DELETE FROM commands WHERE recorded_at < clock_timestamp() - interval '7 days' RETURNING 1)
    SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION prune_commands FROM PUBLIC;
REVOKE DELETE ON commands FROM binnacle_app;

-- Room is made for what comes next, not for as much as somebody names.
DROP FUNCTION make_room;

-- Makes partitions until there is room for half a partition after `until`, or after the end of the log. Each takes (stream,
-- version) once; that no two do is the doing of append(), which alone writes them. Readers and writers go on meanwhile.
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

CREATE FUNCTION make_room() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS 'SELECT make_room(0)';

REVOKE ALL ON FUNCTION make_room(bigint), make_room() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_room(), prune_commands TO binnacle_app;
