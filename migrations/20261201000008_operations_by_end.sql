-- The operations on an object that ended last: only these can be retried.

CREATE INDEX operations_log_by_end ON read.operations_log (target, last_position) WHERE finished_at IS NOT NULL;
