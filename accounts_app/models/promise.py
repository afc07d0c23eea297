from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact, ending_is_known
from accounts_app.models.person import Contact
from accounts_app.models.trail import track_all
from accounts_app.scope import ScopedQuerySet


class PromiseQuerySet(ScopedQuerySet["Promise"]):
    def open(self) -> Self:
        return self.filter(closed_on=None)


@track_all()
class Promise(Fact):
    """Something we told a customer we would do. It follows the account to whoever answers for it next."""

    class Outcome(models.TextChoices):
        KEPT = "kept", _("Kept")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    account = models.ForeignKey(Account, models.CASCADE, related_name="promises")
    text = models.CharField(max_length=200)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="promises")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="promises",
        help_text=_("Who sees to it; nobody: the owner of the account."),
    )  # fmt: skip
    promised_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_known_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    note = models.TextField(blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = (F("closed_on").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="promise_key_once"),
            models.CheckConstraint(condition=ending_is_known("closed_on", "closed_known_on"), name="promise_end_known"),
            models.CheckConstraint(
                condition=Q(closed_on=None, outcome="") | Q(closed_on__isnull=False, outcome__in=("kept", "withdrawn")),
                name="promise_outcome_at_its_end",
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.closed_on is None
