-- Kubernetes events, kept after the cluster has forgotten them. They are not Binnacle's to decide, so they are outside the
-- log, and replay does not rebuild them. One row for each event and day, in a partition a day.

CREATE TABLE kubernetes_events (
    -- Of last_seen, UTC.
    day        date        NOT NULL,
    uid        text        NOT NULL,
    cluster    text        COLLATE "C" NOT NULL,
    namespace  text        COLLATE "C",
    -- The id of the object that it is about, and of the workload that shows what happens to it.
    object     text        COLLATE "C",
    owner      text        COLLATE "C",
    type       text        NOT NULL,
    reason     text        NOT NULL,
    message    text        NOT NULL,
    count      integer     NOT NULL,
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL,
    source     text        NOT NULL,
    container  text,
    -- What readers are restricted by: cluster/namespace.
    scope text COLLATE "C" GENERATED ALWAYS AS (cluster || '/' || coalesce(namespace, '')) STORED,
    PRIMARY KEY (day, uid)
) PARTITION BY RANGE (day);
CREATE INDEX kubernetes_events_by_object ON kubernetes_events (object, last_seen, uid);
CREATE INDEX kubernetes_events_by_owner ON kubernetes_events (owner, last_seen, uid);
CREATE INDEX kubernetes_events_by_scope ON kubernetes_events (scope, last_seen, uid);
CREATE INDEX kubernetes_events_by_time ON kubernetes_events (last_seen, uid);

-- The days that have a partition.
CREATE TABLE kubernetes_event_days (day date NOT NULL PRIMARY KEY);

-- Makes the partitions of yesterday, today and tomorrow, and drops those of more than `keep` days ago. Called by every
-- process once a minute: only one of them works at a time.
CREATE FUNCTION keep_kubernetes_events(keep integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    today CONSTANT date := (now() AT TIME ZONE 'UTC')::date;
    one   date;
BEGIN
    IF keep < 1 THEN
        RAISE EXCEPTION 'Kubernetes events are kept for at least a day';
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtext('keep_kubernetes_events')) THEN
        RETURN;
    END IF;
    FOR one IN SELECT d::date FROM generate_series(today - 1, today + 1, interval '1 day') d
               WHERE NOT EXISTS (SELECT FROM kubernetes_event_days WHERE day = d::date) LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF kubernetes_events FOR VALUES FROM (%L) TO (%L)',
                       'kubernetes_events_' || to_char(one, 'YYYYMMDD'), one, one + 1);
        INSERT INTO kubernetes_event_days VALUES (one);
    END LOOP;
    FOR one IN SELECT day FROM kubernetes_event_days WHERE day < today - keep LOOP
        EXECUTE format('DROP TABLE %I', 'kubernetes_events_' || to_char(one, 'YYYYMMDD'));
        DELETE FROM kubernetes_event_days WHERE day = one;
    END LOOP;
END
$$;
SELECT keep_kubernetes_events(30);

GRANT SELECT, INSERT, UPDATE ON kubernetes_events TO binnacle_app;
GRANT SELECT ON kubernetes_event_days TO binnacle_app;
REVOKE ALL ON FUNCTION keep_kubernetes_events(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_kubernetes_events(integer) TO binnacle_app;
