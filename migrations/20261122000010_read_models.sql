-- The read side: what people look at, folded from the log. Every table here can be dropped and rebuilt from it.
-- Row ids are the public ids. Text that is sorted or compared is COLLATE "C", so that paging does not depend on the locale.

CREATE SCHEMA read;

-- One row a projection; `position` is the last event it has taken in. Rows and position move in one transaction.
CREATE TABLE read.checkpoints (
    projection text    NOT NULL PRIMARY KEY,
    -- Raised in the code when the fold or the table changes: then the projection is rebuilt from the log.
    version    integer NOT NULL,
    position   bigint  NOT NULL,
    -- Of the projector that leads: an older one cannot move the checkpoint any more.
    fence      bigint  NOT NULL
);

CREATE TABLE read.clusters (
    id             text        COLLATE "C" NOT NULL PRIMARY KEY,
    name           text        COLLATE "C" NOT NULL,
    state          text        NOT NULL,
    version        text,
    reason         text,
    registered_at  timestamptz NOT NULL,
    added_position bigint      NOT NULL,
    position       bigint      NOT NULL
);

CREATE TABLE read.namespaces (
    id             text        COLLATE "C" NOT NULL PRIMARY KEY,
    cluster        text        COLLATE "C" NOT NULL,
    name           text        COLLATE "C" NOT NULL,
    uid            text        NOT NULL,
    phase          text        NOT NULL,
    created_at     timestamptz NOT NULL,
    added_position bigint      NOT NULL,
    position       bigint      NOT NULL,
    -- What readers are restricted by: cluster/namespace.
    scope text COLLATE "C" GENERATED ALWAYS AS (cluster || '/' || name) STORED
);
CREATE INDEX namespaces_by_scope ON read.namespaces (scope, name, id);
CREATE INDEX namespaces_by_name ON read.namespaces (name, id);

-- How often something was asked of an object, whether it is there or not. It is part of the object's version.
CREATE TABLE read.targets (
    id       text   COLLATE "C" NOT NULL PRIMARY KEY,
    requests bigint NOT NULL
);

CREATE TABLE read.workloads (
    id               text        COLLATE "C" NOT NULL PRIMARY KEY,
    cluster          text        COLLATE "C" NOT NULL,
    namespace        text        COLLATE "C" NOT NULL,
    kind             text        NOT NULL,
    name             text        COLLATE "C" NOT NULL,
    uid              text        NOT NULL,
    generation       bigint      NOT NULL,
    requests         bigint      NOT NULL,
    version          text        NOT NULL,
    state            text        COLLATE "C" NOT NULL,
    reason           text,
    desired_replicas integer,
    ready_replicas   integer,
    images           text[]      NOT NULL,
    labels           jsonb       NOT NULL,
    created_at       timestamptz NOT NULL,
    -- Where this incarnation was first seen.
    added_position   bigint      NOT NULL,
    -- Of the last event that changed the row.
    position         bigint      NOT NULL,
    -- What readers are restricted by: cluster/namespace.
    scope text COLLATE "C" GENERATED ALWAYS AS (cluster || '/' || namespace) STORED
);
CREATE INDEX workloads_by_scope ON read.workloads (scope, name, id);
CREATE INDEX workloads_by_name ON read.workloads (name, id);
CREATE INDEX workloads_by_namespace ON read.workloads (namespace, id);
CREATE INDEX workloads_by_state ON read.workloads (state, id);
CREATE INDEX workloads_by_created_at ON read.workloads (created_at, id);

-- Apart from the rows of lists, because they are large and change seldom.
CREATE TABLE read.manifests (
    id       text   COLLATE "C" NOT NULL PRIMARY KEY,
    hash     text   NOT NULL,
    manifest jsonb  NOT NULL,
    position bigint NOT NULL
);

