-- What people set for themselves: language, time zone, columns and saved views. Not in the log: nobody has to prove it. Values are
-- sealed under the person's key.
CREATE TABLE auth.preferences (
    user_id    uuid        NOT NULL REFERENCES auth.credentials ON DELETE CASCADE,
    key        text        COLLATE "C" NOT NULL,
    value      jsonb       NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);
GRANT SELECT, INSERT, DELETE, UPDATE (value, changed_at) ON auth.preferences TO binnacle_app;
