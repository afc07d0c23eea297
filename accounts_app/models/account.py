from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from accounts_app.models.feed import BEGINNING, Fact, Feed, ImportBatch, ending_is_known
from accounts_app.models.tier import Tier
from accounts_app.models.user import Team
from accounts_app.scope import ScopedQuerySet, Viewer, mine


class SortName(Func):
    """Lower case without accents (an immutable wrapper made by the migration `facts`), so that Ä sorts beside A."""

    function = "vigil_sort_name"
    output_field = models.CharField()


class DateSpan(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class AccountQuerySet(ScopedQuerySet["Account"]):
    account_path = ""
    seen_by_operations = True

    def mine(self, user: Viewer) -> Self:
        return self.filter(mine(user))

    def current(self) -> Self:
        """Who is or may become a customer; former ones keep their history and leave the lists."""
        return self.exclude(status=self.model.Status.FORMER)

    def editable_by(self, user: Viewer) -> Self:
        """What may be changed: managers their own accounts, leaders their teams', administrators all."""
        role = getattr(user, "role", "")
        if role == "account_manager":
            return self.visible_to(user).mine(user)
        return self.visible_to(user) if role in {"sales_leader", "administrator"} else self.none()


@pghistory.track(exclude=["recorded_at", "batch", "sort_name"])
class Account(models.Model):
    """A customer company that someone on the team is answerable for."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        PROSPECT = "prospect", _("Prospect")
        FORMER = "former", _("Former")

    name = models.CharField(max_length=200)
    sort_name = models.GeneratedField(
        expression=SortName("name"), output_field=models.CharField(max_length=200), db_persist=True
    )
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="accounts")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="accounts")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="owned_accounts"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="deputised_accounts"
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE, db_default=Status.ACTIVE)
    industry = models.CharField(max_length=80, blank=True, db_default="")
    country = models.CharField(max_length=60, blank=True)
    mail_domain = models.CharField(
        max_length=120, blank=True, db_default="", help_text=_("Such as example.com; finds the account of an address.")
    )
    margin_share = models.DecimalField(
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Share of its revenue that stays with us, 0.25 for 25 %; empty: not known."),
    )
    own_ideal_days = models.PositiveSmallIntegerField(_("own ideal contact interval"), null=True, blank=True)
    own_max_days = models.PositiveSmallIntegerField(_("own longest contact interval"), null=True, blank=True)
    own_interval_reason = models.CharField(max_length=200, blank=True)
    known_on = models.DateField(default=BEGINNING)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    batch = models.ForeignKey(ImportBatch, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ("sort_name", "pk")
        indexes = (
            models.Index(fields=("sort_name",), name="account_by_sort_name"),
            GinIndex(fields=("sort_name",), opclasses=("gin_trgm_ops",), name="account_name_trigrams"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="account_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(status__in=("active", "prospect", "former")),
                name="account_status_known",
            ),
            models.CheckConstraint(
                condition=Q(margin_share=None) | Q(margin_share__gte=-1, margin_share__lte=1),
                name="account_margin_is_share",
            ),
            models.CheckConstraint(
                condition=Q(mail_domain__regex=r"^([a-z0-9-]+(\.[a-z0-9-]+)+)?$"), name="account_mail_domain_lower_case"
            ),
            models.CheckConstraint(condition=Q(deputy=None) | ~Q(deputy=F("owner")), name="account_deputy_is_another"),
            models.CheckConstraint(
                condition=Q(own_ideal_days=None, own_max_days=None, own_interval_reason="")
                | Q(own_ideal_days__isnull=False, own_max_days__isnull=False)
                & Q(own_ideal_days__gte=1, own_ideal_days__lte=F("own_max_days"), own_max_days__lte=1000)
                & ~Q(own_interval_reason=""),
                name="account_own_interval_whole",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def ideal_days(self) -> int:
        return self.own_ideal_days or self.tier.ideal_days

    @property
    def max_days(self) -> int:
        return self.own_max_days or self.tier.max_days


@pghistory.track(exclude=["recorded_at", "batch"])
class Ownership(Fact):
    """Who answered for an account, from when until when; nobody is on record twice at once."""

    class Duty(models.TextChoices):
        OWNER = "owner", _("Owner")
        DEPUTY = "deputy", _("Deputy")

    account = models.ForeignKey(Account, models.CASCADE, related_name="ownerships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ownerships")
    duty = models.CharField(max_length=10, choices=Duty, default=Duty.OWNER)
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True, help_text=_("The first day on which this no longer held."))
    until_known_on = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet["Ownership"].as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("-from_day",)
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="ownership_key_once"),
            models.CheckConstraint(
                condition=Q(until_day=None) | Q(until_day__gt=F("from_day")), name="ownership_forward"
            ),
            models.CheckConstraint(
                condition=ending_is_known("until_day", "until_known_on"), name="ownership_end_known"
            ),
            models.CheckConstraint(condition=Q(duty__in=("owner", "deputy")), name="ownership_duty_known"),
            ExclusionConstraint(
                name="ownership_one_at_a_time",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("duty", RangeOperators.EQUAL),
                    (DateSpan("from_day", "until_day", Value("[)")), RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.account}"


class AccountKey(models.Model):
    """The key by which a feed names an account; an account has several."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="account_keys")
    key = models.CharField(max_length=200)
    account = models.ForeignKey(Account, models.CASCADE, related_name="keys")

    class Meta:
        indexes = (models.Index(OpClass(Upper("key"), name="text_pattern_ops"), name="account_by_start_of_key"),)
        constraints = (models.UniqueConstraint(fields=("feed", "key"), name="account_key_once"),)

    def __str__(self) -> str:
        return f"{self.feed}: {self.key}"


class AccountMark(models.Model):
    """An account whose facts changed and whose judgement is due; outside the audit trail."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="mark")
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index(fields=("marked_at",), name="account_mark_by_age"),)

    def __str__(self) -> str:
        return str(self.account_id)