CREATE TABLE read.pods (
    id             text        COLLATE "C" NOT NULL PRIMARY KEY,
    cluster        text        COLLATE "C" NOT NULL,
    namespace      text        COLLATE "C" NOT NULL,
    name           text        COLLATE "C" NOT NULL,
    uid            text        NOT NULL,
    workload       text        COLLATE "C",
    phase          text        NOT NULL,
    ready          boolean     NOT NULL,
    restarts       integer     NOT NULL,
    reason         text,
    node           text,
    images         text[]      NOT NULL,
    labels         jsonb       NOT NULL,
    created_at     timestamptz NOT NULL,
    added_position bigint      NOT NULL,
    position       bigint      NOT NULL,
    -- What readers are restricted by: cluster/namespace.
    scope text COLLATE "C" GENERATED ALWAYS AS (cluster || '/' || namespace) STORED
);
CREATE INDEX pods_by_scope ON read.pods (scope, name, id);
CREATE INDEX pods_by_name ON read.pods (name, id);
CREATE INDEX pods_by_workload ON read.pods (workload, name, id) WHERE workload IS NOT NULL;

CREATE TABLE read.containers (
    pod      text    COLLATE "C" NOT NULL,
    -- Its place in the pod.
    ordinal  integer NOT NULL,
    name     text    COLLATE "C" NOT NULL,
    image    text    NOT NULL,
    ready    boolean NOT NULL,
    restarts integer NOT NULL,
    state    text    NOT NULL,
    reason   text,
    PRIMARY KEY (pod, ordinal)
);

CREATE TABLE read.operations_log (
    id                 uuid        NOT NULL PRIMARY KEY,
    kind               text        NOT NULL,
    state              text        NOT NULL,
    progress           integer     NOT NULL,
    stage              text        NOT NULL,
    stages             jsonb       NOT NULL,
    target             text        COLLATE "C" NOT NULL,
    cluster            text        COLLATE "C" NOT NULL,
    namespace          text        COLLATE "C",
    target_kind        text        NOT NULL,
    target_name        text        COLLATE "C" NOT NULL,
    actor              jsonb,
    reason             text,
    requested_at       timestamptz NOT NULL,
    started_at         timestamptz,
    finished_at        timestamptz,
    attempts           integer     NOT NULL,
    error              jsonb,
    cancel_requested   boolean     NOT NULL,
    retry_of           uuid,
    superseded_by      uuid,
    requested_position bigint      NOT NULL,
    last_position      bigint      NOT NULL,
    -- What readers are restricted by: cluster/namespace.
    scope text COLLATE "C" GENERATED ALWAYS AS (cluster || '/' || coalesce(namespace, '')) STORED
);
CREATE INDEX operations_log_by_scope ON read.operations_log (scope, requested_position);
CREATE INDEX operations_log_by_time ON read.operations_log (requested_position);
CREATE INDEX operations_log_by_target ON read.operations_log (target, requested_position);
CREATE INDEX operations_log_by_actor ON read.operations_log ((actor ->> 'id'), requested_position);
CREATE INDEX operations_log_by_state ON read.operations_log (state, requested_position);

-- One row an event; the payload stays in the log.
CREATE TABLE read.audit_log (
    position    bigint      NOT NULL PRIMARY KEY,
    id          uuid        NOT NULL,
    type        text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor       jsonb,
    -- The part of Binnacle that did it, where it was no person.
    component   text,
    operation   uuid,
    cluster     text        COLLATE "C",
    namespace   text        COLLATE "C",
    target      text        COLLATE "C",
    summary     text        NOT NULL,
    -- What readers are restricted by: cluster/namespace.
    scope text COLLATE "C" GENERATED ALWAYS AS (coalesce(cluster, '') || '/' || coalesce(namespace, '')) STORED
);
CREATE INDEX audit_log_by_scope ON read.audit_log (scope, position);
CREATE INDEX audit_log_by_type ON read.audit_log (type, position);
CREATE INDEX audit_log_by_target ON read.audit_log (target, position) WHERE target IS NOT NULL;
CREATE INDEX audit_log_by_operation ON read.audit_log (operation, position) WHERE operation IS NOT NULL;
CREATE INDEX audit_log_by_actor ON read.audit_log ((actor ->> 'id'), position) WHERE actor IS NOT NULL;
CREATE INDEX audit_log_by_time ON read.audit_log USING brin (recorded_at);

CREATE TABLE read.users (
    id            uuid        NOT NULL PRIMARY KEY,
    username      text        COLLATE "C" NOT NULL,
    display_name  text        NOT NULL,
    registered_at timestamptz NOT NULL,
    position      bigint      NOT NULL
);

-- The application writes what it can rebuild. It may not change the tables themselves.
GRANT USAGE ON SCHEMA read TO binnacle_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA read TO binnacle_app;
