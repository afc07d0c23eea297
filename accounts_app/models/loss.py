from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact
from accounts_app.models.money import money_is_whole
from accounts_app.models.trail import track_all
from accounts_app.scope import ScopedQuerySet


@track_all()
class Loss(Fact):
    """An account, or a defined part of its business, gone. `known_on` is the day we learnt it."""

    class Reason(models.TextChoices):
        NEED_GONE = "need_gone", _("Need gone")
        COMPETITOR = "competitor", _("Competitor")
        OUR_SIDE = "our_side", _("Our side")
        BEYOND_CONTROL = "beyond_control", _("Beyond our control")

    account = models.ForeignKey(Account, models.CASCADE, related_name="losses")
    lost_on = models.DateField()
    part = models.CharField(
        max_length=120, blank=True, help_text=_("Which part of the business; empty: the whole account.")
    )
    reason = models.CharField(max_length=20, choices=Reason)
    went_to = models.CharField(max_length=120, blank=True, help_text=_("Who has the business now."))
    annual_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    reporting_annual_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    note = models.TextField(blank=True)

    objects = ScopedQuerySet["Loss"].as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("-lost_on", "-pk")
        verbose_name_plural = "losses"
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="loss_key_once"),
            models.CheckConstraint(
                condition=Q(reason__in=("need_gone", "competitor", "our_side", "beyond_control")),
                name="loss_reason_known",
            ),
            models.CheckConstraint(
                condition=money_is_whole("annual_amount", "reporting_annual_amount"), name="loss_money_is_whole"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.lost_on}"
