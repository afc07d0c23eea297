from datetime import datetime, timedelta
from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account, AccountQuerySet
from accounts_app.models.feed import Fact, ending_is_known
from accounts_app.scope import ScopedQuerySet, Viewer


class MomentSpan(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


SPAN: "models.DurationField[timedelta, timedelta]" = models.DurationField()


def accounts_served_by(user: Viewer) -> AccountQuerySet:
    """On whose incidents a user may act: operations on every account's, others where they may change the account."""
    serves_all = getattr(user, "role", "") == "operations"
    return Account.objects.visible_to(user) if serves_all else Account.objects.editable_by(user)


class IncidentQuerySet(ScopedQuerySet["Incident"]):
    seen_by_operations = True

    def with_may_act(self, user: Viewer) -> Self:
        """Say of each row whether this user may act on it."""
        return self.annotate(may_act=Exists(accounts_served_by(user).filter(pk=OuterRef("account_id"))))

    def open(self) -> Self:
        return self.filter(resolved_at=None)

    def over_target(self, now: datetime) -> Self:
        """Whose clock has run longer than promised, the furthest over first."""
        return self.with_clock(now).filter(over__gt=timedelta()).order_by("-over", "pk")

    def with_clock(self, now: datetime) -> Self:
        """Each row's open time less paused spans (`running`), its target, and how far it is `over`.

        As it stood at that moment: what was resolved later was open then (LEAST passes over a missing end).
        """
        end = Least(OuterRef("resolved_at"), Value(now), output_field=models.DateTimeField())
        stopped = Greatest(Least(Coalesce("until_at", end), end) - F("from_at"), Value(timedelta()))
        spans = IncidentPause.objects.filter(incident=OuterRef("pk")).order_by().values("incident")
        paused = Subquery(spans.annotate(total=Sum(stopped, output_field=SPAN)).values("total"))
        age = ExpressionWrapper(Least("resolved_at", Value(now)) - F("opened_at"), output_field=SPAN)
        targets = (When(severity=key, then=f"account__tier__{key}_days") for key in self.model.Severity.values)
        target = ExpressionWrapper(Case(*targets) * Value(timedelta(days=1)), output_field=SPAN)
        return self.annotate(
            running=ExpressionWrapper(age - Coalesce(paused, Value(timedelta())), output_field=SPAN), target=target
        ).annotate(over=ExpressionWrapper(F("running") - F("target"), output_field=SPAN))


# With its version, so that a form on an older one can be told what has changed since.
@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["recorded_at", "batch"]
)
class Incident(Fact):
    """Something that went wrong for the account, and its clock."""

    class Severity(models.TextChoices):
        MINOR = "minor", _("Minor")
        MAJOR = "major", _("Major")
        CRITICAL = "critical", _("Critical")

    class Kind(models.TextChoices):
        DELIVERY = "delivery", _("Delivery")
        QUALITY = "quality", _("Quality")
        INVOICE = "invoice", _("Invoice")
        TECHNICAL = "technical", _("Technical")
        COMPLAINT = "complaint", _("Complaint")

    account = models.ForeignKey(Account, models.CASCADE, related_name="incidents")
    number = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    severity = models.CharField(max_length=10, choices=Severity)
    opened_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_known_on = models.DateField(null=True, blank=True)
    resolution = models.CharField(max_length=300, blank=True, db_default="")
    note = models.TextField(blank=True, db_default="", help_text=_("What is known by now."))
    # Counted by a trigger, whoever writes: a form that was opened on an older version is told so.
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = IncidentQuerySet.as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("-opened_at",)
        triggers = (
            pgtrigger.Trigger(
                name="count_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="NEW.version = OLD.version + 1; RETURN NEW;",
            ),
        )
        indexes = (
            models.Index(fields=("account", "opened_at"), name="incident_of_account_by_day"),
            models.Index(fields=("opened_at",), condition=Q(resolved_at=None), name="incident_open"),
        )
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="incident_key_once"),
            models.CheckConstraint(
                condition=Q(severity__in=("minor", "major", "critical")), name="incident_severity_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("delivery", "quality", "invoice", "technical", "complaint")),
                name="incident_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None) | Q(acknowledged_at__gte=F("opened_at")),
                name="incident_acknowledged_after_opened",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(resolved_at__gte=F("opened_at")),
                name="incident_resolved_after_opened",
            ),
            models.CheckConstraint(
                condition=ending_is_known("resolved_at", "resolved_known_on"), name="incident_resolved_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def current_pause(self) -> "IncidentPause | None":
        """The pause that has not ended; over all(), so that lists which have fetched the pauses ask no more."""
        return next((pause for pause in self.pauses.all() if pause.until_at is None), None)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class IncidentPause(models.Model):
    """A span in which the clock stood still, such as waiting for the customer."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="pauses")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ("from_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")), name="incident_pause_forward"
            ),
            ExclusionConstraint(
                name="incident_pauses_apart",
                expressions=[
                    ("incident", RangeOperators.EQUAL),
                    (MomentSpan("from_at", "until_at", Value("[)")), RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return self.reason
