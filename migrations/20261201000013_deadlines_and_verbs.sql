-- When an operation ends as timed out, unless something ends it before.
ALTER TABLE read.operations_log ADD COLUMN deadline timestamptz;

-- Filters of the audit log. Who caused an event: PEOPLE, SERVICES or OBSERVED. What was observed is most of the log, so that
-- it is found in the order of positions; an index of it would only cost.
ALTER TABLE read.audit_log ADD COLUMN caused_by text;
CREATE INDEX audit_log_by_people ON read.audit_log (position) WHERE caused_by = 'PEOPLE';
CREATE INDEX audit_log_of_people ON read.audit_log (operation, position) WHERE caused_by = 'PEOPLE' AND operation IS NOT NULL;
CREATE INDEX audit_log_by_services ON read.audit_log (position) WHERE caused_by = 'SERVICES';
-- The operations of a verb.
CREATE INDEX operations_log_by_kind ON read.operations_log (kind, requested_position);
