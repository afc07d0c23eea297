from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact
from accounts_app.models.trail import track_typed_in
from accounts_app.scope import ScopedQuerySet


@track_typed_in()
class ChangeEvent(Fact):
    """Something that happened at the account, whoever told us."""

    class Kind(models.TextChoices):
        NEW_EXECUTIVE = "new_executive", _("New executive")
        MERGER = "merger", _("Merger or acquisition")
        DIVESTITURE = "divestiture", _("Divestiture")
        RESTRUCTURING = "restructuring", _("Restructuring")
        MARKET_SHIFT = "market_shift", _("Market shift")
        PRODUCT_LAUNCHED = "product_launched", _("Product launched")
        PRODUCT_CANCELLED = "product_cancelled", _("Product cancelled")
        LITIGATION = "litigation", _("Litigation")

    account = models.ForeignKey(Account, models.CASCADE, related_name="change_events")
    kind = models.CharField(max_length=20, choices=Kind)
    happened_on = models.DateField()
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True, help_text=_("Who said so: a person, a paper, a page."))

    objects = ScopedQuerySet["ChangeEvent"].as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("-happened_on", "-pk")
        indexes = (models.Index(fields=("account", "happened_on"), name="event_of_account_by_day"),)
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="change_event_key_once"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=(
                        "new_executive",
                        "merger",
                        "divestiture",
                        "restructuring",
                        "market_shift",
                        "product_launched",
                        "product_cancelled",
                        "litigation",
                    )
                ),
                name="change_event_kind_known",
            ),
        )

    def __str__(self) -> str:
        return self.title
