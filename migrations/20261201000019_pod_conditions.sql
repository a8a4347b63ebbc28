-- The conditions of a pod as last observed, with the words of who reports them sealed. Null in the rows of the version before,
-- until the rebuild that comes with this one.
ALTER TABLE read.pods ADD COLUMN conditions jsonb;
