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


# The replay is recomputable: only what people concluded is followed.
@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["loss", "conclusion", "done_by", "done_on"],
    model_name="PostMortemEvent",
)
class PostMortem(models.Model):
    """What came before a loss: the account replayed week by week, and what a person concludes from it."""

    loss = models.OneToOneField(Loss, models.CASCADE, related_name="post_mortem")
    conclusion = models.TextField(
        _("what we conclude"),
        blank=True,
        help_text=_("What would have kept it, and what is done otherwise from now on."),
    )
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    done_on = models.DateField(null=True, blank=True)
    # Stored, for no page may compute the signals of a year.
    replay = models.JSONField(null=True, blank=True, help_text=_("Risk and levels by week, and which rose when."))
    replayed_at = models.DateTimeField(null=True, blank=True)
    revenue_before = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    rank_before = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("By revenue in the 12 months before, among all accounts; 1 is the largest.")
    )
    asked_at = models.DateTimeField(null=True, blank=True, help_text=_("A replay is due; empty: none is."))
    started_at = models.DateTimeField(null=True, blank=True, help_text=_("Somebody is replaying it since then."))
    error = models.CharField(max_length=300, blank=True, help_text=_("Why the last replay failed."))

    objects = PostMortemQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("asked_at",), condition=Q(asked_at__isnull=False), name="post_mortem_due"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(conclusion="", done_by=None, done_on=None)
                | ~Q(conclusion="") & Q(done_by__isnull=False, done_on__isnull=False),
                name="post_mortem_conclusion_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(replay=None, replayed_at=None) | Q(replay__isnull=False, replayed_at__isnull=False),
                name="post_mortem_replay_has_moment",
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
