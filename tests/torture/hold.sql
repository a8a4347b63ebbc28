-- Holds each append transaction open for up to 20 ms before it commits, and rolls every tenth one back. Like this, whoever
-- hands out positions before the commit shows them out of order.

CREATE SCHEMA torture;
CREATE SEQUENCE torture.held;
CREATE SEQUENCE torture.rolled_back;

-- How often each was used: a sequence begins at 1 before it was.
CREATE VIEW torture.counted AS
SELECT CASE WHEN h.is_called THEN h.last_value ELSE 0 END AS held, CASE WHEN r.is_called THEN r.last_value ELSE 0 END AS rolled_back
FROM torture.held AS h, torture.rolled_back AS r;

CREATE FUNCTION torture.hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    -- Once a transaction, whatever the number of its events.
    IF current_setting('torture.transaction', true) IS NOT DISTINCT FROM pg_current_xact_id()::text THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('torture.transaction', pg_current_xact_id()::text, false);
    PERFORM nextval('torture.held'), pg_sleep(random() * 0.02);
    IF random() < 0.1 THEN
        PERFORM nextval('torture.rolled_back');
        RAISE EXCEPTION 'rolled back by the torture';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON public.events
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION torture.hold();
