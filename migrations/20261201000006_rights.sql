-- Rights of the application that belong to no single table; those on a table stand beside it.

-- Whether the person whom the metadata of an event names is there under that name, and has the session it names. What a part of
-- Binnacle did begins with {"actor":{"system": in canonical JSON, where nothing comes before the actor.
-- The application signs people in, so it can act for each of them: but not without a session, not under another name, and not
-- for somebody who is not there. The name that is shown is sealed: who has the database alone can make none that opens, and one
-- in clear is refused.
CREATE FUNCTION is_true_person(metadata bytea) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person CONSTANT jsonb := convert_from(metadata, 'UTF8')::jsonb #> '{actor,user}';
BEGIN
    RETURN EXISTS (
        SELECT FROM auth.sessions s JOIN auth.credentials c ON c.user_id = s.user_id
        WHERE s.id = (person ->> 'session')::uuid AND s.user_id = (person ->> 'id')::uuid
          AND c.username = person ->> 'username' AND jsonb_typeof(person -> 'display_name' -> '$sealed') = 'string'
    );
END
$$;
REVOKE ALL ON FUNCTION is_true_person FROM PUBLIC;

-- So that a start can tell whether the schema is the one it needs.
GRANT SELECT ON _sqlx_migrations TO binnacle_app;
