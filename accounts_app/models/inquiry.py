from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact, ending_is_known
from accounts_app.models.money import money_is_whole
from accounts_app.models.person import Contact
from accounts_app.models.trail import track_typed_in
from accounts_app.scope import ScopedQuerySet


@track_typed_in()
class Inquiry(Fact):
    """A request for quotation or for technical advice: what the customer asked of us, or placed without asking."""

    class Kind(models.TextChoices):
        QUOTATION = "quotation", _("Request for quotation")
        CONSULTATION = "consultation", _("Technical consultation")

    class Outcome(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        ELSEWHERE = "elsewhere", _("Awarded elsewhere without us")

    account = models.ForeignKey(Account, models.CASCADE, related_name="inquiries")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="inquiries")
    number = models.CharField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.QUOTATION)
    asked_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    decided_on = models.DateField(null=True, blank=True)
    decided_known_on = models.DateField(null=True, blank=True)
    awarded_to = models.CharField(max_length=120, blank=True, help_text=_("Who got it, where it was not us."))
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    reporting_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)

    objects = ScopedQuerySet["Inquiry"].as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("-asked_on", "-pk")
        verbose_name_plural = "inquiries"
        indexes = (models.Index(fields=("account", "asked_on"), name="inquiry_of_account_by_day"),)
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="inquiry_key_once"),
            models.CheckConstraint(condition=Q(kind__in=("quotation", "consultation")), name="inquiry_kind_known"),
            models.CheckConstraint(
                condition=Q(outcome="open", decided_on=None)
                | Q(outcome__in=("won", "lost", "elsewhere"), decided_on__isnull=False),
                name="inquiry_decided_has_day",
            ),
            models.CheckConstraint(
                condition=Q(decided_on=None) | Q(decided_on__gte=F("asked_on")), name="inquiry_decided_after_asked"
            ),
            models.CheckConstraint(
                condition=ending_is_known("decided_on", "decided_known_on"), name="inquiry_decided_known"
            ),
            models.CheckConstraint(
                condition=money_is_whole("amount", "reporting_amount"), name="inquiry_money_is_whole"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()
