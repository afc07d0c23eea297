from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts_app.models import Account
from accounts_app.scope import ScopedQuerySet


class PortfolioVisit(models.Model):
    """When a user last saw the portfolio, and since when changes are told."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="portfolio_visit"
    )
    seen_at = models.DateTimeField()
    since_at = models.DateTimeField(null=True, help_text="The end of the visit before; empty during the first one.")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.seen_at}"


class AccountVisit(models.Model):
    """When a user last saw the page of one account, and since when its changes are told."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="account_visits")
    account = models.ForeignKey(Account, models.CASCADE, related_name="visits")
    seen_at = models.DateTimeField()
    since_at = models.DateTimeField(null=True, help_text="The end of the visit before; empty during the first one.")

    objects = ScopedQuerySet["AccountVisit"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "account"), name="account_visit_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} at {self.account_id}: {self.seen_at}"


class BandChange(models.Model):
    """What band an account had until this moment. Written by a trigger of `Standing`, so that no writer forgets it.

    The days of `RiskDay` do not tell it: an account is judged anew within seconds of a changed fact, and its day then
    holds the new band, whatever was shown in the morning.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="band_changes")
    at = models.DateTimeField()
    from_band = models.CharField(max_length=10)
    from_risk = models.PositiveSmallIntegerField(null=True)

    objects = ScopedQuerySet["BandChange"].as_manager()

    class Meta:
        ordering = ("at", "pk")
        indexes = (models.Index(fields=("at",), name="band_change_by_moment"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(from_band__in=("at_risk", "drifting", "unknown", "healthy")), name="band_change_band_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.at}: {self.from_band}"
