-- An event that reports the deletion of a data key stands in the stream of its scope, and is appended only after the key was deleted.
-- Nobody can put the key back: see below.
CREATE FUNCTION must_report_a_deletion() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    payload CONSTANT jsonb := convert_from(new.payload, 'UTF8')::jsonb;
BEGIN
    -- A key in other letters, or a scope with a line break, would be read as something else by others.
    IF new.stream IS DISTINCT FROM 'sealing:' || (payload ->> 'scope')
        OR NOT coalesce(payload ->> 'key' ~ '^[0-9a-f]{16}$', false)
        OR payload ->> 'scope' ~ '[[:cntrl:]]'
        OR EXISTS (
        SELECT FROM public.data_keys WHERE scope = payload ->> 'scope' OR encode(id, 'hex') = payload ->> 'key'
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'an event reports a deletion of a data key that did not happen';
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION must_report_a_deletion FROM PUBLIC;
CREATE TRIGGER must_report_a_deletion AFTER INSERT ON events
    FOR EACH ROW WHEN (new.type = 'DataKeyForgotten') EXECUTE FUNCTION must_report_a_deletion();

-- A data key that was reported as deleted stays deleted. It is looked for after the row stands, when whoever deleted it has
-- committed, and never by an older snapshot.
CREATE FUNCTION must_not_be_forgotten() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' OR EXISTS (
        SELECT FROM public.events WHERE stream = 'sealing:' || new.scope AND type = 'DataKeyForgotten'
            AND convert_from(payload, 'UTF8')::jsonb ->> 'key' = encode(new.id, 'hex')
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this data key was deleted for good';
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION must_not_be_forgotten FROM PUBLIC;
CREATE TRIGGER must_not_be_forgotten AFTER INSERT ON data_keys
    FOR EACH ROW EXECUTE FUNCTION must_not_be_forgotten();
