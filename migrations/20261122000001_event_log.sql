-- The log: one total order of everything that happened. The application's role reaches it only through append().

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
    stream         text        NOT NULL,
    version        bigint      NOT NULL,
    type           text        NOT NULL,
    schema_version integer     NOT NULL,
    -- Canonical JSON, hashed as stored: jsonb would reorder the keys.
    payload        bytea       NOT NULL,
    metadata       bytea       NOT NULL,
    recorded_at    timestamptz NOT NULL,
    content_hash   bytea       NOT NULL,
    chain_hash     bytea       NOT NULL,
    CONSTRAINT events_stream_version UNIQUE (stream, version)
);
CREATE INDEX events_recorded_at ON events USING brin (recorded_at);

-- One row. Advancing it inside the append transaction makes positions gapless and equal to commit order.
CREATE TABLE log_head (
    only_row boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (only_row),
    position bigint  NOT NULL,
    chain    bytea   NOT NULL
);
INSERT INTO log_head (position, chain) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE TABLE streams (
    name          text   NOT NULL PRIMARY KEY,
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
    fence        bigint      NOT NULL DEFAULT 0
);
CREATE INDEX effects_due ON effects (due_at);
CREATE SEQUENCE effect_fence;

-- Who leads: one watcher a cluster, one projector. Judged by the clock of the database.
CREATE TABLE leases (
    name        text        NOT NULL PRIMARY KEY,
    owner       text        NOT NULL,
    fence       bigint      NOT NULL,
    lease_until timestamptz NOT NULL
);
CREATE SEQUENCE lease_fence;

