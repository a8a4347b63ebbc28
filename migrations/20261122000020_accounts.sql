-- Who may sign in. Kept apart from the log: nothing here is an event, because it holds secrets or their hashes.

CREATE SCHEMA auth;

CREATE TABLE auth.credentials (
    user_id      uuid        NOT NULL PRIMARY KEY,
    -- Lower case: made so once, before it is stored or looked up.
    username     text        COLLATE "C" NOT NULL UNIQUE CHECK (username = lower(username)),
    display_name text        NOT NULL,
    -- argon2id, with its parameters.
    hash         text        NOT NULL,
    changed_at   timestamptz NOT NULL DEFAULT now()
);

-- One row a sign-in. All its refresh tokens are one family: each renewal replaces the token, and an old one ends the row.
CREATE TABLE auth.sessions (
    id             uuid        NOT NULL PRIMARY KEY,
    user_id        uuid        NOT NULL REFERENCES auth.credentials ON DELETE CASCADE,
    -- SHA-256. The token itself is nowhere.
    token_hash     bytea       NOT NULL,
    -- The token before it, for the seconds in which an answer may have been lost or two tabs may renew at once.
    previous_hash  bytea,
    -- What makes the current token of the previous one, so that both renewals get the same.
    successor_salt bytea,
    renewed_at     timestamptz NOT NULL DEFAULT now(),
    started_at     timestamptz NOT NULL DEFAULT now(),
    expires_at     timestamptz NOT NULL,
    ended_at       timestamptz
);
CREATE INDEX sessions_of_user ON auth.sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended ON auth.sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_expired ON auth.sessions (expires_at);

-- Failed sign-ins by account, source address, and account at a known source. In the database, so that a restart forgets
-- nothing and replicas count together.
CREATE TABLE auth.sign_in_attempts (
    key           text        COLLATE "C" NOT NULL PRIMARY KEY,
    failures      integer     NOT NULL,
    last_at       timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_by_time ON auth.sign_in_attempts (last_at);

-- Ed25519 keys that sign access tokens, PKCS #8. The newest one signs.
CREATE TABLE auth.signing_keys (
    kid         text        NOT NULL PRIMARY KEY,
    private_key bytea       NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

GRANT USAGE ON SCHEMA auth TO binnacle_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.credentials, auth.sessions, auth.sign_in_attempts TO binnacle_app;
GRANT SELECT, INSERT ON auth.signing_keys TO binnacle_app;

-- So that a start can tell whether the schema is the one it needs.
GRANT SELECT ON _sqlx_migrations TO binnacle_app;
