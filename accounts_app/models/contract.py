from datetime import date, timedelta

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact, ending_is_known
from accounts_app.models.money import money_is_whole
from accounts_app.models.trail import track_all
from accounts_app.scope import ScopedQuerySet


@track_all()
class Contract(Fact):
    """What binds the customer and us, until when, and by which day notice must be given."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="contracts")
    number = models.CharField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text=_("The last day; empty while it runs on."))
    notice_days = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(1500)])
    no_cause = models.BooleanField(_("may be ended any day"), default=False)
    auto_renews = models.BooleanField(_("renews by itself"), default=False)
    renewal_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("By how many months it renews.")
    )
    notice_received_on = models.DateField(null=True, blank=True)
    notice_received_known_on = models.DateField(null=True, blank=True)
    annual_value = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    reporting_annual_value = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)

    objects = ScopedQuerySet["Contract"].as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("ends_on", "pk")
        indexes = (models.Index(fields=("account", "ends_on"), name="contract_of_account_by_end"),)
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="contract_key_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="contract_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(notice_days__lte=1500), name="contract_notice_days_possible"),
            models.CheckConstraint(
                condition=Q(auto_renews=True, renewal_months__isnull=False, renewal_months__gte=1)
                | Q(auto_renews=False, renewal_months=None),
                name="contract_renewal_has_months",
            ),
            models.CheckConstraint(
                condition=ending_is_known("notice_received_on", "notice_received_known_on"),
                name="contract_notice_known",
            ),
            models.CheckConstraint(
                condition=money_is_whole("annual_value", "reporting_annual_value"), name="contract_money_is_whole"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def notice_deadline(self) -> date | None:
        """The last day on which notice counts for this term; none without an end."""
        return None if self.ends_on is None else self.ends_on - timedelta(days=self.notice_days)
