-- Since when a workload has its state: the time of the event that brought it. Null for the state that it was first seen in.
ALTER TABLE read.workloads ADD COLUMN state_since timestamptz;
