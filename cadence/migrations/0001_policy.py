"""Quarters as they were kept, mail on its way out, calendar feeds, and who wants a digest."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("cadence", "0001_initial"),
        ("cadence", "0002_quarters_as_counted"),
        ("cadence", "0003_digest"),
    ]

    initial = True

    dependencies = [
        ("accounts_app", "0004_first_rows"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="calendar_feed",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("last_read_at", models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ContactQuarter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_quarters",
                        to="accounts_app.account",
                    ),
                ),
                ("begins_on", models.DateField()),
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
                ("days_promised", models.PositiveSmallIntegerField(default=0)),
                ("days_kept", models.PositiveSmallIntegerField(default=0)),
                (
                    "promised",
                    models.FloatField(default=0, help_text="Contacts: promised days over the ideal interval."),
                ),
                ("contacts", models.PositiveIntegerField(default=0)),
                ("proactive", models.PositiveIntegerField(default=0)),
                (
                    "with_value",
                    models.PositiveIntegerField(default=0, help_text="Proactive contacts that brought a value item."),
                ),
                ("purposes", models.JSONField(default=dict, help_text="Contacts by purpose.")),
                (
                    "levels_in_year",
                    models.JSONField(
                        default=list,
                        help_text="Levels of the customer met in the year until the quarter's end, or today.",
                    ),
                ),
                ("first_on", models.DateField(help_text="The first contact on record, of any kind.", null=True)),
                ("review_on", models.DateField(help_text="The last review.", null=True)),
                (
                    "executive_on",
                    models.DateField(help_text="The last contact in which an executive of ours took part.", null=True),
                ),
                (
                    "judged_at",
                    models.DateTimeField(
                        help_text="The judgement of the account that stood when this was counted.", null=True
                    ),
                ),
            ],
            options={
                "ordering": ("-begins_on",),
                "indexes": [models.Index(fields=["begins_on", "owner"], name="contact_quarter_by_owner")],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "begins_on"), name="contact_quarter_once"),
                    models.CheckConstraint(
                        condition=models.Q(("days_kept__lte", models.F("days_promised")), ("days_promised__lte", 92)),
                        name="contact_quarter_days_fit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proactive__lte", models.F("contacts")), ("with_value__lte", models.F("proactive"))
                        ),
                        name="contact_quarter_counts_fit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="What this mail is: the same twice is one.", max_length=120, unique=True
                    ),
                ),
                ("message_id", models.CharField(max_length=200, unique=True)),
                ("recipient", models.EmailField(max_length=254)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whom it is written for, where that is one of us.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outgoing_mails",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True)),
                ("headers", models.JSONField(blank=True, default=dict)),
                ("attachments", models.JSONField(blank=True, default=list, help_text="Of each: name, type and text.")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("send_after", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "ordering": ("-created_at",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["send_after"], name="outgoing_mail_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("waiting", "sent", "failed"))),
                        name="outgoing_mail_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="outgoing_mail_sent_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="digests", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("kind", models.CharField(choices=[("daily", "Daily"), ("weekly", "Weekly")], max_length=6)),
                ("day", models.DateField()),
                ("told_until", models.DateTimeField()),
                (
                    "mail",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="digest",
                        to="cadence.outgoingmail",
                    ),
                ),
            ],
            options={
                "ordering": ("-day",),
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "day"), name="digest_once_a_date"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("daily", "weekly"))), name="digest_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DigestChoice",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="digest_choice",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("daily", models.BooleanField(default=False)),
                ("weekly", models.BooleanField(default=False)),
                ("chosen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
    ]
