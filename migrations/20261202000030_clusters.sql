-- What clusters are reached with, one row for each cluster that a person registered. Sealed under a data key of the scope
-- credential:<cluster> (domain::core::sealing): nothing of it is in the log, and it cannot be read once that key is deleted.
CREATE TABLE cluster_credentials (
    -- The id by which the log names it.
    id       uuid        NOT NULL PRIMARY KEY,
    cluster  text        COLLATE "C" NOT NULL,
    sealed   jsonb       NOT NULL CHECK (sealed ? '$sealed'),
    made_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX cluster_credentials_by_cluster ON cluster_credentials (cluster);
-- None is changed: another credential is another row.
GRANT SELECT, INSERT, DELETE ON cluster_credentials TO binnacle_app;

-- The only namespaces that Binnacle may see in a cluster. Null in the rows of the version before, until the rebuild that comes with
-- this one: then it sees the cluster.
ALTER TABLE read.clusters ADD COLUMN namespaces jsonb;
