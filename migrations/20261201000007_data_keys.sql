-- Data keys, wrapped by the sealing key outside the database (domain::core::sealing). No key and no wrapped key is in the log.
CREATE TABLE data_keys (
    id       bytea PRIMARY KEY CHECK (octet_length(id) = 8),
    scope    text NOT NULL UNIQUE,
    wrapped  bytea NOT NULL,
    made_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    nth      bigint GENERATED ALWAYS AS IDENTITY
);

-- A key is wrapped anew or destroyed. It is never given to another scope.
GRANT SELECT, INSERT, UPDATE (wrapped), DELETE ON data_keys TO binnacle_app;
