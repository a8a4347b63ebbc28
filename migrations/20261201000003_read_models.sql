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
    reason         jsonb,
    -- The kinds that may not be read, with the words of the API server.
    unreadable     jsonb       NOT NULL,
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
    requests bigint NOT NULL,
    -- Whether a start would restore the replicas that a stop found.
    remembers_replicas boolean NOT NULL
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
    -- State, summary, cause and counts: as json it is read as it was written.
    status           json        NOT NULL,
    -- The workload that controls it, for example the CronJob of a Job.
    owner            text        COLLATE "C",
    -- What was observed of it, for what can be requested. Large, and not part of lists.
    snapshot         json        NOT NULL,
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
CREATE INDEX workloads_by_owner ON read.workloads (owner, name, id) WHERE owner IS NOT NULL;

-- Apart from the rows of lists, because they are large and change seldom.
CREATE TABLE read.manifests (
    id       text   COLLATE "C" NOT NULL PRIMARY KEY,
    manifest jsonb  NOT NULL,
    position bigint NOT NULL,
    -- Of the id, which is kind, cluster, namespace and name: the object may have no other row.
    scope text COLLATE "C" GENERATED ALWAYS AS (split_part(id, '~', 2) || '/' || split_part(id, '~', 3)) STORED
);
CREATE INDEX manifests_by_scope ON read.manifests (scope);

-- What each observed change of a manifest was. The manifest itself stays in the log.
CREATE TABLE read.revisions (
    id          text        COLLATE "C" NOT NULL,
    position    bigint      NOT NULL,
    uid         text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    generation  bigint      NOT NULL,
    -- The operation whose mark the manifest carries.
    operation   uuid,
    managers    jsonb       NOT NULL,
    changes     jsonb       NOT NULL,
    scope text COLLATE "C" GENERATED ALWAYS AS (split_part(id, '~', 2) || '/' || split_part(id, '~', 3)) STORED,
    PRIMARY KEY (id, position)
);
CREATE INDEX revisions_by_scope ON read.revisions (scope);

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
    cause          json,
    node           text,
    images         text[]      NOT NULL,
    labels         jsonb       NOT NULL,
    -- In the order of the manifest. Read as often as a list is shown and never searched: as json it is read as written.
    containers     json        NOT NULL,
    created_at     timestamptz NOT NULL,
    added_position bigint      NOT NULL,
    position       bigint      NOT NULL,
    -- What readers are restricted by: cluster/namespace.
    scope text COLLATE "C" GENERATED ALWAYS AS (cluster || '/' || namespace) STORED
);
CREATE INDEX pods_by_scope ON read.pods (scope, name, id);
CREATE INDEX pods_by_name ON read.pods (name, id);
CREATE INDEX pods_by_workload ON read.pods (workload, name, id) WHERE workload IS NOT NULL;

-- Counts the pods of namespaces without reading their rows.
CREATE INDEX pods_by_namespace ON read.pods (namespace);

-- One row a container, with the rights of whoever asks, so that what guards the pods guards their containers.
CREATE VIEW read.containers WITH (security_invoker = true) AS
SELECT pods.id AS pod, (part.place - 1)::integer AS ordinal, part.name, part.role, part.image, part.ready, part.restarts,
       part.state, part.reason
FROM read.pods
CROSS JOIN LATERAL ROWS FROM (
    json_to_recordset(pods.containers)
        AS (name text, role text, image text, ready boolean, restarts integer, state text, reason text)
) WITH ORDINALITY AS part (name, role, image, ready, restarts, state, reason, place);

CREATE TABLE read.operations_log (
    id                 uuid        NOT NULL PRIMARY KEY,
    kind               text        NOT NULL,
    state              text        NOT NULL,
    progress           integer     NOT NULL,
    -- A message: code and arguments.
    stage              jsonb       NOT NULL,
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
    -- What is, or was, in the way.
    cause              jsonb,
    -- Who changed what had been requested.
    overtaken          jsonb,
    cancel_requested   boolean     NOT NULL,
    -- What it would create cannot be read any more.
    forgotten          boolean     NOT NULL,
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
    -- A message: code and arguments.
    summary     json        NOT NULL,
    reason      text,
    -- What is searched: object, people, reason and the other words of the row.
    search      text        NOT NULL,
    -- What readers are restricted by: cluster/namespace.
    scope text COLLATE "C" GENERATED ALWAYS AS (coalesce(cluster, '') || '/' || coalesce(namespace, '')) STORED
);
CREATE INDEX audit_log_by_scope ON read.audit_log (scope, position);
CREATE INDEX audit_log_by_type ON read.audit_log (type, position);
CREATE INDEX audit_log_by_target ON read.audit_log (target, position) WHERE target IS NOT NULL;
CREATE INDEX audit_log_by_operation ON read.audit_log (operation, position) WHERE operation IS NOT NULL;
CREATE INDEX audit_log_by_actor ON read.audit_log ((actor ->> 'id'), position) WHERE actor IS NOT NULL;
-- Finds a part of a word. Pods change more often than all others together and are found by their target: without them the
-- index is a fraction, and so is what it costs to write.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX audit_log_by_words ON read.audit_log USING gin (search gin_trgm_ops) WHERE type NOT IN ('PodObserved', 'PodGone');
CREATE INDEX audit_log_by_time ON read.audit_log USING brin (recorded_at);

CREATE TABLE read.users (
    id            uuid        NOT NULL PRIMARY KEY,
    username      text        COLLATE "C" NOT NULL,
    display_name  jsonb       NOT NULL,
    registered_at timestamptz NOT NULL,
    position      bigint      NOT NULL
);

-- The application writes what it can rebuild. It may not change the tables themselves.
GRANT USAGE ON SCHEMA read TO binnacle_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA read TO binnacle_app;
