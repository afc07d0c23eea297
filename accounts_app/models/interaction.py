from typing import Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact, ending_is_known
from accounts_app.models.person import Colleague, Contact
from accounts_app.models.value_item import ValueItem
from accounts_app.scope import ScopedQuerySet


class InteractionQuerySet(ScopedQuerySet["Interaction"]):
    def done(self) -> Self:
        return self.filter(state=Interaction.State.DONE)

    def planned(self) -> Self:
        return self.filter(state=Interaction.State.PLANNED)


# What a correction replaced. An import keeps the earlier values in its change log, so its updates, which name their
# batch, are left out here: a million notes would be written twice.
@pghistory.track(
    pghistory.UpdateEvent("replaced", row="OLD", condition=pgtrigger.Q(old__batch__ndf=pgtrigger.F("new__batch"))),
    exclude=["recorded_at", "batch"],
)
class Interaction(Fact):
    """Something that happened, or is planned, between us and the account."""

    class Channel(models.TextChoices):
        VISIT = "visit", _("Visit")
        CALL = "call", _("Call")
        VIDEO = "video", _("Video call")
        MAIL = "mail", _("Mail")
        EVENT = "event", _("Event")

    class Initiator(models.TextChoices):
        US = "us", _("Us")
        THEM = "them", _("Them")

    class Purpose(models.TextChoices):
        PROACTIVE = "proactive", _("Proactive")
        ORDER = "order", _("Order")
        INCIDENT = "incident", _("Incident")
        RENEWAL = "renewal", _("Renewal")
        CONSULTATION = "consultation", _("Consultation")
        REVIEW = "review", _("Review")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        ATTEMPTED = "attempted", _("Attempted")
        VOIDED = "voided", _("Voided")

    class Reaction(models.TextChoices):
        """What the customer made of the value item that was brought."""

        WANTS_MORE = "wants_more", _("Wants more")
        USEFUL = "useful", _("Useful")
        NOT_USEFUL = "not_useful", _("Not useful")

    # A gap is only ended by a done contact that we started with one of these purposes.
    PROACTIVE_PURPOSES = (Purpose.PROACTIVE, Purpose.REVIEW)

    account = models.ForeignKey(Account, models.CASCADE, related_name="interactions")
    state = models.CharField(max_length=10, choices=State, default=State.DONE)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.CALL)
    initiator = models.CharField(max_length=5, choices=Initiator, default=Initiator.US)
    purpose = models.CharField(max_length=15, choices=Purpose, default=Purpose.PROACTIVE)
    due_on = models.DateField(null=True, blank=True)
    planned_on = models.DateField(null=True, blank=True)
    happened_on = models.DateField(null=True, blank=True)
    happened_known_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="interactions")
    contacts = models.ManyToManyField(Contact, blank=True, related_name="interactions")
    colleagues = models.ManyToManyField(Colleague, blank=True, related_name="interactions")
    value_item = models.ForeignKey(ValueItem, models.PROTECT, null=True, blank=True, related_name="interactions")
    reaction = models.CharField(max_length=12, choices=Reaction, blank=True, db_default="")
    tone = models.SmallIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    void_reason = models.CharField(max_length=200, blank=True)

    objects = InteractionQuerySet.as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("-happened_on", "-planned_on", "-pk")
        indexes = (
            models.Index(fields=("account", "happened_on"), name="interaction_of_account_by_day"),
            models.Index(fields=("account", "planned_on"), condition=Q(state="planned"), name="interaction_planned"),
        )
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="interaction_key_once"),
            models.CheckConstraint(
                condition=Q(state="planned", happened_on=None, planned_on__isnull=False)
                | Q(state__in=("done", "attempted"), happened_on__isnull=False)
                | Q(state="voided"),
                name="interaction_days_fit_state",
            ),
            models.CheckConstraint(
                condition=ending_is_known("happened_on", "happened_known_on"), name="interaction_happened_known"
            ),
            models.CheckConstraint(
                condition=Q(tone=None) | Q(tone__gte=-1, tone__lte=1), name="interaction_tone_in_range"
            ),
            models.CheckConstraint(
                condition=Q(reaction="")
                | Q(reaction__in=("wants_more", "useful", "not_useful"), value_item__isnull=False),
                name="interaction_reaction_to_a_value",
            ),
            models.CheckConstraint(
                condition=~Q(state="voided") | ~Q(void_reason=""), name="interaction_void_has_reason"
            ),
            models.CheckConstraint(condition=Q(initiator__in=("us", "them")), name="interaction_initiator_known"),
            models.CheckConstraint(
                condition=Q(purpose__in=("proactive", "order", "incident", "renewal", "consultation", "review")),
                name="interaction_purpose_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=("visit", "call", "video", "mail", "event")), name="interaction_channel_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.account} · {self.happened_on or self.planned_on}"

    @property
    def is_proactive(self) -> bool:
        return (
            self.state == self.State.DONE
            and self.initiator == self.Initiator.US
            and self.purpose in self.PROACTIVE_PURPOSES
        )
