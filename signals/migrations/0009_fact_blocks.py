import django.db.models.deletion
from django.db import migrations, models

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


def _statements(table: str, arguments: str) -> list[tuple[str, str]]:
    """Always, so that no session that has its triggers off (a replica's role) writes unseen."""
    create = "CREATE TRIGGER note_{event} {when} FOR EACH STATEMENT EXECUTE FUNCTION signals_note_change({arguments});"
    always = "ALTER TABLE {table} ENABLE ALWAYS TRIGGER note_{event}"
    return [
        (
            (create + always).format(event=event, when=when.format(table=table), table=table, arguments=arguments),
            f"DROP TRIGGER note_{event} ON {table}",
        )
        for event, when in EVENTS.items()
    ]


def _triggers() -> list[migrations.RunSQL]:
    pairs = [pair for name in OWN for pair in _statements(f"accounts_app_{name}", "")]
    for name, (parent, column) in OF_PARENT.items():
        pairs += _statements(f"accounts_app_{name}", f"'accounts_app_{parent}', '{column}'")
    return [migrations.RunSQL(forward, backward) for forward, backward in pairs]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_app", "0011_hours_by_tier"),
        ("signals", "0008_backtest"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_account", models.BigIntegerField(help_text="The range begins with this id.", unique=True)),
                (
                    "version",
                    models.PositiveIntegerField(default=0, help_text="Counted up at every writing; 0: not filled yet."),
                ),
                (
                    "made_by",
                    models.CharField(blank=True, help_text="Digest of what the facts are read with.", max_length=64),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FactChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField(db_index=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FactPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="Of the table in `Facts`.", max_length=20)),
                ("content", models.BinaryField()),
                (
                    "block",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="signals.factblock"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("block", "name"), name="fact_part_once_a_block")],
            },
        ),
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
