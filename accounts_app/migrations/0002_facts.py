"""The facts about accounts and the trail of their changes."""

import accounts_app.models.account
import accounts_app.models.company
import accounts_app.models.incident
import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from decimal import Decimal
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

# A generated column needs an immutable function; unaccent() is only stable, because its dictionary could be swapped.
SORT_NAME = """
CREATE FUNCTION vigil_sort_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, name)) $$
"""


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

    dependencies = [
        # Only for the order: every step of theirs makes Django load anew whatever hangs on the user, and after this
        # migration that is everything.
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts_app", "0001_people"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("axes", "0010_accessattemptexpiration"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(SORT_NAME, reverse_sql="DROP FUNCTION vigil_sort_name(text)"),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(max_length=60, unique=True)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("currency", models.CharField(blank=True, help_text="Used where a row names none.", max_length=3)),
            ],
            options={
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^([A-Z]{3})?$")), name="feed_currency_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="accounts_app.feed"
                    ),
                ),
                ("file_name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("options", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("created", models.PositiveIntegerField(default=0)),
                ("updated", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("rejected", models.PositiveIntegerField(default=0)),
                (
                    "reasons",
                    models.JSONField(default=list, help_text="Why rows were rejected, with the first of each kind."),
                ),
                ("notes", models.JSONField(default=list, help_text="What else is to be known of it.")),
            ],
            options={
                "verbose_name_plural": "import batches",
                "ordering": ("-started_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rows",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("created"), "+", models.F("updated")
                                        ),
                                        "+",
                                        models.F("unchanged"),
                                    ),
                                    "+",
                                    models.F("rejected"),
                                ),
                            )
                        ),
                        name="import_batch_rows_add_up",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Colleague",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="job title")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("executive", "Executive"),
                            ("management", "Management"),
                            ("operational", "Operational"),
                        ],
                        default="operational",
                        max_length=20,
                    ),
                ),
                (
                    "hours_a_week",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        help_text="Hours for accounts; empty: not known.",
                        max_digits=4,
                        null=True,
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Whose holidays are kept; empty: the company's.",
                        max_length=60,
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="colleague",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="colleague_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["executive", "management", "operational"])),
                        name="colleague_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hours_a_week", None),
                            models.Q(("hours_a_week__gte", 0), ("hours_a_week__lte", 80)),
                            _connector="OR",
                        ),
                        name="colleague_hours_possible",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "colleague",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="accounts_app.colleague",
                    ),
                ),
                ("from_day", models.DateField()),
                ("until_day", models.DateField(help_text="The last day away.")),
            ],
            options={
                "ordering": ("-from_day",),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="absence_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("until_day__gte", models.F("from_day"))), name="absence_forward"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("rank", models.PositiveSmallIntegerField(help_text="1 is the most important", unique=True)),
                ("ideal_days", models.PositiveSmallIntegerField(verbose_name="ideal contact interval")),
                ("max_days", models.PositiveSmallIntegerField(verbose_name="longest contact interval")),
                ("critical_days", models.PositiveSmallIntegerField(verbose_name="target for critical incidents")),
                ("major_days", models.PositiveSmallIntegerField(verbose_name="target for major incidents")),
                ("minor_days", models.PositiveSmallIntegerField(verbose_name="target for minor incidents")),
                (
                    "contact_hours",
                    models.DecimalField(
                        decimal_places=1,
                        default=1,
                        help_text="Preparation and travel included.",
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.1")),
                            django.core.validators.MaxValueValidator(80),
                        ],
                        verbose_name="hours for one promised contact",
                    ),
                ),
                (
                    "min_levels",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Of executive, management and operational; 0 asks for none.",
                        validators=[django.core.validators.MaxValueValidator(3)],
                        verbose_name="levels of the customer to be met within a year",
                    ),
                ),
                (
                    "review_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: no review is promised.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="days from one review with the customer to the next",
                    ),
                ),
            ],
            options={
                "ordering": ("rank",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("contact_hours__gt", 0), ("contact_hours__lte", 80)),
                        name="tier_contact_hours_possible",
                    ),
                    models.CheckConstraint(condition=models.Q(("min_levels__lte", 3)), name="tier_levels_are_three"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("review_days", None),
                            models.Q(("review_days__gte", 1), ("review_days__lte", 1000)),
                            _connector="OR",
                        ),
                        name="tier_review_interval_possible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ideal_days__gte", 1), ("ideal_days__lte", models.F("max_days")), ("max_days__lte", 1000)
                        ),
                        name="tier_intervals_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("critical_days__gte", 1),
                            ("critical_days__lte", models.F("major_days")),
                            ("major_days__lte", models.F("minor_days")),
                        ),
                        name="tier_targets_ordered",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tier",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_tierevent" ("contact_hours", "critical_days", "id", "ideal_days", "key", "major_days", "max_days", "min_levels", "minor_days", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "review_days") VALUES (NEW."contact_hours", NEW."critical_days", NEW."id", NEW."ideal_days", NEW."key", NEW."major_days", NEW."max_days", NEW."min_levels", NEW."minor_days", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rank", NEW."review_days"); RETURN NULL;',
                    hash="37165bb0f5ba09af99faa836bdc293920d6f5eef",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ff654",
                    table="accounts_app_tier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tier",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "accounts_app_tierevent" ("contact_hours", "critical_days", "id", "ideal_days", "key", "major_days", "max_days", "min_levels", "minor_days", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "review_days") VALUES (NEW."contact_hours", NEW."critical_days", NEW."id", NEW."ideal_days", NEW."key", NEW."major_days", NEW."max_days", NEW."min_levels", NEW."minor_days", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rank", NEW."review_days"); RETURN NULL;',
                    hash="d07e1c3ea1d004ba9b437f75320e4399e31694b2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8513d",
                    table="accounts_app_tier",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=accounts_app.models.account.SortName("name"),
                        output_field=models.CharField(max_length=200),
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="accounts_app.tier"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="accounts_app.team",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_accounts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputised_accounts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("prospect", "Prospect"), ("former", "Former")],
                        db_default="active",
                        default="active",
                        max_length=10,
                    ),
                ),
                ("industry", models.CharField(blank=True, db_default="", max_length=80)),
                ("country", models.CharField(blank=True, max_length=60)),
                (
                    "mail_domain",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Such as example.com; finds the account of an address.",
                        max_length=120,
                    ),
                ),
                (
                    "margin_share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Share of its revenue that stays with us, 0.25 for 25 %; empty: not known.",
                        max_digits=5,
                        null=True,
                    ),
                ),
                (
                    "own_ideal_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="own ideal contact interval"),
                ),
                (
                    "own_max_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="own longest contact interval"
                    ),
                ),
                ("own_interval_reason", models.CharField(blank=True, max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
            ],
            options={
                "ordering": ("sort_name", "pk"),
                "indexes": [
                    models.Index(fields=["sort_name"], name="account_by_sort_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["sort_name"], name="account_name_trigrams", opclasses=("gin_trgm_ops",)
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("pk")), _negated=True), name="account_not_its_own_parent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ("active", "prospect", "former"))),
                        name="account_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("margin_share", None),
                            models.Q(("margin_share__gte", -1), ("margin_share__lte", 1)),
                            _connector="OR",
                        ),
                        name="account_margin_is_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mail_domain__regex", "^([a-z0-9-]+(\\.[a-z0-9-]+)+)?$")),
                        name="account_mail_domain_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deputy", None), models.Q(("deputy", models.F("owner")), _negated=True), _connector="OR"
                        ),
                        name="account_deputy_is_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("own_ideal_days", None), ("own_interval_reason", ""), ("own_max_days", None)),
                            models.Q(
                                ("own_ideal_days__isnull", False),
                                ("own_max_days__isnull", False),
                                ("own_ideal_days__gte", 1),
                                ("own_ideal_days__lte", models.F("own_max_days")),
                                ("own_max_days__lte", 1000),
                                models.Q(("own_interval_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="account_own_interval_whole",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_accountevent" ("country", "deputy_id", "id", "industry", "known_on", "mail_domain", "margin_share", "name", "own_ideal_days", "own_interval_reason", "own_max_days", "owner_id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "team_id", "tier_id") VALUES (NEW."country", NEW."deputy_id", NEW."id", NEW."industry", NEW."known_on", NEW."mail_domain", NEW."margin_share", NEW."name", NEW."own_ideal_days", NEW."own_interval_reason", NEW."own_max_days", NEW."owner_id", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."status", NEW."team_id", NEW."tier_id"); RETURN NULL;',
                    hash="f627f2231fb160208a794e46ad76b5c6c88df254",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4728b",
                    table="accounts_app_account",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."deputy_id" IS DISTINCT FROM (NEW."deputy_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."industry" IS DISTINCT FROM (NEW."industry") OR OLD."known_on" IS DISTINCT FROM (NEW."known_on") OR OLD."mail_domain" IS DISTINCT FROM (NEW."mail_domain") OR OLD."margin_share" IS DISTINCT FROM (NEW."margin_share") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."own_ideal_days" IS DISTINCT FROM (NEW."own_ideal_days") OR OLD."own_interval_reason" IS DISTINCT FROM (NEW."own_interval_reason") OR OLD."own_max_days" IS DISTINCT FROM (NEW."own_max_days") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."team_id" IS DISTINCT FROM (NEW."team_id") OR OLD."tier_id" IS DISTINCT FROM (NEW."tier_id"))',
                    func='INSERT INTO "accounts_app_accountevent" ("country", "deputy_id", "id", "industry", "known_on", "mail_domain", "margin_share", "name", "own_ideal_days", "own_interval_reason", "own_max_days", "owner_id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "team_id", "tier_id") VALUES (NEW."country", NEW."deputy_id", NEW."id", NEW."industry", NEW."known_on", NEW."mail_domain", NEW."margin_share", NEW."name", NEW."own_ideal_days", NEW."own_interval_reason", NEW."own_max_days", NEW."owner_id", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."status", NEW."team_id", NEW."tier_id"); RETURN NULL;',
                    hash="ad0dd407c856c408ad7382681cb34a04ad2577da",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_05a7b",
                    table="accounts_app_account",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="AccountEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=200)),
                (
                    "tier",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.tier",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.team",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("prospect", "Prospect"), ("former", "Former")],
                        db_default="active",
                        default="active",
                        max_length=10,
                    ),
                ),
                ("industry", models.CharField(blank=True, db_default="", max_length=80)),
                ("country", models.CharField(blank=True, max_length=60)),
                (
                    "mail_domain",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Such as example.com; finds the account of an address.",
                        max_length=120,
                    ),
                ),
                (
                    "margin_share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Share of its revenue that stays with us, 0.25 for 25 %; empty: not known.",
                        max_digits=5,
                        null=True,
                    ),
                ),
                (
                    "own_ideal_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="own ideal contact interval"),
                ),
                (
                    "own_max_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="own longest contact interval"
                    ),
                ),
                ("own_interval_reason", models.CharField(blank=True, max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AccountKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="account_keys", to="accounts_app.feed"
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="keys", to="accounts_app.account"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("key"), name="text_pattern_ops"
                        ),
                        name="account_by_start_of_key",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("feed", "key"), name="account_key_once")],
            },
        ),
        migrations.CreateModel(
            name="AccountMark",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="mark",
                        serialize=False,
                        to="accounts_app.account",
                    ),
                ),
                ("marked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["marked_at"], name="account_mark_by_age")],
            },
        ),
        migrations.CreateModel(
            name="ChangeEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="change_events",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new_executive", "New executive"),
                            ("merger", "Merger or acquisition"),
                            ("divestiture", "Divestiture"),
                            ("restructuring", "Restructuring"),
                            ("market_shift", "Market shift"),
                            ("product_launched", "Product launched"),
                            ("product_cancelled", "Product cancelled"),
                            ("litigation", "Litigation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("happened_on", models.DateField()),
                ("title", models.CharField(max_length=200)),
                (
                    "source",
                    models.CharField(blank=True, help_text="Who said so: a person, a paper, a page.", max_length=200),
                ),
            ],
            options={
                "ordering": ("-happened_on", "-pk"),
                "abstract": False,
                "indexes": [models.Index(fields=["account", "happened_on"], name="event_of_account_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="change_event_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "new_executive",
                                    "merger",
                                    "divestiture",
                                    "restructuring",
                                    "market_shift",
                                    "product_launched",
                                    "product_cancelled",
                                    "litigation",
                                ),
                            )
                        ),
                        name="change_event_kind_known",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="changeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_changeeventevent" ("account_id", "external_key", "feed_id", "happened_on", "id", "kind", "known_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "title") VALUES (NEW."account_id", NEW."external_key", NEW."feed_id", NEW."happened_on", NEW."id", NEW."kind", NEW."known_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."title"); RETURN NULL;',
                    hash="5a02e0a7c7789e153a6f16179d7502cab9ace120",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d9721",
                    table="accounts_app_changeevent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="changeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_changeeventevent" ("account_id", "external_key", "feed_id", "happened_on", "id", "kind", "known_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "title") VALUES (NEW."account_id", NEW."external_key", NEW."feed_id", NEW."happened_on", NEW."id", NEW."kind", NEW."known_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."title"); RETURN NULL;',
                    hash="72217b53ad1be9a15fb3b5bae958ee558d561450",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_16e33",
                    table="accounts_app_changeevent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="changeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_changeeventevent" ("account_id", "external_key", "feed_id", "happened_on", "id", "kind", "known_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "title") VALUES (OLD."account_id", OLD."external_key", OLD."feed_id", OLD."happened_on", OLD."id", OLD."kind", OLD."known_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."title"); RETURN NULL;',
                    hash="f3a2728f6b2ba0882f5f9539f42eff34392f8353",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9ab25",
                    table="accounts_app_changeevent",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ChangeEventEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.changeevent",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new_executive", "New executive"),
                            ("merger", "Merger or acquisition"),
                            ("divestiture", "Divestiture"),
                            ("restructuring", "Restructuring"),
                            ("market_shift", "Market shift"),
                            ("product_launched", "Product launched"),
                            ("product_cancelled", "Product cancelled"),
                            ("litigation", "Litigation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("happened_on", models.DateField()),
                ("title", models.CharField(max_length=200)),
                (
                    "source",
                    models.CharField(blank=True, help_text="Who said so: a person, a paper, a page.", max_length=200),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ChannelHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channel_hours",
                        to="accounts_app.tier",
                    ),
                ),
                ("channel", models.CharField(max_length=10)),
                (
                    "hours",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(80),
                        ],
                    ),
                ),
                ("share", models.PositiveSmallIntegerField(help_text="Percent of the promised contacts.")),
            ],
            options={
                "ordering": ("tier__rank", "channel"),
                "constraints": [
                    models.UniqueConstraint(fields=("tier", "channel"), name="channel_hours_once"),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ("visit", "call", "video", "mail", "event"))),
                        name="channel_hours_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hours__gte", 0), ("hours__lte", 80), ("share__lte", 100)),
                        name="channel_hours_possible",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channelhours",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_channelhoursevent" ("channel", "hours", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share", "tier_id") VALUES (NEW."channel", NEW."hours", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."share", NEW."tier_id"); RETURN NULL;',
                    hash="c701703f1bed03aa4350ad767e70329dec9275f6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1bc70",
                    table="accounts_app_channelhours",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channelhours",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "accounts_app_channelhoursevent" ("channel", "hours", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share", "tier_id") VALUES (NEW."channel", NEW."hours", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."share", NEW."tier_id"); RETURN NULL;',
                    hash="07ab25c9105aaa51e0e875671a13a09bd2b0cc8a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e60e4",
                    table="accounts_app_channelhours",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ChannelHoursEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.channelhours",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "tier",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.tier",
                    ),
                ),
                ("channel", models.CharField(max_length=10)),
                (
                    "hours",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(80),
                        ],
                    ),
                ),
                ("share", models.PositiveSmallIntegerField(help_text="Percent of the promised contacts.")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Company",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(default="Vigil", max_length=120)),
                (
                    "currency",
                    models.CharField(
                        blank=True,
                        help_text="Reporting currency; empty until the first orders name it.",
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "A currency is three capital letters, such as EUR."
                            )
                        ],
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC", max_length=60, validators=[accounts_app.models.company.validate_time_zone]
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True, db_default="", help_text="Whose public holidays our people keep.", max_length=60
                    ),
                ),
                ("simulated", models.BooleanField(default=False, editable=False)),
                (
                    "demo_anchor",
                    models.DateField(editable=False, help_text="The day a simulated portfolio was loaded.", null=True),
                ),
            ],
            options={
                "verbose_name_plural": "company",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="company_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^([A-Z]{3})?$")), name="company_currency_code"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="company",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_companyevent" ("country", "currency", "demo_anchor", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "simulated", "time_zone") VALUES (NEW."country", NEW."currency", NEW."demo_anchor", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."simulated", NEW."time_zone"); RETURN NULL;',
                    hash="66075696b4031c20113a2e4e68d3c4f18a7da7f6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b665e",
                    table="accounts_app_company",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="company",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "accounts_app_companyevent" ("country", "currency", "demo_anchor", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "simulated", "time_zone") VALUES (NEW."country", NEW."currency", NEW."demo_anchor", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."simulated", NEW."time_zone"); RETURN NULL;',
                    hash="a049d55878ff90be0609846e24645f3e3192ee82",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_25c6d",
                    table="accounts_app_company",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CompanyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.company",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(default="Vigil", max_length=120)),
                (
                    "currency",
                    models.CharField(
                        blank=True,
                        help_text="Reporting currency; empty until the first orders name it.",
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "A currency is three capital letters, such as EUR."
                            )
                        ],
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC", max_length=60, validators=[accounts_app.models.company.validate_time_zone]
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True, db_default="", help_text="Whose public holidays our people keep.", max_length=60
                    ),
                ),
                ("simulated", models.BooleanField(default=False, editable=False)),
                (
                    "demo_anchor",
                    models.DateField(editable=False, help_text="The day a simulated portfolio was loaded.", null=True),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="accounts_app.account"
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=accounts_app.models.account.SortName("name"),
                        output_field=models.TextField(),
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="job title")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("executive", "Executive"),
                            ("management", "Management"),
                            ("operational", "Operational"),
                        ],
                        default="operational",
                        max_length=20,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("decision_maker", "Decision maker"),
                            ("influencer", "Influencer"),
                            ("champion", "Champion"),
                            ("gatekeeper", "Gatekeeper"),
                            ("user", "User"),
                        ],
                        default="user",
                        max_length=20,
                    ),
                ),
                ("primary", models.BooleanField(default=False, verbose_name="main contact")),
                ("since", models.DateField(blank=True, null=True)),
                ("left_on", models.DateField(blank=True, null=True)),
                ("left_known_on", models.DateField(blank=True, null=True)),
                (
                    "leaving_on",
                    models.DateField(
                        blank=True,
                        help_text="As far as it is known; the day may lie ahead.",
                        null=True,
                        verbose_name="announced last day",
                    ),
                ),
                (
                    "leaving_known_on",
                    models.DateField(
                        blank=True, help_text="Since when we know that this person will leave.", null=True
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="predecessors",
                        to="accounts_app.contact",
                    ),
                ),
                (
                    "matters",
                    models.TextField(
                        blank=True,
                        db_default="",
                        help_text="Aims, worries, what convinces.",
                        verbose_name="what matters to this person",
                    ),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "ordering": ("name",),
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["sort_name"], name="contact_name_trigrams", opclasses=("gin_trgm_ops",)
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("email"), name="text_pattern_ops"
                        ),
                        name="contact_by_start_of_email",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="contact_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["executive", "management", "operational"])),
                        name="contact_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on", None), ("since", None), ("left_on__gte", models.F("since")), _connector="OR"
                        ),
                        name="contact_left_after_since",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_known_on__isnull", True), ("left_on__isnull", True)),
                            models.Q(("left_known_on__isnull", False), ("left_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="contact_left_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("successor", models.F("pk")), _negated=True),
                        name="contact_not_its_own_successor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("leaving_on", None), ("leaving_known_on__isnull", False), _connector="OR"),
                        name="contact_leaving_known",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contact",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_contactevent" ("account_id", "email", "external_key", "feed_id", "id", "known_on", "leaving_known_on", "leaving_on", "left_known_on", "left_on", "level", "matters", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "primary", "role", "since", "successor_id", "title") VALUES (NEW."account_id", NEW."email", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", NEW."leaving_known_on", NEW."leaving_on", NEW."left_known_on", NEW."left_on", NEW."level", NEW."matters", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."primary", NEW."role", NEW."since", NEW."successor_id", NEW."title"); RETURN NULL;',
                    hash="d3076a8419c1d1500959ab0646a7d1de5b2e93a0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fdac8",
                    table="accounts_app_contact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contact",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."feed_id" IS DISTINCT FROM (NEW."feed_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."known_on" IS DISTINCT FROM (NEW."known_on") OR OLD."leaving_known_on" IS DISTINCT FROM (NEW."leaving_known_on") OR OLD."leaving_on" IS DISTINCT FROM (NEW."leaving_on") OR OLD."left_known_on" IS DISTINCT FROM (NEW."left_known_on") OR OLD."left_on" IS DISTINCT FROM (NEW."left_on") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."matters" IS DISTINCT FROM (NEW."matters") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."primary" IS DISTINCT FROM (NEW."primary") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."since" IS DISTINCT FROM (NEW."since") OR OLD."successor_id" IS DISTINCT FROM (NEW."successor_id") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                    func='INSERT INTO "accounts_app_contactevent" ("account_id", "email", "external_key", "feed_id", "id", "known_on", "leaving_known_on", "leaving_on", "left_known_on", "left_on", "level", "matters", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "primary", "role", "since", "successor_id", "title") VALUES (NEW."account_id", NEW."email", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", NEW."leaving_known_on", NEW."leaving_on", NEW."left_known_on", NEW."left_on", NEW."level", NEW."matters", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."primary", NEW."role", NEW."since", NEW."successor_id", NEW."title"); RETURN NULL;',
                    hash="312f542402632426e28d6c8d02c71e082c0e5738",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_12be3",
                    table="accounts_app_contact",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ContactEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.contact",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="job title")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("executive", "Executive"),
                            ("management", "Management"),
                            ("operational", "Operational"),
                        ],
                        default="operational",
                        max_length=20,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("decision_maker", "Decision maker"),
                            ("influencer", "Influencer"),
                            ("champion", "Champion"),
                            ("gatekeeper", "Gatekeeper"),
                            ("user", "User"),
                        ],
                        default="user",
                        max_length=20,
                    ),
                ),
                ("primary", models.BooleanField(default=False, verbose_name="main contact")),
                ("since", models.DateField(blank=True, null=True)),
                ("left_on", models.DateField(blank=True, null=True)),
                ("left_known_on", models.DateField(blank=True, null=True)),
                (
                    "leaving_on",
                    models.DateField(
                        blank=True,
                        help_text="As far as it is known; the day may lie ahead.",
                        null=True,
                        verbose_name="announced last day",
                    ),
                ),
                (
                    "leaving_known_on",
                    models.DateField(
                        blank=True, help_text="Since when we know that this person will leave.", null=True
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.contact",
                    ),
                ),
                (
                    "matters",
                    models.TextField(
                        blank=True,
                        db_default="",
                        help_text="Aims, worries, what convinces.",
                        verbose_name="what matters to this person",
                    ),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contracts", to="accounts_app.account"
                    ),
                ),
                ("number", models.CharField(max_length=80)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, help_text="The last day; empty while it runs on.", null=True)),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(
                        default=0, validators=[django.core.validators.MaxValueValidator(1500)]
                    ),
                ),
                ("no_cause", models.BooleanField(default=False, verbose_name="may be ended any day")),
                ("auto_renews", models.BooleanField(default=False, verbose_name="renews by itself")),
                (
                    "renewal_months",
                    models.PositiveSmallIntegerField(blank=True, help_text="By how many months it renews.", null=True),
                ),
                ("notice_received_on", models.DateField(blank=True, null=True)),
                ("notice_received_known_on", models.DateField(blank=True, null=True)),
                ("annual_value", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("reporting_annual_value", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
            ],
            options={
                "ordering": ("ends_on", "pk"),
                "abstract": False,
                "indexes": [models.Index(fields=["account", "ends_on"], name="contract_of_account_by_end")],
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="contract_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="contract_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("notice_days__lte", 1500)), name="contract_notice_days_possible"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("auto_renews", True), ("renewal_months__gte", 1), ("renewal_months__isnull", False)
                            ),
                            models.Q(("auto_renews", False), ("renewal_months", None)),
                            _connector="OR",
                        ),
                        name="contract_renewal_has_months",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("notice_received_known_on__isnull", True), ("notice_received_on__isnull", True)),
                            models.Q(
                                ("notice_received_known_on__isnull", False), ("notice_received_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="contract_notice_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("annual_value__isnull", True),
                                ("currency", ""),
                                ("reporting_annual_value__isnull", True),
                            ),
                            models.Q(
                                ("annual_value__isnull", False),
                                ("currency__regex", "^[A-Z]{3}$"),
                                ("reporting_annual_value__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="contract_money_is_whole",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contract",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_contractevent" ("account_id", "annual_value", "auto_renews", "currency", "ends_on", "external_key", "feed_id", "id", "known_on", "no_cause", "notice_days", "notice_received_known_on", "notice_received_on", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "renewal_months", "reporting_annual_value", "starts_on", "title") VALUES (NEW."account_id", NEW."annual_value", NEW."auto_renews", NEW."currency", NEW."ends_on", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", NEW."no_cause", NEW."notice_days", NEW."notice_received_known_on", NEW."notice_received_on", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."renewal_months", NEW."reporting_annual_value", NEW."starts_on", NEW."title"); RETURN NULL;',
                    hash="069fe56d5a778225a6a6a51ee6adea9dae3a4dbb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_01377",
                    table="accounts_app_contract",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contract",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."annual_value" IS DISTINCT FROM (NEW."annual_value") OR OLD."auto_renews" IS DISTINCT FROM (NEW."auto_renews") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."feed_id" IS DISTINCT FROM (NEW."feed_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."known_on" IS DISTINCT FROM (NEW."known_on") OR OLD."no_cause" IS DISTINCT FROM (NEW."no_cause") OR OLD."notice_days" IS DISTINCT FROM (NEW."notice_days") OR OLD."notice_received_known_on" IS DISTINCT FROM (NEW."notice_received_known_on") OR OLD."notice_received_on" IS DISTINCT FROM (NEW."notice_received_on") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."renewal_months" IS DISTINCT FROM (NEW."renewal_months") OR OLD."reporting_annual_value" IS DISTINCT FROM (NEW."reporting_annual_value") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                    func='INSERT INTO "accounts_app_contractevent" ("account_id", "annual_value", "auto_renews", "currency", "ends_on", "external_key", "feed_id", "id", "known_on", "no_cause", "notice_days", "notice_received_known_on", "notice_received_on", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "renewal_months", "reporting_annual_value", "starts_on", "title") VALUES (NEW."account_id", NEW."annual_value", NEW."auto_renews", NEW."currency", NEW."ends_on", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", NEW."no_cause", NEW."notice_days", NEW."notice_received_known_on", NEW."notice_received_on", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."renewal_months", NEW."reporting_annual_value", NEW."starts_on", NEW."title"); RETURN NULL;',
                    hash="5ebb583e412cf5ae686a240ed12877c73e0dd876",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a1f4c",
                    table="accounts_app_contract",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contract",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_contractevent" ("account_id", "annual_value", "auto_renews", "currency", "ends_on", "external_key", "feed_id", "id", "known_on", "no_cause", "notice_days", "notice_received_known_on", "notice_received_on", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "renewal_months", "reporting_annual_value", "starts_on", "title") VALUES (OLD."account_id", OLD."annual_value", OLD."auto_renews", OLD."currency", OLD."ends_on", OLD."external_key", OLD."feed_id", OLD."id", OLD."known_on", OLD."no_cause", OLD."notice_days", OLD."notice_received_known_on", OLD."notice_received_on", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."renewal_months", OLD."reporting_annual_value", OLD."starts_on", OLD."title"); RETURN NULL;',
                    hash="ad8dcfbc8abd3b17407bfdefca74f4c995b37f13",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_acd20",
                    table="accounts_app_contract",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ContractEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.contract",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                ("number", models.CharField(max_length=80)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, help_text="The last day; empty while it runs on.", null=True)),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(
                        default=0, validators=[django.core.validators.MaxValueValidator(1500)]
                    ),
                ),
                ("no_cause", models.BooleanField(default=False, verbose_name="may be ended any day")),
                ("auto_renews", models.BooleanField(default=False, verbose_name="renews by itself")),
                (
                    "renewal_months",
                    models.PositiveSmallIntegerField(blank=True, help_text="By how many months it renews.", null=True),
                ),
                ("notice_received_on", models.DateField(blank=True, null=True)),
                ("notice_received_known_on", models.DateField(blank=True, null=True)),
                ("annual_value", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("reporting_annual_value", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "A currency is three capital letters, such as EUR."
                            )
                        ],
                    ),
                ),
                ("valid_on", models.DateField()),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18)),
                ("source", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ("currency", "-valid_on"),
                "constraints": [
                    models.UniqueConstraint(fields=("currency", "valid_on"), name="rate_once_a_day"),
                    models.CheckConstraint(condition=models.Q(("rate__gt", 0)), name="rate_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kinds", to="accounts_app.feed"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("accounts", "Accounts"),
                            ("contacts", "Contacts"),
                            ("interactions", "Interactions"),
                            ("orders", "Orders"),
                            ("incidents", "Incidents"),
                            ("quiet-periods", "Quiet periods"),
                            ("inquiries", "Inquiries"),
                            ("contracts", "Contracts"),
                            ("change-events", "Change events"),
                            ("surveys", "Survey answers"),
                            ("losses", "Losses"),
                            ("colleagues", "Colleagues"),
                            ("ownership", "Ownership"),
                            ("rates", "Exchange rates"),
                        ],
                        max_length=20,
                    ),
                ),
                ("complete_to", models.DateField(blank=True, null=True)),
                (
                    "last_row_on",
                    models.DateField(blank=True, help_text="The latest day any of its rows speaks of.", null=True),
                ),
                (
                    "expected_days",
                    models.PositiveSmallIntegerField(default=7, help_text="Days from one delivery to the next."),
                ),
                ("used", models.BooleanField(default=True, help_text="Off: this source is declared not used here.")),
            ],
            options={
                "ordering": ("feed", "source"),
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "source"), name="feed_kind_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                [
                                    "accounts",
                                    "contacts",
                                    "interactions",
                                    "orders",
                                    "incidents",
                                    "quiet-periods",
                                    "inquiries",
                                    "contracts",
                                    "change-events",
                                    "surveys",
                                    "losses",
                                    "colleagues",
                                    "ownership",
                                    "rates",
                                ],
                            )
                        ),
                        name="feed_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expected_days__gte", 1)), name="feed_kind_expected_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="accounts_app.importbatch",
                    ),
                ),
                ("model", models.CharField(max_length=40)),
                ("object_id", models.BigIntegerField()),
                ("before", models.JSONField()),
            ],
            options={
                "indexes": [models.Index(fields=["model", "object_id"], name="import_change_of_row")],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="incidents", to="accounts_app.account"
                    ),
                ),
                ("number", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delivery", "Delivery"),
                            ("quality", "Quality"),
                            ("invoice", "Invoice"),
                            ("technical", "Technical"),
                            ("complaint", "Complaint"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")], max_length=10
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_known_on", models.DateField(blank=True, null=True)),
                ("resolution", models.CharField(blank=True, db_default="", max_length=300)),
                ("note", models.TextField(blank=True, db_default="", help_text="What is known by now.")),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
            ],
            options={
                "ordering": ("-opened_at",),
                "abstract": False,
                "indexes": [
                    models.Index(fields=["account", "opened_at"], name="incident_of_account_by_day"),
                    models.Index(condition=models.Q(("resolved_at", None)), fields=["opened_at"], name="incident_open"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="incident_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ("minor", "major", "critical"))),
                        name="incident_severity_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("delivery", "quality", "invoice", "technical", "complaint"))),
                        name="incident_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("acknowledged_at", None), ("acknowledged_at__gte", models.F("opened_at")), _connector="OR"
                        ),
                        name="incident_acknowledged_after_opened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resolved_at", None), ("resolved_at__gte", models.F("opened_at")), _connector="OR"
                        ),
                        name="incident_resolved_after_opened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", True), ("resolved_known_on__isnull", True)),
                            models.Q(("resolved_at__isnull", False), ("resolved_known_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="incident_resolved_known",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="count_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="8d5f33808b994c74f4011e448d20b8a2a7009eed",
                    operation="UPDATE",
                    pgid="pgtrigger_count_version_22d62",
                    table="accounts_app_incident",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_incidentevent" ("account_id", "acknowledged_at", "external_key", "feed_id", "id", "kind", "known_on", "note", "number", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resolution", "resolved_at", "resolved_known_on", "severity", "title", "version") VALUES (NEW."account_id", NEW."acknowledged_at", NEW."external_key", NEW."feed_id", NEW."id", NEW."kind", NEW."known_on", NEW."note", NEW."number", NEW."opened_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."resolution", NEW."resolved_at", NEW."resolved_known_on", NEW."severity", NEW."title", NEW."version"); RETURN NULL;',
                    hash="d20d47bab9e33d7549053fe94bd316d686b6d141",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f13c7",
                    table="accounts_app_incident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."acknowledged_at" IS DISTINCT FROM (NEW."acknowledged_at") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."feed_id" IS DISTINCT FROM (NEW."feed_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."known_on" IS DISTINCT FROM (NEW."known_on") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."resolution" IS DISTINCT FROM (NEW."resolution") OR OLD."resolved_at" IS DISTINCT FROM (NEW."resolved_at") OR OLD."resolved_known_on" IS DISTINCT FROM (NEW."resolved_known_on") OR OLD."severity" IS DISTINCT FROM (NEW."severity") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "accounts_app_incidentevent" ("account_id", "acknowledged_at", "external_key", "feed_id", "id", "kind", "known_on", "note", "number", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resolution", "resolved_at", "resolved_known_on", "severity", "title", "version") VALUES (NEW."account_id", NEW."acknowledged_at", NEW."external_key", NEW."feed_id", NEW."id", NEW."kind", NEW."known_on", NEW."note", NEW."number", NEW."opened_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."resolution", NEW."resolved_at", NEW."resolved_known_on", NEW."severity", NEW."title", NEW."version"); RETURN NULL;',
                    hash="640cb02ffee4f3a834cebf31028d1745e07d3080",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1c611",
                    table="accounts_app_incident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_incidentevent" ("account_id", "acknowledged_at", "external_key", "feed_id", "id", "kind", "known_on", "note", "number", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resolution", "resolved_at", "resolved_known_on", "severity", "title", "version") VALUES (OLD."account_id", OLD."acknowledged_at", OLD."external_key", OLD."feed_id", OLD."id", OLD."kind", OLD."known_on", OLD."note", OLD."number", OLD."opened_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."resolution", OLD."resolved_at", OLD."resolved_known_on", OLD."severity", OLD."title", OLD."version"); RETURN NULL;',
                    hash="389555d7a98ae65140c7deb61cecd37d9df11421",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_93fc5",
                    table="accounts_app_incident",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="IncidentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.incident",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                ("number", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delivery", "Delivery"),
                            ("quality", "Quality"),
                            ("invoice", "Invoice"),
                            ("technical", "Technical"),
                            ("complaint", "Complaint"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")], max_length=10
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_known_on", models.DateField(blank=True, null=True)),
                ("resolution", models.CharField(blank=True, db_default="", max_length=300)),
                ("note", models.TextField(blank=True, db_default="", help_text="What is known by now.")),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IncidentPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pauses", to="accounts_app.incident"
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ("from_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_at", None), ("until_at__gt", models.F("from_at")), _connector="OR"),
                        name="incident_pause_forward",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("incident", "="),
                            (accounts_app.models.incident.MomentSpan("from_at", "until_at", models.Value("[)")), "&&"),
                        ],
                        name="incident_pauses_apart",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incidentpause",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_incidentpauseevent" ("from_at", "id", "incident_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until_at") VALUES (NEW."from_at", NEW."id", NEW."incident_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."until_at"); RETURN NULL;',
                    hash="03e0645b61a45faac9209fcaaed5f1400f7feca4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_940f0",
                    table="accounts_app_incidentpause",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incidentpause",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "accounts_app_incidentpauseevent" ("from_at", "id", "incident_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until_at") VALUES (NEW."from_at", NEW."id", NEW."incident_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."until_at"); RETURN NULL;',
                    hash="6ed4407d08e2b0a3f94580c964c6caf171ed2b78",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_22506",
                    table="accounts_app_incidentpause",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incidentpause",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_incidentpauseevent" ("from_at", "id", "incident_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until_at") VALUES (OLD."from_at", OLD."id", OLD."incident_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."until_at"); RETURN NULL;',
                    hash="76f80818199c50a1c948723214c7833da8988ecc",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_aa842",
                    table="accounts_app_incidentpause",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="IncidentPauseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.incidentpause",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.incident",
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(max_length=200)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Initiative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="initiatives",
                        to="accounts_app.account",
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("topic", models.CharField(blank=True, max_length=80)),
                ("metric", models.CharField(blank=True, help_text="The figure the customer watches.", max_length=160)),
                (
                    "target",
                    models.CharField(blank=True, help_text="What the figure shall be, and by when.", max_length=160),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="initiatives",
                        to="accounts_app.contact",
                    ),
                ),
                ("heard_on", models.DateField(help_text="The day we heard of it.")),
                ("target_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_known_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("reached", "Reached"), ("dropped", "Dropped")], max_length=10
                    ),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "ordering": (
                    models.OrderBy(models.F("ended_on"), descending=True, nulls_first=True),
                    "target_on",
                    "title",
                ),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="initiative_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_known_on__isnull", True), ("ended_on__isnull", True)),
                            models.Q(("ended_known_on__isnull", False), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="initiative_end_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on", None), ("outcome", "")),
                            models.Q(("ended_on__isnull", False), ("outcome__in", ("reached", "dropped"))),
                            _connector="OR",
                        ),
                        name="initiative_outcome_at_its_end",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="initiative",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_initiativeevent" ("account_id", "ended_known_on", "ended_on", "external_key", "feed_id", "heard_on", "id", "known_on", "metric", "note", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sponsor_id", "target", "target_on", "title", "topic") VALUES (NEW."account_id", NEW."ended_known_on", NEW."ended_on", NEW."external_key", NEW."feed_id", NEW."heard_on", NEW."id", NEW."known_on", NEW."metric", NEW."note", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sponsor_id", NEW."target", NEW."target_on", NEW."title", NEW."topic"); RETURN NULL;',
                    hash="678bc4df52f15a8b0e840dfc9b175cae885f93d8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_70ba2",
                    table="accounts_app_initiative",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="initiative",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."ended_known_on" IS DISTINCT FROM (NEW."ended_known_on") OR OLD."ended_on" IS DISTINCT FROM (NEW."ended_on") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."feed_id" IS DISTINCT FROM (NEW."feed_id") OR OLD."heard_on" IS DISTINCT FROM (NEW."heard_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."known_on" IS DISTINCT FROM (NEW."known_on") OR OLD."metric" IS DISTINCT FROM (NEW."metric") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."sponsor_id" IS DISTINCT FROM (NEW."sponsor_id") OR OLD."target" IS DISTINCT FROM (NEW."target") OR OLD."target_on" IS DISTINCT FROM (NEW."target_on") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."topic" IS DISTINCT FROM (NEW."topic"))',
                    func='INSERT INTO "accounts_app_initiativeevent" ("account_id", "ended_known_on", "ended_on", "external_key", "feed_id", "heard_on", "id", "known_on", "metric", "note", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sponsor_id", "target", "target_on", "title", "topic") VALUES (NEW."account_id", NEW."ended_known_on", NEW."ended_on", NEW."external_key", NEW."feed_id", NEW."heard_on", NEW."id", NEW."known_on", NEW."metric", NEW."note", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sponsor_id", NEW."target", NEW."target_on", NEW."title", NEW."topic"); RETURN NULL;',
                    hash="d0ccb40a7bcdd68aaa22f20f94677eb82bdf5abd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_33cc9",
                    table="accounts_app_initiative",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="initiative",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_initiativeevent" ("account_id", "ended_known_on", "ended_on", "external_key", "feed_id", "heard_on", "id", "known_on", "metric", "note", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sponsor_id", "target", "target_on", "title", "topic") VALUES (OLD."account_id", OLD."ended_known_on", OLD."ended_on", OLD."external_key", OLD."feed_id", OLD."heard_on", OLD."id", OLD."known_on", OLD."metric", OLD."note", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sponsor_id", OLD."target", OLD."target_on", OLD."title", OLD."topic"); RETURN NULL;',
                    hash="08c88111def9cc261e1f8f86e58a2d566c903361",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_89f43",
                    table="accounts_app_initiative",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="InitiativeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.initiative",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("topic", models.CharField(blank=True, max_length=80)),
                ("metric", models.CharField(blank=True, help_text="The figure the customer watches.", max_length=160)),
                (
                    "target",
                    models.CharField(blank=True, help_text="What the figure shall be, and by when.", max_length=160),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.contact",
                    ),
                ),
                ("heard_on", models.DateField(help_text="The day we heard of it.")),
                ("target_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_known_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("reached", "Reached"), ("dropped", "Dropped")], max_length=10
                    ),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="inquiries", to="accounts_app.account"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="inquiries",
                        to="accounts_app.contact",
                    ),
                ),
                ("number", models.CharField(max_length=80)),
                ("title", models.CharField(blank=True, max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("quotation", "Request for quotation"), ("consultation", "Technical consultation")],
                        default="quotation",
                        max_length=15,
                    ),
                ),
                ("asked_on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("elsewhere", "Awarded elsewhere without us"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("decided_known_on", models.DateField(blank=True, null=True)),
                (
                    "awarded_to",
                    models.CharField(blank=True, help_text="Who got it, where it was not us.", max_length=120),
                ),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("reporting_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
            ],
            options={
                "verbose_name_plural": "inquiries",
                "ordering": ("-asked_on", "-pk"),
                "abstract": False,
                "indexes": [models.Index(fields=["account", "asked_on"], name="inquiry_of_account_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="inquiry_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("quotation", "consultation"))), name="inquiry_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_on", None), ("outcome", "open")),
                            models.Q(("decided_on__isnull", False), ("outcome__in", ("won", "lost", "elsewhere"))),
                            _connector="OR",
                        ),
                        name="inquiry_decided_has_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_on", None), ("decided_on__gte", models.F("asked_on")), _connector="OR"
                        ),
                        name="inquiry_decided_after_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_known_on__isnull", True), ("decided_on__isnull", True)),
                            models.Q(("decided_known_on__isnull", False), ("decided_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="inquiry_decided_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__isnull", True), ("currency", ""), ("reporting_amount__isnull", True)),
                            models.Q(
                                ("amount__isnull", False),
                                ("currency__regex", "^[A-Z]{3}$"),
                                ("reporting_amount__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="inquiry_money_is_whole",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="inquiry",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_inquiryevent" ("account_id", "amount", "asked_on", "awarded_to", "contact_id", "currency", "decided_known_on", "decided_on", "external_key", "feed_id", "id", "kind", "known_on", "number", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reporting_amount", "title") VALUES (NEW."account_id", NEW."amount", NEW."asked_on", NEW."awarded_to", NEW."contact_id", NEW."currency", NEW."decided_known_on", NEW."decided_on", NEW."external_key", NEW."feed_id", NEW."id", NEW."kind", NEW."known_on", NEW."number", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reporting_amount", NEW."title"); RETURN NULL;',
                    hash="1641fe7b96ffd47e8c0dd9e3a88889255bf50543",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b5683",
                    table="accounts_app_inquiry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="inquiry",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_inquiryevent" ("account_id", "amount", "asked_on", "awarded_to", "contact_id", "currency", "decided_known_on", "decided_on", "external_key", "feed_id", "id", "kind", "known_on", "number", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reporting_amount", "title") VALUES (NEW."account_id", NEW."amount", NEW."asked_on", NEW."awarded_to", NEW."contact_id", NEW."currency", NEW."decided_known_on", NEW."decided_on", NEW."external_key", NEW."feed_id", NEW."id", NEW."kind", NEW."known_on", NEW."number", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reporting_amount", NEW."title"); RETURN NULL;',
                    hash="4769a050617145fc5f65a73ed62618a799d79709",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_9a759",
                    table="accounts_app_inquiry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="inquiry",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_inquiryevent" ("account_id", "amount", "asked_on", "awarded_to", "contact_id", "currency", "decided_known_on", "decided_on", "external_key", "feed_id", "id", "kind", "known_on", "number", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reporting_amount", "title") VALUES (OLD."account_id", OLD."amount", OLD."asked_on", OLD."awarded_to", OLD."contact_id", OLD."currency", OLD."decided_known_on", OLD."decided_on", OLD."external_key", OLD."feed_id", OLD."id", OLD."kind", OLD."known_on", OLD."number", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reporting_amount", OLD."title"); RETURN NULL;',
                    hash="17a1944108603d731b4414a3424e9212c099b17e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_251e2",
                    table="accounts_app_inquiry",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="InquiryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.inquiry",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.contact",
                    ),
                ),
                ("number", models.CharField(max_length=80)),
                ("title", models.CharField(blank=True, max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("quotation", "Request for quotation"), ("consultation", "Technical consultation")],
                        default="quotation",
                        max_length=15,
                    ),
                ),
                ("asked_on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("elsewhere", "Awarded elsewhere without us"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("decided_known_on", models.DateField(blank=True, null=True)),
                (
                    "awarded_to",
                    models.CharField(blank=True, help_text="Who got it, where it was not us.", max_length=120),
                ),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("reporting_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ValueItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("information", "Information"), ("criteria", "Criteria"), ("utility", "Utility")],
                        max_length=20,
                    ),
                ),
                ("summary", models.TextField(blank=True, db_default="", help_text="What the customer has from it.")),
                ("topic", models.CharField(blank=True, max_length=80)),
                (
                    "industries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        help_text="As accounts name them; none: all.",
                        size=None,
                    ),
                ),
                (
                    "products",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        help_text="Product groups; none: all.",
                        size=None,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="value_items",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "checked_on",
                    models.DateField(
                        blank=True, help_text="The day somebody last looked at it and found that it holds.", null=True
                    ),
                ),
                ("link", models.URLField(blank=True, db_default="", max_length=500)),
                ("file", models.FileField(blank=True, db_default="", upload_to="values/")),
                (
                    "file_name",
                    models.CharField(blank=True, db_default="", help_text="As it was handed in.", max_length=160),
                ),
            ],
            options={
                "ordering": ("title",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("information", "criteria", "utility"))),
                        name="value_item_kind_known",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="valueitem",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_valueitemevent" ("checked_on", "file", "file_name", "id", "industries", "kind", "link", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "products", "summary", "title", "topic", "valid_until") VALUES (NEW."checked_on", NEW."file", NEW."file_name", NEW."id", NEW."industries", NEW."kind", NEW."link", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."products", NEW."summary", NEW."title", NEW."topic", NEW."valid_until"); RETURN NULL;',
                    hash="64a14af9821d133d50c7c7e574e5c81b1793adea",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e21e7",
                    table="accounts_app_valueitem",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="valueitem",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "accounts_app_valueitemevent" ("checked_on", "file", "file_name", "id", "industries", "kind", "link", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "products", "summary", "title", "topic", "valid_until") VALUES (NEW."checked_on", NEW."file", NEW."file_name", NEW."id", NEW."industries", NEW."kind", NEW."link", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."products", NEW."summary", NEW."title", NEW."topic", NEW."valid_until"); RETURN NULL;',
                    hash="6e916ebd642e48e7b9ce1a756623262e1ee9b59b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ebc8f",
                    table="accounts_app_valueitem",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Interaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interactions",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("done", "Done"),
                            ("attempted", "Attempted"),
                            ("voided", "Voided"),
                        ],
                        default="done",
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("visit", "Visit"),
                            ("call", "Call"),
                            ("video", "Video call"),
                            ("mail", "Mail"),
                            ("event", "Event"),
                        ],
                        default="call",
                        max_length=10,
                    ),
                ),
                ("initiator", models.CharField(choices=[("us", "Us"), ("them", "Them")], default="us", max_length=5)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("proactive", "Proactive"),
                            ("order", "Order"),
                            ("incident", "Incident"),
                            ("renewal", "Renewal"),
                            ("consultation", "Consultation"),
                            ("review", "Review"),
                        ],
                        default="proactive",
                        max_length=15,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("planned_on", models.DateField(blank=True, null=True)),
                ("happened_on", models.DateField(blank=True, null=True)),
                ("happened_known_on", models.DateField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "value_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to="accounts_app.valueitem",
                    ),
                ),
                (
                    "reaction",
                    models.CharField(
                        blank=True,
                        choices=[("wants_more", "Wants more"), ("useful", "Useful"), ("not_useful", "Not useful")],
                        db_default="",
                        max_length=12,
                    ),
                ),
                ("tone", models.SmallIntegerField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
                (
                    "contacts",
                    models.ManyToManyField(blank=True, related_name="interactions", to="accounts_app.contact"),
                ),
                (
                    "colleagues",
                    models.ManyToManyField(blank=True, related_name="interactions", to="accounts_app.colleague"),
                ),
            ],
            options={
                "ordering": ("-happened_on", "-planned_on", "-pk"),
                "abstract": False,
                "indexes": [
                    models.Index(fields=["account", "happened_on"], name="interaction_of_account_by_day"),
                    models.Index(
                        condition=models.Q(("state", "planned")),
                        fields=["account", "planned_on"],
                        name="interaction_planned",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="interaction_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("happened_on", None), ("planned_on__isnull", False), ("state", "planned")),
                            models.Q(("happened_on__isnull", False), ("state__in", ("done", "attempted"))),
                            ("state", "voided"),
                            _connector="OR",
                        ),
                        name="interaction_days_fit_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("happened_known_on__isnull", True), ("happened_on__isnull", True)),
                            models.Q(("happened_known_on__isnull", False), ("happened_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="interaction_happened_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tone", None), models.Q(("tone__gte", -1), ("tone__lte", 1)), _connector="OR"
                        ),
                        name="interaction_tone_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reaction", ""),
                            models.Q(
                                ("reaction__in", ("wants_more", "useful", "not_useful")), ("value_item__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="interaction_reaction_to_a_value",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "voided"), _negated=True),
                            models.Q(("void_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="interaction_void_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("initiator__in", ("us", "them"))), name="interaction_initiator_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("purpose__in", ("proactive", "order", "incident", "renewal", "consultation", "review"))
                        ),
                        name="interaction_purpose_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ("visit", "call", "video", "mail", "event"))),
                        name="interaction_channel_known",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="interaction",
            trigger=pgtrigger.compiler.Trigger(
                name="replaced_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."batch_id" IS NOT DISTINCT FROM (NEW."batch_id"))',
                    func='INSERT INTO "accounts_app_interactionevent" ("account_id", "by_id", "channel", "due_on", "external_key", "feed_id", "happened_known_on", "happened_on", "id", "initiator", "known_on", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "purpose", "reaction", "state", "tone", "value_item_id", "void_reason") VALUES (OLD."account_id", OLD."by_id", OLD."channel", OLD."due_on", OLD."external_key", OLD."feed_id", OLD."happened_known_on", OLD."happened_on", OLD."id", OLD."initiator", OLD."known_on", OLD."note", _pgh_attach_context(), NOW(), \'replaced\', OLD."id", OLD."planned_on", OLD."purpose", OLD."reaction", OLD."state", OLD."tone", OLD."value_item_id", OLD."void_reason"); RETURN NULL;',
                    hash="b652155981b4cea9cf620d6d6cfdbd03c24af944",
                    operation="UPDATE",
                    pgid="pgtrigger_replaced_update_fc042",
                    table="accounts_app_interaction",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="InteractionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.interaction",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("done", "Done"),
                            ("attempted", "Attempted"),
                            ("voided", "Voided"),
                        ],
                        default="done",
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("visit", "Visit"),
                            ("call", "Call"),
                            ("video", "Video call"),
                            ("mail", "Mail"),
                            ("event", "Event"),
                        ],
                        default="call",
                        max_length=10,
                    ),
                ),
                ("initiator", models.CharField(choices=[("us", "Us"), ("them", "Them")], default="us", max_length=5)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("proactive", "Proactive"),
                            ("order", "Order"),
                            ("incident", "Incident"),
                            ("renewal", "Renewal"),
                            ("consultation", "Consultation"),
                            ("review", "Review"),
                        ],
                        default="proactive",
                        max_length=15,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("planned_on", models.DateField(blank=True, null=True)),
                ("happened_on", models.DateField(blank=True, null=True)),
                ("happened_known_on", models.DateField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "value_item",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.valueitem",
                    ),
                ),
                (
                    "reaction",
                    models.CharField(
                        blank=True,
                        choices=[("wants_more", "Wants more"), ("useful", "Useful"), ("not_useful", "Not useful")],
                        db_default="",
                        max_length=12,
                    ),
                ),
                ("tone", models.SmallIntegerField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="accounts_app.contact"
                    ),
                ),
                (
                    "colleague",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="accounts_app.colleague"
                    ),
                ),
                ("strength", models.PositiveSmallIntegerField(default=1, help_text="1 knows, 2 works with, 3 trusts")),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="link_key_once"),
                    models.UniqueConstraint(fields=("contact", "colleague"), name="link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("strength__gte", 1), ("strength__lte", 3)), name="link_strength_1_to_3"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Loss",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="losses", to="accounts_app.account"
                    ),
                ),
                ("lost_on", models.DateField()),
                (
                    "part",
                    models.CharField(
                        blank=True, help_text="Which part of the business; empty: the whole account.", max_length=120
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("need_gone", "Need gone"),
                            ("competitor", "Competitor"),
                            ("our_side", "Our side"),
                            ("beyond_control", "Beyond our control"),
                        ],
                        max_length=20,
                    ),
                ),
                ("went_to", models.CharField(blank=True, help_text="Who has the business now.", max_length=120)),
                ("annual_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                (
                    "reporting_annual_amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "verbose_name_plural": "losses",
                "ordering": ("-lost_on", "-pk"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="loss_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ("need_gone", "competitor", "our_side", "beyond_control"))),
                        name="loss_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("annual_amount__isnull", True),
                                ("currency", ""),
                                ("reporting_annual_amount__isnull", True),
                            ),
                            models.Q(
                                ("annual_amount__isnull", False),
                                ("currency__regex", "^[A-Z]{3}$"),
                                ("reporting_annual_amount__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="loss_money_is_whole",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="loss",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_lossevent" ("account_id", "annual_amount", "currency", "external_key", "feed_id", "id", "known_on", "lost_on", "note", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reporting_annual_amount", "went_to") VALUES (NEW."account_id", NEW."annual_amount", NEW."currency", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", NEW."lost_on", NEW."note", NEW."part", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."reporting_annual_amount", NEW."went_to"); RETURN NULL;',
                    hash="2488d7c3f6d9172a55975c186a2175324a75782d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_77f0f",
                    table="accounts_app_loss",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="loss",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."annual_amount" IS DISTINCT FROM (NEW."annual_amount") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."feed_id" IS DISTINCT FROM (NEW."feed_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."known_on" IS DISTINCT FROM (NEW."known_on") OR OLD."lost_on" IS DISTINCT FROM (NEW."lost_on") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."part" IS DISTINCT FROM (NEW."part") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."reporting_annual_amount" IS DISTINCT FROM (NEW."reporting_annual_amount") OR OLD."went_to" IS DISTINCT FROM (NEW."went_to"))',
                    func='INSERT INTO "accounts_app_lossevent" ("account_id", "annual_amount", "currency", "external_key", "feed_id", "id", "known_on", "lost_on", "note", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reporting_annual_amount", "went_to") VALUES (NEW."account_id", NEW."annual_amount", NEW."currency", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", NEW."lost_on", NEW."note", NEW."part", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."reporting_annual_amount", NEW."went_to"); RETURN NULL;',
                    hash="320eed1c2e689a0c2f2878f583e2670342375f1e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_73d11",
                    table="accounts_app_loss",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="loss",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_lossevent" ("account_id", "annual_amount", "currency", "external_key", "feed_id", "id", "known_on", "lost_on", "note", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reporting_annual_amount", "went_to") VALUES (OLD."account_id", OLD."annual_amount", OLD."currency", OLD."external_key", OLD."feed_id", OLD."id", OLD."known_on", OLD."lost_on", OLD."note", OLD."part", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."reporting_annual_amount", OLD."went_to"); RETURN NULL;',
                    hash="c0ae48b7026ae933a40af13960c38fd350340b4f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_aad23",
                    table="accounts_app_loss",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="LossEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.loss",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                ("lost_on", models.DateField()),
                (
                    "part",
                    models.CharField(
                        blank=True, help_text="Which part of the business; empty: the whole account.", max_length=120
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("need_gone", "Need gone"),
                            ("competitor", "Competitor"),
                            ("our_side", "Our side"),
                            ("beyond_control", "Beyond our control"),
                        ],
                        max_length=20,
                    ),
                ),
                ("went_to", models.CharField(blank=True, help_text="Who has the business now.", max_length=120)),
                ("annual_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                (
                    "reporting_annual_amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="orders", to="accounts_app.account"
                    ),
                ),
                ("number", models.CharField(max_length=80)),
                ("ordered_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=16)),
                ("currency", models.CharField(max_length=3)),
                ("reporting_amount", models.DecimalField(decimal_places=2, max_digits=16)),
            ],
            options={
                "ordering": ("-ordered_on", "-pk"),
                "abstract": False,
                "indexes": [
                    models.Index(
                        fields=["account", "ordered_on"],
                        include=("reporting_amount", "known_on"),
                        name="order_of_account_by_day",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="order_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="order_currency_code"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="accounts_app.order",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("product_code", models.CharField(max_length=80)),
                (
                    "product_group",
                    models.CharField(blank=True, help_text="Empty where the source names none.", max_length=80),
                ),
                ("quantity", models.DecimalField(blank=True, decimal_places=3, max_digits=16, null=True)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=18)),
            ],
            options={
                "ordering": ("order", "position"),
                "constraints": [models.UniqueConstraint(fields=("order", "position"), name="order_line_position_once")],
            },
        ),
        migrations.CreateModel(
            name="Ownership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ownerships",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ownerships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "duty",
                    models.CharField(
                        choices=[("owner", "Owner"), ("deputy", "Deputy")], default="owner", max_length=10
                    ),
                ),
                ("from_day", models.DateField()),
                (
                    "until_day",
                    models.DateField(blank=True, help_text="The first day on which this no longer held.", null=True),
                ),
                ("until_known_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-from_day",),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="ownership_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_day", None), ("until_day__gt", models.F("from_day")), _connector="OR"
                        ),
                        name="ownership_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("until_day__isnull", True), ("until_known_on__isnull", True)),
                            models.Q(("until_day__isnull", False), ("until_known_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="ownership_end_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duty__in", ("owner", "deputy"))), name="ownership_duty_known"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("account", "="),
                            ("duty", "="),
                            (accounts_app.models.account.DateSpan("from_day", "until_day", models.Value("[)")), "&&"),
                        ],
                        name="ownership_one_at_a_time",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_ownershipevent" ("account_id", "duty", "external_key", "feed_id", "from_day", "id", "known_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until_day", "until_known_on", "user_id") VALUES (NEW."account_id", NEW."duty", NEW."external_key", NEW."feed_id", NEW."from_day", NEW."id", NEW."known_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."until_day", NEW."until_known_on", NEW."user_id"); RETURN NULL;',
                    hash="b659b9e97751f777477146831b853e5739f17044",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_773a6",
                    table="accounts_app_ownership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."duty" IS DISTINCT FROM (NEW."duty") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."feed_id" IS DISTINCT FROM (NEW."feed_id") OR OLD."from_day" IS DISTINCT FROM (NEW."from_day") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."known_on" IS DISTINCT FROM (NEW."known_on") OR OLD."until_day" IS DISTINCT FROM (NEW."until_day") OR OLD."until_known_on" IS DISTINCT FROM (NEW."until_known_on") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))',
                    func='INSERT INTO "accounts_app_ownershipevent" ("account_id", "duty", "external_key", "feed_id", "from_day", "id", "known_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until_day", "until_known_on", "user_id") VALUES (NEW."account_id", NEW."duty", NEW."external_key", NEW."feed_id", NEW."from_day", NEW."id", NEW."known_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."until_day", NEW."until_known_on", NEW."user_id"); RETURN NULL;',
                    hash="a0b10b6caf50f148a9e3450bc7ff9175a4ec7542",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6cef0",
                    table="accounts_app_ownership",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="OwnershipEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.ownership",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "duty",
                    models.CharField(
                        choices=[("owner", "Owner"), ("deputy", "Deputy")], default="owner", max_length=10
                    ),
                ),
                ("from_day", models.DateField()),
                (
                    "until_day",
                    models.DateField(blank=True, help_text="The first day on which this no longer held.", null=True),
                ),
                ("until_known_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="promises", to="accounts_app.account"
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="promises",
                        to="accounts_app.contact",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who sees to it; nobody: the owner of the account.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("promised_on", models.DateField()),
                ("due_on", models.DateField(blank=True, null=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("closed_known_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(blank=True, choices=[("kept", "Kept"), ("withdrawn", "Withdrawn")], max_length=10),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "ordering": (
                    models.OrderBy(models.F("closed_on"), descending=True, nulls_first=True),
                    models.OrderBy(models.F("due_on"), nulls_last=True),
                    "pk",
                ),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="promise_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_known_on__isnull", True), ("closed_on__isnull", True)),
                            models.Q(("closed_known_on__isnull", False), ("closed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="promise_end_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on", None), ("outcome", "")),
                            models.Q(("closed_on__isnull", False), ("outcome__in", ("kept", "withdrawn"))),
                            _connector="OR",
                        ),
                        name="promise_outcome_at_its_end",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_promiseevent" ("account_id", "by_id", "closed_known_on", "closed_on", "contact_id", "due_on", "external_key", "feed_id", "id", "known_on", "note", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promised_on", "text") VALUES (NEW."account_id", NEW."by_id", NEW."closed_known_on", NEW."closed_on", NEW."contact_id", NEW."due_on", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", NEW."note", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."promised_on", NEW."text"); RETURN NULL;',
                    hash="fce7dd60a99a27eda8c896a553dce7ede634dffa",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_35a13",
                    table="accounts_app_promise",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."closed_known_on" IS DISTINCT FROM (NEW."closed_known_on") OR OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."contact_id" IS DISTINCT FROM (NEW."contact_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."feed_id" IS DISTINCT FROM (NEW."feed_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."known_on" IS DISTINCT FROM (NEW."known_on") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."promised_on" IS DISTINCT FROM (NEW."promised_on") OR OLD."text" IS DISTINCT FROM (NEW."text"))',
                    func='INSERT INTO "accounts_app_promiseevent" ("account_id", "by_id", "closed_known_on", "closed_on", "contact_id", "due_on", "external_key", "feed_id", "id", "known_on", "note", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promised_on", "text") VALUES (NEW."account_id", NEW."by_id", NEW."closed_known_on", NEW."closed_on", NEW."contact_id", NEW."due_on", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", NEW."note", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."promised_on", NEW."text"); RETURN NULL;',
                    hash="0cf4abe0bc6dd33dbcd53c5f8e5488e6bb7bbd61",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8a5e9",
                    table="accounts_app_promise",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_promiseevent" ("account_id", "by_id", "closed_known_on", "closed_on", "contact_id", "due_on", "external_key", "feed_id", "id", "known_on", "note", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promised_on", "text") VALUES (OLD."account_id", OLD."by_id", OLD."closed_known_on", OLD."closed_on", OLD."contact_id", OLD."due_on", OLD."external_key", OLD."feed_id", OLD."id", OLD."known_on", OLD."note", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."promised_on", OLD."text"); RETURN NULL;',
                    hash="793512691733fa258b2864939cc75f8442f71046",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_86287",
                    table="accounts_app_promise",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="PromiseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.promise",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.contact",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Who sees to it; nobody: the owner of the account.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("promised_on", models.DateField()),
                ("due_on", models.DateField(blank=True, null=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("closed_known_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(blank=True, choices=[("kept", "Kept"), ("withdrawn", "Withdrawn")], max_length=10),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="QuietPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quiet_periods",
                        to="accounts_app.account",
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=60)),
                ("from_day", models.DateField()),
                ("until_day", models.DateField(help_text="The last quiet day.")),
                ("reason", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ("-from_day",),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="quiet_period_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("until_day__gte", models.F("from_day"))), name="quiet_period_forward"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account", None), ("country", ""), _connector="OR"),
                        name="quiet_period_of_account_or_country",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quietperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_quietperiodevent" ("account_id", "country", "external_key", "feed_id", "from_day", "id", "known_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until_day") VALUES (NEW."account_id", NEW."country", NEW."external_key", NEW."feed_id", NEW."from_day", NEW."id", NEW."known_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."until_day"); RETURN NULL;',
                    hash="2eddc2949e8c0186abf613c30785273923e43bd3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a070b",
                    table="accounts_app_quietperiod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quietperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_quietperiodevent" ("account_id", "country", "external_key", "feed_id", "from_day", "id", "known_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until_day") VALUES (NEW."account_id", NEW."country", NEW."external_key", NEW."feed_id", NEW."from_day", NEW."id", NEW."known_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."until_day"); RETURN NULL;',
                    hash="14f7fcf3f4d3e9a9a5622b6791b1011f5ff319b0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4da15",
                    table="accounts_app_quietperiod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quietperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_quietperiodevent" ("account_id", "country", "external_key", "feed_id", "from_day", "id", "known_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until_day") VALUES (OLD."account_id", OLD."country", OLD."external_key", OLD."feed_id", OLD."from_day", OLD."id", OLD."known_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."until_day"); RETURN NULL;',
                    hash="f69a4f7559fc2d4141c04d4a7fcc346816162146",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e6f3c",
                    table="accounts_app_quietperiod",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="QuietPeriodEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.quietperiod",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=60)),
                ("from_day", models.DateField()),
                ("until_day", models.DateField(help_text="The last quiet day.")),
                ("reason", models.CharField(max_length=200)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SurveyAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="survey_answers",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="survey_answers",
                        to="accounts_app.contact",
                    ),
                ),
                ("asked_on", models.DateField()),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("answered_known_on", models.DateField(blank=True, null=True)),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="0 to 10; empty: did not answer.", null=True
                    ),
                ),
                ("comment", models.TextField(blank=True)),
            ],
            options={
                "ordering": ("-asked_on", "-pk"),
                "abstract": False,
                "indexes": [models.Index(fields=["account", "asked_on"], name="survey_of_account_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="survey_answer_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_on", None), ("score", None)),
                            models.Q(
                                ("answered_on__gte", models.F("asked_on")),
                                ("answered_on__isnull", False),
                                ("score__isnull", False),
                                ("score__lte", 10),
                            ),
                            _connector="OR",
                        ),
                        name="survey_answer_scored",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_known_on__isnull", True), ("answered_on__isnull", True)),
                            models.Q(("answered_known_on__isnull", False), ("answered_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="survey_answer_known",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="surveyanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_surveyanswerevent" ("account_id", "answered_known_on", "answered_on", "asked_on", "comment", "contact_id", "external_key", "feed_id", "id", "known_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score") VALUES (NEW."account_id", NEW."answered_known_on", NEW."answered_on", NEW."asked_on", NEW."comment", NEW."contact_id", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."score"); RETURN NULL;',
                    hash="2f6a9e59782c24ef5f5fc131331cb43d9e90d01f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f507c",
                    table="accounts_app_surveyanswer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="surveyanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_surveyanswerevent" ("account_id", "answered_known_on", "answered_on", "asked_on", "comment", "contact_id", "external_key", "feed_id", "id", "known_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score") VALUES (NEW."account_id", NEW."answered_known_on", NEW."answered_on", NEW."asked_on", NEW."comment", NEW."contact_id", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."score"); RETURN NULL;',
                    hash="a6bb06b5d7e1e7575b82e302d903d01d0964d79a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cc6b5",
                    table="accounts_app_surveyanswer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="surveyanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."batch_id" IS NULL)',
                    func='INSERT INTO "accounts_app_surveyanswerevent" ("account_id", "answered_known_on", "answered_on", "asked_on", "comment", "contact_id", "external_key", "feed_id", "id", "known_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score") VALUES (OLD."account_id", OLD."answered_known_on", OLD."answered_on", OLD."asked_on", OLD."comment", OLD."contact_id", OLD."external_key", OLD."feed_id", OLD."id", OLD."known_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."score"); RETURN NULL;',
                    hash="8630b06636c364ba42c663f02e5bfc0a9a53a3de",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0353d",
                    table="accounts_app_surveyanswer",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="SurveyAnswerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.surveyanswer",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.contact",
                    ),
                ),
                ("asked_on", models.DateField()),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("answered_known_on", models.DateField(blank=True, null=True)),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="0 to 10; empty: did not answer.", null=True
                    ),
                ),
                ("comment", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TierEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.tier",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("key", models.SlugField(db_index=False, max_length=20)),
                ("name", models.CharField(max_length=40)),
                ("rank", models.PositiveSmallIntegerField(help_text="1 is the most important")),
                ("ideal_days", models.PositiveSmallIntegerField(verbose_name="ideal contact interval")),
                ("max_days", models.PositiveSmallIntegerField(verbose_name="longest contact interval")),
                ("critical_days", models.PositiveSmallIntegerField(verbose_name="target for critical incidents")),
                ("major_days", models.PositiveSmallIntegerField(verbose_name="target for major incidents")),
                ("minor_days", models.PositiveSmallIntegerField(verbose_name="target for minor incidents")),
                (
                    "contact_hours",
                    models.DecimalField(
                        decimal_places=1,
                        default=1,
                        help_text="Preparation and travel included.",
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.1")),
                            django.core.validators.MaxValueValidator(80),
                        ],
                        verbose_name="hours for one promised contact",
                    ),
                ),
                (
                    "min_levels",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Of executive, management and operational; 0 asks for none.",
                        validators=[django.core.validators.MaxValueValidator(3)],
                        verbose_name="levels of the customer to be met within a year",
                    ),
                ),
                (
                    "review_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: no review is promised.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="days from one review with the customer to the next",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uploads", to="accounts_app.feed"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("file_name", models.CharField(max_length=255)),
                ("folder", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("size", models.PositiveBigIntegerField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("uploaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        help_text="The import whose rejected rows these are.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="corrections",
                        to="accounts_app.importbatch",
                    ),
                ),
                ("options", models.JSONField(default=dict, help_text="What was said about the file.")),
                ("preview", models.JSONField(blank=True, help_text="What reading it found.", null=True)),
                (
                    "trial",
                    models.JSONField(blank=True, help_text="What the dry run with these options found.", null=True),
                ),
                (
                    "batch",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="upload",
                        to="accounts_app.importbatch",
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[("preview", "Reading"), ("dry_run", "Dry run"), ("import", "Import")],
                        default="preview",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("attempts_allowed", models.PositiveSmallIntegerField(default=3)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("claimed_by", models.CharField(blank=True, max_length=120)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
                ("phase", models.CharField(blank=True, max_length=20)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("rows_total", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ("-uploaded_at", "-pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=["sent_at"],
                        name="upload_pending",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("step__in", ("preview", "dry_run", "import"))), name="upload_step_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("waiting", "running", "done", "failed", "cancelled"))),
                        name="upload_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="upload_running_has_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("batch", None), models.Q(("state", "done"), ("step", "import")), _connector="OR"
                        ),
                        name="upload_batch_only_when_imported",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ValueItemEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.valueitem",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("information", "Information"), ("criteria", "Criteria"), ("utility", "Utility")],
                        max_length=20,
                    ),
                ),
                ("summary", models.TextField(blank=True, db_default="", help_text="What the customer has from it.")),
                ("topic", models.CharField(blank=True, max_length=80)),
                (
                    "industries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        help_text="As accounts name them; none: all.",
                        size=None,
                    ),
                ),
                (
                    "products",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        help_text="Product groups; none: all.",
                        size=None,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "checked_on",
                    models.DateField(
                        blank=True, help_text="The day somebody last looked at it and found that it holds.", null=True
                    ),
                ),
                ("link", models.URLField(blank=True, db_default="", max_length=500)),
                ("file", models.FileField(blank=True, db_default="", upload_to="values/")),
                (
                    "file_name",
                    models.CharField(blank=True, db_default="", help_text="As it was handed in.", max_length=160),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
