from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Account, Role
from accounts_app.scope import ScopedQuerySet, Viewer, mine


def on_desk_of(user: Viewer) -> Q:
    return mine(user, "account__") if getattr(user, "role", "") == Role.ACCOUNT_MANAGER else Q()


class AlertQuerySet(ScopedQuerySet["Alert"]):
    def unclosed(self) -> Self:
        """Open in the sense of one per account and signal: acknowledged and snoozed ones too."""
        return self.filter(state__in=Alert.UNCLOSED)

    def on_desk_of(self, user: Viewer) -> Self:
        """What a person is expected to act on: an account manager's own accounts, for the others all they see."""
        return self.visible_to(user).filter(on_desk_of(user))

    def wanting_attention(self) -> Self:
        """Within the manager's budget and neither snoozed nor closed, the most money first."""
        return self.filter(state__in=(Alert.State.OPEN, Alert.State.ACKNOWLEDGED), released_on__isnull=False).order_by(
            "-priority", "pk"
        )

    def waiting(self) -> Self:
        """Beyond the budget of their manager: they wait in a list, none is lost."""
        return self.unclosed().filter(released_on=None).order_by("-priority", "pk")


class Alert(models.Model):
    """A reading that crossed its line and wants a person."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        SNOOZED = "snoozed", _("Snoozed")
        RESOLVED = "resolved", _("Resolved")
        FADED = "faded", _("Closed by itself")

    class Outcome(models.TextChoices):
        REAL = "real", _("Real")
        FALSE = "false", _("False alarm")
        TOO_EARLY = "too_early", _("Too early")

    class Cause(models.TextChoices):
        NEED_GONE = "need_gone", _("Need gone")
        COMPETITOR = "competitor", _("Competitor")
        OUR_SIDE = "our_side", _("Our side")
        BEYOND_CONTROL = "beyond_control", _("Beyond our control")

    UNCLOSED = (State.OPEN, State.ACKNOWLEDGED, State.SNOOZED)

    account = models.ForeignKey(Account, models.CASCADE, related_name="alerts")
    signal = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    opened_on = models.DateField(help_text=_("The day judged."))
    judged_on = models.DateField(help_text=_("The last day judged."))
    released_on = models.DateField(
        null=True, blank=True, help_text=_("Empty while it waits beyond the manager's budget.")
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    level = models.FloatField()
    at_stake = models.DecimalField(
        max_digits=18, decimal_places=2, default=0, help_text=_("Risk times revenue of 12 months.")
    )
    priority = models.DecimalField(
        max_digits=18,
        decimal_places=2,
        default=0,
        help_text=_("The money at stake, up to twice as much where the customer may give notice soon."),
    )
    # Frozen as it was when the line was crossed: what a person was told must stay what it was.
    sentence = models.TextField()
    details = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    snoozed_until = models.DateField(null=True, blank=True)
    snoozed_level = models.FloatField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    cause = models.CharField(max_length=16, choices=Cause, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, editable=False, help_text=_("Kept by a trigger."))
    rearmed = models.BooleanField(
        default=False, help_text=_("The level fell below the lower line since: the next crossing is a new alert.")
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ("-priority", "pk")
        triggers = (
            # The day alone does not tell what was closed since somebody looked.
            pgtrigger.Trigger(
                name="date_closing",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.closed_on IS DISTINCT FROM NEW.closed_on"),
                func="NEW.closed_at = CASE WHEN NEW.closed_on IS NOT NULL THEN clock_timestamp() END; RETURN NEW;",
            ),
        )
        indexes = (models.Index(fields=("account", "signal", "-opened_on"), name="alert_of_account_latest"),)
        constraints = (
            models.UniqueConstraint(
                fields=("account", "signal"),
                condition=Q(state__in=("open", "acknowledged", "snoozed")),
                name="alert_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "acknowledged", "snoozed", "resolved", "faded")),
                name="alert_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="snoozed", snoozed_until__isnull=False) | ~Q(state="snoozed") & Q(snoozed_until=None),
                name="alert_snoozed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("resolved", "faded"), closed_on__isnull=False)
                | Q(state__in=("open", "acknowledged", "snoozed"), closed_on=None),
                name="alert_closed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="resolved", outcome__in=("real", "false", "too_early"))
                | ~Q(state="resolved") & Q(outcome=""),
                name="alert_resolved_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(cause__in=("", "need_gone", "competitor", "our_side", "beyond_control")),
                name="alert_cause_known",
            ),
            models.CheckConstraint(condition=Q(state="resolved") | Q(cause=""), name="alert_cause_of_resolved_only"),
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=1), name="alert_level_0_to_1"),
        )

    def __str__(self) -> str:
        return f"{self.signal} · {self.account}"

    @property
    def is_unclosed(self) -> bool:
        return self.state in self.UNCLOSED

    @property
    def is_waiting(self) -> bool:
        return self.is_unclosed and self.released_on is None

    @property
    def is_raised(self) -> bool:
        """Whether it stands higher in the list than its money alone would put it."""
        return self.priority > self.at_stake


class AlertActionQuerySet(ScopedQuerySet["AlertAction"]):
    account_path = "alert__account__"


class AlertAction(models.Model):
    """What a person did with an alert; an undo brings `before` back as long as `after` still holds."""

    class Kind(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", _("Acknowledged")
        SNOOZE = "snooze", _("Snoozed")
        RESOLVE = "resolve", _("Resolved")
        RELEASE = "release", _("Released from the waiting list")
        UNDO = "undo", _("Undone")

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="actions")
    kind = models.CharField(max_length=12, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="alert_actions")
    at = models.DateTimeField(db_default=Now())
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=12, choices=Alert.Outcome, blank=True)
    cause = models.CharField(max_length=16, choices=Alert.Cause, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(
        default=dict, help_text=_("An undo is refused once the alert is no longer as the action left it.")
    )
    undone = models.BooleanField(default=False)

    objects = AlertActionQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("acknowledge", "snooze", "resolve", "release", "undo")),
                name="alert_action_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="snooze") | Q(until__isnull=False) & ~Q(reason=""),
                name="alert_action_snooze_has_day_and_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.alert}"
