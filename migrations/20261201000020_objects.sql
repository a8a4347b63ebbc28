-- Objects of every recorded kind that has no table of its own, and what objects of all kinds have to do with each other.

CREATE TABLE read.objects (
    id             text        COLLATE "C" NOT NULL PRIMARY KEY,
    cluster        text        COLLATE "C" NOT NULL,
    -- Empty for an object outside namespaces.
    namespace      text        COLLATE "C" NOT NULL,
    kind           text        COLLATE "C" NOT NULL,
    name           text        COLLATE "C" NOT NULL,
    uid            text        NOT NULL,
    generation     bigint      NOT NULL,
    requests       bigint      NOT NULL,
    -- Tells two manifests apart, by the key of their values: most kinds have no generation that moves with each change.
    content        text        NOT NULL,
    version        text        NOT NULL,
    state          text        COLLATE "C" NOT NULL,
    rank           smallint    NOT NULL,
    -- The time of the event that brought the state. Null for the state that it was first seen in.
    state_since    timestamptz,
    -- State and cause: as json it is read as it was written.
    status         json        NOT NULL,
    -- The object that controls it.
    owner          text        COLLATE "C",
    labels         jsonb       NOT NULL,
    -- What the server prints of it, by the name of the column.
    columns        json        NOT NULL,
    created_at     timestamptz NOT NULL,
    -- Where this incarnation was first seen.
    added_position bigint      NOT NULL,
    -- Of the last event that changed the row.
    position       bigint      NOT NULL,
    -- What readers are restricted by: cluster/namespace.
    scope text COLLATE "C" GENERATED ALWAYS AS (cluster || '/' || namespace) STORED
);
CREATE INDEX objects_by_scope ON read.objects (scope, name, id);
CREATE INDEX objects_by_name ON read.objects (name, id);
CREATE INDEX objects_by_namespace ON read.objects (namespace, id);
CREATE INDEX objects_by_kind ON read.objects (kind, id);
CREATE INDEX objects_by_kind_and_name ON read.objects (kind, name, id);
CREATE INDEX objects_by_rank ON read.objects (rank, id);
CREATE INDEX objects_by_created_at ON read.objects (created_at, id);
CREATE INDEX objects_by_labels ON read.objects USING gin (labels);
-- A search looks for a part of a name, or for a cause.
CREATE INDEX objects_by_words ON read.objects USING gin (name gin_trgm_ops, namespace gin_trgm_ops);
CREATE INDEX objects_by_cause ON read.objects ((status #>> '{cause,message,code}'))
    WHERE status #>> '{cause,message,code}' IS NOT NULL;

-- How often something was asked of an object, whether it is there or not. It is part of the object's version.
CREATE TABLE read.object_requests (
    id       text   COLLATE "C" NOT NULL PRIMARY KEY,
    requests bigint NOT NULL
);

-- What manifests say of other objects. One that is named need not exist.
CREATE TABLE read.object_edges (
    -- The object whose manifest it is, and the place among what it says.
    id       text    COLLATE "C" NOT NULL,
    ordinal  integer NOT NULL,
    relation text    NOT NULL,
    -- The object that is named. Null where objects are selected by their labels.
    to_id    text    COLLATE "C",
    -- Of what kind they are, and where: cluster/namespace.
    to_kind  text    COLLATE "C",
    to_scope text    COLLATE "C",
    -- A label selector: matchLabels and matchExpressions.
    selector jsonb,
    scope text COLLATE "C" GENERATED ALWAYS AS
        (split_part(id, '~', 2) || '/' || coalesce(nullif(split_part(id, '~', 3), '_'), '')) STORED,
    PRIMARY KEY (id, ordinal)
);
CREATE INDEX object_edges_by_scope ON read.object_edges (scope);
CREATE INDEX object_edges_by_target ON read.object_edges (to_id, id) WHERE to_id IS NOT NULL;
CREATE INDEX object_edges_by_selected ON read.object_edges (to_scope, to_kind) WHERE selector IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON read.objects, read.object_requests, read.object_edges TO binnacle_app;

-- The projection of objects keeps the manifests and revisions of all kinds, workloads included. A manifest that was forgotten is
-- null: whether the object is recorded anew can be told by its uid. Null in rows of the version before, until the rebuild that
-- comes with this one.
ALTER TABLE read.manifests ADD COLUMN uid text;
-- It stands for read.targets.forgotten_uid, which only the version before writes: a later release drops that column.
-- Objects outside namespaces have the scope that their rows have, in which the namespace is empty.
ALTER TABLE read.manifests DROP COLUMN scope;
ALTER TABLE read.manifests ADD COLUMN scope text COLLATE "C" GENERATED ALWAYS AS
    (split_part(id, '~', 2) || '/' || coalesce(nullif(split_part(id, '~', 3), '_'), '')) STORED;
CREATE INDEX manifests_by_scope ON read.manifests (scope);
ALTER TABLE read.revisions DROP COLUMN scope;
ALTER TABLE read.revisions ADD COLUMN scope text COLLATE "C" GENERATED ALWAYS AS
    (split_part(id, '~', 2) || '/' || coalesce(nullif(split_part(id, '~', 3), '_'), '')) STORED;
CREATE INDEX revisions_by_scope ON read.revisions (scope);

-- A list of objects of all kinds is sorted by one measure of state, and in every order by an index of each table.
ALTER TABLE read.workloads ADD COLUMN object_rank smallint NOT NULL DEFAULT 0;
CREATE INDEX workloads_by_object_rank ON read.workloads (object_rank, id);
CREATE INDEX workloads_by_kind ON read.workloads ((kind COLLATE "C"), id);
ALTER TABLE read.pods ADD COLUMN object_rank smallint NOT NULL DEFAULT 0;
CREATE INDEX pods_by_object_rank ON read.pods (object_rank, id);
CREATE INDEX pods_by_created_at ON read.pods (created_at, id);
DROP INDEX read.pods_by_namespace;
CREATE INDEX pods_by_namespace ON read.pods (namespace, id);
