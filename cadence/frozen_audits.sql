-- What is signed stays as it is, whoever asks: the ORM, raw SQL, a cascade or a TRUNCATE.
-- Plain triggers and not pgtrigger's, which a session may switch off; ENABLE ALWAYS, so that a replica's role does not.
-- A search path of their own: a temporary table of the same name would be read instead of the audit.
-- Run again by each migration that changes this file, so that an old database and a new one end up the same.

CREATE OR REPLACE FUNCTION vigil_keep_audit()
    RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state = 'signed' THEN
        RAISE EXCEPTION 'Audit % is signed: it can be superseded, not changed.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'owner_signed' THEN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'Audit % is signed by its owner: it cannot be removed.', OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        -- The leader signs or sends back; a reminder may be noted; all else is what the owner signed.
        IF NEW.state NOT IN ('owner_signed', 'open', 'signed')
            OR to_jsonb(NEW) - 'state' - 'reminded_on' <> to_jsonb(OLD) - 'state' - 'reminded_on'
        THEN
            RAISE EXCEPTION 'Audit % is signed by its owner: send it back before it is changed.', OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.state = 'signed' THEN
        RAISE EXCEPTION 'Audit % is not signed by its owner.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- An audit begins open: nobody inserts a signed one.
CREATE OR REPLACE FUNCTION vigil_begin_audit()
    RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state <> 'open' THEN
        RAISE EXCEPTION 'An audit begins open, not %.', NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- FOR SHARE waits for a signature under way and then reads what it wrote; a plain SELECT would miss it.
CREATE OR REPLACE FUNCTION vigil_keep_audit_part()
    RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    parent bigint;
    parent_state text;
BEGIN
    FOR parent IN
        SELECT DISTINCT id FROM unnest(ARRAY[
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.audit_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.audit_id END
        ]) AS id WHERE id IS NOT NULL ORDER BY id
    LOOP
        SELECT state INTO parent_state FROM cadence_audit WHERE id = parent FOR SHARE;
        IF parent_state IN ('owner_signed', 'signed') THEN
            RAISE EXCEPTION 'Audit % is signed: its % cannot be changed.', parent, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- A signature is added, and voided once, until the audit is signed for good; it is never removed.
CREATE OR REPLACE FUNCTION vigil_keep_audit_signature()
    RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    parent_state text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A signature is voided, never removed.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT state INTO parent_state FROM cadence_audit WHERE id = NEW.audit_id FOR SHARE;
    IF parent_state = 'signed' THEN
        RAISE EXCEPTION 'Audit % is signed: its signatures stand.', NEW.audit_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        OLD.voided_at IS NOT NULL
        OR to_jsonb(NEW) - 'voided_at' - 'voided_by_id' - 'voided_reason'
            <> to_jsonb(OLD) - 'voided_at' - 'voided_by_id' - 'voided_reason'
    ) THEN
        RAISE EXCEPTION 'A signature can only be voided, once.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION vigil_only_add()
    RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is only added to.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- What an audit was opened with: signed audits show it, and it is hashed with them.
CREATE OR REPLACE FUNCTION vigil_keep_audit_cycle()
    RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    audit_state text;
BEGIN
    -- FOR SHARE as above: every audit of the cycle, since one of them may be signed at this moment.
    FOR audit_state IN SELECT state FROM cadence_audit WHERE cycle_id = OLD.id ORDER BY id FOR SHARE LOOP
        IF audit_state IN ('owner_signed', 'signed') THEN
            RAISE EXCEPTION 'Cycle % holds signed audits: it cannot be changed.', OLD.name
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- TRUNCATE knows no versions of rows: in a transaction that still sees the time before a signature it would take both.
CREATE OR REPLACE FUNCTION vigil_keep_signed_tables()
    RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed'
        OR EXISTS (SELECT FROM cadence_audit WHERE state IN ('owner_signed', 'signed'))
    THEN
        RAISE EXCEPTION '% holds signed audits: it cannot be emptied.', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER vigil_begin BEFORE INSERT ON cadence_audit
    FOR EACH ROW EXECUTE FUNCTION vigil_begin_audit();
