-- The table that the peers project into: the columns and indexes of read.pods that their events can fill.
CREATE TABLE pods (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    uid        text        NOT NULL,
    workload   text COLLATE "C",
    labels     jsonb       NOT NULL,
    phase      text        NOT NULL,
    ready      boolean     NOT NULL,
    restarts   integer     NOT NULL,
    node       text,
    containers jsonb       NOT NULL,
    created_at timestamptz NOT NULL,
    position   bigint      NOT NULL
);
CREATE INDEX ON pods (node, id);
CREATE INDEX ON pods (workload, id) WHERE workload IS NOT NULL;
CREATE INDEX ON pods (phase);
