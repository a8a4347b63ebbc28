-- When an operation ends as timed out, unless something ends it before.
ALTER TABLE read.operations_log ADD COLUMN deadline timestamptz;