-- The length-prefixed form in which a field is hashed.
CREATE FUNCTION hashed(field bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN int4send(octet_length(field)) || field;

CREATE FUNCTION chain_step(state bytea, start bytea, content_hash bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN sha256(coalesce(state, start) || content_hash);

-- The running chain hash over content hashes, beginning at `start`.
CREATE AGGREGATE chain_hash(start bytea, content_hash bytea) (SFUNC = chain_step, STYPE = bytea);

-- Appends a batch of requests, each for one stream, and answers each of them:
--   ok         its events stand in the log; version and position are those of the last one
--   conflict   the stream is at `version`, which is not what the request expected; nothing of it was appended
--   duplicate  the command was appended before with the same body; result and position are those of that time
--   mismatch   the command was appended before with another body
--   fenced     somebody else holds the effect by now
-- A refused request takes no position. A batch names a stream at most once.
-- r_expected: 0 the stream is empty, n it is at version n, -1 whatever it is.
-- r_command, r_guard_*: null when the request has no idempotency key, or reports no effect.
-- e_request, f_request: index of the request, from 1. f_body null withdraws the effect of f_operation.
CREATE FUNCTION append(
    r_stream text[], r_expected bigint[], r_command uuid[], r_request_hash bytea[], r_result jsonb[],
    r_guard_operation uuid[], r_guard_fence bigint[],
    e_request int[], e_id uuid[], e_type text[], e_schema_version int[], e_payload bytea[], e_metadata bytea[],
    f_request int[], f_operation uuid[], f_cluster text[], f_stage text[], f_body jsonb[]
) RETURNS TABLE (status text, stream_version bigint, last_position bigint, result jsonb, recorded_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
DECLARE
    now_at    timestamptz := date_trunc('microseconds', clock_timestamp());
    now_us    bytea       := int8send((extract(epoch FROM now_at) * 1000000)::bigint);
    statuses  text[];
    versions  bigint[];
    results   jsonb[];
    positions bigint[];
    total     bigint;
    head      bigint;
    chain     bytea;
BEGIN
    INSERT INTO streams (name, category, version, last_position)
    SELECT s, split_part(s, ':', 1), 0, 0
    FROM unnest(r_stream) AS s
    WHERE NOT EXISTS (SELECT FROM streams WHERE name = s)
    ORDER BY s
    ON CONFLICT DO NOTHING;

    -- Sorted, so that two batches never wait for each other in a circle.
    PERFORM FROM streams WHERE name = ANY (r_stream) ORDER BY name FOR UPDATE;
    PERFORM FROM effects WHERE operation_id = ANY (r_guard_operation) ORDER BY operation_id FOR UPDATE;

    SELECT array_agg(judged.status ORDER BY judged.i), array_agg(judged.version ORDER BY judged.i),
           array_agg(judged.result ORDER BY judged.i)
    INTO statuses, versions, results
    FROM (
        SELECT r.i, s.version, c.result,
            CASE
                WHEN c.command_id IS NOT NULL AND c.request_hash = r.request_hash THEN 'duplicate'
                WHEN c.command_id IS NOT NULL THEN 'mismatch'
                WHEN r.guard_operation IS NOT NULL AND f.fence IS DISTINCT FROM r.guard_fence THEN 'fenced'
                WHEN r.expected >= 0 AND r.expected <> s.version THEN 'conflict'
                ELSE 'ok'
            END AS status
        FROM unnest(r_stream, r_expected, r_command, r_request_hash, r_guard_operation, r_guard_fence)
                WITH ORDINALITY AS r (stream, expected, command, request_hash, guard_operation, guard_fence, i)
        JOIN streams s ON s.name = r.stream
        LEFT JOIN commands c ON c.command_id = r.command
        LEFT JOIN effects f ON f.operation_id = r.guard_operation
    ) judged;

    SELECT count(*) INTO total FROM unnest(e_request) AS e WHERE statuses[e] = 'ok';
    IF total > 0 THEN
        UPDATE log_head SET position = position + total RETURNING position - total, log_head.chain INTO head, chain;

        WITH accepted AS (
            SELECT e.*, row_number() OVER (ORDER BY e.i) AS offset_in_batch,
                versions[e.request] + row_number() OVER (PARTITION BY e.request ORDER BY e.i) AS version
            FROM unnest(e_request, e_id, e_type, e_schema_version, e_payload, e_metadata)
                    WITH ORDINALITY AS e (request, id, type, schema_version, payload, metadata, i)
            WHERE statuses[e.request] = 'ok'
        ), content AS (
            SELECT accepted.*, sha256(
                hashed('binnacle-event-1') || hashed(uuid_send(id)) || hashed(convert_to(r_stream[request], 'UTF8'))
                || hashed(int8send(version)) || hashed(convert_to(type, 'UTF8')) || hashed(int4send(schema_version))
                || hashed(now_us) || hashed(metadata) || hashed(payload)) AS content_hash
            FROM accepted
        )
        INSERT INTO events (position, id, stream, version, type, schema_version, payload, metadata, recorded_at,
                            content_hash, chain_hash)
        SELECT head + offset_in_batch, id, r_stream[request], version, type, schema_version, payload, metadata, now_at,
               content_hash, chain_hash(chain, content_hash) OVER (ORDER BY offset_in_batch)
        FROM content
        ORDER BY offset_in_batch;

        UPDATE log_head SET chain = (SELECT chain_hash FROM events WHERE position = head + total);

        UPDATE streams s SET version = grown.version, last_position = grown.position
        FROM (
            SELECT request, max(versions[request] + nth) AS version, max(head + offset_in_batch) AS position
            FROM (
                SELECT e.request, row_number() OVER (PARTITION BY e.request ORDER BY e.i) AS nth,
                       row_number() OVER (ORDER BY e.i) AS offset_in_batch
                FROM unnest(e_request) WITH ORDINALITY AS e (request, i)
                WHERE statuses[e.request] = 'ok'
            ) numbered
            GROUP BY request
        ) grown
        WHERE s.name = r_stream[grown.request];
    END IF;

    SELECT array_agg(s.last_position ORDER BY r.i), array_agg(s.version ORDER BY r.i)
    INTO positions, versions
    FROM unnest(r_stream) WITH ORDINALITY AS r (stream, i) JOIN streams s ON s.name = r.stream;

    INSERT INTO commands (command_id, request_hash, result, recorded_at)
    SELECT r.command, r.request_hash, r.result || jsonb_build_object('position', positions[r.i]), now_at
    FROM unnest(r_command, r_request_hash, r_result) WITH ORDINALITY AS r (command, request_hash, result, i)
    WHERE r.command IS NOT NULL AND statuses[r.i] = 'ok';

    DELETE FROM effects
    USING unnest(f_request, f_operation, f_body) AS f (request, operation, body)
    WHERE operation_id = f.operation AND f.body IS NULL AND statuses[f.request] = 'ok';

    INSERT INTO effects (operation_id, cluster, stage, body, due_at)
    SELECT f.operation, f.cluster, f.stage, f.body, now_at
    FROM unnest(f_request, f_operation, f_cluster, f_stage, f_body) AS f (request, operation, cluster, stage, body)
    WHERE f.body IS NOT NULL AND statuses[f.request] = 'ok'
    ON CONFLICT (operation_id) DO UPDATE
    SET stage = excluded.stage, body = excluded.body, due_at = excluded.due_at, attempts = 0, harmless = 0,
        lease_owner = NULL, lease_until = NULL, fence = nextval('effect_fence');

    RETURN QUERY
    SELECT statuses[i], versions[i], positions[i], results[i], now_at FROM generate_subscripts(r_stream, 1) AS i ORDER BY i;
END
$$;

REVOKE ALL ON FUNCTION append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append TO binnacle_app;
GRANT SELECT ON events, log_head, streams, commands TO binnacle_app;
-- Keys are pruned by age; the events they led to are not.
GRANT DELETE ON commands TO binnacle_app;
GRANT SELECT, UPDATE ON effects TO binnacle_app;
GRANT USAGE ON SEQUENCE effect_fence, lease_fence TO binnacle_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON leases TO binnacle_app;
