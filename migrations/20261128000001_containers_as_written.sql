-- Containers are read as often as a list is shown and never searched: as json they are the text that was written, where jsonb
-- has to become text for each row of each page, which was half of what Postgres did for a page of pods.
-- What a connection has prepared does not fit the new type: processes of an older version must be stopped before.

DROP VIEW read.containers;
ALTER TABLE read.pods ALTER COLUMN containers TYPE json;
CREATE VIEW read.containers WITH (security_invoker = true) AS
SELECT pods.id AS pod, (part.place - 1)::integer AS ordinal, part.name, part.image, part.ready, part.restarts, part.state,
       part.reason
FROM read.pods
CROSS JOIN LATERAL ROWS FROM (
    json_to_recordset(pods.containers)
        AS (name text, image text, ready boolean, restarts integer, state text, reason text)
) WITH ORDINALITY AS part (name, image, ready, restarts, state, reason, place);
GRANT SELECT ON read.containers TO binnacle_app;