CREATE OR REPLACE TRIGGER vigil_keep BEFORE UPDATE OR DELETE ON cadence_audit
    FOR EACH ROW EXECUTE FUNCTION vigil_keep_audit();
CREATE OR REPLACE TRIGGER vigil_keep BEFORE INSERT OR UPDATE OR DELETE ON cadence_auditanswer
    FOR EACH ROW EXECUTE FUNCTION vigil_keep_audit_part();
CREATE OR REPLACE TRIGGER vigil_keep BEFORE INSERT OR UPDATE OR DELETE ON cadence_auditaction
    FOR EACH ROW EXECUTE FUNCTION vigil_keep_audit_part();
CREATE OR REPLACE TRIGGER vigil_keep BEFORE INSERT OR UPDATE OR DELETE ON cadence_auditsignature
    FOR EACH ROW EXECUTE FUNCTION vigil_keep_audit_signature();
CREATE OR REPLACE TRIGGER vigil_keep BEFORE UPDATE OR DELETE ON cadence_auditrecord
    FOR EACH ROW EXECUTE FUNCTION vigil_only_add();
CREATE OR REPLACE TRIGGER vigil_keep BEFORE UPDATE OR DELETE ON cadence_auditcycle
    FOR EACH ROW EXECUTE FUNCTION vigil_keep_audit_cycle();
CREATE OR REPLACE TRIGGER vigil_keep BEFORE UPDATE OR DELETE ON cadence_auditquestions
    FOR EACH ROW EXECUTE FUNCTION vigil_only_add();

CREATE OR REPLACE TRIGGER vigil_keep_all BEFORE TRUNCATE ON cadence_audit
    EXECUTE FUNCTION vigil_keep_signed_tables();
CREATE OR REPLACE TRIGGER vigil_keep_all BEFORE TRUNCATE ON cadence_auditanswer
    EXECUTE FUNCTION vigil_keep_signed_tables();
CREATE OR REPLACE TRIGGER vigil_keep_all BEFORE TRUNCATE ON cadence_auditaction
    EXECUTE FUNCTION vigil_keep_signed_tables();
CREATE OR REPLACE TRIGGER vigil_keep_all BEFORE TRUNCATE ON cadence_auditsignature
    EXECUTE FUNCTION vigil_keep_signed_tables();
CREATE OR REPLACE TRIGGER vigil_keep_all BEFORE TRUNCATE ON cadence_auditrecord
    EXECUTE FUNCTION vigil_keep_signed_tables();

ALTER TABLE cadence_audit ENABLE ALWAYS TRIGGER vigil_begin;
ALTER TABLE cadence_audit ENABLE ALWAYS TRIGGER vigil_keep;
ALTER TABLE cadence_auditanswer ENABLE ALWAYS TRIGGER vigil_keep;
ALTER TABLE cadence_auditaction ENABLE ALWAYS TRIGGER vigil_keep;
ALTER TABLE cadence_auditsignature ENABLE ALWAYS TRIGGER vigil_keep;
ALTER TABLE cadence_auditrecord ENABLE ALWAYS TRIGGER vigil_keep;
ALTER TABLE cadence_auditcycle ENABLE ALWAYS TRIGGER vigil_keep;
ALTER TABLE cadence_auditquestions ENABLE ALWAYS TRIGGER vigil_keep;
ALTER TABLE cadence_audit ENABLE ALWAYS TRIGGER vigil_keep_all;
ALTER TABLE cadence_auditanswer ENABLE ALWAYS TRIGGER vigil_keep_all;
ALTER TABLE cadence_auditaction ENABLE ALWAYS TRIGGER vigil_keep_all;
ALTER TABLE cadence_auditsignature ENABLE ALWAYS TRIGGER vigil_keep_all;
ALTER TABLE cadence_auditrecord ENABLE ALWAYS TRIGGER vigil_keep_all;
