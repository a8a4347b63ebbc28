-- Evidence: the Merkle tree of RFC 6962 over the content hashes of the log, and its checkpoints. All of it can be computed
-- from the log; what makes it evidence is that signed checkpoints are kept elsewhere.
-- The tree is right whoever writes it: a leaf is what its event says, every other hash is that of the hashes below it, and the
-- root is the one of the tiles. A note is never replaced, so a signature that somebody relies on stays.

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

-- The root of a full subtree over these hashes, whose number is a power of two (RFC 6962).
CREATE FUNCTION evidence.subtree(hashes bytea) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    WHILE octet_length(hashes) > 32 LOOP
        hashes := (SELECT string_agg(sha256('\x01' || substr(hashes, place, 64)), '' ORDER BY place)
                   FROM generate_series(1, octet_length(hashes), 64) AS place);
    END LOOP;
    RETURN hashes;
END
$$;

-- The root of the tree of the first `size` events as the tiles give it; null where a tile is missing.
CREATE FUNCTION evidence.root_of(size bigint) RETURNS bytea
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    root  bytea;
    part  bytea;
    width int;
    first bigint;
BEGIN
    -- The tree is the full subtrees of its size's binary digits, the smallest at the right end.
    FOR digit IN 0 .. 62 LOOP
        CONTINUE WHEN (size >> digit) & 1 = 0;
        width := 1 << digit % 8;
        first := ((size >> digit) - 1) * width;
        SELECT substr(hashes, (first % 256)::int * 32 + 1, width * 32) INTO part
        FROM evidence.tiles WHERE level = digit / 8 AND index = first / 256;
        IF part IS NULL OR octet_length(part) <> width * 32 THEN
            RETURN NULL;
        END IF;
        part := evidence.subtree(part);
        root := CASE WHEN root IS NULL THEN part ELSE sha256('\x01' || part || root) END;
    END LOOP;
    RETURN root;
END
$$;

-- Writes tiles and the checkpoint of their tree. A tile only ever grows, a checkpoint keeps its root and its note, and no tree is
-- larger than the log; whatever else is asked for is an error and writes nothing.
CREATE FUNCTION evidence.seal(
    t_level smallint[], t_index bigint[], t_hashes bytea[], c_size bigint, c_root bytea, c_note text
) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Hashes that each tile had before.
    before int[];
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
    SELECT array_agg(coalesce(octet_length(old.hashes), 0) / 32 ORDER BY nth) INTO before
    FROM unnest(t_level, t_index) WITH ORDINALITY AS new (level, index, nth)
    LEFT JOIN evidence.tiles AS old ON old.level = new.level AND old.index = new.index;
    IF EXISTS (
        SELECT FROM unnest(t_level, t_index, t_hashes, before) AS new (level, index, hashes, known)
        WHERE level = 0 AND octet_length(hashes) / 32 > known AND substr(hashes, known * 32 + 1) IS DISTINCT FROM (
            SELECT string_agg(sha256('\x00' || content_hash), '' ORDER BY position) FROM public.events
            WHERE position > index * 256 + known AND position <= index * 256 + octet_length(hashes) / 32)
    ) THEN
        RAISE EXCEPTION 'a leaf is not the hash of its event';
    END IF;
    INSERT INTO evidence.tiles AS old (level, index, hashes)
    SELECT * FROM unnest(t_level, t_index, t_hashes)
    ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes
    WHERE octet_length(old.hashes) < octet_length(excluded.hashes);
    IF EXISTS (
        SELECT FROM unnest(t_level, t_index, t_hashes, before) AS new (level, index, hashes, known)
        CROSS JOIN LATERAL generate_series(new.known, octet_length(new.hashes) / 32 - 1) AS place
        LEFT JOIN evidence.tiles AS below
            ON below.level = new.level - 1 AND below.index = new.index * 256 + place AND octet_length(below.hashes) = 256 * 32
        WHERE new.level > 0 AND substr(new.hashes, place * 32 + 1, 32) IS DISTINCT FROM evidence.subtree(below.hashes)
    ) THEN
        RAISE EXCEPTION 'a hash is not that of the hashes below it';
    END IF;
    IF c_root IS DISTINCT FROM evidence.root_of(c_size) THEN
        RAISE EXCEPTION 'it is not the root of the tiles';
    END IF;
    -- A note begins with the name of the log, the size and the root.
    IF split_part(c_note, E'\n', 2) <> c_size::text OR split_part(c_note, E'\n', 3) <> encode(c_root, 'base64') THEN
        RAISE EXCEPTION 'the note is about another tree';
    END IF;
    INSERT INTO evidence.checkpoints AS old (size, root, note) VALUES (c_size, c_root, c_note)
    ON CONFLICT (size) DO UPDATE SET note = excluded.note WHERE old.note IS NULL;
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

REVOKE ALL ON FUNCTION evidence.subtree, evidence.root_of, evidence.seal, evidence.thin FROM PUBLIC;
GRANT USAGE ON SCHEMA evidence TO binnacle_app;
GRANT SELECT ON evidence.tiles, evidence.checkpoints TO binnacle_app;
GRANT EXECUTE ON FUNCTION evidence.seal, evidence.thin TO binnacle_app;
