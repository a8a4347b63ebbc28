-- What a cluster is for. Null in the rows of the version before, until the rebuild that comes with this one: then it counts as the
-- one to be careful with.
ALTER TABLE read.clusters ADD COLUMN environment text;

-- The version before the one that added them does not write them, also when it rebuilds.
ALTER TABLE read.pods ALTER COLUMN cpu_reserved DROP NOT NULL;
ALTER TABLE read.pods ALTER COLUMN memory_reserved DROP NOT NULL;
