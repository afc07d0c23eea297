from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.db.models.functions import Greatest, Least, TruncDate
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact
from accounts_app.models.money import money_is_whole
from accounts_app.models.order import Order
from accounts_app.models.trail import track_all
from accounts_app.scope import ScopedQuerySet


class LossQuerySet(ScopedQuerySet["Loss"]):
    def whole(self) -> Self:
        """Losses of the account itself, not of a part of its business."""
        return self.filter(part="")

    def with_won_back(self) -> Self:
        """Each with `won_back_on`: the first order after the loss was known, or the day the account was set back.

        Of a part nothing says which later order belongs to it: it is never known to be won back.
        """
        after = Greatest(OuterRef("lost_on"), OuterRef("known_on"))
        orders = Order.objects.filter(account=OuterRef("account"), amount__gt=0, ordered_on__gt=after)
        events: Any = Account.pgh_event_model  # type: ignore[attr-defined]
        former = events.objects.filter(
            pgh_obj=OuterRef("pgh_obj"), status=Account.Status.FORMER, pgh_id__lt=OuterRef("pgh_id"),
            pgh_created_at__date__gte=OuterRef(OuterRef("lost_on")),
        )  # fmt: skip
        set_back = events.objects.filter(Exists(former), pgh_obj=OuterRef("account")).exclude(
            status=Account.Status.FORMER
        )
        first_order = orders.order_by("ordered_on").values("ordered_on")[:1]
        first_day = set_back.order_by("pgh_id").values(day=TruncDate("pgh_created_at"))[:1]
        return self.annotate(
            won_back_on=Case(
                When(part="", then=Least(Subquery(first_order), Subquery(first_day))), output_field=models.DateField()
            )
        )


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

    objects = LossQuerySet.as_manager()

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
