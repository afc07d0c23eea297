import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_app", "0016_customer_metrics"),
        ("accounts_app", "__first__"),
        ("cadence", "0005_revenue_months_assumptions"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="DiscoveryQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("executive", "Executive"),
                            ("management", "Management"),
                            ("operational", "Operational"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("level", "text"),
                        name="discovery_question_once",
                        violation_error_message="This question is in the library already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["executive", "management", "operational"])),
                        name="discovery_question_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="discovery_question_says_something"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="discoveryquestion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cadence_discoveryquestionevent" ("active", "id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."active", NEW."id", NEW."level", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."text"); RETURN NULL;',
                    hash="ec2d4748a043f9c0b5445ebbf6f9a2aa12fc97c3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f9c88",
                    table="cadence_discoveryquestion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="discoveryquestion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cadence_discoveryquestionevent" ("active", "id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."active", NEW."id", NEW."level", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."text"); RETURN NULL;',
                    hash="be1294cd6e5579960ccb6ad2c09655565a1116ab",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_32322",
                    table="cadence_discoveryquestion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="discoveryquestion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cadence_discoveryquestionevent" ("active", "id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (OLD."active", OLD."id", OLD."level", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."text"); RETURN NULL;',
                    hash="de79970ba5f73541c5ece4a8952e19ef3907e664",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e901d",
                    table="cadence_discoveryquestion",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DiscoveryQuestionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("executive", "Executive"),
                            ("management", "Management"),
                            ("operational", "Operational"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("active", models.BooleanField(default=True)),
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
                        to="cadence.discoveryquestion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(help_text="The customer reads it on the first page.", max_length=120)),
                ("from_day", models.DateField()),
                ("until_day", models.DateField(help_text="The last day the review is about.")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "In preparation"),
                            ("prepared", "Prepared"),
                            ("held", "Held"),
                            ("closed", "Closed"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("planned_on", models.DateField(blank=True, null=True)),
                ("held_on", models.DateField(blank=True, null=True)),
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
                        default="visit",
                        max_length=10,
                    ),
                ),
                ("agenda", models.TextField(blank=True, help_text="A line for each point; the customer reads it.")),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("goals", "What you want to achieve"),
                                ("metrics", "The figures you watch"),
                                ("service", "How we served you"),
                                ("brought", "What we brought you"),
                                ("promises", "What we promised"),
                                ("open", "What is open"),
                                ("questions", "What we would like to hear from you"),
                                ("next", "What comes next"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        help_text="Sections the customer shall not see.",
                        size=None,
                    ),
                ),
                ("outcome", models.TextField(blank=True, help_text="What came of it, for ourselves.")),
                ("log", models.JSONField(blank=True, editable=False, null=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="accounts_app.account"
                    ),
                ),
                ("colleagues", models.ManyToManyField(blank=True, related_name="reviews", to="accounts_app.colleague")),
                ("contacts", models.ManyToManyField(blank=True, related_name="reviews", to="accounts_app.contact")),
                (
                    "initiatives",
                    models.ManyToManyField(blank=True, related_name="reviews", to="accounts_app.initiative"),
                ),
                (
                    "interaction",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="review",
                        to="accounts_app.interaction",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("promises", models.ManyToManyField(blank=True, related_name="reviews", to="accounts_app.promise")),
                (
                    "questions",
                    models.ManyToManyField(blank=True, related_name="reviews", to="cadence.discoveryquestion"),
                ),
            ],
            options={
                "ordering": ("-until_day", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stage__in", ("draft", "prepared"))),
                        fields=("account",),
                        name="review_one_under_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_day__lte", models.F("until_day"))), name="review_period_forward"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_on", None), ("stage__in", ("draft", "prepared"))),
                            models.Q(("held_on__isnull", False), ("stage__in", ("held", "closed"))),
                            _connector="OR",
                        ),
                        name="review_day_fits_stage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ("visit", "call", "video", "mail", "event"))),
                        name="review_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "left_out__contained_by",
                                ["goals", "metrics", "service", "brought", "promises", "open", "questions", "next"],
                            )
                        ),
                        name="review_sections_known",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cadence_reviewevent" ("account_id", "agenda", "channel", "from_day", "held_on", "id", "interaction_id", "left_out", "made_at", "made_by_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "stage", "title", "until_day") VALUES (NEW."account_id", NEW."agenda", NEW."channel", NEW."from_day", NEW."held_on", NEW."id", NEW."interaction_id", NEW."left_out", NEW."made_at", NEW."made_by_id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_on", NEW."stage", NEW."title", NEW."until_day"); RETURN NULL;',
                    hash="972dbb994f67e8b764a183778b54e0a454c17f24",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2f7f4",
                    table="cadence_review",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."agenda" IS DISTINCT FROM (NEW."agenda") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."from_day" IS DISTINCT FROM (NEW."from_day") OR OLD."held_on" IS DISTINCT FROM (NEW."held_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."interaction_id" IS DISTINCT FROM (NEW."interaction_id") OR OLD."left_out" IS DISTINCT FROM (NEW."left_out") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."made_by_id" IS DISTINCT FROM (NEW."made_by_id") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."planned_on" IS DISTINCT FROM (NEW."planned_on") OR OLD."stage" IS DISTINCT FROM (NEW."stage") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."until_day" IS DISTINCT FROM (NEW."until_day"))',
                    func='INSERT INTO "cadence_reviewevent" ("account_id", "agenda", "channel", "from_day", "held_on", "id", "interaction_id", "left_out", "made_at", "made_by_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "stage", "title", "until_day") VALUES (NEW."account_id", NEW."agenda", NEW."channel", NEW."from_day", NEW."held_on", NEW."id", NEW."interaction_id", NEW."left_out", NEW."made_at", NEW."made_by_id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_on", NEW."stage", NEW."title", NEW."until_day"); RETURN NULL;',
                    hash="81d612855747039804d14485cdc25b478fcc189c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5c08d",
                    table="cadence_review",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cadence_reviewevent" ("account_id", "agenda", "channel", "from_day", "held_on", "id", "interaction_id", "left_out", "made_at", "made_by_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "stage", "title", "until_day") VALUES (OLD."account_id", OLD."agenda", OLD."channel", OLD."from_day", OLD."held_on", OLD."id", OLD."interaction_id", OLD."left_out", OLD."made_at", OLD."made_by_id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_on", OLD."stage", OLD."title", OLD."until_day"); RETURN NULL;',
                    hash="c71cef1b7dc4e92e6c9fda558765988dba103ea0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6ef22",
                    table="cadence_review",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ReviewAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("executive", "Executive"),
                            ("management", "Management"),
                            ("operational", "Operational"),
                        ],
                        max_length=20,
                    ),
                ),
                ("question", models.CharField(max_length=300)),
                ("said", models.TextField()),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="review_answers",
                        to="accounts_app.contact",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="cadence.review"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("question", ""), _negated=True), models.Q(("said", ""), _negated=True)
                        ),
                        name="review_answer_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["", "executive", "management", "operational"])),
                        name="review_answer_level_known",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reviewanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cadence_reviewanswerevent" ("contact_id", "id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "review_id", "said") VALUES (NEW."contact_id", NEW."id", NEW."level", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."question", NEW."review_id", NEW."said"); RETURN NULL;',
                    hash="144ab7bcfe4195aec48ce505ef68ad25733e59de",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_13abc",
                    table="cadence_reviewanswer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reviewanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cadence_reviewanswerevent" ("contact_id", "id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "review_id", "said") VALUES (NEW."contact_id", NEW."id", NEW."level", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."question", NEW."review_id", NEW."said"); RETURN NULL;',
                    hash="b41444f9b9e73d4806e59ddf0aa8aa4f241d6e7b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_da283",
                    table="cadence_reviewanswer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reviewanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cadence_reviewanswerevent" ("contact_id", "id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "review_id", "said") VALUES (OLD."contact_id", OLD."id", OLD."level", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."question", OLD."review_id", OLD."said"); RETURN NULL;',
                    hash="64a193d10b3eda9d30aa4e0eec80b9eaf9e24a38",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_29bc4",
                    table="cadence_reviewanswer",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ReviewAnswerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("executive", "Executive"),
                            ("management", "Management"),
                            ("operational", "Operational"),
                        ],
                        max_length=20,
                    ),
                ),
                ("question", models.CharField(max_length=300)),
                ("said", models.TextField()),
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
                        to="cadence.reviewanswer",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cadence.review",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReviewEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(help_text="The customer reads it on the first page.", max_length=120)),
                ("from_day", models.DateField()),
                ("until_day", models.DateField(help_text="The last day the review is about.")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "In preparation"),
                            ("prepared", "Prepared"),
                            ("held", "Held"),
                            ("closed", "Closed"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("planned_on", models.DateField(blank=True, null=True)),
                ("held_on", models.DateField(blank=True, null=True)),
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
                        default="visit",
                        max_length=10,
                    ),
                ),
                ("agenda", models.TextField(blank=True, help_text="A line for each point; the customer reads it.")),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("goals", "What you want to achieve"),
                                ("metrics", "The figures you watch"),
                                ("service", "How we served you"),
                                ("brought", "What we brought you"),
                                ("promises", "What we promised"),
                                ("open", "What is open"),
                                ("questions", "What we would like to hear from you"),
                                ("next", "What comes next"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        help_text="Sections the customer shall not see.",
                        size=None,
                    ),
                ),
                ("outcome", models.TextField(blank=True, help_text="What came of it, for ourselves.")),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "interaction",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts_app.interaction",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="cadence.review",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
