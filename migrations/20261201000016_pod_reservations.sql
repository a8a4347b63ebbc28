-- What the scheduler sets aside on the node of a pod, in millicores and bytes: the capacity that is left is what it does not set
-- aside. Pods from before are filled by the rebuild that comes with this version.
ALTER TABLE read.pods ADD COLUMN cpu_reserved bigint NOT NULL DEFAULT 0;
ALTER TABLE read.pods ADD COLUMN memory_reserved bigint NOT NULL DEFAULT 0;
