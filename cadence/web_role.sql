-- What web and workers may do: read and write rows, and nothing else. Who owns the tables migrates and is nobody else.
-- A role that owns no table can neither switch a trigger off nor empty a table, and no session of it is a replica.

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM vigil_web;
GRANT USAGE ON SCHEMA public TO vigil_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO vigil_web;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO vigil_web;

-- Only ever added to; migrations are the owner's.
REVOKE UPDATE, DELETE ON cadence_auditrecord, cadence_auditquestions FROM vigil_web;
REVOKE DELETE ON cadence_auditsignature FROM vigil_web;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM vigil_web;

-- An import counts what it has just written, so that the next statement is planned well.
DO $$ BEGIN
    IF current_setting('server_version_num')::int >= 170000 THEN
        GRANT MAINTAIN ON accounts_app_account, accounts_app_accountkey TO vigil_web;
    END IF;
END $$;

-- The audit trail is written by triggers too: with the search path of their own none finds a temporary table first.
DO $$
DECLARE
    trigger_function regprocedure;
BEGIN
    FOR trigger_function IN
        SELECT oid FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype AND proconfig IS NULL
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', trigger_function);
    END LOOP;
END $$;
