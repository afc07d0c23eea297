"""What the search reads besides the models' own columns and indexes: the words of texts."""

from django.db import migrations

# The configuration `simple` and no accents: notes come in several languages, and a stemmer for one cuts the words of
# the others wrongly. Text past 50,000 letters is not searched, because a tsvector ends at a megabyte with an error.
WORDS = """
CREATE FUNCTION vigil_words(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT to_tsvector(
        'pg_catalog.simple'::regconfig, public.unaccent('public.unaccent'::regdictionary, left(words, 50000))
    )
$$
"""
# Not fields of the models: every list of rows would carry their words along. The pending list of the index is short,
# since every search reads all of it.
TEXTS = (
    ("interaction", "note", "(coalesce(happened_on, planned_on, due_on)) DESC NULLS LAST"),
    ("incident", "number || ' ' || title || ' ' || note || ' ' || resolution", "opened_at DESC NULLS LAST"),
    ("changeevent", "title || ' ' || source", "happened_on DESC NULLS LAST"),
    ("inquiry", "number || ' ' || title || ' ' || awarded_to", "asked_on DESC NULLS LAST"),
)
ADD = """
ALTER TABLE accounts_app_{table} ADD COLUMN search_words tsvector GENERATED ALWAYS AS (vigil_words({words})) STORED;
CREATE INDEX {table}_by_words ON accounts_app_{table} USING gin (search_words) WITH (gin_pending_list_limit = 512);
CREATE INDEX {table}_newest ON accounts_app_{table} ({day})
"""
REMOVE = "ALTER TABLE accounts_app_{table} DROP COLUMN search_words; DROP INDEX {table}_newest"


class Migration(migrations.Migration):
    replaces = [
        ("accounts_app", "0001_initial"),
        ("accounts_app", "0002_defaults"),
        ("accounts_app", "0003_more_facts"),
        ("accounts_app", "0004_uploads"),
        ("accounts_app", "0005_incident_history"),
        ("accounts_app", "0006_interaction_history"),
        ("accounts_app", "0007_search"),
        ("accounts_app", "0008_whole_pairs"),
        ("accounts_app", "0009_trail_of_typed_facts"),
        ("accounts_app", "0010_hours_of_a_contact"),
        ("accounts_app", "0011_hours_by_tier"),
        ("accounts_app", "0012_cadence_facts"),
        ("accounts_app", "0013_cadence_defaults"),
        ("accounts_app", "0014_value_item_checked"),
    ]
    dependencies = [("accounts_app", "0002_facts")]
    operations = [
        migrations.RunSQL(WORDS, reverse_sql="DROP FUNCTION vigil_words(text)"),
        *(
            migrations.RunSQL(ADD.format(table=table, words=words, day=day), reverse_sql=REMOVE.format(table=table))
            for table, words, day in TEXTS
        ),
    ]
