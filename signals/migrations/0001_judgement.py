"""What the runs compute, what people do about it, and what both are set by."""

import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


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

    initial = True

    dependencies = [
        ("accounts_app", "0004_first_rows"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="account_visits",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="accounts_app.account"
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                (
                    "since_at",
                    models.DateTimeField(
                        help_text="The end of the visit before; empty during the first one.", null=True
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "account"), name="account_visit_once")],
            },
        ),
        migrations.CreateModel(
            name="AlarmBudget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarm_budgets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("weekly", models.PositiveSmallIntegerField(default=5)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("manager",), name="alarm_budget_once", nulls_distinct=False),
                    models.CheckConstraint(
                        condition=models.Q(("weekly__gte", 1), ("weekly__lte", 100)), name="alarm_budget_in_range"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alarmbudget",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signals_alarmbudgetevent" ("id", "manager_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "weekly") VALUES (NEW."id", NEW."manager_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."weekly"); RETURN NULL;',
                    hash="74cb33063725a9010e67444bfb7da838584c864d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a19b0",
                    table="signals_alarmbudget",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alarmbudget",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "signals_alarmbudgetevent" ("id", "manager_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "weekly") VALUES (NEW."id", NEW."manager_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."weekly"); RETURN NULL;',
                    hash="564b641d2d179bfff20217d2e884840bf6b15fbc",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_71169",
                    table="signals_alarmbudget",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="AlarmBudgetEvent",
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
                        to="signals.alarmbudget",
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
                    "manager",
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
                ("weekly", models.PositiveSmallIntegerField(default=5)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="accounts_app.account"
                    ),
                ),
                ("signal", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("acknowledged", "Acknowledged"),
                            ("snoozed", "Snoozed"),
                            ("resolved", "Resolved"),
                            ("faded", "Closed by itself"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("opened_on", models.DateField(help_text="The day judged.")),
                ("judged_on", models.DateField(help_text="The last day judged.")),
                (
                    "released_on",
                    models.DateField(
                        blank=True, help_text="Empty while it waits beyond the manager's budget.", null=True
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("level", models.FloatField()),
                (
                    "at_stake",
                    models.DecimalField(
                        decimal_places=2, default=0, help_text="Risk times revenue of 12 months.", max_digits=18
                    ),
                ),
                (
                    "priority",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        help_text="The money at stake, up to twice as much where the customer may give notice soon.",
                        max_digits=18,
                    ),
                ),
                ("sentence", models.TextField()),
                ("details", models.JSONField(default=dict)),
                ("evidence", models.JSONField(default=dict)),
                ("snoozed_until", models.DateField(blank=True, null=True)),
                ("snoozed_level", models.FloatField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("real", "Real"), ("false", "False alarm"), ("too_early", "Too early")],
                        max_length=12,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("need_gone", "Need gone"),
                            ("competitor", "Competitor"),
                            ("our_side", "Our side"),
                            ("beyond_control", "Beyond our control"),
                        ],
                        max_length=16,
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(editable=False, help_text="Kept by a trigger.", null=True)),
                (
                    "rearmed",
                    models.BooleanField(
                        default=False,
                        help_text="The level fell below the lower line since: the next crossing is a new alert.",
                    ),
                ),
            ],
            options={
                "ordering": ("-priority", "pk"),
                "indexes": [models.Index(fields=["account", "signal", "-opened_on"], name="alert_of_account_latest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "acknowledged", "snoozed"))),
                        fields=("account", "signal"),
                        name="alert_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("open", "acknowledged", "snoozed", "resolved", "faded"))),
                        name="alert_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("snoozed_until__isnull", False), ("state", "snoozed")),
                            models.Q(models.Q(("state", "snoozed"), _negated=True), ("snoozed_until", None)),
                            _connector="OR",
                        ),
                        name="alert_snoozed_has_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", False), ("state__in", ("resolved", "faded"))),
                            models.Q(("closed_on", None), ("state__in", ("open", "acknowledged", "snoozed"))),
                            _connector="OR",
                        ),
                        name="alert_closed_has_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__in", ("real", "false", "too_early")), ("state", "resolved")),
                            models.Q(models.Q(("state", "resolved"), _negated=True), ("outcome", "")),
                            _connector="OR",
                        ),
                        name="alert_resolved_has_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cause__in", ("", "need_gone", "competitor", "our_side", "beyond_control"))
                        ),
                        name="alert_cause_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "resolved"), ("cause", ""), _connector="OR"),
                        name="alert_cause_of_resolved_only",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 0), ("level__lte", 1)), name="alert_level_0_to_1"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="date_closing",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.closed_on IS DISTINCT FROM NEW.closed_on)",
                    func="NEW.closed_at = CASE WHEN NEW.closed_on IS NOT NULL THEN clock_timestamp() END; RETURN NEW;",
                    hash="7311e32094e6e40f4417b5da8b9ed5c3e38b18f3",
                    operation="UPDATE",
                    pgid="pgtrigger_date_closing_32975",
                    table="signals_alert",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="AlertAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="actions", to="signals.alert"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("acknowledge", "Acknowledged"),
                            ("snooze", "Snoozed"),
                            ("resolve", "Resolved"),
                            ("release", "Released from the waiting list"),
                            ("undo", "Undone"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_actions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("until", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("real", "Real"), ("false", "False alarm"), ("too_early", "Too early")],
                        max_length=12,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("need_gone", "Need gone"),
                            ("competitor", "Competitor"),
                            ("our_side", "Our side"),
                            ("beyond_control", "Beyond our control"),
                        ],
                        max_length=16,
                    ),
                ),
                ("before", models.JSONField(default=dict)),
                (
                    "after",
                    models.JSONField(
                        default=dict, help_text="An undo is refused once the alert is no longer as the action left it."
                    ),
                ),
                ("undone", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("acknowledge", "snooze", "resolve", "release", "undo"))),
                        name="alert_action_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "snooze"), _negated=True),
                            models.Q(("until__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="alert_action_snooze_has_day_and_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(unique=True)),
                ("weights", models.JSONField(help_text="The rules as signals.compute.risk reads them.")),
                (
                    "learned",
                    models.JSONField(
                        db_default={},
                        default=dict,
                        help_text="How many outcomes the weights were learned from, and the interval of each; empty: not learned.",
                    ),
                ),
                ("reason", models.CharField(blank=True, db_default="", max_length=300)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-version",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("made_by", None), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="rule_set_of_a_person_has_reason",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ruleset",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_versions",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2891c17c4f1e45af431098f079ca3ee0fbd9c563",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_keep_versions_0b8b7",
                    table="signals_ruleset",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("nightly", "Nightly"),
                            ("explicit", "Asked for"),
                            ("history", "History"),
                            ("backtest", "Backtest"),
                        ],
                        max_length=10,
                    ),
                ),
                ("business_date", models.DateField()),
                ("from_day", models.DateField(blank=True, help_text="First day of a history or backtest.", null=True)),
                (
                    "step_days",
                    models.PositiveSmallIntegerField(default=7, help_text="Days from one day judged to the next."),
                ),
                (
                    "every_account",
                    models.BooleanField(default=True, help_text="Off: a history of the accounts that have none yet."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "In progress"),
                            ("done", "Done"),
                            ("incomplete", "Incomplete"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[("fit", "Fit"), ("compute", "Compute"), ("judge", "Judge")],
                        default="fit",
                        max_length=10,
                    ),
                ),
                ("ticket", models.BigIntegerField(unique=True)),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="signals.ruleset"
                    ),
                ),
                (
                    "params",
                    models.JSONField(
                        default=dict, help_text="What each signal learnt from the portfolio, by day of the fit."
                    ),
                ),
                ("notices", models.JSONField(default=list, help_text="What the run says of the portfolio as a whole.")),
                (
                    "alarms",
                    models.JSONField(default=dict, help_text="How many gaps were tested, and which of them stand out."),
                ),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-ticket",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "backtest"), _negated=True),
                        fields=("kind", "business_date"),
                        name="run_once_a_date",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "backtest"), ("state", "open")),
                        fields=("kind",),
                        name="run_one_backtest_at_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("nightly", "explicit", "history", "backtest"))),
                        name="run_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("open", "done", "incomplete", "cancelled"))),
                        name="run_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phase__in", ("fit", "compute", "judge"))), name="run_phase_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("finished_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="run_finished_has_moment",
                    ),
                    models.CheckConstraint(condition=models.Q(("step_days__gte", 1)), name="run_step_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("from_day__lte", models.F("business_date")), ("kind__in", ("history", "backtest"))
                            ),
                            models.Q(
                                models.Q(("kind__in", ("history", "backtest")), _negated=True), ("from_day", None)
                            ),
                            _connector="OR",
                        ),
                        name="run_history_has_first_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BacktestAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="backtest_accounts",
                        to="signals.run",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="backtests", to="accounts_app.account"
                    ),
                ),
                ("record", models.JSONField()),
            ],
            options={
                "ordering": ("run", "account"),
                "constraints": [models.UniqueConstraint(fields=("run", "account"), name="backtest_account_once")],
            },
        ),
        migrations.CreateModel(
            name="BacktestResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="backtest", to="signals.run"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the command.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "known_until",
                    models.DateField(help_text="What became of the accounts is told from what was known this day."),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="BacktestFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "result",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="signals.backtestresult",
                    ),
                ),
                ("scope", models.CharField(help_text="Digest of the accounts added up.", max_length=64)),
                ("figures", models.JSONField()),
            ],
            options={
                "ordering": ("result", "scope"),
                "constraints": [models.UniqueConstraint(fields=("result", "scope"), name="backtest_figures_once")],
            },
        ),
        migrations.CreateModel(
            name="BandChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="band_changes",
                        to="accounts_app.account",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("from_band", models.CharField(max_length=10)),
                ("from_risk", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "ordering": ("at", "pk"),
                "indexes": [models.Index(fields=["at"], name="band_change_by_moment")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_band__in", ("at_risk", "drifting", "unknown", "healthy"))),
                        name="band_change_band_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("owner", "Change owner"),
                            ("tier", "Change tier"),
                            ("snooze", "Snooze alerts"),
                            ("plan", "Plan a contact"),
                            ("alerts", "Act on alerts"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulk_acts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("said", models.CharField(help_text="What was done, in words.", max_length=300)),
                ("items", models.JSONField(default=list)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("owner", "tier", "snooze", "plan", "alerts"))),
                        name="bulk_act_kind",
                    )
                ],
            },
        ),
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
                (
                    "block",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="signals.factblock"
                    ),
                ),
                ("name", models.CharField(help_text="Of the table in `Facts`.", max_length=20)),
                ("content", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("block", "name"), name="fact_part_once_a_block")],
            },
        ),
        migrations.CreateModel(
            name="LossAlarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "losses",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="losses",
                    ),
                ),
                (
                    "largest",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="of the largest accounts",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        default=12,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="within months",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="loss_alarm_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("largest__lte", 1000), ("losses__gte", 1), ("losses__lte", models.F("largest"))
                        ),
                        name="loss_alarm_losses_within_largest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("months__gte", 1), ("months__lte", 60)), name="loss_alarm_months"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lossalarm",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signals_lossalarmevent" ("id", "largest", "losses", "months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."largest", NEW."losses", NEW."months", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="2d42a268e6911bff0228194ca041df770ab069fb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_04b3c",
                    table="signals_lossalarm",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lossalarm",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "signals_lossalarmevent" ("id", "largest", "losses", "months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."largest", NEW."losses", NEW."months", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="0f3904a6b5acfcf3803d450814e7b9b3301191fb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1b337",
                    table="signals_lossalarm",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="LossAlarmEvent",
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
                        to="signals.lossalarm",
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
                    "losses",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="losses",
                    ),
                ),
                (
                    "largest",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="of the largest accounts",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        default=12,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="within months",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ManualJudgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="manual_judgements",
                        to="accounts_app.account",
                    ),
                ),
                (
                    "band",
                    models.CharField(
                        choices=[("at_risk", "At risk"), ("drifting", "Drifting"), ("healthy", "Healthy")],
                        max_length=10,
                        verbose_name="judgement",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("judged_on", models.DateField()),
                ("holds_until", models.DateField(help_text="The last day on which it is shown.")),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("withdrawn", "Withdrawn"),
                            ("replaced", "Replaced by a newer one"),
                            ("expired", "Expired"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-judged_on", "-pk"),
                "indexes": [models.Index(fields=["account", "-judged_on"], name="manual_judgement_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("account",),
                        name="manual_judgement_one_an_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("band__in", ("at_risk", "drifting", "healthy"))),
                        name="manual_judgement_band_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="manual_judgement_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "holds_until",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("judged_on"), "+", models.Value(datetime.timedelta(days=90))
                                ),
                            )
                        ),
                        name="manual_judgement_holds_90_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None), ("ending", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                ("ending__in", ("withdrawn", "replaced")),
                            ),
                            models.Q(("ended_at__isnull", False), ("ended_by", None), ("ending", "expired")),
                            _connector="OR",
                        ),
                        name="manual_judgement_ending_is_whole",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="manualjudgement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signals_manualjudgementevent" ("account_id", "band", "by_id", "ended_at", "ended_by_id", "ending", "holds_until", "id", "judged_on", "made_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."account_id", NEW."band", NEW."by_id", NEW."ended_at", NEW."ended_by_id", NEW."ending", NEW."holds_until", NEW."id", NEW."judged_on", NEW."made_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;',
                    hash="8ed914aefcdf214057c97826ec9eaa452b0f4b97",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d6798",
                    table="signals_manualjudgement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="manualjudgement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "signals_manualjudgementevent" ("account_id", "band", "by_id", "ended_at", "ended_by_id", "ending", "holds_until", "id", "judged_on", "made_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."account_id", NEW."band", NEW."by_id", NEW."ended_at", NEW."ended_by_id", NEW."ending", NEW."holds_until", NEW."id", NEW."judged_on", NEW."made_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;',
                    hash="0098544bf92bb1d1eea3950103be42cb61d76506",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_37bdd",
                    table="signals_manualjudgement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="manualjudgement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signals_manualjudgementevent" ("account_id", "band", "by_id", "ended_at", "ended_by_id", "ending", "holds_until", "id", "judged_on", "made_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (OLD."account_id", OLD."band", OLD."by_id", OLD."ended_at", OLD."ended_by_id", OLD."ending", OLD."holds_until", OLD."id", OLD."judged_on", OLD."made_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason"); RETURN NULL;',
                    hash="1f8936793fbb7095d5a00094bbe036fd288918b7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_45033",
                    table="signals_manualjudgement",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ManualJudgementEvent",
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
                        to="signals.manualjudgement",
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
                    "band",
                    models.CharField(
                        choices=[("at_risk", "At risk"), ("drifting", "Drifting"), ("healthy", "Healthy")],
                        max_length=10,
                        verbose_name="judgement",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("judged_on", models.DateField()),
                ("holds_until", models.DateField(help_text="The last day on which it is shown.")),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("withdrawn", "Withdrawn"),
                            ("replaced", "Replaced by a newer one"),
                            ("expired", "Expired"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Playbook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signal", models.CharField(max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("steps", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("signal", "-version"),
                "constraints": [models.UniqueConstraint(fields=("signal", "version"), name="playbook_version_once")],
            },
        ),
        migrations.CreateModel(
            name="PlaybookTick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ticks", to="signals.alert"
                    ),
                ),
                (
                    "playbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ticks", to="signals.playbook"
                    ),
                ),
                ("key", models.CharField(max_length=20)),
                ("text", models.CharField(max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="playbook_ticks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("alert", "key"),
                        name="playbook_step_ticked_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", None)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="playbook_tick_undone_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PortfolioVisit",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="portfolio_visit",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                (
                    "since_at",
                    models.DateTimeField(
                        help_text="The end of the visit before; empty during the first one.", null=True
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PostMortem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "loss",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="post_mortem", to="accounts_app.loss"
                    ),
                ),
                (
                    "conclusion",
                    models.TextField(
                        blank=True,
                        help_text="What would have kept it, and what is done otherwise from now on.",
                        verbose_name="what we conclude",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("done_on", models.DateField(blank=True, null=True)),
                (
                    "rank_before",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="By revenue in the 12 months before, among all accounts; 1 is the largest.",
                        null=True,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("conclusion", ""), ("done_by", None), ("done_on", None)),
                            models.Q(
                                models.Q(("conclusion", ""), _negated=True),
                                ("done_by__isnull", False),
                                ("done_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="post_mortem_conclusion_is_signed",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="postmortem",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "signals_postmortemevent" ("conclusion", "done_by_id", "done_on", "loss_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."conclusion", NEW."done_by_id", NEW."done_on", NEW."loss_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="0f3bd294d168da250f903ab840732bb0abb5e1e1",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e59ab",
                    table="signals_postmortem",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="postmortem",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."conclusion" IS DISTINCT FROM (NEW."conclusion") OR OLD."done_by_id" IS DISTINCT FROM (NEW."done_by_id") OR OLD."done_on" IS DISTINCT FROM (NEW."done_on") OR OLD."loss_id" IS DISTINCT FROM (NEW."loss_id"))',
                    func='INSERT INTO "signals_postmortemevent" ("conclusion", "done_by_id", "done_on", "loss_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."conclusion", NEW."done_by_id", NEW."done_on", NEW."loss_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="4af8eb664fefb0fcdbc17a7c39bfed55bbb47082",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fc7bd",
                    table="signals_postmortem",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="PostMortemEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="loss_conclusion_done_by_done_on_events",
                        to="signals.postmortem",
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
                    "loss",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.loss",
                    ),
                ),
                (
                    "conclusion",
                    models.TextField(
                        blank=True,
                        help_text="What would have kept it, and what is done otherwise from now on.",
                        verbose_name="what we conclude",
                    ),
                ),
                (
                    "done_by",
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
                ("done_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="accounts_app.account"
                    ),
                ),
                ("signal", models.CharField(max_length=40)),
                ("as_of", models.DateField()),
                ("ticket", models.BigIntegerField()),
                ("status", models.CharField(max_length=24)),
                ("level", models.FloatField(null=True)),
                ("value", models.FloatField(null=True)),
                ("baseline", models.FloatField(null=True)),
                ("details", models.JSONField(default=dict)),
                ("evidence", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ("account", "signal"),
                "constraints": [
                    models.UniqueConstraint(fields=("account", "signal"), name="reading_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level", None),
                            models.Q(("level__gte", 0), ("level__lte", 1), ("status", "ok")),
                            _connector="OR",
                        ),
                        name="reading_level_only_if_ok",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="risk_days",
                        to="accounts_app.account",
                    ),
                ),
                ("day", models.DateField()),
                (
                    "band",
                    models.CharField(
                        choices=[
                            ("at_risk", "At risk"),
                            ("drifting", "Drifting"),
                            ("unknown", "Unknown"),
                            ("healthy", "Healthy"),
                        ],
                        max_length=10,
                    ),
                ),
                ("risk", models.PositiveSmallIntegerField()),
                ("coverage", models.FloatField()),
                ("levels", models.JSONField(default=dict, help_text="Level by signal; unknown ones are left out.")),
                (
                    "origin",
                    models.CharField(
                        choices=[("shown", "Shown on its day"), ("history", "Filled in afterwards")], max_length=10
                    ),
                ),
            ],
            options={
                "ordering": ("account", "day"),
                "constraints": [
                    models.UniqueConstraint(fields=("account", "day"), name="risk_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(("band__in", ("at_risk", "drifting", "unknown", "healthy"))),
                        name="risk_day_band_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("risk__lte", 100)), name="risk_day_risk_to_100"),
                    models.CheckConstraint(
                        condition=models.Q(("coverage__gte", 0), ("coverage__lte", 1)), name="risk_day_coverage_0_to_1"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ("shown", "history"))), name="risk_day_origin_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RunChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chunks", to="signals.run"
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[("fit", "Fit"), ("compute", "Compute"), ("judge", "Judge")], max_length=10
                    ),
                ),
                ("n", models.PositiveIntegerField()),
                ("first_account", models.BigIntegerField(blank=True, null=True)),
                ("last_account", models.BigIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("split", "Split"),
                            ("quarantined", "Quarantined"),
                        ],
                        default="pending",
                        max_length=12,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "failures",
                    models.PositiveSmallIntegerField(default=0, help_text="Attempts that ended with an error."),
                ),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("claimed_by", models.CharField(blank=True, max_length=120)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "days_done",
                    models.PositiveIntegerField(
                        default=0, help_text="Of a chunk that replays many days: how many this attempt has done."
                    ),
                ),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "ordering": ("run", "phase", "n"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("pending", "running"))),
                        fields=["run", "phase"],
                        name="run_chunk_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "phase", "n"), name="run_chunk_once"),
                    models.CheckConstraint(
                        condition=models.Q(("phase__in", ("fit", "compute", "judge"))), name="run_chunk_phase_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("pending", "running", "done", "split", "quarantined"))),
                        name="run_chunk_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="run_chunk_running_has_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first_account__lte", models.F("last_account")), ("phase", "compute")),
                            models.Q(
                                models.Q(("phase", "compute"), _negated=True),
                                ("first_account", None),
                                ("last_account", None),
                            ),
                            _connector="OR",
                        ),
                        name="run_chunk_range_only_for_accounts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "query",
                    models.CharField(blank=True, help_text="The address after its question mark.", max_length=600),
                ),
                ("shared", models.BooleanField(default=False, verbose_name="show it to everybody")),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ("name", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("owner"),
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("deleted_at", None)),
                        name="saved_view_name_once_a_person",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="saved_view_has_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="accounts_app.account",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="standings", to="signals.run"
                    ),
                ),
                ("ticket", models.BigIntegerField(help_text="The run's ticket when this was written.")),
                ("as_of", models.DateField()),
                ("computed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "state",
                    models.CharField(
                        choices=[("computed", "Computed"), ("not_computed", "Not computed")],
                        default="computed",
                        max_length=12,
                    ),
                ),
                (
                    "error",
                    models.TextField(
                        blank=True, default="", help_text="Why it could not be computed, in the words of the failure."
                    ),
                ),
                (
                    "band",
                    models.CharField(
                        choices=[
                            ("at_risk", "At risk"),
                            ("drifting", "Drifting"),
                            ("unknown", "Unknown"),
                            ("healthy", "Healthy"),
                        ],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                (
                    "band_rank",
                    models.PositiveSmallIntegerField(
                        default=2, help_text="Order of the bands in lists: at risk, drifting, unknown, healthy."
                    ),
                ),
                ("risk", models.PositiveSmallIntegerField(help_text="0 to 100; empty when not computed.", null=True)),
                ("probability", models.FloatField(null=True)),
                ("coverage", models.FloatField(default=0)),
                ("change_30d", models.SmallIntegerField(null=True)),
                ("starting_points", models.SmallIntegerField(null=True)),
                ("contributions", models.JSONField(default=list)),
                (
                    "top_reasons",
                    models.JSONField(
                        default=list, help_text="Keys of the signals that weigh most, the heaviest first."
                    ),
                ),
                ("last_contact_on", models.DateField(null=True)),
                ("last_proactive_on", models.DateField(null=True)),
                (
                    "due_on",
                    models.DateField(
                        help_text="When the next proactive contact is due; empty: nothing promised, or none on record.",
                        null=True,
                    ),
                ),
                (
                    "latest_on",
                    models.DateField(help_text="The last day on which it still keeps the promise.", null=True),
                ),
                ("last_order_on", models.DateField(null=True)),
                ("next_planned_on", models.DateField(null=True)),
                ("next_planned_channel", models.CharField(blank=True, max_length=10)),
                ("next_planned_purpose", models.CharField(blank=True, max_length=15)),
                ("first_plan_on", models.DateField(help_text="Of the plans that stand, those overdue too.", null=True)),
                (
                    "first_plan_by",
                    models.ForeignKey(
                        help_text="Whom that plan names; nobody: the owner.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("expected_next_on", models.DateField(null=True)),
                ("open_incidents", models.PositiveIntegerField(default=0)),
                (
                    "notice_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_day", "Notice until a day"),
                            ("any_day", "Notice any day"),
                            ("received", "Notice received"),
                            ("ending", "Ends by itself"),
                            ("open_ended", "Runs on"),
                        ],
                        default="",
                        help_text="Empty: no contract in force is known.",
                        max_length=10,
                    ),
                ),
                (
                    "notice_on",
                    models.DateField(
                        help_text="The last day on which notice counts; once it was received, or cannot be given, the end.",
                        null=True,
                    ),
                ),
                (
                    "notice_amount",
                    models.DecimalField(
                        decimal_places=2, help_text="What that contract is worth a year.", max_digits=18, null=True
                    ),
                ),
                ("revenue_12m", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("revenue_at_risk", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("strip", models.JSONField(default=dict, help_text="Ready path data of the pulse strip.")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["band_rank", "-revenue_at_risk"], name="standing_by_band_and_money"),
                    models.Index(fields=["computed_at"], name="standing_by_age"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("band__in", ("at_risk", "drifting", "unknown", "healthy"))),
                        name="standing_band_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("risk", None), ("risk__lte", 100), _connector="OR"),
                        name="standing_risk_to_100",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("coverage__gte", 0), ("coverage__lte", 1)), name="standing_coverage_0_to_1"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("risk__isnull", False), ("state", "computed")),
                            models.Q(("band", "unknown"), ("risk", None), ("state", "not_computed")),
                            _connector="OR",
                        ),
                        name="standing_not_computed_has_no_risk",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("notice_state__in", ("", "by_day", "any_day", "received", "ending", "open_ended"))
                        ),
                        name="standing_notice_known",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="standing",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_band_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.band IS DISTINCT FROM NEW.band)",
                    func="\n        INSERT INTO signals_bandchange (account_id, at, from_band, from_risk)\n        VALUES (NEW.account_id, clock_timestamp(), OLD.band, OLD.risk);\n        RETURN NULL;\n    ",
                    hash="e35caa58f940b326001321b836330de4aa1ffc9e",
                    operation="UPDATE",
                    pgid="pgtrigger_keep_band_change_d63b9",
                    table="signals_standing",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="StartView",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="start_view",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="starts", to="signals.savedview"
                    ),
                ),
            ],
        ),
    ]
