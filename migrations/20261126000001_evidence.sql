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

GRANT USAGE ON SCHEMA evidence TO binnacle_app;
GRANT SELECT, INSERT, UPDATE ON evidence.tiles TO binnacle_app;
GRANT SELECT, INSERT, UPDATE (note), DELETE ON evidence.checkpoints TO binnacle_app;
