-- Workloads and pods sorted by state come in the order of their severity, not of its letters.
ALTER TABLE read.workloads ADD COLUMN rank smallint NOT NULL DEFAULT 0;
DROP INDEX read.workloads_by_state;
CREATE INDEX workloads_by_rank ON read.workloads (rank, id);
CREATE INDEX workloads_by_state ON read.workloads (state);

ALTER TABLE read.pods ADD COLUMN rank smallint NOT NULL DEFAULT 3;
CREATE INDEX pods_by_rank ON read.pods (rank, id);
