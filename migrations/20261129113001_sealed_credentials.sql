-- The database alone says neither who knows which password nor how tokens are signed: both are sealed by a key outside it
-- (commands::sealing), and so is what tells a refresh token. Whoever has the role of the application can make none of them.
-- What an older version stored cannot be sealed here: accounts are made anew at the next start, and people sign in again.
-- Processes of an older version must be stopped before.

DELETE FROM auth.signing_keys;
ALTER TABLE auth.signing_keys RENAME private_key TO sealed_key;

-- With their sessions.
DELETE FROM auth.credentials;
ALTER TABLE auth.credentials DROP COLUMN hash;
-- The hash by argon2id, sealed for its account.
ALTER TABLE auth.credentials ADD COLUMN sealed_hash bytea NOT NULL;

-- Nobody is renamed or removed, and no session is given to somebody else.
REVOKE UPDATE, DELETE ON auth.credentials FROM binnacle_app;
GRANT UPDATE (sealed_hash, changed_at) ON auth.credentials TO binnacle_app;
REVOKE UPDATE ON auth.sessions FROM binnacle_app;
GRANT UPDATE (token_hash, past_hashes, successor_salt, renewed_at, ended_at) ON auth.sessions TO binnacle_app;
