-- The kinds that are recorded by default, and not in this cluster. Null in the rows of the version before, until the rebuild that
-- comes with this one: then there are none.
ALTER TABLE read.clusters ADD COLUMN released jsonb;
