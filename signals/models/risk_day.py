from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Account
from accounts_app.scope import ScopedQuerySet
from signals.models.standing import BAND_IS_KNOWN, Band


class RiskDayQuerySet(ScopedQuerySet["RiskDay"]):
    # A band older than this says nothing of today, and no day this far from the one wanted stands for it.
    LOOK_BACK = timedelta(days=60)
    NEARBY = timedelta(days=15)

    def last_before(self, day: date) -> Self:
        """Of each account the last day judged before `day`."""
        past = self.filter(day__lt=day, day__gte=day - self.LOOK_BACK)
        return past.order_by("account_id", "-day").distinct("account_id")

    def nearest_to(self, day: date) -> Self:
        """Of each account the day judged that lies nearest to `day`, the earlier of two."""
        near = self.filter(day__gte=day - self.NEARBY, day__lte=day + self.NEARBY)
        distance = Func(
            F("day"),
            Value(day),
            template="ABS(%(expressions)s)",
            arg_joiner=" - ",
            output_field=models.IntegerField(),
        )
        return near.order_by("account_id", distance, "day").distinct("account_id")


class RiskDay(models.Model):
    """The risk of one account on one day: the line of the chart, the change in 30 days, the band of the day before."""

    class Origin(models.TextChoices):
        SHOWN = "shown", _("Shown on its day")
        HISTORY = "history", _("Filled in afterwards")

    # No index of its own: the one of the unique constraint begins with the account.
    account = models.ForeignKey(Account, models.CASCADE, related_name="risk_days", db_index=False)
    day = models.DateField()
    band = models.CharField(max_length=10, choices=Band)
    risk = models.PositiveSmallIntegerField()
    coverage = models.FloatField()
    levels = models.JSONField(default=dict, help_text=_("Level by signal; unknown ones are left out."))
    origin = models.CharField(max_length=10, choices=Origin)

    objects = RiskDayQuerySet.as_manager()

    class Meta:
        ordering = ("account", "day")
        constraints = (
            models.UniqueConstraint(fields=("account", "day"), name="risk_day_once"),
            models.CheckConstraint(condition=BAND_IS_KNOWN, name="risk_day_band_known"),
            models.CheckConstraint(condition=Q(risk__lte=100), name="risk_day_risk_to_100"),
            models.CheckConstraint(condition=Q(coverage__gte=0, coverage__lte=1), name="risk_day_coverage_0_to_1"),
            models.CheckConstraint(condition=Q(origin__in=("shown", "history")), name="risk_day_origin_known"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}: {self.risk}"
