import datetime
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_app", "0015_audited_tiers"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerMetric",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("name", models.CharField(max_length=100)),
                ("unit", models.CharField(blank=True, max_length=30)),
                (
                    "better",
                    models.CharField(
                        choices=[("higher", "Higher is better"), ("lower", "Lower is better")],
                        default="lower",
                        max_length=6,
                    ),
                ),
                ("target", models.DecimalField(blank=True, decimal_places=3, max_digits=15, null=True)),
                ("target_on", models.DateField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="metrics", to="accounts_app.account"
                    ),
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
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="metrics",
                        to="accounts_app.initiative",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="customer_metric_key_once"),
                    models.UniqueConstraint(
                        fields=("account", "name"),
                        name="customer_metric_once",
                        violation_error_message="This account has a figure of this name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("better__in", ("higher", "lower"))), name="customer_metric_better_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("target_on", None), ("target__isnull", False), _connector="OR"),
                        name="customer_metric_day_of_a_target",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customermetric",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_customermetricevent" ("account_id", "better", "external_key", "feed_id", "id", "initiative_id", "known_on", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "target", "target_on", "unit") VALUES (NEW."account_id", NEW."better", NEW."external_key", NEW."feed_id", NEW."id", NEW."initiative_id", NEW."known_on", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."target", NEW."target_on", NEW."unit"); RETURN NULL;',
                    hash="3b911fb8e5a329cf3d8c13183f76c3979d85f7ff",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c5621",
                    table="accounts_app_customermetric",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customermetric",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."better" IS DISTINCT FROM (NEW."better") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."feed_id" IS DISTINCT FROM (NEW."feed_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."initiative_id" IS DISTINCT FROM (NEW."initiative_id") OR OLD."known_on" IS DISTINCT FROM (NEW."known_on") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."target" IS DISTINCT FROM (NEW."target") OR OLD."target_on" IS DISTINCT FROM (NEW."target_on") OR OLD."unit" IS DISTINCT FROM (NEW."unit"))',
                    func='INSERT INTO "accounts_app_customermetricevent" ("account_id", "better", "external_key", "feed_id", "id", "initiative_id", "known_on", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "target", "target_on", "unit") VALUES (NEW."account_id", NEW."better", NEW."external_key", NEW."feed_id", NEW."id", NEW."initiative_id", NEW."known_on", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."target", NEW."target_on", NEW."unit"); RETURN NULL;',
                    hash="40d886a0b37de0cb0b9c33612da081f568c67f68",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cd60b",
                    table="accounts_app_customermetric",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customermetric",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_customermetricevent" ("account_id", "better", "external_key", "feed_id", "id", "initiative_id", "known_on", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "target", "target_on", "unit") VALUES (OLD."account_id", OLD."better", OLD."external_key", OLD."feed_id", OLD."id", OLD."initiative_id", OLD."known_on", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."target", OLD."target_on", OLD."unit"); RETURN NULL;',
                    hash="1aeb83ac699bcb3c80dc2019cdf6ea340d60c194",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_caeb0",
                    table="accounts_app_customermetric",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CustomerMetricEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                ("name", models.CharField(max_length=100)),
                ("unit", models.CharField(blank=True, max_length=30)),
                (
                    "better",
                    models.CharField(
                        choices=[("higher", "Higher is better"), ("lower", "Lower is better")],
                        default="lower",
                        max_length=6,
                    ),
                ),
                ("target", models.DecimalField(blank=True, decimal_places=3, max_digits=15, null=True)),
                ("target_on", models.DateField(blank=True, null=True)),
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
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.customermetric",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MetricValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("day", models.DateField()),
                ("value", models.DecimalField(decimal_places=3, max_digits=15)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="metric_values",
                        to="accounts_app.account",
                    ),
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
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts_app.feed"
                    ),
                ),
                (
                    "metric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="accounts_app.customermetric",
                    ),
                ),
            ],
            options={
                "ordering": ("metric", "day"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "external_key"), name="metric_value_key_once"),
                    models.UniqueConstraint(
                        fields=("metric", "day"),
                        name="metric_value_once_a_day",
                        violation_error_message="There is a value of this day already: edit that one.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="metricvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_metricvalueevent" ("account_id", "day", "external_key", "feed_id", "id", "known_on", "metric_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value") VALUES (NEW."account_id", NEW."day", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", NEW."metric_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."value"); RETURN NULL;',
                    hash="9d616d40dc567efacd73507fa1a72eb5227ab4bd",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9abc9",
                    table="accounts_app_metricvalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="metricvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."day" IS DISTINCT FROM (NEW."day") OR OLD."external_key" IS DISTINCT FROM (NEW."external_key") OR OLD."feed_id" IS DISTINCT FROM (NEW."feed_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."known_on" IS DISTINCT FROM (NEW."known_on") OR OLD."metric_id" IS DISTINCT FROM (NEW."metric_id") OR OLD."value" IS DISTINCT FROM (NEW."value"))',
                    func='INSERT INTO "accounts_app_metricvalueevent" ("account_id", "day", "external_key", "feed_id", "id", "known_on", "metric_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value") VALUES (NEW."account_id", NEW."day", NEW."external_key", NEW."feed_id", NEW."id", NEW."known_on", NEW."metric_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."value"); RETURN NULL;',
                    hash="ca0b1ce2d2455c7da2f0a873212bacb542dc5e18",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b1197",
                    table="accounts_app_metricvalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="metricvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_app_metricvalueevent" ("account_id", "day", "external_key", "feed_id", "id", "known_on", "metric_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value") VALUES (OLD."account_id", OLD."day", OLD."external_key", OLD."feed_id", OLD."id", OLD."known_on", OLD."metric_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."value"); RETURN NULL;',
                    hash="8eeb370c59fcaa1f9046cc3c0d5520ff1be0a067",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8d492",
                    table="accounts_app_metricvalue",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="MetricValueEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("external_key", models.CharField(max_length=200)),
                ("known_on", models.DateField(default=datetime.date(1900, 1, 1))),
                ("day", models.DateField()),
                ("value", models.DecimalField(decimal_places=3, max_digits=15)),
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
                    "feed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.feed",
                    ),
                ),
                (
                    "metric",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.customermetric",
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="accounts_app.metricvalue",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
