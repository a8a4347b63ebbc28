-- Evidence: the Merkle tree of RFC 6962 over the content hashes of the log, and its checkpoints. All of it can be computed
-- from the log; what makes it evidence is that signed checkpoints are kept elsewhere.

CREATE SCHEMA evidence;

-- c2sp.org/tlog-tiles, height 8: up to 256 hashes of 32 bytes. Only the last tile of a level grows.
CREATE TABLE evidence.tiles (
    level  smallint NOT NULL,
    index  bigint   NOT NULL,
    hashes bytea    NOT NULL,
    PRIMARY KEY (level, index),
    CHECK (octet_length(hashes) BETWEEN 32 AND 256 * 32 AND octet_length(hashes) % 32 = 0)
);
-- Hashes do not become smaller.
ALTER TABLE evidence.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

CREATE TABLE evidence.checkpoints (
    -- Events in the tree: the position of the last one.
    size      bigint      NOT NULL PRIMARY KEY CHECK (size > 0),
    root      bytea       NOT NULL,
    -- c2sp.org/tlog-checkpoint, signed; null where no key was configured.
    note      text,
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Writes tiles and the checkpoint of their tree. A tile only ever grows, a checkpoint keeps its root, and no tree is larger
-- than the log; whatever else is asked for is an error and writes nothing. A note replaces another one: with more keys.
CREATE FUNCTION evidence.seal(
    t_level smallint[], t_index bigint[], t_hashes bytea[], c_size bigint, c_root bytea, c_note text
) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF c_size > (SELECT position FROM public.log_head) THEN
        RAISE EXCEPTION 'the log has fewer than % events', c_size;
    END IF;
    IF EXISTS (
        SELECT FROM unnest(t_level, t_index, t_hashes) AS new (level, index, hashes)
        JOIN evidence.tiles AS old ON old.level = new.level AND old.index = new.index
        WHERE substr(old.hashes, 1, octet_length(new.hashes)) <> substr(new.hashes, 1, octet_length(old.hashes))
    ) OR EXISTS (SELECT FROM evidence.checkpoints WHERE size = c_size AND root <> c_root) THEN
        RAISE EXCEPTION 'it is not the tree that was sealed';
    END IF;
    INSERT INTO evidence.tiles AS old (level, index, hashes)
    SELECT * FROM unnest(t_level, t_index, t_hashes)
    ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes
    WHERE octet_length(old.hashes) < octet_length(excluded.hashes);
    INSERT INTO evidence.checkpoints (size, root, note) VALUES (c_size, c_root, c_note)
    ON CONFLICT (size) DO UPDATE SET note = excluded.note WHERE excluded.note IS NOT NULL;
END
$$;

-- Forgets checkpoints older than a day, but for the last one of each hour.
CREATE FUNCTION evidence.thin() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM evidence.checkpoints
    WHERE sealed_at < clock_timestamp() - interval '1 day'
      AND size NOT IN (SELECT max(size) FROM evidence.checkpoints GROUP BY date_trunc('hour', sealed_at))
$$;

REVOKE ALL ON FUNCTION evidence.seal, evidence.thin FROM PUBLIC;
GRANT USAGE ON SCHEMA evidence TO binnacle_app;
GRANT SELECT ON evidence.tiles, evidence.checkpoints TO binnacle_app;
GRANT EXECUTE ON FUNCTION evidence.seal, evidence.thin TO binnacle_app;
