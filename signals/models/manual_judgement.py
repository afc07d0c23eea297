"""What a person thinks of an account, beside what is computed."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Account
from accounts_app.models.trail import track_all
from accounts_app.scope import ScopedQuerySet


class ManualJudgementQuerySet(ScopedQuerySet["ManualJudgement"]):
    def in_force(self, today: date | Combinable) -> Self:
        """Neither withdrawn nor replaced, and not past its last day."""
        return self.filter(ended_at=None, holds_until__gte=today)


@track_all()
class ManualJudgement(models.Model):
    """A person's own judgement of an account: dated, with a reason, and over after 90 days.

    The computed risk, the alerts and the backtest never read it.
    """

    # Unknown is not offered: who does not know says nothing.
    class Verdict(models.TextChoices):
        AT_RISK = "at_risk", _("At risk")
        DRIFTING = "drifting", _("Drifting")
        HEALTHY = "healthy", _("Healthy")

    class Ending(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REPLACED = "replaced", _("Replaced by a newer one")
        EXPIRED = "expired", _("Expired")

    HOLDS = timedelta(days=90)

    account = models.ForeignKey(Account, models.CASCADE, related_name="manual_judgements", db_index=False)
    band = models.CharField(_("judgement"), max_length=10, choices=Verdict)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    judged_on = models.DateField()
    holds_until = models.DateField(help_text=_("The last day on which it is shown."))
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ManualJudgementQuerySet.as_manager()

    class Meta:
        ordering = ("-judged_on", "-pk")
        indexes = (models.Index(fields=("account", "-judged_on"), name="manual_judgement_by_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=("account",), condition=Q(ended_at=None), name="manual_judgement_one_an_account"
            ),
            models.CheckConstraint(
                condition=Q(band__in=("at_risk", "drifting", "healthy")), name="manual_judgement_band_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="manual_judgement_has_reason"),
            models.CheckConstraint(
                condition=Q(holds_until=F("judged_on") + timedelta(days=90)), name="manual_judgement_holds_90_days"
            ),
            models.CheckConstraint(
                condition=Q(ending="", ended_at=None, ended_by=None)
                | Q(ending__in=("withdrawn", "replaced"), ended_at__isnull=False, ended_by__isnull=False)
                | Q(ending="expired", ended_at__isnull=False, ended_by=None),
                name="manual_judgement_ending_is_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id}: {self.band}, {self.judged_on}"

    def state_on(self, today: date) -> str:
        """How it ended, or nothing while it holds; nobody has to press anything for it to expire."""
        if self.ending:
            return self.ending
        return self.Ending.EXPIRED.value if self.holds_until < today else ""
