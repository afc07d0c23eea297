from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact, ending_is_known
from accounts_app.models.person import Contact
from accounts_app.models.trail import track_all
from accounts_app.scope import ScopedQuerySet


class InitiativeQuerySet(ScopedQuerySet["Initiative"]):
    def open(self) -> Self:
        return self.filter(ended_on=None)


@track_all()
class Initiative(Fact):
    """Something the customer wants to achieve, in the customer's words, with the figure they watch."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        DROPPED = "dropped", _("Dropped")

    account = models.ForeignKey(Account, models.CASCADE, related_name="initiatives")
    title = models.CharField(max_length=160)
    topic = models.CharField(max_length=80, blank=True)
    metric = models.CharField(max_length=160, blank=True, help_text=_("The figure the customer watches."))
    target = models.CharField(max_length=160, blank=True, help_text=_("What the figure shall be, and by when."))
    sponsor = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="initiatives")
    heard_on = models.DateField(help_text=_("The day we heard of it."))
    target_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_known_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    note = models.TextField(blank=True)

    objects = InitiativeQuerySet.as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = (F("ended_on").desc(nulls_first=True), "target_on", "title")
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="initiative_key_once"),
            models.CheckConstraint(
                condition=ending_is_known("ended_on", "ended_known_on"), name="initiative_end_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, outcome="") | Q(ended_on__isnull=False, outcome__in=("reached", "dropped")),
                name="initiative_outcome_at_its_end",
            ),
        )

    def __str__(self) -> str:
        return self.title
