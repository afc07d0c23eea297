from pathlib import Path

import cadence.models.audit_policy
import django.contrib.postgres.fields
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_app", "0015_audited_tiers"),
        ("accounts_app", "__first__"),
        ("cadence", "0001_policy"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditQuestions",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(unique=True)),
                ("questions", models.JSONField()),
                ("reason", models.CharField(blank=True, max_length=300)),
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
                "verbose_name_plural": "audit questions",
                "ordering": ("-version",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("made_by", None), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="audit_questions_of_a_person_have_reason",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditquestions",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_questions",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7d77751be8fd32a83dd4dbfc68d5d72655795eb9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_keep_questions_0a1bd",
                    table="cadence_auditquestions",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="AuditCycle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="Such as 2026-Q4.", max_length=7, unique=True)),
                ("begins_on", models.DateField(help_text="First day of the quarter.", unique=True)),
                ("policy", models.JSONField(default=dict, help_text="By which policy accounts were chosen.")),
                ("answers_due_on", models.DateField()),
                ("due_on", models.DateField(help_text="The day until which both signatures are on time.")),
                ("opened_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "questions",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cycles", to="cadence.auditquestions"
                    ),
                ),
            ],
            options={
                "ordering": ("-begins_on",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^\\d{4}-Q[1-4]$")), name="audit_cycle_name_is_quarter"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answers_due_on__lte", models.F("due_on"))), name="audit_cycle_days_ordered"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveSmallIntegerField(default=1)),
                (
                    "chosen_for",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        default=list,
                        help_text="Why the policy took it in: tier, revenue, band.",
                        size=None,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "In progress"),
                            ("owner_signed", "Signed by the owner"),
                            ("signed", "Signed"),
                            ("excluded", "Left out"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("evidence", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("evidence_on", models.DateField(help_text="The day as of which the evidence was taken.")),
                ("evidence_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "judged_band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("at_risk", "At risk"),
                            ("drifting", "Drifting"),
                            ("unknown", "Unknown"),
                            ("healthy", "Healthy"),
                        ],
                        max_length=10,
                    ),
                ),
                ("judgement", models.TextField(blank=True, help_text="What the figures do not say.")),
                ("reminded_on", models.DateField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="audits", to="accounts_app.account"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who scores; never the owner. Nobody: to be named by the leader.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audits_to_answer",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="cadence.audit",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="audits", to="cadence.auditcycle"
                    ),
                ),
            ],
            options={
                "ordering": ("cycle", "account__sort_name", "revision"),
                "indexes": [models.Index(fields=["account", "cycle"], name="audit_of_account")],
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "account", "revision"), name="audit_revision_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "owner_signed"))),
                        fields=("cycle", "account"),
                        name="audit_one_under_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("open", "owner_signed", "signed", "excluded"))),
                        name="audit_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revision", 1), ("supersedes", None)),
                            models.Q(
                                ("revision__gt", 1),
                                ("supersedes__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="audit_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "excluded"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="audit_left_out_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owner", None),
                            ("reviewer", None),
                            models.Q(("owner", models.F("reviewer")), _negated=True),
                            _connector="OR",
                        ),
                        name="audit_not_by_the_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("judged_band__in", ("", "at_risk", "drifting", "unknown", "healthy"))),
                        name="audit_judged_band_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300)),
                ("due_on", models.DateField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_actions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="actions", to="cadence.audit"
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "pk"),
            },
        ),
        migrations.CreateModel(
            name="AuditPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "revenue_share",
                    models.PositiveSmallIntegerField(
                        default=80,
                        help_text="Percent: the largest accounts that carry it together are audited; 0 leaves revenue out.",
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="share of revenue",
                    ),
                ),
                (
                    "bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("at_risk", "At risk"),
                                ("drifting", "Drifting"),
                                ("unknown", "Unknown"),
                                ("healthy", "Healthy"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=cadence.models.audit_policy.at_risk_only,
                        help_text="Accounts of these bands are audited, whatever their tier.",
                        size=None,
                    ),
                ),
                (
                    "days_to_answer",
                    models.PositiveSmallIntegerField(
                        default=21,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="days from opening until the answers are due",
                    ),
                ),
                (
                    "days_to_sign",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="days from then until both signatures are due",
                    ),
                ),
                (
                    "remind_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="0 sends none before; what is overdue is reminded of once a week.",
                        validators=[django.core.validators.MaxValueValidator(60)],
                        verbose_name="days before a due day on which a reminder is sent",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "audit policy",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="audit_policy_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("revenue_share__lte", 100)), name="audit_policy_share_is_percent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bands__contained_by", ["at_risk", "drifting", "unknown", "healthy"])),
                        name="audit_policy_bands_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days_to_answer__gte", 1),
                            ("days_to_answer__lte", 180),
                            ("days_to_sign__gte", 1),
                            ("days_to_sign__lte", 180),
                            ("remind_days__lte", 60),
                        ),
                        name="audit_policy_days_possible",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditpolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cadence_auditpolicyevent" ("bands", "days_to_answer", "days_to_sign", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_days", "revenue_share") VALUES (NEW."bands", NEW."days_to_answer", NEW."days_to_sign", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."remind_days", NEW."revenue_share"); RETURN NULL;',
                    hash="1487308b09f4461644cb6db107efad5a9de69cee",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_30331",
                    table="cadence_auditpolicy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditpolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cadence_auditpolicyevent" ("bands", "days_to_answer", "days_to_sign", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_days", "revenue_share") VALUES (NEW."bands", NEW."days_to_answer", NEW."days_to_sign", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."remind_days", NEW."revenue_share"); RETURN NULL;',
                    hash="c36579b011bac2c435f871da40d772447d201ed8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1372e",
                    table="cadence_auditpolicy",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="AuditPolicyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "revenue_share",
                    models.PositiveSmallIntegerField(
                        default=80,
                        help_text="Percent: the largest accounts that carry it together are audited; 0 leaves revenue out.",
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="share of revenue",
                    ),
                ),
                (
                    "bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("at_risk", "At risk"),
                                ("drifting", "Drifting"),
                                ("unknown", "Unknown"),
                                ("healthy", "Healthy"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=cadence.models.audit_policy.at_risk_only,
                        help_text="Accounts of these bands are audited, whatever their tier.",
                        size=None,
                    ),
                ),
                (
                    "days_to_answer",
                    models.PositiveSmallIntegerField(
                        default=21,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="days from opening until the answers are due",
                    ),
                ),
                (
                    "days_to_sign",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="days from then until both signatures are due",
                    ),
                ),
                (
                    "remind_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="0 sends none before; what is overdue is reminded of once a week.",
                        validators=[django.core.validators.MaxValueValidator(60)],
                        verbose_name="days before a due day on which a reminder is sent",
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
                        to="cadence.auditpolicy",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AuditRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(unique=True)),
                ("version", models.PositiveSmallIntegerField(help_text="Of the form of the content.")),
                ("content", models.TextField(help_text="Canonical JSON; people stand in it as ids.")),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("signed_at", models.DateTimeField()),
                (
                    "audit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="record", to="cadence.audit"
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="AuditSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=[("owner", "Owner"), ("leader", "Leader")], max_length=8)),
                ("signed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("content_hash", models.CharField(help_text="Of what was signed, as canonical JSON.", max_length=64)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                ("voided_reason", models.CharField(blank=True, max_length=300)),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="cadence.audit"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "voided_by",
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
                "ordering": ("signed_at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("voided_at", None)),
                        fields=("audit", "role"),
                        name="audit_signature_once_a_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ("owner", "leader"))), name="audit_signature_role_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("voided_at", None), ("voided_by", None), ("voided_reason", "")),
                            models.Q(
                                ("voided_at__isnull", False),
                                ("voided_by__isnull", False),
                                models.Q(("voided_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="audit_signature_voided_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionClosing",
            fields=[
                (
                    "action",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="closing",
                        serialize=False,
                        to="cadence.auditaction",
                    ),
                ),
                ("outcome", models.CharField(choices=[("done", "Done"), ("dropped", "Dropped")], max_length=8)),
                ("closed_on", models.DateField()),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ("done", "dropped"))), name="action_outcome_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome", "done"), models.Q(("note", ""), _negated=True), _connector="OR"),
                        name="action_dropped_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.SlugField(help_text="Its key in the questions of the cycle.", max_length=40)),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("people", "People"),
                            ("presence", "Presence"),
                            ("value", "Value"),
                            ("service", "Service"),
                            ("business", "Business"),
                            ("our_side", "Our side"),
                        ],
                        max_length=12,
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                ("reason", models.TextField()),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        help_text="Sections of the evidence it rests on.",
                        size=None,
                    ),
                ),
                ("answered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="cadence.audit"
                    ),
                ),
            ],
            options={
                "ordering": ("audit", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("audit", "question"), name="audit_answer_once"),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 1), ("score__lte", 5)), name="audit_score_1_to_5"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="audit_score_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dimension__in", ["people", "presence", "value", "service", "business", "our_side"])
                        ),
                        name="audit_answer_dimension_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL((Path(__file__).parents[1] / "frozen_audits.sql").read_text(encoding="utf-8")),
    ]
