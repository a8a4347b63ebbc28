-- A session knows the tokens that it had, not only the last one: what never was one of them is refused and ends nothing.
-- Cookies of an older version are not taken any more: people sign in again. Processes of an older version must be stopped before.

ALTER TABLE auth.sessions
    -- SHA-256, the newest first. So many are more than a session has by renewing its access tokens.
    ADD COLUMN past_hashes bytea[] NOT NULL DEFAULT '{}' CHECK (cardinality(past_hashes) <= 256),
    DROP COLUMN previous_hash;
