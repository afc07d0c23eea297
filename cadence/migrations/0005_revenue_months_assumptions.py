import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_app", "0015_audited_tiers"),
        ("cadence", "0004_audits"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assumptions",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hour_cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of one of our people, in the reporting currency, wages and overheads; empty: not known.",
                        max_digits=7,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("1")),
                            django.core.validators.MaxValueValidator(10000),
                        ],
                        verbose_name="cost of one hour",
                    ),
                ),
                (
                    "replace_times",
                    models.DecimalField(
                        decimal_places=1,
                        default=Decimal("3"),
                        help_text="What it takes to win a customer of the same size, against a year of promised contacts.",
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.1")),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="replacing costs how many times as much as keeping",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "assumptions",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="assumptions_are_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hour_cost", None),
                            models.Q(("hour_cost__gte", 1), ("hour_cost__lte", 10000)),
                            _connector="OR",
                        ),
                        name="assumptions_hour_cost_possible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replace_times__gte", Decimal("0.1")), ("replace_times__lte", 100)),
                        name="assumptions_replace_times_possible",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assumptions",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cadence_assumptionsevent" ("hour_cost", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replace_times") VALUES (NEW."hour_cost", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."replace_times"); RETURN NULL;',
                    hash="1ce9646ada6eca7738ff27caae548a94bf7952d4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b83ee",
                    table="cadence_assumptions",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assumptions",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cadence_assumptionsevent" ("hour_cost", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replace_times") VALUES (NEW."hour_cost", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."replace_times"); RETURN NULL;',
                    hash="60dea8e8524529a16c19bfa7a1cfd149be0f047e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e2d0d",
                    table="cadence_assumptions",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="AssumptionsEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "hour_cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of one of our people, in the reporting currency, wages and overheads; empty: not known.",
                        max_digits=7,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("1")),
                            django.core.validators.MaxValueValidator(10000),
                        ],
                        verbose_name="cost of one hour",
                    ),
                ),
                (
                    "replace_times",
                    models.DecimalField(
                        decimal_places=1,
                        default=Decimal("3"),
                        help_text="What it takes to win a customer of the same size, against a year of promised contacts.",
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.1")),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="replacing costs how many times as much as keeping",
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
                        to="cadence.assumptions",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RevenueMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_on", models.DateField()),
                ("revenue", models.DecimalField(decimal_places=2, max_digits=18)),
                ("orders", models.PositiveIntegerField(help_text="Credit notes and returns too.")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revenue_months",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "feed",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts_app.feed",
                    ),
                ),
            ],
            options={
                "ordering": ("-begins_on",),
                "indexes": [models.Index(fields=["feed", "begins_on"], name="revenue_month_by_feed")],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "begins_on", "feed"), name="revenue_month_once"),
                    models.CheckConstraint(
                        condition=models.Q(("begins_on__day", 1)), name="revenue_month_begins_on_first"
                    ),
                    models.CheckConstraint(condition=models.Q(("orders__gte", 1)), name="revenue_month_has_orders"),
                ],
            },
        ),
        # Counted with the quarters: the worker counts every account anew, a thousand every ten seconds.
        migrations.RunSQL("UPDATE cadence_contactquarter SET judged_at = NULL", migrations.RunSQL.noop),
    ]
