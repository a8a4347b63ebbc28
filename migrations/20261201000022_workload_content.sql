-- What tells the manifest of a workload from others that it had: labels move no generation. Empty in the rows of the version
-- before, until the rebuild that comes with this one.
ALTER TABLE read.workloads ADD COLUMN content text NOT NULL DEFAULT '';
