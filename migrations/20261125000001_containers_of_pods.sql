-- Containers are written and read with their pod, never alone: they stand in its row. A page of pods is one question
-- and a pod that changes is one row. `read.containers` still has a row for each.
-- Drops a read table: processes of an older version must be stopped before.

ALTER TABLE read.pods ADD COLUMN containers jsonb NOT NULL DEFAULT '[]';
-- The projection fills the column; without the default a row cannot be forgotten.
ALTER TABLE read.pods ALTER COLUMN containers DROP DEFAULT;

DROP TABLE read.containers;
-- With the rights of whoever asks, so that what guards the pods guards their containers.
CREATE VIEW read.containers WITH (security_invoker = true) AS
SELECT pods.id AS pod, (part.place - 1)::integer AS ordinal, part.name, part.image, part.ready, part.restarts, part.state,
       part.reason
FROM read.pods
CROSS JOIN LATERAL ROWS FROM (
    jsonb_to_recordset(pods.containers)
        AS (name text, image text, ready boolean, restarts integer, state text, reason text)
) WITH ORDINALITY AS part (name, image, ready, restarts, state, reason, place);
GRANT SELECT ON read.containers TO binnacle_app;

-- Counts the pods of namespaces without reading their rows.
CREATE INDEX pods_by_namespace ON read.pods (namespace);
