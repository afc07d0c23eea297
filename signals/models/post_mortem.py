from typing import Any

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Loss
from accounts_app.scope import ScopedQuerySet

MOST_LOSSES, MOST_ACCOUNTS, MOST_MONTHS = 100, 1000, 60


def between(low: int, high: int) -> list[Any]:
    return [MinValueValidator(low), MaxValueValidator(high)]


class PostMortemQuerySet(ScopedQuerySet["PostMortem"]):
    account_path = "loss__account__"


# The rank is recomputable: only what people concluded is followed.
@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["loss", "conclusion", "done_by", "done_on"],
    model_name="PostMortemEvent",
)
class PostMortem(models.Model):
    """What is kept with a loss: how large the account was before, and what a person concludes from what came before."""

    loss = models.OneToOneField(Loss, models.CASCADE, related_name="post_mortem")
    conclusion = models.TextField(
        _("what we conclude"),
        blank=True,
        help_text=_("What would have kept it, and what is done otherwise from now on."),
    )
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    done_on = models.DateField(null=True, blank=True)
    rank_before = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("By revenue in the 12 months before, among all accounts; 1 is the largest.")
    )

    objects = PostMortemQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(conclusion="", done_by=None, done_on=None)
                | ~Q(conclusion="") & Q(done_by__isnull=False, done_on__isnull=False),
                name="post_mortem_conclusion_is_signed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.loss}"


@pghistory.track()
class LossAlarm(models.Model):
    """How many of the largest accounts may be lost within how many months before everybody who leads is told."""

    losses = models.PositiveSmallIntegerField(_("losses"), default=2, validators=between(1, MOST_LOSSES))
    largest = models.PositiveSmallIntegerField(
        _("of the largest accounts"), default=20, validators=between(1, MOST_ACCOUNTS)
    )
    months = models.PositiveSmallIntegerField(_("within months"), default=12, validators=between(1, MOST_MONTHS))

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="loss_alarm_is_one"),
            models.CheckConstraint(
                condition=Q(losses__gte=1, losses__lte=F("largest"), largest__lte=MOST_ACCOUNTS),
                name="loss_alarm_losses_within_largest",
            ),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=MOST_MONTHS), name="loss_alarm_months"),
        )

    def __str__(self) -> str:
        return f"{self.losses} of {self.largest} in {self.months}"

    @classmethod
    def the(cls) -> "LossAlarm":
        """What is in force: the defaults until somebody chose."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
