-- What the pods of a workload request in sum stands in its row. Null: one of the pod's containers requests nothing.
-- In millicores and bytes. Pods from before are filled by the rebuild that comes with this version.
ALTER TABLE read.pods ADD COLUMN cpu_request bigint;
ALTER TABLE read.pods ADD COLUMN memory_request bigint;
