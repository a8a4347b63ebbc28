-- append() as before, at a third of its cost: while one append runs, all others wait. Hashes and places are computed in one
-- pass over the events; what a batch does not have (guards, keys, effects) is not looked for. Every row is found by its
-- key, so each statement is planned once and never anew: planning was most of an append. What it promises is written in
-- 20261122000001_event_log.sql.

CREATE OR REPLACE FUNCTION append(
    r_stream text[], r_expected bigint[], r_command uuid[], r_request_hash bytea[], r_result jsonb[],
    r_guard_operation uuid[], r_guard_fence bigint[],
    e_request int[], e_id uuid[], e_type text[], e_schema_version int[], e_payload bytea[], e_metadata bytea[],
    f_request int[], f_operation uuid[], f_cluster text[], f_stage text[], f_body jsonb[]
) RETURNS TABLE (status text, stream_version bigint, last_position bigint, result jsonb, recorded_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
    SET plan_cache_mode = force_generic_plan SET jit = off
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
    now_at    timestamptz := date_trunc('microseconds', clock_timestamp());
    now_us    bytea       := int8send((extract(epoch FROM now_at) * 1000000)::bigint);
    -- Of each request.
    statuses  text[];
    versions  bigint[];
    positions bigint[];
    results   jsonb[];
    -- Of each event; null where its request is refused. As long as the events from the start: an array that grows by its
    -- first assignment begins there, and would be paired with the wrong events.
    e_position bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(e_request)]);
    e_version  bigint[] := e_position;
    e_content  bytea[]  := array_fill(NULL::bytea, ARRAY[cardinality(e_request)]);
    e_chain    bytea[]  := e_content;
    head    bigint;
    running bytea;
    content bytea;
    r       int;
BEGIN
    INSERT INTO streams (name, category, version, last_position)
    SELECT s, split_part(s, ':', 1), 0, 0
    FROM unnest(r_stream) AS s
    WHERE NOT EXISTS (SELECT FROM streams WHERE name = s)
    ORDER BY s
    ON CONFLICT DO NOTHING;

    -- Sorted, so that two batches never wait for each other in a circle. In statements of their own, so that what was
    -- committed while they waited is seen by the next one.
    PERFORM FROM streams WHERE name = ANY (r_stream) ORDER BY name FOR UPDATE;
    IF num_nonnulls(VARIADIC r_guard_operation) > 0 THEN
        PERFORM FROM effects WHERE operation_id = ANY (r_guard_operation) ORDER BY operation_id FOR UPDATE;
    END IF;

    SELECT array_agg(judged.status ORDER BY judged.i), array_agg(judged.version ORDER BY judged.i),
           array_agg(judged.last_position ORDER BY judged.i), array_agg(judged.result ORDER BY judged.i)
    INTO statuses, versions, positions, results
    FROM (
        SELECT r.i, s.version, s.last_position, c.result,
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

    IF EXISTS (SELECT FROM unnest(e_request) AS e WHERE statuses[e] = 'ok') THEN
        SELECT log_head.position, log_head.chain INTO head, running FROM log_head FOR UPDATE;

        FOR i IN 1 .. cardinality(e_request) LOOP
            r := e_request[i];
            CONTINUE WHEN statuses[r] <> 'ok';
            head := head + 1;
            versions[r] := versions[r] + 1;
            positions[r] := head;
            content := sha256(
                hashed('binnacle-event-1') || hashed(uuid_send(e_id[i])) || hashed(convert_to(r_stream[r], 'UTF8'))
                || hashed(int8send(versions[r])) || hashed(convert_to(e_type[i], 'UTF8'))
                || hashed(int4send(e_schema_version[i])) || hashed(now_us) || hashed(e_metadata[i])
                || hashed(e_payload[i]));
            running := sha256(running || content);
            e_position[i] := head;
            e_version[i] := versions[r];
            e_content[i] := content;
            e_chain[i] := running;
        END LOOP;

        INSERT INTO events (position, id, stream, version, type, schema_version, payload, metadata, recorded_at,
                            content_hash, chain_hash)
        SELECT e.position, e.id, r_stream[e.request], e.version, e.type, e.schema_version, e.payload, e.metadata, now_at,
               e.content, e.chain
        FROM unnest(e_position, e_request, e_id, e_version, e_type, e_schema_version, e_payload, e_metadata, e_content,
                    e_chain)
                AS e (position, request, id, version, type, schema_version, payload, metadata, content, chain)
        WHERE e.position IS NOT NULL;

        UPDATE log_head SET position = head, chain = running;

        UPDATE streams s SET version = grown.version, last_position = grown.position
        FROM unnest(r_stream, versions, positions, statuses) AS grown (stream, version, position, status)
        WHERE s.name = grown.stream AND grown.status = 'ok';
    END IF;

    IF num_nonnulls(VARIADIC r_command) > 0 THEN
        INSERT INTO commands (command_id, request_hash, result, recorded_at)
        SELECT r.command, r.request_hash, r.result || jsonb_build_object('position', positions[r.i]), now_at
        FROM unnest(r_command, r_request_hash, r_result)
                WITH ORDINALITY AS r (command, request_hash, result, i)
        WHERE r.command IS NOT NULL AND statuses[r.i] = 'ok';
    END IF;

    IF cardinality(f_request) > 0 THEN
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
    END IF;

    RETURN QUERY
    SELECT statuses[i], versions[i], positions[i], results[i], now_at
    FROM generate_subscripts(r_stream, 1) AS i ORDER BY i;
END
$$;

-- The running hash is computed where the events are placed.
DROP AGGREGATE chain_hash(bytea, bytea);
DROP FUNCTION chain_step(bytea, bytea, bytea);
