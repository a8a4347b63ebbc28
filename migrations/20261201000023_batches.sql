-- Many operations that are requested as one.

CREATE TABLE read.batches (
    id                 uuid        NOT NULL PRIMARY KEY,
    -- The verb of its members.
    kind               text        NOT NULL,
    cluster            text        COLLATE "C" NOT NULL,
    total              integer     NOT NULL,
    retry_of           uuid,
    cancel_requested   boolean     NOT NULL,
    actor              jsonb,
    reason             text,
    requested_at       timestamptz NOT NULL,
    finished_at        timestamptz,
    requested_position bigint      NOT NULL,
    last_position      bigint      NOT NULL
);
CREATE INDEX batches_by_time ON read.batches (requested_position);

-- Each is an operation, as soon as it is requested.
CREATE TABLE read.batch_members (
    operation uuid NOT NULL PRIMARY KEY,
    batch     uuid NOT NULL,
    -- The object.
    target    text COLLATE "C" NOT NULL,
    cluster   text COLLATE "C" NOT NULL,
    namespace text COLLATE "C",
    -- That of the operation, or SKIPPED.
    state     text NOT NULL,
    -- Why there is no operation.
    refusal   jsonb,
    -- What readers are restricted by: cluster/namespace.
    scope text COLLATE "C" GENERATED ALWAYS AS (cluster || '/' || coalesce(namespace, '')) STORED
);
CREATE INDEX batch_members_by_batch ON read.batch_members (batch, state);
CREATE INDEX batch_members_by_scope ON read.batch_members (scope, batch);

GRANT SELECT, INSERT, UPDATE, DELETE ON read.batches, read.batch_members TO binnacle_app;

ALTER TABLE read.operations_log ADD COLUMN batch uuid;
CREATE INDEX operations_log_by_batch ON read.operations_log (batch, requested_position) WHERE batch IS NOT NULL;

-- The effects of batches are looked for apart: they call no cluster.
CREATE INDEX effects_of_batches ON effects (due_at) WHERE stage = 'wait-for-members';

-- Removes idempotency keys older than a week; answers how many. The events they led to stay. While a batch is open, none is
-- removed: each of its members is requested under a key.
CREATE OR REPLACE FUNCTION prune_commands() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH gone AS (
        DELETE FROM commands
        WHERE recorded_at < clock_timestamp() - interval '7 days'
          AND NOT EXISTS (SELECT FROM effects WHERE stage = 'wait-for-members')
        RETURNING 1
    )
    SELECT count(*) FROM gone
$$;
