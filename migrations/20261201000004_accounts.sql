-- Who may sign in. Kept apart from the log: nothing here is an event, because it holds secrets or their hashes.
-- The database alone says neither who knows which password nor how tokens are signed: both are sealed by a key outside it
-- (commands::sealing), and so is what tells a refresh token. Whoever has the role of the application can make none of them.

CREATE SCHEMA auth;

CREATE TABLE auth.credentials (
    user_id      uuid        NOT NULL PRIMARY KEY,
    -- Lower case: made so once, before it is stored or looked up.
    username     text        COLLATE "C" NOT NULL UNIQUE CHECK (username = lower(username)),
    changed_at   timestamptz NOT NULL DEFAULT now(),
    -- The hash by argon2id, with its parameters, sealed for its account.
    sealed_hash  bytea       NOT NULL
);

-- One row a sign-in. All its refresh tokens are one family: each renewal replaces the token, and an old one ends the row. What
-- never was one of its tokens is refused and ends nothing.
CREATE TABLE auth.sessions (
    id             uuid        NOT NULL PRIMARY KEY,
    user_id        uuid        NOT NULL REFERENCES auth.credentials ON DELETE CASCADE,
    -- SHA-256. The token itself is nowhere.
    token_hash     bytea       NOT NULL,
    -- What makes the current token of the previous one. For some seconds a second renewal gets the same token: an answer may
    -- have been lost, or two tabs may renew at once.
    successor_salt bytea,
    renewed_at     timestamptz NOT NULL DEFAULT now(),
    started_at     timestamptz NOT NULL DEFAULT now(),
    expires_at     timestamptz NOT NULL,
    ended_at       timestamptz,
    -- SHA-256 of the tokens before it, the newest first. So many are more than a session has by renewing its access tokens.
    past_hashes    bytea[]     NOT NULL DEFAULT '{}' CHECK (cardinality(past_hashes) <= 256)
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

-- Ed25519 keys that sign access tokens: PKCS #8, sealed. The newest one signs.
CREATE TABLE auth.signing_keys (
    kid        text        NOT NULL PRIMARY KEY,
    sealed_key bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

GRANT USAGE ON SCHEMA auth TO binnacle_app;
-- Nobody is renamed or removed, and no session is given to somebody else.
GRANT SELECT, INSERT, UPDATE (sealed_hash, changed_at) ON auth.credentials TO binnacle_app;
GRANT SELECT, INSERT, DELETE, UPDATE (token_hash, past_hashes, successor_salt, renewed_at, ended_at)
    ON auth.sessions TO binnacle_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.sign_in_attempts TO binnacle_app;
GRANT SELECT, INSERT ON auth.signing_keys TO binnacle_app;
