"""The number of a run's start, and the triggers that note whose facts changed since they were last read."""

from django.db import migrations

# Where a table's account stands: in itself, or in the parent that a column of it names.
OWN = ("order", "interaction", "contact", "incident", "inquiry", "changeevent", "surveyanswer", "contract", "ownership")
OF_PARENT = {
    "orderline": ("order", "order_id"),
    "interaction_contacts": ("interaction", "interaction_id"),
    "interaction_colleagues": ("interaction", "interaction_id"),
    "link": ("contact", "contact_id"),
    "incidentpause": ("incident", "incident_id"),
}

# Statement by statement, so that an import of a million rows notes each account once.
FUNCTION = """
CREATE FUNCTION signals_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT * FROM new_rows'
        WHEN 'DELETE' THEN 'SELECT * FROM old_rows'
        ELSE 'SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows' END;
    accounts text := 'SELECT DISTINCT account_id FROM (' || changed || ') AS r';
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO signals_factchange (account_id) VALUES (NULL);
        RETURN NULL;
    END IF;
    IF TG_NARGS = 2 THEN
        accounts := format('SELECT DISTINCT p.account_id FROM (SELECT DISTINCT %I AS parent FROM (%s) AS r) AS c
                            JOIN %I AS p ON p.id = c.parent', TG_ARGV[1], changed, TG_ARGV[0]);
    END IF;
    EXECUTE 'INSERT INTO signals_factchange (account_id) ' || accounts;
    RETURN NULL;
END $$"""
EVENTS = {
    "insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
    "truncate": "AFTER TRUNCATE ON {table}",
}


def _trigger(table: str, event: str, arguments: str) -> migrations.RunSQL:
    """Always, so that no session that has its triggers off (a replica's role) writes unseen."""
    when = EVENTS[event].format(table=table)
    return migrations.RunSQL(
        f"CREATE TRIGGER note_{event} {when} FOR EACH STATEMENT EXECUTE FUNCTION signals_note_change({arguments});"
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER note_{event}",
        f"DROP TRIGGER note_{event} ON {table}",
    )


def _triggers() -> list[migrations.RunSQL]:
    tables = {name: "" for name in OWN}
    tables |= {name: f"'accounts_app_{parent}', '{column}'" for name, (parent, column) in OF_PARENT.items()}
    return [_trigger(f"accounts_app_{name}", event, said) for name, said in tables.items() for event in EVENTS]


class Migration(migrations.Migration):
    replaces = [
        ("signals", "0001_initial"),
        ("signals", "0002_ticket"),
        ("signals", "0003_chunk_failures"),
        ("signals", "0004_portfolio_extras"),
        ("signals", "0005_rule_set_reason"),
        ("signals", "0006_rules_and_judgements"),
        ("signals", "0007_alarm_budgets_and_playbooks"),
        ("signals", "0008_backtest"),
        ("signals", "0009_fact_blocks"),
        ("signals", "0010_default_playbooks"),
        ("signals", "0011_notice_deadline"),
        ("signals", "0012_post_mortems"),
        ("signals", "0013_due_days"),
        ("signals", "0014_post_mortems_from_risk_days"),
        ("signals", "0015_first_plan"),
        ("signals", "0016_why_not_computed"),
    ]
    dependencies = [("signals", "0001_judgement")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE signals_run_ticket", "DROP SEQUENCE signals_run_ticket"),
        # A cache: what a crash may have left half is better gone. The parts first, for a logged table may not refer
        # to one that is not. They are compressed already.
        migrations.RunSQL(
            "ALTER TABLE signals_factpart SET UNLOGGED;"
            "ALTER TABLE signals_factblock SET UNLOGGED;"
            "ALTER TABLE signals_factpart ALTER COLUMN content SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION signals_note_change()"),
        *_triggers(),
    ]
