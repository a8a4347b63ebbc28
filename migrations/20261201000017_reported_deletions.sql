-- A data key is deleted only in the transaction that reports it: what it sealed is lost for ever, and the log says who decided so.
-- Checked at the commit, because the report comes after the deletion.
CREATE FUNCTION must_be_reported() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.events WHERE stream = 'sealing:' || old.scope AND type = 'DataKeyForgotten'
            AND convert_from(payload, 'UTF8')::jsonb ->> 'key' = encode(old.id, 'hex')
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'no event reports the deletion of this data key';
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION must_be_reported FROM PUBLIC;
CREATE CONSTRAINT TRIGGER must_be_reported AFTER DELETE ON data_keys DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION must_be_reported();
