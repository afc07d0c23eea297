"""What the search reads: names of contacts as accounts have them, keys by their beginning, and the words of texts."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models

import accounts_app.models.account

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
    dependencies = (("accounts_app", "0006_interaction_history"),)
    operations = (
        migrations.AddField(
            "contact",
            "sort_name",
            models.GeneratedField(
                db_persist=True,
                expression=accounts_app.models.account.SortName("name"),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            "accountkey",
            models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("key"), name="text_pattern_ops"
                ),
                name="account_by_start_of_key",
            ),
        ),
        migrations.AddIndex(
            "contact",
            django.contrib.postgres.indexes.GinIndex(
                fields=["sort_name"], name="contact_name_trigrams", opclasses=("gin_trgm_ops",)
            ),
        ),
        migrations.AddIndex(
            "contact",
            models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("email"), name="text_pattern_ops"
                ),
                name="contact_by_start_of_email",
            ),
        ),
        migrations.RunSQL(WORDS, reverse_sql="DROP FUNCTION vigil_words(text)"),
        *(
            migrations.RunSQL(ADD.format(table=table, words=words, day=day), reverse_sql=REMOVE.format(table=table))
            for table, words, day in TEXTS
        ),
    )
