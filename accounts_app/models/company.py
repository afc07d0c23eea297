from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact
from accounts_app.models.trail import track_typed_in

currency_code = RegexValidator(r"^[A-Z]{3}$", _("A currency is three capital letters, such as EUR."))


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone; give one such as Europe/Berlin."), params={"name": name})


@pghistory.track()
class Company(models.Model):
    """The one company of this installation: its name, reporting currency and the zone that decides what "today" is."""

    name = models.CharField(max_length=120, default="Vigil")
    currency = models.CharField(
        max_length=3,
        blank=True,
        validators=[currency_code],
        help_text=_("Reporting currency; empty until the first orders name it."),
    )
    time_zone = models.CharField(max_length=60, default="UTC", validators=[validate_time_zone])
    country = models.CharField(
        max_length=60, blank=True, db_default="", help_text=_("Whose public holidays our people keep.")
    )
    simulated = models.BooleanField(default=False, editable=False)
    demo_anchor = models.DateField(null=True, editable=False, help_text=_("The day a simulated portfolio was loaded."))

    class Meta:
        verbose_name_plural = "company"
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="company_is_one"),
            models.CheckConstraint(condition=Q(currency__regex=r"^([A-Z]{3})?$"), name="company_currency_code"),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def the(cls) -> "Company":
        return cls.objects.get_or_create(pk=1)[0]

    def day_of(self, moment: datetime) -> date:
        return timezone.localdate(moment, ZoneInfo(self.time_zone))


class ExchangeRate(models.Model):
    """One unit of `currency` in the company's reporting currency, from `valid_on` until the next rate."""

    currency = models.CharField(max_length=3, validators=[currency_code])
    valid_on = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("currency", "-valid_on")
        constraints = (
            models.UniqueConstraint(fields=("currency", "valid_on"), name="rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_positive"),
        )

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_on}: {self.rate}"


@track_typed_in()
class QuietPeriod(Fact):
    """Days on which no order is expected: of the company (neither account nor country), a country or one account."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="quiet_periods")
    country = models.CharField(max_length=60, blank=True)
    from_day = models.DateField()
    until_day = models.DateField(help_text=_("The last quiet day."))
    reason = models.CharField(max_length=200)

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("-from_day",)
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="quiet_period_key_once"),
            models.CheckConstraint(condition=Q(until_day__gte=F("from_day")), name="quiet_period_forward"),
            models.CheckConstraint(
                condition=Q(account=None) | Q(country=""), name="quiet_period_of_account_or_country"
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_day} – {self.until_day}: {self.reason}"
